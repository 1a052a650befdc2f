"""What is remembered of rate limits between two runs, small however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from oai_tui.core.limits import Ceiling, RateLimit
from oai_tui.services.snapshots import Snapshots

NAME = "rates"
VERSION = 1

MOST_ROWS = 150_000
"""Rate limits that are remembered at most; the projects asked for longest ago make room."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The rate limits of a project, and when they were asked for.

    `is_doubted` is set where one of them was changed and it is not known what came of it.
    """

    at: datetime
    limits: tuple[RateLimit, ...]
    is_doubted: bool = False


@dataclass(slots=True)
class Memory:
    """Everything that is remembered: names of projects and rate limits, by the project's id."""

    projects: dict[str, str] = field(default_factory=dict)
    projects_at: datetime | None = None
    listed: dict[str, Listed] = field(default_factory=dict)


class _Shape(msgspec.Struct, array_like=True, gc=False):
    """What many rate limits have in common: the model and its ceilings, in their order."""

    model: str
    ceilings: tuple[int | None, ...]


class _Project(msgspec.Struct, array_like=True):
    """A project; each of `shapes` is the place of a shape, beside the id of the rate limit."""

    id: str
    at: datetime
    is_doubted: bool
    ids: list[str]
    shapes: list[int]


class _Snapshot(msgspec.Struct, array_like=True):
    version: int
    projects: dict[str, str]
    projects_at: datetime | None
    shapes: list[_Shape]
    listed: list[_Project]


_DECODER = msgspec.msgpack.Decoder(_Snapshot)


def keep(snapshots: Snapshots, memory: Memory, at: datetime) -> None:
    """Remember in place of what was before."""
    snapshots.put(NAME, _encoded(memory), at)


def recall(snapshots: Snapshots) -> Memory:
    """Return what is remembered; nothing where that is damaged or of another version."""
    found = snapshots.get(NAME)
    if found is None:
        return Memory()
    try:
        return _memory(_DECODER.decode(found[0]))
    except (msgspec.MsgspecError, LookupError, ValueError):
        return Memory()


def _encoded(memory: Memory) -> bytes:
    places: dict[tuple[str, tuple[int | None, ...]], int] = {}
    listed = []
    for id, each in _newest(memory.listed).items():
        ids = [limit.id for limit in each.limits]
        shaped = [
            places.setdefault((limit.model, tuple(map(limit.ceilings.get, Ceiling))), len(places))
            for limit in each.limits
        ]
        listed.append(_Project(id, each.at, each.is_doubted, ids, shaped))
    shapes = [_Shape(model, ceilings) for model, ceilings in places]
    return msgspec.msgpack.encode(
        _Snapshot(VERSION, memory.projects, memory.projects_at, shapes, listed)
    )


def _newest(listed: Mapping[str, Listed]) -> dict[str, Listed]:
    """Return as many projects as there is room for, those asked for last."""
    room, found = MOST_ROWS, {}
    for id, each in sorted(listed.items(), key=lambda item: item[1].at, reverse=True):
        room -= len(each.limits)
        if room < 0:
            break
        found[id] = each
    return found


def _memory(found: _Snapshot) -> Memory:
    if found.version != VERSION:
        return Memory()
    # Each is made once: thousands of rate limits have the same model and the same ceilings.
    shapes = [(shape.model, _ceilings(shape.ceilings)) for shape in found.shapes]
    listed = {
        project.id: Listed(
            project.at,
            tuple(
                RateLimit(id, project.id, *shapes[place])
                for id, place in zip(project.ids, project.shapes, strict=True)
            ),
            project.is_doubted,
        )
        for project in found.listed
    }
    return Memory(found.projects, found.projects_at, listed)


def _ceilings(values: tuple[int | None, ...]) -> dict[Ceiling, int]:
    told = zip(Ceiling, values, strict=True)
    return {ceiling: value for ceiling, value in told if value is not None}
