"""The cycle: the calendar month in UTC, the only interval the platform's limits know.

Costs are `Decimal` dollars by UTC day. A day that a mapping of costs lacks is not known; a day that
is told to have cost nothing is there with zero. What a day cost is what was charged on it less the
credits of that day: credits belong to what was spent, and to no rate, as nobody can count on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from oai_tui.core.exact import minus, plus, total
from oai_tui.core.period import Period, month_of

YOUNG_DAYS = 2
"""Days, today included, for which costs may be yet to come: they were seen a day late."""

Costs = Mapping[date, Decimal]


@dataclass(frozen=True, slots=True)
class SamePoint:
    """As many whole days of this month as of the month before, and the dollars of each."""

    days: Period
    spent: Decimal
    days_before: Period
    spent_before: Decimal


@dataclass(frozen=True, slots=True)
class Cycle:
    """The month that `today` lies in, as told so far. Today's part is provisional.

    `daily` has a figure for each day from the first to today, `before` for each day of the month
    before; None where nothing is known. `spent` is the sum of what is told, `settled` the days of
    the month whose costs are not expected to change. `charged` is what was charged on the days of
    `daily`, and `rates` on every settled day as far back as costs are told; days of which that is
    not known are left out of `rates`.
    """

    month: Period
    today: date
    spent: Decimal
    daily: tuple[Decimal | None, ...]
    before: tuple[Decimal | None, ...]
    settled: tuple[date, ...] = ()
    charged: tuple[Decimal | None, ...] = ()
    rates: Costs = field(default_factory=dict)

    @property
    def is_reported(self) -> bool:
        """Whether any day of the month has been reported."""
        return any(day is not None for day in self.daily)

    @property
    def through(self) -> date | None:
        """The last day of the month that has a figure, None while none has."""
        told = [place for place, day in enumerate(self.daily) if day is not None]
        return self.month.first + timedelta(days=told[-1]) if told else None

    @property
    def unknown_days(self) -> int:
        """How many days of the month, today left out, have no figure."""
        return sum(day is None for day in self.daily[:-1])

    @property
    def spent_today(self) -> Decimal | None:
        """Dollars of today as far as reported, None while nothing is."""
        return self.daily[-1]

    @property
    def spent_yesterday(self) -> Decimal | None:
        """Dollars of the day before today, in whichever month it lies."""
        return (self.before + self.daily)[-2]

    @property
    def average(self) -> Decimal | None:
        """Dollars charged a day over the days that are told whole; None while there is none."""
        days = zip(self.month, self.charged, strict=False)
        whole = [cost for day, cost in days if cost is not None and self.is_whole(day)]
        return total(whole) / len(whole) if whole else None

    @property
    def same_point(self) -> SamePoint | None:
        """This month through its last whole day, held against the same days of the month before.

        Where that month is shorter, it is all of it and as many days of this one. None while no
        day is whole, and unless every day of both is known.
        """
        told = zip(self.month, self.daily, strict=False)
        whole = [day for day, cost in told if cost is not None and self.is_whole(day)]
        number = min(whole[-1].day, len(self.before)) if whole else 0
        now, before = self.daily[:number], self.before[:number]
        spent, earlier = _sum(now), _sum(before)
        if not number or spent is None or earlier is None:
            return None
        first, ago = self.month.first, self.month.shifted(-1).first
        length = timedelta(days=number - 1)
        return SamePoint(Period(first, first + length), spent, Period(ago, ago + length), earlier)

    @property
    def running(self) -> tuple[Decimal, ...]:
        """What was spent by the end of each day up to `through`; a gap adds nothing."""
        days = () if self.through is None else self.daily[: self.through.day]
        return tuple(accumulate((day or Decimal(0) for day in days), plus))

    def is_whole(self, day: date) -> bool:
        """Say whether the figure of a day is all of it: that of the last one may be a part."""
        return day in self.settled or (self.through is not None and day < self.through)

    def day_reached(self, amount: Decimal) -> date | None:
        """Return the first day by whose end an amount was spent, None where it was not."""
        days = zip(self.month, self.running, strict=False)
        return next((day for day, spent in days if spent >= amount), None)


def cycle_of(costs: Costs, today: date, credits: Costs | None = None) -> Cycle:
    """Return the month of a day from the costs told of it and of the months before.

    `today` is the day on which the costs were read. A young day without a figure cost nothing once
    a later one has a cost. `credits` are what of the costs was credited, below zero.
    """
    month = month_of(today)
    told = known(costs, today)
    charges = charged(told, credits or {})
    daily = tuple(told.get(day) for day in month if day <= today)
    before = tuple(told.get(day) for day in month.shifted(-1))
    settled = settled_days(told, today)
    return Cycle(
        month,
        today,
        total(day for day in daily if day is not None),
        daily,
        before,
        tuple(day for day in settled if day in month),
        tuple(charges.get(day) for day in month if day <= today),
        {day: charges[day] for day in settled if day in charges},
    )


def charged(costs: Costs, credits: Costs) -> dict[date, Decimal]:
    """Return what was charged on each day that costs and their credits are told of.

    A day that comes to less than nothing all the same has credits that are not told: what was
    charged on it is not known.
    """
    without = {day: minus(cost, credits[day]) for day, cost in costs.items() if day in credits}
    return {day: cost for day, cost in {**costs, **without}.items() if cost >= 0}


def known(costs: Costs, today: date) -> dict[date, Decimal]:
    """Return what is known of each day up to today, in order."""
    told = {day: cost for day, cost in costs.items() if day <= today}
    last = max((day for day, cost in told.items() if cost), default=date.min)
    for back in range(YOUNG_DAYS):
        day = today - timedelta(days=back)
        if day < last:
            told.setdefault(day, Decimal(0))
    return dict(sorted(told.items()))


def settled_days(told: Costs, today: date) -> tuple[date, ...]:
    """Return the known days whose costs are not expected to change, the oldest first.

    The last day that has a cost may have been told in part, so it waits a day longer.
    """
    last = max((day for day, cost in told.items() if cost), default=date.min)
    sure = today - timedelta(days=YOUNG_DAYS)
    return tuple(day for day in sorted(told) if day < sure or (day == sure and last > day))


def months(first: date, last: date) -> Iterator[Period]:
    """Yield the calendar months from that of one day to that of another, the oldest first."""
    month = month_of(first)
    while month.first <= last:
        yield month
        month = month.shifted(1)


def _sum(days: Sequence[Decimal | None]) -> Decimal | None:
    """Return the sum of some days, None unless each is known."""
    told = [day for day in days if day is not None]
    return total(told) if len(told) == len(days) else None
