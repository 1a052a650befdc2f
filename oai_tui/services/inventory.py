"""The estate of keys: everything the organization has, as it becomes known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from oai_tui.api import keys as api
from oai_tui.api.client import Client
from oai_tui.core.errors import ApiProblem, Rejected
from oai_tui.core.keys import ApiKey, KeyKind, Project
from oai_tui.services.snapshots import Snapshots

PULSE = 0.25
"""Seconds between two partial pictures of a long list."""

_SNAPSHOT = "inventory"


@dataclass(frozen=True, slots=True)
class Inventory:
    """The keys and projects known at one moment.

    `read` of `to_read` projects have answered; the keys of the others are those remembered from
    before, if any. `gaps` says in a sentence each what could not be read. `from_cache` is set while
    nothing of it is fresh.
    """

    keys: tuple[ApiKey, ...] = ()
    projects: tuple[Project, ...] = ()
    as_of: datetime | None = None
    from_cache: bool = False
    read: int = 0
    to_read: int = 0
    gaps: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every project has answered."""
        return not self.from_cache and self.read == self.to_read


@dataclass(slots=True)
class _Loading:
    """What is known while the projects answer one after another."""

    projects: tuple[Project, ...]
    by_project: dict[str, tuple[ApiKey, ...]]
    admin: tuple[ApiKey, ...]
    read: int = 0
    gaps: list[str] = field(default_factory=list)

    def picture(self, as_of: datetime) -> Inventory:
        keys = (*self.admin, *(key for p in self.projects for key in self.by_project.get(p.id, ())))
        return Inventory(
            keys, self.projects, as_of, False, self.read, len(self.projects), tuple(self.gaps)
        )


async def load(
    client: Client, snapshots: Snapshots, clock: Callable[[], datetime]
) -> AsyncIterator[Inventory]:
    """Yield what is remembered, then what arrives, then the whole.

    Raises ApiProblem when not even the projects can be listed; what was remembered has been yielded
    by then. Projects that fail on their own become gaps.
    """
    # As old as the question: a key made since may be missing from the answers.
    asked_at = clock()
    before = remembered(snapshots)
    if before:
        yield before
    known = before.keys if before else ()
    projects, admin, gaps = await _roots(client, known)
    loading = _Loading(projects, _by_project(known), admin, gaps=gaps)
    tasks = {asyncio.create_task(_read(client, project, loading)) for project in projects}
    pending = tasks
    try:
        while pending:
            _, pending = await asyncio.wait(pending, timeout=PULSE)
            if pending:
                yield loading.picture(asked_at)
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
    for task in tasks:
        task.result()
    whole = loading.picture(asked_at)
    snapshots.put(_SNAPSHOT, msgspec.json.encode(whole), asked_at)
    yield whole


def remembered(snapshots: Snapshots) -> Inventory | None:
    """Return the list as it was last seen, or None."""
    found = snapshots.get(_SNAPSHOT)
    if found is None:
        return None
    try:
        known = msgspec.json.decode(found[0], type=Inventory)
    except msgspec.MsgspecError:
        return None
    return replace(known, from_cache=True)


async def _roots(
    client: Client, known: tuple[ApiKey, ...]
) -> tuple[tuple[Project, ...], tuple[ApiKey, ...], list[str]]:
    found, admin = await asyncio.gather(
        api.projects(client, archived=True), api.admin_keys(client), return_exceptions=True
    )
    if isinstance(found, BaseException):
        raise found
    if isinstance(admin, ApiProblem):
        before = tuple(key for key in known if key.kind is KeyKind.ADMIN)
        return tuple(found), before, [f"The admin keys could not be read: {admin.what}"]
    if isinstance(admin, BaseException):
        raise admin
    return tuple(found), tuple(admin), []


async def _read(client: Client, project: Project, loading: _Loading) -> None:
    found: list[ApiKey] = []
    try:
        async for page in api.project_keys(client, project):
            found.extend(page)
        loading.by_project[project.id] = tuple(found)
    except Rejected as problem:
        if not project.is_archived:
            loading.gaps.append(_gap(project, problem))
    except ApiProblem as problem:
        loading.gaps.append(_gap(project, problem))
    loading.read += 1


def _gap(project: Project, problem: ApiProblem) -> str:
    return f"The keys of {project.name or project.id} could not be read: {problem.what}"


def _by_project(keys: tuple[ApiKey, ...]) -> dict[str, tuple[ApiKey, ...]]:
    sorted_out: dict[str, list[ApiKey]] = {}
    for key in keys:
        if key.project:
            sorted_out.setdefault(key.project.id, []).append(key)
    return {project: tuple(found) for project, found in sorted_out.items()}
