"""What is remembered of the estate between two runs, small enough to be read within a frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from oai_tui.core.facts import KeyFacts
from oai_tui.core.keys import ApiKey, KeyKind, Owner, Project, ServiceAccount
from oai_tui.services.inventory.collector import collector_resting
from oai_tui.services.inventory.ledgers import Ledgers
from oai_tui.services.snapshots import Snapshots

NAME = "inventory"
VERSION = 1
ADMIN = ""
NOBODY = NOWHERE = -1


@dataclass(slots=True)
class Part:
    """The keys of one place, and when they were asked for."""

    at: datetime
    keys: tuple[ApiKey, ...] = ()


@dataclass(slots=True)
class Memory:
    """Everything that is remembered. `facts` are what the ledgers say of each key.

    `parts` and `accounts` are by the id of the project; the admin keys have the place `ADMIN`.
    `former` are keys by id that were listed once.
    """

    as_of: datetime
    projects: tuple[Project, ...] = ()
    parts: dict[str, Part] = field(default_factory=dict)
    accounts: dict[str, tuple[ServiceAccount, ...]] = field(default_factory=dict)
    former: dict[str, ApiKey] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    ledgers: Ledgers = field(default_factory=Ledgers)
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    facts: Mapping[str, KeyFacts] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.facts = self.ledgers.by_key()

    def learn(self, ledgers: Ledgers) -> None:
        """Take other ledgers, and what they say of each key."""
        self.ledgers = ledgers
        self.facts = ledgers.by_key()


class _Key(msgspec.Struct, array_like=True, gc=False):
    """A key without what it shares with others; owner and project are places in their lists."""

    id: str
    name: str
    kind: KeyKind
    masked: str
    created_at: datetime | None
    last_used_at: datetime | None
    expires_at: datetime | None
    owner: int
    owner_access: str
    project: int


class _Owner(msgspec.Struct, array_like=True, gc=False, frozen=True):
    type: str
    id: str
    name: str
    email: str


class _Project(msgspec.Struct, array_like=True, gc=False):
    id: str
    name: str
    status: str
    created_at: datetime | None


class _Account(msgspec.Struct, array_like=True, gc=False):
    id: str
    name: str
    role: str
    created_at: datetime | None


class _Part(msgspec.Struct, array_like=True):
    place: str
    at: datetime
    keys: list[_Key]


class _Snapshot(msgspec.Struct, array_like=True):
    version: int
    as_of: datetime
    projects: list[_Project]
    owners: list[_Owner]
    parts: list[_Part]
    accounts: dict[str, list[_Account]]
    former: list[_Key]
    members: dict[str, str]
    ledgers: Ledgers
    gaps: tuple[str, ...]
    notes: tuple[str, ...]


_DECODER = msgspec.msgpack.Decoder(_Snapshot)


def keep(snapshots: Snapshots, memory: Memory) -> None:
    """Remember in place of what was before."""
    snapshots.put(NAME, _encoded(memory), memory.as_of)


def recall(snapshots: Snapshots) -> Memory | None:
    """Return what is remembered; None when it is nothing, damaged or of another version."""
    found = snapshots.get(NAME)
    if found is None:
        return None
    try:
        with collector_resting():
            snapshot = _DECODER.decode(found[0])
            return _memory(snapshot) if snapshot.version == VERSION else None
    except (msgspec.MsgspecError, LookupError, ValueError):
        return None


def _encoded(memory: Memory) -> bytes:
    places = {project.id: place for place, project in enumerate(memory.projects)}
    owners: dict[Owner, int] = {}

    def rows(keys: Iterable[ApiKey]) -> list[_Key]:
        return [_row(key, owners, places) for key in keys]

    snapshot = _Snapshot(
        VERSION,
        memory.as_of,
        [_Project(p.id, p.name, p.status, p.created_at) for p in memory.projects],
        [],
        [_Part(place, part.at, rows(part.keys)) for place, part in memory.parts.items()],
        {place: _accounts(found) for place, found in memory.accounts.items()},
        rows(memory.former.values()),
        memory.members,
        memory.ledgers,
        memory.gaps,
        memory.notes,
    )
    snapshot.owners = [_Owner(o.type, o.id, o.name, o.email) for o in owners]
    return msgspec.msgpack.encode(snapshot)


def _row(key: ApiKey, owners: dict[Owner, int], places: dict[str, int]) -> _Key:
    return _Key(
        key.id,
        key.name,
        key.kind,
        key.masked,
        key.created_at,
        key.last_used_at,
        key.expires_at,
        owners.setdefault(key.owner, len(owners)) if key.owner else NOBODY,
        key.owner_access,
        places.get(key.project.id, NOWHERE) if key.project else NOWHERE,
    )


def _accounts(found: Iterable[ServiceAccount]) -> list[_Account]:
    return [_Account(a.id, a.name, a.role, a.created_at) for a in found]


def _memory(found: _Snapshot) -> Memory:
    projects = tuple(Project(p.id, p.name, p.status, p.created_at) for p in found.projects)
    owners = [Owner(o.type, o.id, o.name, o.email) for o in found.owners]

    def keys(rows: Iterable[_Key]) -> tuple[ApiKey, ...]:
        return tuple(_key(row, owners, projects) for row in rows)

    return Memory(
        found.as_of,
        projects,
        {part.place: Part(part.at, keys(part.keys)) for part in found.parts},
        {
            place: tuple(ServiceAccount(a.id, place, a.name, a.role, a.created_at) for a in rows)
            for place, rows in found.accounts.items()
        },
        {key.id: key for key in keys(found.former)},
        found.members,
        found.ledgers,
        found.gaps,
        found.notes,
    )


def _key(row: _Key, owners: list[Owner], projects: tuple[Project, ...]) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        row.kind,
        row.masked,
        row.created_at,
        row.last_used_at,
        row.expires_at,
        None if row.owner == NOBODY else owners[row.owner],
        row.owner_access,
        None if row.project == NOWHERE else projects[row.project],
    )
