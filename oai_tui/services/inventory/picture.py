"""What is known, as the picture that a screen or a command shows."""

from __future__ import annotations

from collections.abc import Iterator

from oai_tui.core.keys import ApiKey, KeyKind, Project
from oai_tui.services.inventory.known import Inventory, Wants
from oai_tui.services.inventory.memory import ADMIN, Memory, Part
from oai_tui.services.inventory.rows import RowMemo


def picture(memory: Memory, wants: Wants, memo: RowMemo, *, is_settled: bool) -> Inventory:
    """Return everything remembered that is wanted.

    Ids in usage that are unknown are taken for deleted keys once the list `is_settled`: before,
    they may be of keys that are still to be read.
    """
    projects = shown(memory.projects, wants)
    parts = memory.parts
    admin = parts.get(ADMIN)
    keys = list(admin.keys) if admin else []
    for project in projects:
        if part := parts.get(project.id):
            keys += part.keys
    unread = frozenset(project.id for project in memory.projects if project.id not in parts)
    is_settled = is_settled and unread.isdisjoint(project.id for project in projects)
    return Inventory(
        keys=tuple(keys),
        projects=memory.projects,
        as_of=memory.as_of,
        gaps=memory.gaps,
        notes=memory.notes,
        facts=memory.facts,
        idle=memory.ledgers.idle(),
        facts_as_of=memory.ledgers.as_of,
        accounts=tuple(
            account for project in projects for account in memory.accounts.get(project.id, ())
        )
        if wants.accounts
        else (),
        members=memory.members,
        deleted=tuple(_deleted(memory, is_settled=is_settled)),
        former=tuple(memory.former.values()),
        unread=unread,
        memo=memo,
    )


def shown(projects: tuple[Project, ...], wants: Wants) -> tuple[Project, ...]:
    """Return the projects whose keys are wanted."""
    if wants.archived:
        return projects
    return tuple(project for project in projects if not project.is_archived)


def _deleted(memory: Memory, *, is_settled: bool) -> Iterator[ApiKey]:
    listed = {key.id for part in memory.parts.values() for key in part.keys}
    for id in dict.fromkeys(memory.ledgers.used()):
        if id in memory.former:
            yield memory.former[id]
        elif is_settled and id not in listed:
            yield ApiKey(id, "", KeyKind.DELETED, "", None)


def gone(before: Part | None, now: tuple[ApiKey, ...]) -> Iterator[ApiKey]:
    """Yield what was in a part and no longer is, as the deleted keys they are now."""
    if before is None:
        return
    listed = {key.id for key in now}
    for key in before.keys:
        if key.id not in listed:
            yield as_deleted(key)


def as_deleted(key: ApiKey) -> ApiKey:
    """Return a key that is no longer listed, under its last known name."""
    return ApiKey(
        key.id,
        key.name,
        KeyKind.DELETED,
        key.masked,
        key.created_at,
        key.last_used_at,
        key.expires_at,
        key.owner,
        "",
        key.project,
    )
