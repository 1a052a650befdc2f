"""Everything known of the organization's keys at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from oai_tui.core.estate import EstateRow
from oai_tui.core.facts import KeyFacts
from oai_tui.core.keys import ApiKey, KeyKind, Project, ServiceAccount
from oai_tui.core.thresholds import USUAL, Thresholds
from oai_tui.services.inventory.rows import RowMemo, joined


@dataclass(frozen=True, slots=True)
class Wants:
    """What is to be read: the keys of archived projects as well, and the service accounts."""

    archived: bool = False
    accounts: bool = True


@dataclass(frozen=True, slots=True)
class Inventory:
    """The keys and projects known at one moment, and what the keys did.

    `read` of `to_read` parts have answered: the projects, the keys and the accounts of each, the
    admin keys, the members and the facts. What has not answered is as remembered from before, if it
    is. `gaps` says in a sentence each what could not be read, and how old what stands in its place
    is; `notes` what the platform does not tell this key at all. `from_cache` is set while nothing
    of it is fresh. `projects` has the archived ones too, though their keys are read on request
    only.

    `facts` are those of the keys that something is reported of, `idle` those of any other project
    key; both are as of `facts_as_of`. `members` are names by id. `former` are keys that were listed
    once; `deleted` those of them, or others unknown to us, that usage or costs still name. `unread`
    are the ids of the projects whose keys are not known. The pictures of one reading share a `memo`
    of their rows.
    """

    keys: tuple[ApiKey, ...] = ()
    projects: tuple[Project, ...] = ()
    as_of: datetime | None = None
    from_cache: bool = False
    read: int = 0
    to_read: int = 0
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    facts: Mapping[str, KeyFacts] = field(default_factory=dict)
    idle: KeyFacts = field(default_factory=KeyFacts)
    facts_as_of: datetime | None = None
    accounts: tuple[ServiceAccount, ...] = ()
    members: Mapping[str, str] = field(default_factory=dict)
    deleted: tuple[ApiKey, ...] = ()
    former: tuple[ApiKey, ...] = ()
    unread: frozenset[str] = frozenset()
    memo: RowMemo = field(default_factory=RowMemo, repr=False, compare=False)

    @property
    def is_complete(self) -> bool:
        """Whether everything there is to read has answered."""
        return not self.from_cache and self.read == self.to_read

    def facts_of(self, key: ApiKey) -> KeyFacts:
        """Return what a key did. Only project keys can have been used in a way that is counted."""
        found = self.facts.get(key.id)
        if key.kind is KeyKind.PROJECT or key.kind is KeyKind.DELETED:
            return found or self.idle
        return KeyFacts(last_event=found.last_event) if found else KeyFacts()

    def rows(
        self, now: datetime, thresholds: Thresholds = USUAL, *, deleted: bool = False
    ) -> list[EstateRow]:
        """Return a row for each key and each account without one; deleted keys on demand."""
        return joined(self, now, thresholds, deleted=deleted)

    def siblings(self, key: ApiKey) -> tuple[ApiKey, ...]:
        """Return the other keys of the service account that owns a key."""
        if key.owner is None or not key.owner.is_service_account:
            return ()
        owner = key.owner.id
        return tuple(
            each
            for each in self.keys
            if each.owner and each.owner.id == owner and each.id != key.id
        )
