"""Ranges of days, the words people use for them, and moving through them. Days are UTC days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from oai_tui.core.errors import WrongInput
from oai_tui.core.text import clean

EARLIEST = date(2020, 6, 1)
"""The API opened in June 2020; nothing can have been used before."""

_LAST_YEAR = date.max.year - 1
"""The last year whose every day has a day after it."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from `first` to `last`, both included.

    `moves_by_days` is set for a window of days that was moved and fell on a calendar month: it
    goes on by its own length.
    """

    first: date
    last: date
    moves_by_days: bool = field(default=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise WrongInput("The last day is before the first.", "Swap the two dates.")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """The first instant, midnight UTC."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """The instant after the last, midnight UTC."""
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=offset) for offset in range(self.days))

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def is_month(self) -> bool:
        """Whether it is exactly one calendar month."""
        return self == month_of(self.first)

    def shifted(self, steps: int) -> Period:
        """Return the period of the same length `steps` later; a calendar month moves by months.

        Where the calendar ends it stays as it is.
        """
        try:
            if self.is_month() and not self.moves_by_days:
                moved = month_of(_months_later(self.first, steps))
            else:
                by = timedelta(days=self.days * steps)
                moved = Period(self.first + by, self.last + by, moves_by_days=True)
        except (ValueError, OverflowError):
            return self
        return moved if moved.last < date.max else self

    def before(self) -> Period:
        """Return what it is held against: the days before it, as many as it has.

        A calendar month is held against the month before, and the first days of a month against
        the same days of that one.
        """
        if self.first.day == 1 and self.last <= month_of(self.first).last:
            month = month_of(self.first).shifted(-1)
            if self.is_month() or self.days >= month.days:
                return month
            return Period(month.first, month.first + timedelta(days=self.days - 1))
        return self.shifted(-1)

    def words(self, today: date) -> str:
        """Return it as people write it: `24 Oct – 22 Nov 2026`, `October 2026`, `today`."""
        if self.days == 1:
            name = {0: "Today, ", 1: "Yesterday, "}.get((today - self.first).days, "")
            return f"{name}{self.first.day} {self.first:%b %Y}"
        if self.is_month():
            return f"{self.first:%B %Y}"
        if self.first == EARLIEST and self.last == today:
            return f"All since {self.first:%B %Y}"
        head = f"{self.first.day} {self.first:%b}"
        if self.first.year != self.last.year:
            head += f" {self.first.year}"
        return f"{head} – {self.last.day} {self.last:%b %Y}"


def month_of(day: date) -> Period:
    """Return the calendar month a day lies in."""
    first = day.replace(day=1)
    return Period(first, _months_later(first, 1) - timedelta(days=1))


def quarter_of(day: date) -> Period:
    """Return the calendar quarter a day lies in."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    return Period(first, _months_later(first, 3) - timedelta(days=1))


def _months_later(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def last_days(number: int, today: date) -> Period:
    """Return the `number` days that end with today."""
    return Period(today - timedelta(days=number - 1), today)


PRESETS: tuple[tuple[str, str], ...] = (
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("7d", "Last 7 days"),
    ("30d", "Last 30 days"),
    ("90d", "Last 90 days"),
    ("mtd", "This month"),
    ("last-month", "Last month"),
    ("qtd", "This quarter"),
    ("12mo", "Last 12 months"),
    ("all", "All there is"),
)
"""The words `named` understands that are offered as a list, with their labels."""


def named(word: str, today: date) -> Period | None:
    """Return the period a word stands for: a preset, `45d`, `6mo`, `2026-10`, `2026`, or None.

    `2026-Q3` is a quarter.
    """
    word = word.strip().casefold()
    match word:
        case "today":
            return Period(today, today)
        case "yesterday":
            return Period(today - timedelta(days=1), today - timedelta(days=1))
        case "mtd" | "this-month":
            return Period(today.replace(day=1), today)
        case "last-month":
            return month_of(today.replace(day=1) - timedelta(days=1))
        case "qtd" | "this-quarter":
            return Period(quarter_of(today).first, today)
        case "last-quarter":
            return quarter_of(quarter_of(today).first - timedelta(days=1))
        case "all":
            return Period(min(EARLIEST, today), today)
    if found := re.fullmatch(r"([1-9]\d{0,3})(d|w|mo)", word):
        number = int(found[1])
        if found[2] == "mo":
            return Period(_months_later(today.replace(day=1), 1 - min(number, 120)), today)
        return last_days(min(number * (7 if found[2] == "w" else 1), 3660), today)
    if found := re.fullmatch(r"(\d{4})-?q([1-4])", word):
        month = _named_by_number(int(found[1]), int(found[2]) * 3, whole_year=False)
        return quarter_of(month.first) if month else None
    if found := re.fullmatch(r"(\d{4})(?:-(\d{2}))?", word):
        return _named_by_number(int(found[1]), int(found[2] or 0), whole_year=found[2] is None)
    return None


def _named_by_number(year: int, month: int, *, whole_year: bool) -> Period | None:
    if not EARLIEST.year <= year <= _LAST_YEAR:
        return None
    if whole_year:
        return Period(date(year, 1, 1), date(year, 12, 31))
    return month_of(date(year, month, 1)) if 1 <= month <= 12 else None


def day_from(text: str, today: date) -> date:
    """Read one day: `2026-11-03`, `today`, `yesterday`. Raises WrongInput."""
    word = text.strip().casefold()
    if word in ("today", "yesterday"):
        return today - timedelta(days=word == "yesterday")
    if re.fullmatch(r"\d{4}(-\d{2})?", word) and int(word[:4]) < EARLIEST.year:
        raise _too_early()
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise WrongInput(
            f"“{clean(text, 40)}” is not a date.", "Write it as 2026-11-03, or today or yesterday."
        ) from None
    if day < EARLIEST:
        raise _too_early()
    return day


def _too_early() -> WrongInput:
    return WrongInput(
        f"There was no API before {EARLIEST.year}.", f"Begin with {EARLIEST} or later."
    )


def between(first: str, last: str, today: date) -> Period:
    """Read a period from two typed days; days to come are left out. Raises WrongInput."""
    start, end = day_from(first, today), day_from(last or "today", today)
    if start > today:
        raise WrongInput("The first day lies in the future.", f"Today is {today} (UTC).")
    if end < start:
        raise WrongInput("The last day is before the first.", "Swap the two dates.")
    return Period(start, min(end, today))
