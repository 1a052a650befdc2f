"""Where days begin: at midnight UTC, or at that of a place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC as _UTC
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from oai_tui.core.errors import WrongInput
from oai_tui.core.text import clean


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by its name: `UTC`, `Europe/Berlin`, or a fixed one such as `UTC-06:00`."""

    name: str = "UTC"

    def __post_init__(self) -> None:
        _info(self.name)

    @property
    def is_utc(self) -> bool:
        """Whether days are those of the platform."""
        return self.name == "UTC"

    @property
    def info(self) -> tzinfo:
        """The zone as the standard library knows it."""
        return _info(self.name)

    def day_of(self, instant: datetime) -> date:
        """Return the day an instant (aware) lies in here."""
        return instant.astimezone(self.info).date()

    def time_of(self, instant: datetime) -> str:
        """Return the time of an instant (aware) here: `02:00`, or `02:00 CEST` where it is twice.

        It comes twice in the night in which clocks go back.
        """
        local = instant.astimezone(self.info)
        other = local.replace(fold=1 - local.fold)
        return f"{local:%H:%M}" if local.utcoffset() == other.utcoffset() else f"{local:%H:%M %Z}"

    def midnight(self, day: date) -> datetime:
        """Return the first instant of a day, in UTC.

        Where clocks skip midnight it is the first instant after the gap; where midnight comes
        twice it is the earlier one.
        """
        return datetime.combine(day, time(), self.info).astimezone(_UTC)

    def begins_on_hours(self, day: date) -> bool:
        """Whether a day begins where an hour of UTC does, so that hours make up whole days."""
        return self.midnight(day).minute == 0


@lru_cache(maxsize=64)
def _info(name: str) -> tzinfo:
    """Return a zone of the standard library. Raises WrongInput for a name nobody knows."""
    if name == "UTC":
        return _UTC
    if found := re.fullmatch(r"UTC([+-])(\d{2}):(\d{2})", name):
        offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
        if offset < timedelta(days=1):
            return timezone(-offset if found[1] == "-" else offset)
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise WrongInput(
            f"“{clean(name, 40)}” is not a time zone known here.",
            "Write it as Europe/Berlin or UTC-06:00.",
        ) from None


UTC = Zone()
"""The days of the platform."""
