"""Costs and tokens for the bill, from the ledger that usage is kept in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from oai_tui.core.balance import BalanceEntry
from oai_tui.core.cuts import Step
from oai_tui.core.cycle import YOUNG_DAYS, Costs, charged, known, settled_days
from oai_tui.core.errors import ApiProblem, once
from oai_tui.core.exact import total
from oai_tui.core.kinds import Dimension
from oai_tui.core.metrics import Metric
from oai_tui.core.period import EARLIEST, Period, last_days, month_of
from oai_tui.core.remaining import Price, price_of
from oai_tui.core.usage import Group, Pivot
from oai_tui.services.billing.tally import Tally
from oai_tui.services.usage import Question, Report, UsageDesk
from oai_tui.services.usage.viewing import NOT_TOLD

PRICE_DAYS = 30
MOST_MODELS = 3

MOST_BALANCE_DAYS = 400
"""How far back costs are asked for because of an old balance."""

OVERALL = "everything"

_UNTOLD = (
    "The line items of {} are not told: a credit there lowers the pace and the price of tokens."
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the costs and tokens say. `costs` has the known days only.

    `credits` are what of the costs was credited, below zero, on the days that have any. `today` is
    the day on which the costs were read. `by_project` is None where the platform does not tell
    costs by project. `problem` is why no costs are known at all.
    """

    today: date
    costs: Costs
    by_project: Mapping[str, Costs] | None
    price: Price
    prices: tuple[Price, ...] = ()
    as_of: datetime | None = None
    from_cache: bool = False
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problem: ApiProblem | None = None
    credits: Costs = field(default_factory=dict)
    credits_by_project: Mapping[str, Costs] = field(default_factory=dict)

    @property
    def are_known(self) -> bool:
        """Whether any costs are known."""
        return self.as_of is not None


@dataclass(slots=True)
class FigureReader:
    """Fetches what is missing of them, and tells them from what is known."""

    usage: UsageDesk
    _cost_problem: ApiProblem | None = None
    _token_problem: ApiProblem | None = None
    _latest: tuple[Period, Figures] | None = None

    @property
    def problem(self) -> ApiProblem | None:
        """Why costs, or else tokens, could not be fetched the last time."""
        return self._cost_problem or self._token_problem

    async def fetch(
        self, now: datetime, entries: Sequence[BalanceEntry], *, fresh: bool, tally: Tally
    ) -> None:
        """Ask for what is missing; what stands in the way is told with the figures."""
        self._cost_problem = self._token_problem = None
        today = now.astimezone(UTC).date()
        costs, tokens = tally.part(), tally.part()

        async def fetch_costs() -> None:
            try:
                question = _costs(_span(today, entries))
                await self.usage.prepare(question, fresh=fresh, on_progress=costs)
                by_model = _costs(_price_days(today), Dimension.MODEL)
                await self.usage.prepare(by_model, on_progress=tally.part())
            except ApiProblem as problem:
                self._cost_problem = problem

        async def fetch_tokens() -> None:
            try:
                question = Question(_price_days(today), Metric.TOKENS)
                await self.usage.prepare(question, fresh=fresh, on_progress=tokens)
            except ApiProblem as problem:
                self._token_problem = problem

        async with asyncio.TaskGroup() as group:
            group.create_task(fetch_costs())
            group.create_task(fetch_tokens())

    def latest(self, now: datetime, entries: Sequence[BalanceEntry]) -> Figures:
        """Return the figures as they were last told, where they are of today and go back enough."""
        wanted = _span(now.astimezone(UTC).date(), entries)
        if self._latest and self._latest[0].last == wanted.last:
            known, figures = self._latest
            if known.first <= wanted.first:
                return figures
        return self.told(now, entries)

    def told(self, now: datetime, entries: Sequence[BalanceEntry]) -> Figures:
        """Return the figures of what is known; asks nothing."""
        today = now.astimezone(UTC).date()
        question = _costs(_span(today, entries))
        figures = self._read(today, question)
        self._latest = (question.period, figures) if figures.are_known else None
        return figures

    def _read(self, today: date, question: Question) -> Figures:
        if not self.usage.is_known(question):
            nothing = Price(OVERALL, None, None, None, _price_days(today))
            return Figures(today, {}, None, nothing, problem=self._cost_problem)
        report = self.usage.view(question, question.period.days)
        read_on = self._read_on(today, report)
        costs = known(_days(report.pivot, report.pivot.figures), read_on)
        credits = self.usage.credits(question)
        by_day = credits.by_day
        price, prices, gaps, notes = self._prices(read_on, costs, by_day)
        return Figures(
            read_on,
            costs,
            _by_project(report.pivot, costs),
            price,
            prices,
            report.as_of,
            report.from_cache or read_on != today,
            once((*report.gaps, *gaps)),
            tuple(dict.fromkeys((*report.notes, *notes, *_untold(costs, credits.untold)))),
            self._cost_problem,
            by_day,
            credits.by_id,
        )

    def _read_on(self, today: date, report: Report) -> date:
        """Return the last day whose costs were asked for on that day."""
        if report.as_of is None or self.usage.is_known(_costs(Period(today, today))):
            return today
        return min(report.as_of.astimezone(UTC).date(), today)

    def _prices(
        self, today: date, costs: Costs, credits: Costs
    ) -> tuple[Price, tuple[Price, ...], tuple[str, ...], tuple[str, ...]]:
        """Return the blended price of everything and of the most used models."""
        # A day that is told in part would make every token look cheaper than it was.
        settled = settled_days(costs, today)
        period = last_days(PRICE_DAYS, settled[-1] if settled else today - timedelta(days=1))
        if not all(day in costs for day in period):
            return Price(OVERALL, None, None, None, period), (), (), ()
        asked = Question(period, Metric.TOKENS, Dimension.MODEL)
        charges = charged({day: costs[day] for day in period}, credits)
        unpriced = Price(OVERALL, None, total(charges.values()), None, period)
        if not self.usage.is_known(asked):
            return unpriced, (), self._no_tokens(), ()
        tokens = self.usage.view(asked, period.days)
        if not self.usage.is_whole(asked):
            return unpriced, (), tokens.gaps, tokens.notes
        models = [group for group in tokens.pivot.groups if group.id not in ("", NOT_TOLD)]
        is_credited = any(day in credits for day in period)
        prices = self._prices_of(models[:MOST_MODELS], period, is_credited=is_credited)
        price = _blended(OVERALL, charges, tokens.pivot.figures, period)
        return price, prices, tokens.gaps, tokens.notes

    def _prices_of(
        self, models: Sequence[Group], period: Period, *, is_credited: bool
    ) -> tuple[Price, ...]:
        question = _costs(period, Dimension.MODEL)
        paid = {group.id: group for group in self.usage.view(question, period.days).pivot.groups}
        credits = self.usage.credits(question).by_id if is_credited else {}
        found = []
        for used in models:
            if used.id in paid:
                costs = dict(zip(period, paid[used.id].figures, strict=True))
                charges = charged(costs, credits.get(used.id, {}))
                found.append(_blended(used.name, charges, used.figures, period))
            else:
                found.append(Price(used.name, None, None, int(used.total), period))
        return tuple(found)

    def _no_tokens(self) -> tuple[str, ...]:
        problem = self._token_problem
        return (f"Not read: the tokens used. {problem.what}",) if problem else ()


