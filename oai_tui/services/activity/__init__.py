"""What was done in the organization: the audit log, and beside it what only we know of."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from oai_tui.api.activity import Trail, Wanted
from oai_tui.api.client import Client
from oai_tui.core.activity import HERE, Event
from oai_tui.core.activity_filter import ActivityFilter, Kind
from oai_tui.core.changes import Change
from oai_tui.core.errors import StoreProblem
from oai_tui.services.activity.feed import Feed, Source
from oai_tui.services.activity.lines import Line, Teller
from oai_tui.services.activity.ours import (
    Record,
    event_of,
    is_told_by_platform,
    made_here,
    wanted_of,
    with_before,
)
from oai_tui.services.directory import Directory
from oai_tui.services.snapshots import Snapshots

__all__ = ["ActivityLog", "Feed", "Line", "Remembered", "Teller"]

NAME = "activity"
VERSION = 1

MOST_REMEMBERED = 200
"""Lines that are kept for the next start."""

MOST_RESOURCES = 60
"""Keys and accounts of a project that are asked for by name; an address has to hold them all."""

MOST_STORY = 50

BY_ADMIN_KEYS = (
    "The platform files what admin keys do under the default project; of that, only what was done "
    "to keys known to be of this project is shown."
)
TENANT_LINES = "What concerns the whole tenant (admin keys, billing information)"
ABOUT_KEYS = "What was done to its keys from elsewhere"


class _Kept(msgspec.Struct):
    version: int
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Remembered:
    """The newest lines as they were seen last, and when that was."""

    events: tuple[Event, ...]
    at: datetime


class ActivityLog:
    """The logs of one organization. `changes` is our own record, None where there is none."""

    def __init__(
        self,
        client: Client,
        directory: Directory,
        cache: Snapshots,
        clock: Callable[[], datetime],
        changes: Record | None = None,
    ) -> None:
        self.teller = Teller(directory)
        self._client = client
        self._directory = directory
        self._cache = cache
        self._clock = clock
        self._changes = changes

    def feed(self, asked: ActivityFilter) -> Feed:
        """Return the lines that a filter lets through, whatever its text, with nothing read yet."""
        changes, trouble = self._recorded()
        ours = wanted_of(changes, asked)
        is_by_us = asked.person is not None and asked.person.id == HERE
        # The platform's line of a rate limit names neither us nor the project it is about.
        is_alone = is_by_us or bool(asked.project_id)
        told = [change for change in ours if is_alone or not is_told_by_platform(change)]
        beside = deque(map(event_of, told))
        asked_for = [] if is_by_us else self._sources(asked)
        notes = [*trouble, *([BY_ADMIN_KEYS] if asked.project_id else [])]

        def wants(event: Event) -> bool:
            if not asked.project_id or event.recorded_here:
                return True
            is_there = self.teller.place(event)[0] in ("", asked.project_id)
            return is_there and made_here(event, changes) is None

        return Feed(
            [*asked_for, Source(None, beside)],
            self._clock(),
            wants=wants,
            completed=lambda event: with_before(event, changes),
            ours=tuple(map(event_of, ours)),
            notes=tuple(notes),
        )

    def remember(self, feed: Feed) -> None:
        """Keep the newest lines for the next start; only those of an empty filter are all."""
        kept = _Kept(VERSION, [e for e in feed.events if not e.recorded_here][:MOST_REMEMBERED])
        self._cache.put(NAME, msgspec.json.encode(kept), feed.as_of)

    def remembered(self) -> Remembered | None:
        """Return the newest lines as they were seen last, without asking for anything."""
        found = self._cache.get(NAME)
        try:
            kept = msgspec.json.decode(found[0], type=_Kept) if found else None
        except msgspec.MsgspecError:
            return None
        if found is None or kept is None or kept.version != VERSION:
            return None
        return Remembered(tuple(kept.events), found[1])

    async def story(self, event: Event) -> list[Event]:
        """Return all that is told of what a line is about, newest first. Raises ApiProblem."""
        if event.recorded_here or not event.resource_id:
            return []
        wanted = Wanted(resources=(event.resource_id,), tenant=event.is_tenant)
        return (await Trail(self._client, wanted).next())[:MOST_STORY]

    def _recorded(self) -> tuple[tuple[Change, ...], list[str]]:
        if self._changes is None:
            return (), []
        try:
            found = self._changes.recent()
        except StoreProblem as problem:
            return (), [f"What was changed from here could not be read: {problem.what}"]
        return found, [self._changes.trouble] if self._changes.trouble else []

    def _sources(self, asked: ActivityFilter) -> list[Source]:
        usual = self._wanted(asked)
        found = [Source(Trail(self._client, usual))]
        if asked.project_id:
            if keys := self._resources(asked):
                about = self._wanted(asked, resources=keys)
                found.append(Source(Trail(self._client, about), essential=False, what=ABOUT_KEYS))
        elif asked.kind is Kind.ALL or asked.kind.tenant_types:
            tenant = self._wanted(asked, tenant=True)
            found.append(Source(Trail(self._client, tenant), essential=False, what=TENANT_LINES))
        return found

    def _resources(self, asked: ActivityFilter) -> tuple[str, ...]:
        """Return the ids of the keys and accounts of a project, the newest keys first."""
        if asked.kind not in (Kind.ALL, Kind.KEYS, Kind.ACCOUNTS):
            return ()
        keys = self._directory.keys_of(asked.project_id)
        newest = sorted(keys, key=lambda key: str(key.created_at or ""), reverse=True)
        owners = (key.owner.id for key in newest if key.owner and key.owner.is_service_account)
        ids = dict.fromkeys([*(key.id for key in newest), *owners])
        return tuple(ids)[:MOST_RESOURCES]

    @staticmethod
    def _wanted(
        asked: ActivityFilter, *, resources: tuple[str, ...] = (), tenant: bool = False
    ) -> Wanted:
        person, period = asked.person, asked.period
        is_mailed = person is not None and person.email
        return Wanted(
            types=asked.kind.tenant_types if tenant else asked.kind.types,
            resources=resources,
            projects=(asked.project_id,) if asked.project_id and not resources else (),
            emails=(person.email,) if person and is_mailed else (),
            actors=(person.id,) if person and not is_mailed else (),
            since=period.start if period else None,
            until=period.end if period else None,
            tenant=tenant,
        )
