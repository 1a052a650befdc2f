"""What the usage screen is asked to show, and every move from one view to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from oai_tui.core.errors import WrongInput
from oai_tui.core.period import EARLIEST, Period, last_days, month_of
from oai_tui.core.usage import Dimension, Metric

METRICS = (
    Metric.TOKENS,
    Metric.INPUT,
    Metric.OUTPUT,
    Metric.CACHED,
    Metric.REQUESTS,
    Metric.COST,
)
DIMENSIONS = (Dimension.MODEL, Dimension.PROJECT, Dimension.KEY, Dimension.USER)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class View:
    """One question: which days, which figure, by what.

    `asked` may reach into the future, as the present month does, so that moving on from it moves
    by months.
    """

    asked: Period
    metric: Metric = Metric.TOKENS
    dimension: Dimension = Dimension.MODEL

    def period(self, today: date) -> Period:
        """Return the days that can have figures: none of those to come."""
        return Period(self.asked.first, min(self.asked.last, today))

    def earlier(self) -> View:
        """Return the period before. Raises WrongInput where there was no API yet."""
        asked = self.asked.shifted(-1)
        if asked.first < EARLIEST:
            raise WrongInput(f"There was no API before {EARLIEST:%B %Y}.")
        return replace(self, asked=asked)

    def later(self, today: date) -> View:
        """Return the period after, at most up to today. Raises WrongInput where it lies ahead."""
        self._refuse_future(today)
        asked = self.asked.shifted(1)
        if asked.last > today and not asked.is_month():
            asked = last_days(asked.days, today)
        return replace(self, asked=asked)

    def to_now(self, today: date) -> View:
        """Return the same length ending today. Raises WrongInput when it does already."""
        self._refuse_future(today)
        is_month = self.asked.is_month()
        asked = month_of(today) if is_month else last_days(self.asked.days, today)
        return replace(self, asked=asked)

    def regrouped(self, step: int) -> View:
        """Return the view by the next dimension, or with -1 by the one before."""
        return replace(self, dimension=_next(DIMENSIONS, self.dimension, step))

    def measured(self, step: int) -> View:
        """Return the view of the next figure, or with -1 of the one before."""
        return replace(self, metric=_next(METRICS, self.metric, step))

    def _refuse_future(self, today: date) -> None:
        if self.asked.last >= today:
            raise WrongInput(f"The period ends today, {today.day} {today:%b} (UTC), already.")


def _next(ring: tuple[T, ...], now: T, step: int) -> T:
    return ring[(ring.index(now) + step) % len(ring)]
