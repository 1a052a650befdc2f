"""Costs and tokens for the bill, from the ledger that usage is kept in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from oai_tui.core.balance import BalanceEntry
from oai_tui.core.cuts import Step
from oai_tui.core.cycle import YOUNG_DAYS, Costs, known, settled_days
from oai_tui.core.errors import ApiProblem
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

CREDITED = "Days on which credits outweigh the costs are left out of the price of tokens."


@dataclass(frozen=True, slots=True)
class Figures:
    """What the costs and tokens say. `costs` has the known days only.

    `today` is the day on which the costs were read. `by_project` is None where the platform does
    not tell costs by project. `problem` is why no costs are known at all.
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
        price, prices, gaps, notes = self._prices(read_on, costs)
        return Figures(
            read_on,
            costs,
            _by_project(report.pivot, costs),
            price,
            prices,
            report.as_of,
            report.from_cache or read_on != today,
            tuple(dict.fromkeys((*report.gaps, *gaps))),
            tuple(dict.fromkeys((*report.notes, *notes))),
            self._cost_problem,
        )

    def _read_on(self, today: date, report: Report) -> date:
        """Return the last day whose costs were asked for on that day."""
        if report.as_of is None or self.usage.is_known(_costs(Period(today, today))):
            return today
        return min(report.as_of.astimezone(UTC).date(), today)

    def _prices(
        self, today: date, costs: Costs
    ) -> tuple[Price, tuple[Price, ...], tuple[str, ...], tuple[str, ...]]:
        """Return the blended price of everything and of the most used models."""
        # A day that is told in part would make every token look cheaper than it was.
        settled = settled_days(costs, today)
        period = last_days(PRICE_DAYS, settled[-1] if settled else today - timedelta(days=1))
        if not all(day in costs for day in period):
            return Price(OVERALL, None, None, None, period), (), (), ()
        asked = Question(period, Metric.TOKENS, Dimension.MODEL)
        paid = total(costs[day] for day in period)
        if not self.usage.is_known(asked):
            return Price(OVERALL, None, paid, None, period), (), self._no_tokens(), ()
        tokens = self.usage.view(asked, period.days)
        if not self.usage.is_whole(asked):
            return Price(OVERALL, None, paid, None, period), (), tokens.gaps, tokens.notes
        charged = self.usage.view(_costs(period, Dimension.MODEL), period.days).pivot.groups
        cost_of = {group.id: group for group in charged}
        models = [group for group in tokens.pivot.groups if group.id not in ("", NOT_TOLD)]
        prices = tuple(
            _price(group.name, cost_of.get(group.id), group, period)
            for group in models[:MOST_MODELS]
        )
        daily = _bought(period, [costs[day] for day in period], tokens.pivot.figures)
        credited = (CREDITED,) if len(daily) < period.days else ()
        return _blended(OVERALL, daily, period), prices, tokens.gaps, (*tokens.notes, *credited)

    def _no_tokens(self) -> tuple[str, ...]:
        problem = self._token_problem
        return (f"Not read: the tokens used. {problem.what}",) if problem else ()


def _price(name: str, paid: Group | None, used: Group, period: Period) -> Price:
    if paid is None:
        return Price(name, None, None, int(used.total), period)
    return _blended(name, _bought(period, paid.figures, used.figures), period)


def _bought(
    period: Period, costs: Sequence[Decimal], tokens: Sequence[Decimal]
) -> dict[date, tuple[Decimal, int]]:
    """Return the cost and the tokens of each day but those on which credits outweigh the costs.

    A credit makes no token cheaper: left in, it would promise more than can be bought.
    """
    days = zip(period, costs, tokens, strict=True)
    return {day: (cost, int(used)) for day, cost, used in days if cost >= 0}


def _blended(name: str, daily: Mapping[date, tuple[Decimal, int]], period: Period) -> Price:
    paid = total(cost for cost, _ in daily.values())
    return price_of(name, paid, sum(used for _, used in daily.values()), period, daily)


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
