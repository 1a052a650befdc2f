"""Where the month is going: forecasts from what the days before cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate, zip_longest
from typing import NamedTuple

from oai_tui.core.cycle import Costs, Cycle
from oai_tui.core.exact import minus, plus, total

WEEK_DAYS = 7
PATTERN_DAYS = 28
LEAST_PATTERN_DAYS = 14
"""Days that a weekday pattern must at least rest on: each weekday twice."""


class Basis(StrEnum):
    """What a forecast takes the coming days for."""

    STRAIGHT = "straight line"
    WEEK = "last 7 days"
    WEEKDAYS = "weekdays"

    @property
    def label(self) -> str:
        """The words for it, to stand after `by`."""
        return _LABELS[self]


_LABELS = {
    Basis.STRAIGHT: "the straight line",
    Basis.WEEK: "the last 7 days",
    Basis.WEEKDAYS: "the pattern of weekdays",
}


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will be spent of the month by the end of each day from `start` to the last.

    `base` is what was spent before `start`, `rests_on` the number of days it is drawn from.
    """

    basis: Basis
    start: date
    base: Decimal
    sums: tuple[Decimal, ...]
    rests_on: int

    @property
    def last(self) -> date:
        """The last day of the month."""
        return self.start + timedelta(days=len(self.sums) - 1)

    @property
    def month_end(self) -> Decimal:
        """Dollars of the whole month."""
        return self.sums[-1]

    def reached(self, amount: Decimal) -> date | None:
        """Return the day on which an amount will be spent, None where it is not this month.

        An amount that is spent already gives the first day of the forecast.
        """
        for place, spent in enumerate(self.sums):
            if spent >= amount or self.base >= amount:
                return self.start + timedelta(days=place)
        return None


@dataclass(frozen=True, slots=True)
class Pace:
    """The forecasts of a month, the usual one among them.

    `per_day` are dollars charged a day lately, `rests_on` the number of days they are the mean of.
    `from_last_month` is set while no day of this month is settled, so that all rests on the last.
    """

    forecasts: tuple[Forecast, ...]
    per_day: Decimal
    rests_on: int
    from_last_month: bool = False

    @property
    def usual(self) -> Forecast:
        """The forecast to name when there is room for one: by the last 7 days."""
        return next((f for f in self.forecasts if f.basis is Basis.WEEK), self.forecasts[0])

    @property
    def start(self) -> date:
        """The first day that is forecast."""
        return self.usual.start

    @property
    def low(self) -> Decimal:
        """The lowest month end."""
        return min(forecast.month_end for forecast in self.forecasts)

    @property
    def high(self) -> Decimal:
        """The highest month end."""
        return max(forecast.month_end for forecast in self.forecasts)

    @property
    def fan(self) -> tuple[tuple[Decimal, Decimal], ...]:
        """The lowest and highest running spend by the end of each day from `start`."""
        days = zip(*(forecast.sums for forecast in self.forecasts), strict=True)
        return tuple((min(day), max(day)) for day in days)

    def reached(self, amount: Decimal) -> date | None:
        """Return the day on which the usual forecast has an amount spent, None: not this month."""
        return self.usual.reached(amount)

    def earliest(self, amount: Decimal) -> date | None:
        """Return the first day on which any forecast has an amount spent."""
        return min((day for f in self.forecasts if (day := f.reached(amount))), default=None)


def pace_of(cycle: Cycle) -> Pace | None:
    """Return where a month is going, None until it is known what a settled day was charged.

    Credits stay in what is spent and out of every rate: nobody can count on them.
    """
    rates = cycle.rates
    if not rates:
        return None
    last = max(rates)
    own = {day: cost for day, cost in rates.items() if day in cycle.month}
    week = _since(rates, last - timedelta(days=WEEK_DAYS))
    pattern = _since(rates, last - timedelta(days=PATTERN_DAYS))
    straight = own or _since(rates, cycle.month.shifted(-1).first - timedelta(days=1)) or week
    ahead = _ahead(cycle)
    forecasts = [
        _forecast(ahead, Basis.STRAIGHT, [_mean(straight)] * 7, len(straight)),
        _forecast(ahead, Basis.WEEK, [_mean(week)] * 7, len(week)),
    ]
    if len(pattern) >= LEAST_PATTERN_DAYS:
        forecasts.append(_forecast(ahead, Basis.WEEKDAYS, _weekly(pattern), len(pattern)))
    return Pace(tuple(forecasts), _mean(week), len(week), from_last_month=not own)


def _since(rates: Costs, after: date) -> Costs:
    return {day: cost for day, cost in rates.items() if day > after}


def _mean(rates: Costs) -> Decimal:
    return total(rates.values()) / len(rates)


def _weekly(rates: Costs) -> list[Decimal]:
    """Return the mean of each weekday; that of all days for a weekday that has none."""
    by_day = [{day: c for day, c in rates.items() if day.weekday() == each} for each in range(7)]
    return [_mean(each or rates) for each in by_day]


class _Day(NamedTuple):
    """A day that is forecast: what is told of it and charged so far; all of it if `is_whole`."""

    weekday: int
    told: Decimal | None
    charged: Decimal | None
    is_whole: bool


class _Ahead(NamedTuple):
    """The days of a month from the first that is not told whole, and what was spent before."""

    start: date
    base: Decimal
    days: tuple[_Day, ...]


def _ahead(cycle: Cycle) -> _Ahead:
    days = tuple(
        _Day(day.weekday(), told, charged, told is not None and cycle.is_whole(day))
        for day, told, charged in zip_longest(cycle.month, cycle.daily, cycle.charged)
    )
    at = next((place for place, day in enumerate(days) if not day.is_whole), len(days) - 1)
    base = total(day.told for day in days[:at] if day.told is not None)
    return _Ahead(cycle.month.first + timedelta(days=at), base, days[at:])


def _forecast(ahead: _Ahead, basis: Basis, rates: Sequence[Decimal], rests_on: int) -> Forecast:
    coming = (_expected(day, rates[day.weekday]) for day in ahead.days)
    sums = tuple(accumulate(coming, plus, initial=ahead.base))[1:]
    return Forecast(basis, ahead.start, ahead.base, sums, rests_on)


def _expected(day: _Day, rate: Decimal) -> Decimal:
    """Return what a day will have cost: not less than is charged so far, less what is credited."""
    if day.told is None:
        return rate
    if day.is_whole:
        return day.told
    if day.charged is None:
        return plus(day.told, rate)
    return plus(minus(day.told, day.charged), max(day.charged, rate))
