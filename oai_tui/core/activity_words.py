"""Lines of the audit log in plain English: `created key`, `sign-in failed`, `role owner`."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from oai_tui.core.activity import Event
from oai_tui.core.activity_nouns import NOUNS, VERBS, WHOLE
from oai_tui.core.limits import Ceiling
from oai_tui.core.text import span

FEW_SCOPES = 3
"""Scopes that are named; of more the number is told."""


class Subject(StrEnum):
    """What a line is about, as far as it can be gone to."""

    KEY = "key"
    ACCOUNT = "service account"
    PROJECT = "project"
    USER = "user"
    LIMIT = "limit"
    OTHER = ""


_SUBJECTS = {
    "api_key": Subject.KEY,
    "tenant.admin_api_key": Subject.KEY,
    "tenant.project_api_key": Subject.KEY,
    "service_account": Subject.ACCOUNT,
    "tenant.service_account": Subject.ACCOUNT,
    "project": Subject.PROJECT,
    "user": Subject.USER,
    "tenant.user": Subject.USER,
    "login": Subject.USER,
    "logout": Subject.USER,
}


def subject_of(event: Event) -> Subject:
    """Return what a line is about."""
    if event.recorded_here:
        return Subject.LIMIT
    return _SUBJECTS.get(event.type.rpartition(".")[0], Subject.OTHER)


def is_sign_in(event: Event) -> bool:
    """Whether somebody signed in or out, or tried to: the line is about whoever did it."""
    return event.type.startswith(("login.", "logout."))


def is_deletion(event: Event) -> bool:
    """Whether what the line is about was gone after it."""
    return event.type.endswith((".deleted", ".removed"))


def has_failed(event: Event) -> bool:
    """Whether what somebody tried did not work."""
    return event.type.endswith(".failed")


def deed(event: Event) -> str:
    """Return what was done: `created key`, `changed scopes of key`; an unknown type as it is."""
    if event.said:
        return event.said
    if whole := WHOLE.get(event.type):
        return whole
    what, _, verb = event.type.rpartition(".")
    noun, done = NOUNS.get(what), VERBS.get(verb)
    if noun is None or done is None:
        return event.type or "did something untold"
    if event.type == "project.updated" and event.detail("title", "name"):
        return "renamed project"
    if parts := event.changed_parts() if verb == "updated" else "":
        noun = f"{parts} of {noun}"
    return f"{done} {noun}"


def effect(event: Event) -> str:
    """Return what it came to, as far as the line tells: `500 requests a minute`, `role owner`."""
    if has_failed(event):
        message, code = event.detail("error_message"), event.detail("error_code")
        return f"{message.rstrip('.')} ({code})" if message and code else message or code
    if event.recorded_here:
        return f"{event.was or '—'} → {event.is_now or '—'}" if event.was or event.is_now else ""
    parts = [_scopes(event), *_ceilings(event)]
    if ends := expiry(event):
        parts.append(f"expires {ends}")
    if event.type == "project.updated":
        parts.append(event.detail("title", "name"))
    elif role := event.detail("role"):
        parts.append(f"role {role}")
    return ", ".join(part for part in parts if part)


def wanted(event: Event) -> list[str]:
    """Return the names of the details that say what something is to be from then on."""
    return [name for name, _ in event.details if name not in ("id", "object")]


def expiry(event: Event) -> str:
    """Return when a key expires that was given an expiry, "" where it was given none."""
    if event.expires_in is None:
        return ""
    if event.at is None or not 0 <= event.expires_in < 10**9:
        return f"{span(event.expires_in)} later"
    day = event.at + timedelta(seconds=event.expires_in)
    return f"{day.day} {day:%b %Y}"


def detail_label(name: str) -> str:
    """Return the name of a detail as people say it."""
    if name in set(Ceiling):
        return Ceiling(name).label
    return {"expires_in_seconds": "expires"}.get(name, name.replace("_", " "))


def _scopes(event: Event) -> str:
    if event.scopes is None:
        return ""
    if len(event.scopes) > FEW_SCOPES:
        return f"{len(event.scopes)} scopes"
    return f"scopes {' '.join(event.scopes)}" if event.scopes else "all permissions"


def _ceilings(event: Event) -> list[str]:
    told = dict(event.details)
    found = [(ceiling, told[ceiling]) for ceiling in Ceiling if told.get(ceiling)]
    return [f"{_grouped(value)} {ceiling.label}" for ceiling, value in found]


def _grouped(figure: str) -> str:
    return f"{int(figure):,}" if figure.isascii() and figure.isdigit() else figure
