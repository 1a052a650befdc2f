"""What each month cost, and what it was spent on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from oai_tui.core.cycle import Costs, known, months, settled_days
from oai_tui.core.exact import minus, total
from oai_tui.core.kinds import Dimension
from oai_tui.core.period import Period, month_of


@dataclass(frozen=True, slots=True)
class Part:
    """What one project or line item cost in a month, or on a day of it.

    `share` is its part of the whole, 0 to 1; None where credits leave no whole to be a part of.
    """

    id: str
    name: str
    amount: Decimal
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class MonthPart(Part):
    """A part of a month. `days` has what it cost on each of the days that the month has.

    `change` is how much more it is than in the days of the month before that the month is held
    against, as a part of that: 0.12 is 12 % more; None where there are none, or it cost nothing.
    """

    days: tuple[Decimal, ...]
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class Held:
    """Days of a month, and those of the month before that they are held against."""

    days: Period
    before: Period


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month. `days` has each day of it up to today, None where nothing is known.

    `is_open` while it runs. The first `settled` days are not expected to change any more. `total`
    is the sum of the known days.

    It is `held` against all of the month before, or, until each of its days is told whole, as many
    days as are; against nothing where none is, and where some of either month are not known.
    """

    first: date
    total: Decimal
    is_open: bool
    settled: int
    parts: tuple[MonthPart, ...]
    days: tuple[Decimal | None, ...]
    held: Held | None = None
    change: Decimal | None = None

    @property
    def period(self) -> Period:
        """Its days."""
        return month_of(self.first)

    @property
    def is_provisional(self) -> bool:
        """Whether costs of it may be yet to come."""
        return self.settled < self.period.days

    @property
    def is_held_in_part(self) -> bool:
        """Whether only some of its days are held against as many of the month before."""
        return self.held is not None and self.held.days != self.period

    @property
    def unknown_days(self) -> int:
        """How many of its days that are over have no figure."""
        over = self.days[:-1] if self.is_open else self.days
        return sum(day is None for day in over)

    @property
    def is_told(self) -> bool:
        """Whether any of its days has a figure; without one its total says nothing."""
        return any(day is not None for day in self.days)

    def split(self, place: int) -> tuple[Part, ...]:
        """Return what a day was spent on, the largest first; `place` counts from 0."""
        whole = self.days[place] or Decimal(0)
        return _largest_first(
            Part(part.id, part.name, amount, _share(amount, whole))
            for part in self.parts
            if (amount := part.days[place])
        )


@dataclass(frozen=True, slots=True)
class History:
    """Months, the newest first, from the one of the oldest cost. `told_from` is its day."""

    months: tuple[Month, ...]
    dimension: Dimension
    told_from: date | None


def history_of(
    costs: Mapping[str, Costs],
    days: Costs,
    today: date,
    dimension: Dimension,
    name_of: Callable[[str], str],
) -> History:
    """Return what each month cost from the known `days` and the costs of each part of them."""
    books = _Books(known(days, today), _by_month(costs), today, name_of)
    found = [books.month(month) for month in months(books.told_from or today, today)]
    return History(tuple(reversed(found)), dimension, books.told_from)


_NOTHING = Decimal(0)
_Part = TypeVar("_Part", bound=Part)
_Parts = Mapping[str, Costs]


class _Books:
    """The known days, and by the first of each month the days that its parts cost something on."""

    def __init__(
        self,
        days: Costs,
        parts: Mapping[date, _Parts],
        today: date,
        name_of: Callable[[str], str],
    ) -> None:
        self._days, self._parts, self._today, self._name_of = days, parts, today, name_of
        self._sure = max(settled_days(days, today), default=date.min)
        last = max(days, default=date.min)
        self._whole_to = max(self._sure, last - timedelta(days=last > date.min))
        self.told_from = min((day for day, cost in days.items() if cost), default=None)

    def month(self, month: Period) -> Month:
        """Return what a month cost, what it was spent on, and how it compares."""
        before, held = month.shifted(-1), self._held(month)
        days = tuple(day for day in month if day <= self._today)
        told = {day: self._days[day] for day in days if day in self._days}
        was = {day: self._days[day] for day in before if day in self._days}
        whole = total(told.values())
        parts, ago = self._parts.get(month.first, {}), self._parts.get(before.first, {})
        return Month(
            month.first,
            whole,
            is_open=self._today in month,
            settled=_reach(month, self._sure),
            parts=_largest_first(
                MonthPart(
                    id,
                    self._name_of(id),
                    amount := total(each.values()),
                    _share(amount, whole),
                    tuple([each.get(day, _NOTHING) for day in days]),
                    _change(each, ago.get(id, {}), held),
                )
                for id, each in parts.items()
            ),
            days=tuple(told.get(day) for day in days),
            held=held,
            change=_change(told, was, held),
        )

    def _held(self, month: Period) -> Held | None:
        """Return which days of a month are held against which of the month before."""
        before, whole = month.shifted(-1), _reach(month, self._whole_to)
        if not whole or self.told_from is None or before.first < self.told_from:
            return None
        held = Held(month, before)
        if whole < month.days:
            more = timedelta(days=min(whole, before.days) - 1)
            held = Held(
                Period(month.first, month.first + more), Period(before.first, before.first + more)
            )
        is_known = all(day in self._days for day in (*held.days, *held.before))
        return held if is_known else None


def _by_month(costs: Mapping[str, Costs]) -> dict[date, dict[str, dict[date, Decimal]]]:
    """Return the costs of each part by the first day of the month; days of nothing are left out."""
    found: dict[date, dict[str, dict[date, Decimal]]] = {}
    for id, each in costs.items():
        for day, cost in each.items():
            if cost:
                found.setdefault(day.replace(day=1), {}).setdefault(id, {})[day] = cost
    return found


def _reach(month: Period, last: date) -> int:
    """Return how many days of a month are no later than a day."""
    return max(0, (min(month.last, last) - month.first).days + 1)


def _largest_first(parts: Iterable[_Part]) -> tuple[_Part, ...]:
    return tuple(sorted(parts, key=lambda part: (-part.amount, part.name, part.id)))


def _share(amount: Decimal, whole: Decimal) -> Decimal | None:
    return amount / whole if whole > 0 else None


def _change(now: Costs, before: Costs, held: Held | None) -> Decimal | None:
    if held is None:
        return None
    was = _until(held.before.last, before)
    return minus(_until(held.days.last, now), was) / was if was > 0 else None


def _until(last: date, costs: Costs) -> Decimal:
    return total([cost for day, cost in costs.items() if day <= last])
