"""How long a key may live: presets, the words people type, and the moment it ends.

The platform takes a number of seconds from the moment of the request, one second to one year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from oai_tui.core.errors import WrongInput
from oai_tui.core.text import clean, span

LONGEST = 31_536_000
"""Seconds a key can be given to live at most: a year of 365 days."""

PRESETS = ("30d", "90d", "180d", "1y", "never")
"""What is offered without typing, in words that `parse` reads."""

SUGGESTED = "90d"

EXAMPLES = "Such as 90d, 12w, 6 months, 36h, 2027-01-31, or never."

_NEVER = ("never", "none")
_SIZES = {
    "s sec secs second seconds": 1,
    "min mins minute minutes": 60,
    "h hour hours": 3600,
    "d day days": 86_400,
    "w week weeks": 604_800,
    "y year years": LONGEST,
}
_UNITS = {word: size for words, size in _SIZES.items() for word in words.split()}
_MONTHS = ("mo", "mos", "month", "months")
_SPAN = re.compile(r"(?:in\s+)?(\d{1,9}|an?)\s*([a-z]+)")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


def parse(text: str, now: datetime) -> int | None:
    """Return the seconds from now that a text stands for, None for never. Raises WrongInput.

    A date is meant with all of its day (UTC); months are those of the calendar, twelve of them a
    year of 365 days.
    """
    words = " ".join(text.casefold().split())
    if not words:
        raise WrongInput("No expiry is given.", EXAMPLES)
    if words in _NEVER:
        return None
    if _DAY.fullmatch(words):
        return _bounded(_until(words, now), "This date")
    found = _SPAN.fullmatch(words)
    if found is None:
        raise WrongInput(f"“{clean(text.strip(), 20)}” is no length of time.", EXAMPLES)
    number = 1 if found[1] in ("a", "an") else int(found[1])
    return _bounded(_seconds(number, found[2], now), "This")


def ends(seconds: int | None, now: datetime) -> datetime | None:
    """Return when a key given so many seconds now will end, None for never."""
    return None if seconds is None else now + timedelta(seconds=seconds)


def ends_in_words(seconds: int | None, now: datetime) -> str:
    """Return when a key given so many seconds now will end: `20 Feb 2027 12:04 UTC, in 90 d`."""
    end = ends(seconds, now)
    if end is None:
        return "never"
    return f"{moment(end)}, in {span((end - now).total_seconds())}"


def moment(when: datetime) -> str:
    """Return a moment to the minute: `20 Feb 2027 12:04 UTC`."""
    when = when.astimezone(UTC)
    return f"{when.day} {when:%b %Y %H:%M} UTC"


def _seconds(number: int, unit: str, now: datetime) -> int:
    if unit in _MONTHS:
        return LONGEST * (number // 12) if number >= 12 else _months(number, now)
    if unit == "m":
        raise WrongInput("“m” could be minutes or months.", "Write min or months.")
    size = _UNITS.get(unit)
    if size is None:
        raise WrongInput(f"“{clean(unit, 20)}” is no unit of time.", EXAMPLES)
    return number * size


def _months(number: int, now: datetime) -> int:
    index = now.year * 12 + now.month - 1 + number
    year, month = index // 12, index % 12 + 1
    end = now.replace(year=year, month=month, day=min(now.day, monthrange(year, month)[1]))
    return int((end - now).total_seconds())


def _until(words: str, now: datetime) -> int:
    year, month, day = map(int, words.split("-"))
    try:
        after = datetime.combine(date(year, month, day), time(), UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise WrongInput(f"There is no {words}.", "Write year-month-day.") from None
    return int((after - now).total_seconds())


def _bounded(seconds: int, what: str) -> int:
    if seconds <= 0:
        raise WrongInput(f"{what} is not in the future.", EXAMPLES)
    if seconds > LONGEST:
        raise WrongInput(
            f"{what} is more than a year (365 days), the longest the platform takes.",
            "Take 1y, or never.",
        )
    return seconds