def _blended(name: str, charges: Costs, tokens: Sequence[Decimal], period: Period) -> Price:
    """Return what tokens were charged, of the days of which that is known."""
    used = zip(period, tokens, strict=True)
    daily = {day: (charges[day], int(number)) for day, number in used if day in charges}
    paid = total(cost for cost, _ in daily.values())
    return price_of(name, paid, sum(number for _, number in daily.values()), period, daily)


def _untold(costs: Costs, untold: Set[date]) -> tuple[str, ...]:
    """Return what to know of credits where the platform does not tell line items."""
    number = sum(bool(cost) for day, cost in costs.items() if day in untold)
    return (_UNTOLD.format("1 day" if number == 1 else f"{number} days"),) if number else ()


def _costs(period: Period, dimension: Dimension = Dimension.PROJECT) -> Question:
    return Question(period, Metric.COST, dimension, step=Step.DAY)


def _price_days(today: date) -> Period:
    """Return the days a price may be made of, whichever of them have their costs already."""
    return last_days(PRICE_DAYS + YOUNG_DAYS, today - timedelta(days=1))


def _span(today: date, entries: Sequence[BalanceEntry]) -> Period:
    """Return the days whose costs are needed: two months, the price, and what a balance paid."""
    oldest = max(today - timedelta(days=MOST_BALANCE_DAYS), EARLIEST)
    typed = [max(entry.at.astimezone(UTC).date(), oldest) for entry in entries]
    month_before = month_of(today).shifted(-1).first
    return Period(min(month_before, _price_days(today).first, today, *typed), today)


def _days(pivot: Pivot, figures: Sequence[Decimal]) -> dict[date, Decimal]:
    """Return the figures of the days that are known."""
    cuts = zip(pivot.cuts, figures, strict=True)
    return {
        cut.start.date(): figure
        for place, (cut, figure) in enumerate(cuts)
        if place not in pivot.unknown
    }


def _by_project(pivot: Pivot, costs: Costs) -> dict[str, Costs] | None:
    if any(group.id == NOT_TOLD for group in pivot.groups):
        return None
    return {
        group.id: {day: cost for day, cost in _days(pivot, group.figures).items() if day in costs}
        for group in pivot.groups
    }
