"""The lines of activity that are known, and which of them are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from oai_tui.core.activity import HERE, Event
from oai_tui.core.activity_filter import ActivityFilter, Kind, Person
from oai_tui.core.activity_words import is_deletion
from oai_tui.core.usage import Dimension
from oai_tui.services.activity import ActivityLog, Line
from oai_tui.services.directory import Directory

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_EMPTY = ActivityFilter()


class ActivityView:
    """A filter, the lines it lets through, and everything that was ever read of this log.

    `asked` is changed one step at a time and taken back in the reverse order.
    """

    def __init__(self, log: ActivityLog, directory: Directory) -> None:
        self.asked = ActivityFilter()
        self.lines: list[Line] = []
        self._log = log
        self._directory = directory
        self._seen: dict[str, Event] = {}
        self._events: list[Event] = []
        self._steps: list[str] = []

    def use(self, **chosen: Any) -> None:
        """Set one part of the filter; an empty value takes it back."""
        (name, value), *_ = chosen.items()
        self.asked = replace(self.asked, **chosen)
        self._steps = [step for step in self._steps if step != name]
        if value != getattr(_EMPTY, name):
            self._steps.append(name)

    def take_back(self) -> str:
        """Take the part of the filter back that was set last; return its name, "" without one."""
        if not self._steps:
            return ""
        name = self._steps[-1]
        self.use(**{name: getattr(_EMPTY, name)})
        return name

    def take(self, events: Iterable[Event]) -> None:
        """Show exactly these lines, newest first as they come."""
        self._events = list(events)
        self._seen.update((event.id, event) for event in self._events)
        self.name()

    def add(self, events: Iterable[Event]) -> None:
        """Show older lines after those there are."""
        fresh = list(events)
        self._events += fresh
        self._seen.update((event.id, event) for event in fresh)
        self.lines += map(self._log.teller.line, fresh)

    def renew(self, events: Iterable[Event]) -> bool:
        """Put the newest lines before those there are; tell whether they meet without a gap."""
        newest = list(events)
        ids = {event.id for event in newest}
        if not newest or not any(event.id in ids for event in self._events):
            return False
        self.take([*newest, *(event for event in self._events if event.id not in ids)])
        return True

    def fall_back(self) -> None:
        """Show what was ever read and passes the filter, until the platform has answered."""
        place, asked = self._log.teller.place, self.asked
        known = (e for e in self._seen.values() if asked.admits(e, place(e)[0]))
        self.take(sorted(known, key=lambda event: event.at or _LONG_AGO, reverse=True))

    def name(self) -> None:
        """Find the names anew, which may have come meanwhile."""
        self.lines = list(map(self._log.teller.line, self._events))

    def shown(self) -> list[Line]:
        """Return the lines that have the text."""
        if not self.asked.text.strip():
            return self.lines
        return [line for line in self.lines if self.asked.matches(line.shown)]

    @property
    def oldest(self) -> datetime | None:
        """The time of the oldest line read."""
        return next((event.at for event in reversed(self._events) if event.at), None)

    def deletion_of(self, event: Event) -> Event | None:
        """Return the line that tells of the end of what another line is about, if it was read."""
        lines = (e for e in self._seen.values() if e.resource_id == event.resource_id)
        return next(filter(is_deletion, lines), None)

    @property
    def project_name(self) -> str:
        """The name of the project that is looked for."""
        return self._directory.name_of(Dimension.PROJECT, self.asked.project_id)

    def people(self, first: Line | None) -> list[Person]:
        """Return who can be looked for: whoever did the `first` line, whoever did any, members."""
        newest = sorted(self._seen.values(), key=lambda e: e.at or _LONG_AGO, reverse=True)
        events = [*([first.event] if first else []), *newest]
        found: dict[str, Person] = {}
        for event in events:
            if event.recorded_here:
                found.setdefault(HERE, Person(HERE, label="this program (recorded here)"))
            elif event.actor_id or event.actor_email:
                person = Person(event.actor_id, event.actor_email, event.actor)
                found.setdefault(event.actor_id or event.actor_email, person)
        for id, name in sorted(self._directory.known(Dimension.USER).items(), key=lambda m: m[1]):
            found.setdefault(id, Person(id, label=name))
        return list(found.values())

    def projects(self, first: Line | None) -> dict[str, str]:
        """Return the projects that can be looked for by id, that of the `first` line first."""
        known = dict(self._directory.known(Dimension.PROJECT))
        for event in self._seen.values():
            if event.project_id:
                known.setdefault(event.project_id, event.project_name or event.project_id)
        place = self._log.teller.place(first.event)[0] if first else ""
        return dict(sorted(known.items(), key=lambda each: (each[0] != place, each[1].casefold())))

    def next_kind(self, step: int) -> Kind:
        """Return the kind after the one that is shown, or before it."""
        kinds = list(Kind)
        return kinds[(kinds.index(self.asked.kind) + step) % len(kinds)]
