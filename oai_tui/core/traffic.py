"""How often keys were used: by the minute and by the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Minute:
    """How many requests a minute had. `at` is its first instant, aware and in UTC."""

    at: datetime
    requests: int


@dataclass(frozen=True, slots=True)
class Minutes:
    """Requests by the minute, oldest first, as far as the platform has counted them.

    `lacking` are the kinds of usage that this server does not have, `unread` those that could not
    be read just now: with one of these a minute without requests may have had some.
    """

    minutes: tuple[Minute, ...] = ()
    lacking: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def requests(self) -> int:
        """All requests together."""
        return sum(minute.requests for minute in self.minutes)


@dataclass(frozen=True, slots=True)
class DailyRequests:
    """Requests of each key by UTC day; a day without any is left out.

    Requests that the platform attributes to no key have the id "". `lacking` and `unread` are as
    for `Minutes`.
    """

    by_key: Mapping[str, Mapping[date, int]] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
