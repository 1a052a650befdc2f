"""Spend alerts as they are typed: whom they mail, and what the platform can be told of them."""

from __future__ import annotations

import re
from dataclasses import replace

from oai_tui.core.errors import WrongInput
from oai_tui.core.limits import SpendAlert
from oai_tui.core.text import KEYLIKE, clean

LONGEST_PREFIX = 100
MOST_RECIPIENTS = 50

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?P<domain>[A-Za-z0-9.-]{1,253})")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))+")

_CLEANED = re.compile("[\u2400-\u2421\ufffd\u2026]")
"""What stands for characters of outside text that were taken out; sent back, it would be new."""


def recipients_of(text: str) -> tuple[str, ...]:
    """Return the addresses typed, each once, apart by commas, semicolons or spaces.

    Raises WrongInput for none at all, for too many, and for what is no address.
    """
    found: dict[str, str] = {}
    for typed in re.split(r"[\s,;]+", text.strip()):
        if typed:
            address = _address(typed)
            found.setdefault(address.casefold(), address)
    if not found:
        raise WrongInput("An alert needs somebody to mail to.", "Type an e-mail address.")
    if len(found) > MOST_RECIPIENTS:
        raise WrongInput(
            f"{len(found)} addresses are more than {MOST_RECIPIENTS}.", "Mail to a list instead."
        )
    return tuple(found.values())


def _address(typed: str) -> str:
    bare = typed[1:-1] if typed[:1] == "<" and typed[-1:] == ">" else typed
    found = _ADDRESS.fullmatch(bare)
    local = bare.rpartition("@")[0]
    dotted = local.startswith(".") or local.endswith(".") or ".." in local
    if not found or dotted or not _DOMAIN.fullmatch(found["domain"]):
        raise WrongInput(
            f"“{clean(typed, 60)}” is not an e-mail address.", "Write it as name@example.com."
        )
    return bare


def subject_prefix_of(text: str) -> str:
    """Return what subjects of an alert's mail begin with, "" for the platform's own words.

    Raises WrongInput for what is too long, has control characters or looks like a key.
    """
    typed = " ".join(text.split())
    if clean(typed, LONGEST_PREFIX) != typed:
        raise WrongInput(
            f"A subject prefix has at most {LONGEST_PREFIX} plain characters.", "Type another."
        )
    if KEYLIKE.search(typed):
        raise WrongInput("This prefix looks like a key, and mail is read by many.", "Type another.")
    return typed


def sendable(wanted: SpendAlert, seen: SpendAlert | None = None) -> SpendAlert:
    """Return an alert as it can be sent, each address once.

    What was there already is taken as it is. Raises WrongInput for fractions of a cent, for what is
    no address, and where there is none.
    """
    wanted.amount.cents  # noqa: B018 - raises for fractions of a cent
    kept = seen.recipients if seen else ()
    typed = [each for each in wanted.recipients if each not in kept]
    for each in typed:
        if recipients_of(each) != (each,):
            raise WrongInput(f"“{clean(each, 60)}” is not one address.", "Give them one by one.")
    if typed or not wanted.recipients:
        recipients_of(" ".join(typed))
    once = {each.casefold(): each for each in reversed(wanted.recipients)}
    if seen is None or wanted.subject_prefix != seen.subject_prefix:
        subject_prefix_of(wanted.subject_prefix)
    for text in (*once.values(), wanted.subject_prefix):
        if _CLEANED.search(text):
            raise WrongInput(
                f"“{clean(text, 60)}” holds characters that cannot be shown as they are.",
                "Type it anew, or change the alert in the dashboard.",
            )
    return replace(wanted, recipients=tuple(reversed(once.values())))
