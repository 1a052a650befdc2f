"""What was told of all keys in the last 30 days, and what that says of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

from oai_tui.core.activity import Event
from oai_tui.core.facts import KeyFacts
from oai_tui.core.period import Period


class Requests(msgspec.Struct, frozen=True):
    """Requests by key and day of a period. With `unread` kinds a count is a lower bound."""

    at: datetime
    period: Period
    by_key: Mapping[str, tuple[int, ...]] = msgspec.field(default_factory=dict)
    unread: tuple[str, ...] = ()


class Costs(msgspec.Struct, frozen=True):
    """Dollars by key."""

    at: datetime
    by_key: Mapping[str, Decimal] = msgspec.field(default_factory=dict)


class Events(msgspec.Struct, frozen=True):
    """The newest line of the audit log by key and by service account."""

    at: datetime
    by_id: Mapping[str, Event] = msgspec.field(default_factory=dict)


class Ledgers(msgspec.Struct, frozen=True):
    """What was read of each; None is not known."""

    requests: Requests | None = None
    costs: Costs | None = None
    events: Events | None = None

    @property
    def as_of(self) -> datetime | None:
        """The time of the oldest of them, None where nothing is known."""
        known = (self.requests, self.costs, self.events)
        return min((each.at for each in known if each), default=None)

    def idle(self) -> KeyFacts:
        """Return the facts of a key that nothing is reported of."""
        requests = self.requests
        is_counted = requests is not None and not requests.unread
        return KeyFacts(
            requests=0 if is_counted else None,
            cost=Decimal(0) if self.costs else None,
            daily=(0,) * requests.period.days if requests and is_counted else (),
        )

    def by_key(self) -> dict[str, KeyFacts]:
        """Return the facts of each key that something is reported of."""
        idle = self.idle()
        daily = self.requests.by_key if self.requests else {}
        costs = self.costs.by_key if self.costs else {}
        events = self.events.by_id if self.events else {}
        found: dict[str, KeyFacts] = {}
        for id in daily.keys() | costs.keys() | events.keys():
            days = daily.get(id)
            found[id] = KeyFacts(
                requests=idle.requests if days is None else sum(days),
                cost=costs.get(id, idle.cost),
                daily=idle.daily if days is None else days,
                last_event=events.get(id),
            )
        return found

    def used(self) -> Iterator[str]:
        """Yield the ids of the keys that made requests or cost something."""
        if self.requests:
            yield from self.requests.by_key
        if self.costs:
            yield from (id for id, cost in self.costs.by_key.items() if cost)
