"""Where the month is going: forecasts from what the days before cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from oai_tui.core.cycle import Costs, Cycle, settled_days
from oai_tui.core.exact import plus, total

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
    """The forecasts of a month, the usual one among them. `per_day` are dollars a day lately.

    `from_last_month` is set while no day of this month is settled, so that all rests on the last.
    `rests_on` is the number of days that `per_day` is the mean of.
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


def pace_of(cycle: Cycle, earlier: Costs | None = None) -> Pace | None:
    """Return where a month is going, None until one settled day is known.

    `earlier` are costs of days before the two months that the cycle knows. Days with a negative sum
    are credits, which nobody can count on: they stay in what is spent and out of every rate.
    """
    told = _told(cycle, earlier or {})
    rates = {day: told[day] for day in settled_days(told, cycle.today) if told[day] >= 0}
    if not rates:
        return None
    last = max(rates)
    own = {day: cost for day, cost in rates.items() if day in cycle.month}
    week = _since(rates, last - timedelta(days=WEEK_DAYS))
    pattern = _since(rates, last - timedelta(days=PATTERN_DAYS))
    straight = own or _since(rates, cycle.month.shifted(-1).first - timedelta(days=1)) or week
    forecasts = [
        _forecast(cycle, Basis.STRAIGHT, [_mean(straight)] * 7, len(straight)),
        _forecast(cycle, Basis.WEEK, [_mean(week)] * 7, len(week)),
    ]
    if len(pattern) >= LEAST_PATTERN_DAYS:
        forecasts.append(_forecast(cycle, Basis.WEEKDAYS, _weekly(pattern), len(pattern)))
    return Pace(tuple(forecasts), _mean(week), len(week), from_last_month=not own)


def _told(cycle: Cycle, earlier: Costs) -> Costs:
    before = cycle.month.shifted(-1)
    days = zip((*before, *cycle.month), (*cycle.before, *cycle.daily), strict=False)
    told = {day: cost for day, cost in earlier.items() if day < before.first}
    return {**told, **{day: cost for day, cost in days if cost is not None}}


def _since(rates: Costs, after: date) -> Costs:
    return {day: cost for day, cost in rates.items() if day > after}


def _mean(rates: Costs) -> Decimal:
    return total(rates.values()) / len(rates)


def _weekly(rates: Costs) -> list[Decimal]:
    """Return the mean of each weekday; that of all days for a weekday that has none."""
    by_day = [{day: c for day, c in rates.items() if day.weekday() == each} for each in range(7)]
    return [_mean(each or rates) for each in by_day]


def _forecast(cycle: Cycle, basis: Basis, rates: Sequence[Decimal], rests_on: int) -> Forecast:
    told = dict(zip(cycle.month, cycle.daily, strict=False))
    sure = {day: cost for day, cost in told.items() if cost is not None and cycle.is_whole(day)}
    start = next((day for day in cycle.month if day not in sure), cycle.month.last)
    base = total(cost for day, cost in sure.items() if day < start)
    coming = (
        sure[day] if day in sure else _expected(told.get(day), rates[day.weekday()])
        for day in cycle.month
        if day >= start
    )
    sums = tuple(accumulate(coming, plus, initial=base))[1:]
    return Forecast(basis, start, base, sums, rests_on)


def _expected(told: Decimal | None, rate: Decimal) -> Decimal:
    """Return what a day will have cost, not less than the part that is told."""
    if told is None:
        return rate
    return max(told, rate) if told >= 0 else plus(told, rate)
