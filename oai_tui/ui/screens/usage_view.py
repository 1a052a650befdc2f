"""What the usage screen is asked to show, and every move from one view to the next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from oai_tui.core.cuts import Cut, Step
from oai_tui.core.errors import WrongInput
from oai_tui.core.period import EARLIEST, Period, last_days, month_of
from oai_tui.core.usage import Dimension, Metric
from oai_tui.core.zone import UTC, Zone
from oai_tui.services.usage import Question

METRICS = (
    *(each for each in Metric if each not in (Metric.REQUESTS, Metric.COST)),
    Metric.REQUESTS,
    Metric.COST,
)
"""In the order of the key, so that the money is one step back from the tokens."""

INTO = {
    Dimension.PROJECT: (Dimension.KEY, Dimension.MODEL),
    Dimension.KEY: (Dimension.MODEL, Dimension.USER),
    Dimension.USER: (Dimension.KEY, Dimension.MODEL),
    Dimension.MODEL: (Dimension.PROJECT, Dimension.KEY),
}
"""What a row is told apart by when it is gone into, what most people ask for first."""

T = TypeVar("T")

_ELSEWHERE = Zone("UTC-12:00")

Crumb = tuple[Dimension, str]
"""What was gone into: what the rows were, and the id of one of them."""


@dataclass(frozen=True, slots=True)
class View:
    """One question: which days, which figure, by what, of whose.

    `asked` may reach into the future, as the present month does, so that moving on from it moves
    by months. `within` is an hour of its one day. `outer` is what was zoomed in from.
    """

    asked: Period
    metric: Metric = Metric.TOKENS
    dimension: Dimension = Dimension.MODEL
    crumbs: tuple[Crumb, ...] = ()
    is_local: bool = False
    compares: bool = True
    within: Cut | None = None
    outer: View | None = field(default=None, compare=False, repr=False)

    def period(self, today: date) -> Period:
        """Return the days that can have figures: none of those to come."""
        return Period(min(self.asked.first, today), min(self.asked.last, today))

    def zone(self, local: Zone) -> Zone:
        """Return whose days are shown: costs are known by UTC day only."""
        return local if self.is_local and self.metric is not Metric.COST else UTC

    def question(self, today: date, local: Zone, *, compare: bool) -> Question:
        """Return it as the question that is put; `compare` asks for the period before as well."""
        return Question(
            self.period(today),
            self.metric,
            self.dimension,
            self.crumbs,
            self.zone(local),
            compare=compare and self.compares,
            within=None if self.metric is Metric.COST else self.within,
        )

    def at(self, asked: Period) -> View:
        """Return the view of other days."""
        return replace(self, asked=asked, within=None, outer=None)

    def earlier(self, local: Zone) -> View:
        """Return the period before. Raises WrongInput where there was no API yet."""
        if self.within:
            return self._hour(self.within, -1, local)
        asked = self.asked.shifted(-1)
        if asked.first < EARLIEST:
            raise WrongInput(f"There was no API before {EARLIEST:%B %Y}.")
        return replace(self, asked=asked)

    def later(self, today: date, local: Zone) -> View:
        """Return the period after, at most up to today. Raises WrongInput where it lies ahead."""
        if self.within:
            moved = self._hour(self.within, 1, local)
            if moved.asked.first <= today:
                return moved
        self._refuse_future(today)
        asked = self.asked.shifted(1)
        if asked.last > today and not asked.is_month():
            asked = last_days(asked.days, today)
        return replace(self, asked=asked)

    def to_now(self, today: date) -> View:
        """Return the same length ending today. Raises WrongInput when it does already."""
        if not self.within:
            self._refuse_future(today)
        is_month = self.asked.is_month()
        asked = month_of(today) if is_month else last_days(self.asked.days, today)
        return replace(self, asked=asked, within=None)

    def regrouped(self, step: int) -> View:
        """Return the view by the next dimension, or with -1 by the one before."""
        return replace(self, dimension=_next(self.dimensions, self.dimension, step))

    def by(self, dimension: Dimension) -> View:
        """Return the view by a dimension."""
        return replace(self, dimension=dimension)

    def measured(self, step: int, without: Collection[Metric] = ()) -> View:
        """Return the view of the next figure there is, or with -1 of the one before.

        Figures that cannot be told apart by what was gone into are passed over, and those in
        `without`.
        """
        fitting = [each for each in METRICS if each not in without or each is self.metric]
        return self.of(_next([each for each in fitting if self.fits(each)], self.metric, step))

    def of(self, metric: Metric) -> View:
        """Return the view of a figure, by the same dimension where it has that."""
        view = replace(self, metric=metric)
        return view if view.dimension in view.dimensions else view.by(view.dimensions[0])

    def fits(self, metric: Metric) -> bool:
        """Whether a figure can be shown of what was gone into."""
        gone_into = {dimension for dimension, _ in self.crumbs}
        left = set(metric.dimensions) - gone_into
        return gone_into <= set(metric.dimensions) and bool(left)

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What the figure can be told apart by, but for what was gone into."""
        gone_into = {dimension for dimension, _ in self.crumbs}
        return tuple(each for each in self.metric.dimensions if each not in gone_into)

    def into(self, id: str) -> View:
        """Return the view of one group alone. Raises WrongInput where nothing tells it apart."""
        free = [each for each in self.dimensions if each is not self.dimension]
        if not free:
            raise WrongInput(
                f"Nothing tells the {self.metric.label} of one {self.dimension.label} apart.",
                "i shows its figures.",
            )
        first = [each for each in INTO.get(self.dimension, ()) if each in free]
        crumbs = (*self.crumbs, (self.dimension, id))
        return replace(self, crumbs=crumbs, dimension=(first or free)[0])

    def out(self) -> View:
        """Return the view before the last group was gone into. Raises WrongInput at the top."""
        if not self.crumbs:
            raise WrongInput("This is everything; enter goes into a row.")
        *before, (dimension, _) = self.crumbs
        view = replace(self, crumbs=tuple(before), dimension=dimension)
        return view if dimension in view.dimensions else view.by(view.dimensions[0])

    def compared(self) -> View:
        """Return the view with or without the period before."""
        return replace(self, compares=not self.compares)

    def in_zone(self, is_local: bool, before: date, after: date) -> View:
        """Return the view in local or UTC days; what ended today goes on doing so."""
        view = replace(self, is_local=is_local, within=None)
        if self.asked.last == before and not self.asked.is_month():
            return replace(view, asked=last_days(self.asked.days, after))
        return view

    def zoomed(self, cut: Cut, step: Step, local: Zone) -> View:
        """Return the view of what one bar stands for. Raises WrongInput at the finest."""
        if step is Step.MINUTE:
            raise WrongInput("A minute is the finest there is.")
        if step is Step.HOUR:
            return replace(self, asked=self._day(cut, local), within=cut, outer=self)
        zone = self.zone(local)
        first = zone.day_of(cut.start)
        last = max(first, zone.day_of(cut.end - (cut.end - cut.start) / 1000))
        if Period(first, last) == self.asked:
            why = "Costs are known by the day." if self.metric is Metric.COST else ""
            raise WrongInput(f"One bar is all of it. {why}".strip())
        return replace(self, asked=Period(first, last), outer=self)

    def widened(self) -> View:
        """Return what was zoomed in from, or what is wider. Raises WrongInput at the widest."""
        outer, asked = self.outer, self.asked
        if outer and outer.asked.first <= asked.first and asked.last <= outer.asked.last:
            return replace(self, asked=outer.asked, within=outer.within, outer=outer.outer)
        if self.within:
            return replace(self, within=None, outer=None)
        return self.at(self._wider())

    def _wider(self) -> Period:
        first, last = self.asked.first, self.asked.last
        if self.asked.days == 1:
            return _not_before(month_of(first))
        year = Period(date(first.year, 1, 1), date(first.year, 12, 31))
        if self.asked != year and first.year == last.year:
            return _not_before(year)
        if first <= EARLIEST:
            raise WrongInput("This is all there is.")
        return Period(EARLIEST, last)

    def _hour(self, now: Cut, steps: int, local: Zone) -> View:
        by = (now.end - now.start) * steps
        moved = Cut(now.start + by, now.end + by)
        return replace(self, asked=self._day(moved, local), within=moved)

    def _day(self, cut: Cut, local: Zone) -> Period:
        day = self.zone(local).day_of(cut.start)
        return Period(day, day)

    def _refuse_future(self, today: date) -> None:
        if self.asked.last >= today:
            zone = " (UTC)" if self.zone(_ELSEWHERE).is_utc else ""
            raise WrongInput(f"The period ends today, {today.day} {today:%b}{zone}, already.")


def _not_before(period: Period) -> Period:
    return Period(max(period.first, EARLIEST), period.last)


def _next(ring: Collection[T], now: T, step: int) -> T:
    ring = tuple(ring)
    return ring[(ring.index(now) + step) % len(ring)] if now in ring else ring[0]
