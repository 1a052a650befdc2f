"""Changing what is there: the scopes and expiry of project keys, and projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from oai_tui.api import keys as keys_api
from oai_tui.api import projects as projects_api
from oai_tui.api.client import Client
from oai_tui.core.errors import OutcomeUnknown, Rejected, WrongInput
from oai_tui.core.keys import ApiKey, KeyKind, Project
from oai_tui.core.lifetime import moment
from oai_tui.core.scopes import in_words
from oai_tui.core.text import KEYLIKE
from oai_tui.services.policy import explained

LONGEST_NAME = 100

AGAIN_IS_SAFE = "Doing it again does no harm; an expiry then counts from that moment."


@dataclass(frozen=True, slots=True)
class KeyChange:
    """What becomes of a project key; None leaves a part as it is.

    `scopes` replaces all it had, none of them being everything. `expires_in` is seconds from the
    moment of the request, at most a year; the platform cannot take an expiry away.
    """

    scopes: tuple[str, ...] | None = None
    expires_in: int | None = None

    def __bool__(self) -> bool:
        return self.scopes is not None or self.expires_in is not None


def why_unchangeable(key: ApiKey, now: datetime) -> str:
    """Return why a key cannot be changed and the way out, or "" where it can."""
    if key.kind is KeyKind.ADMIN:
        return "admin keys cannot be changed by API; rotate it (R) for another expiry"
    if not key.is_live or key.project is None:
        return "there is no key to change"
    if key.project.is_archived:
        return "its project is archived, which cannot be changed"
    if key.expires_at and key.expires_at <= now:
        return "expired keys cannot be changed; make a new one (n)"
    return ""


async def change_key(client: Client, key: ApiKey, change: KeyChange, now: datetime) -> str:
    """Change a project key and return what it now is, in words.

    Raises WrongInput for what cannot be changed, OutcomeUnknown, and ApiProblem.
    """
    if why := why_unchangeable(key, now):
        raise WrongInput(f"{key.name or key.id}: {why}.")
    if not change:
        raise WrongInput("Nothing is to be changed.", "Give an expiry or scopes.")
    try:
        changed = await keys_api.update_key(
            client, key, scopes=change.scopes, expires_in=change.expires_in
        )
    except OutcomeUnknown as problem:
        raise OutcomeUnknown(problem.what, AGAIN_IS_SAFE, problem.request_id) from None
    except Rejected as problem:
        raise explained(problem) from None
    parts = []
    if change.expires_in is not None:
        end = moment(changed.expires_at) if changed.expires_at else "at a time it did not say"
        parts.append(f"expires {end}")
    if change.scopes is not None:
        parts.append(f"scopes: {in_words(change.scopes)}")
    return "; ".join(parts)


async def create_project(client: Client, name: str) -> Project:
    """Make a project. Raises WrongInput, OutcomeUnknown and ApiProblem."""
    name = project_name(name)
    try:
        return await projects_api.create_project(client, name)
    except OutcomeUnknown as problem:
        way_out = f"Look for {name} in the list before you make it again."
        raise OutcomeUnknown(problem.what, way_out, problem.request_id) from None


async def rename_project(client: Client, project: Project, name: str) -> Project:
    """Give a project another name. Raises WrongInput, OutcomeUnknown and ApiProblem."""
    name = project_name(name)
    if name == project.name:
        raise WrongInput("That is its name already.", "Type another one.")
    try:
        return await projects_api.rename_project(client, project.id, name)
    except Rejected as problem:
        raise _of_default(problem, "renamed") from None


async def archive_project(client: Client, project: Project) -> Project:
    """Archive a project for good: neither it nor its keys come back by API.

    Raises OutcomeUnknown and ApiProblem.
    """
    try:
        return await projects_api.archive_project(client, project.id)
    except Rejected as problem:
        raise _of_default(problem, "archived") from None


def project_name(typed: str) -> str:
    """Return a name a project can be given. Raises WrongInput."""
    name = typed.strip()
    if not name or len(name) > LONGEST_NAME:
        raise WrongInput(f"A name has 1 to {LONGEST_NAME} characters.", "Type one.")
    if KEYLIKE.search(name):
        raise WrongInput(
            "This name looks like a key, and names are shown everywhere.", "Choose another."
        )
    return name


def _of_default(problem: Rejected, done: str) -> Rejected:
    """Return a refusal; that of the default project in a sentence of ours."""
    if "default project" not in problem.detail.casefold():
        return problem
    return Rejected(
        f"This is the organization's default project, which cannot be {done} by API.",
        "Make another project (n) and move the work there.",
        problem.request_id,
        problem.detail,
    )
