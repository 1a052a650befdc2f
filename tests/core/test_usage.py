"""Figures keep their sums whatever they are grouped by, folded into or cut at."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.exact import total
from oai_tui.core.period import Period
from oai_tui.core.usage import (
    OTHER,
    CostRow,
    Dimension,
    Metric,
    Step,
    UsageRow,
    averages,
    pivot,
    running,
    spans,
    step_for,
    summed,
    totals_of,
)

FIRST = date(2026, 1, 1)
DAYS_AND_MORE = [Step.DAY, Step.WEEK, Step.MONTH]
days = st.integers(0, 800).map(lambda number: FIRST + timedelta(days=number))
periods = st.tuples(days, st.integers(0, 400)).map(
    lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1]))
)
counts = st.integers(0, 10**12)
ids = st.sampled_from(["", *"abcdefghijkl"])
rows = st.lists(
    st.builds(UsageRow, days, ids, ids, ids, ids, counts, counts, counts, counts), max_size=60
)
amounts = st.decimals(-(10**6), 10**6, places=12)


def named(dimension: Dimension, id: str) -> str:
    return id or "(nobody)"


@given(
    rows, periods, st.sampled_from(["model", "project_id", "api_key_id", "user_id"]).map(Dimension)
)
def test_a_pivot_keeps_every_token_of_the_period(
    found: list[UsageRow], period: Period, by: Dimension
) -> None:
    inside = [row for row in found if row.day in period]
    made = pivot(found, Metric.TOKENS, by, period, named)
    assert made.total == sum(row.input_tokens + row.output_tokens for row in inside)
    assert total(made.daily) == made.total
    assert len(made.daily) == period.days
    for group in made.groups:
        mine = [row for row in inside if getattr(row, by.value) == group.id]
        sums = totals_of(found, by, group.id, period)
        assert group.total == sum(row.input_tokens + row.output_tokens for row in mine)
        assert sums[Metric.CACHED] == sum(row.input_cached_tokens for row in mine)


@given(st.lists(st.tuples(days, amounts, ids), max_size=40), periods)
def test_a_pivot_of_costs_is_exact(found: list[tuple[date, Decimal, str]], period: Period) -> None:
    costs = [CostRow(day, amount, project_id=id) for day, amount, id in found]
    made = pivot(costs, Metric.COST, Dimension.PROJECT, period, named)
    wanted = total(amount for day, amount, _ in found if day in period)
    assert made.total == wanted


@given(rows, st.integers(2, 10))
def test_folding_keeps_the_sum_of_every_day(found: list[UsageRow], most: int) -> None:
    period = Period(FIRST, FIRST + timedelta(days=800))
    made = pivot(found, Metric.TOKENS, Dimension.KEY, period, named)
    folded = made.folded(most)
    assert len(folded) <= most
    assert total(group.total for group in folded) == made.total
    columns = zip(*(group.daily for group in folded), strict=True)
    assert (tuple(total(day) for day in columns) or made.daily) == made.daily
    assert [group.id for group in folded].count(OTHER) == (len(made.groups) > most)


@given(periods, st.sampled_from(DAYS_AND_MORE), st.data())
def test_spans_have_every_day_once_and_keep_the_sum(
    period: Period, step: Step, data: st.DataObject
) -> None:
    daily = tuple(
        data.draw(st.lists(amounts, min_size=period.days, max_size=period.days))
        if period.days < 40
        else (Decimal(number) for number in range(period.days))
    )
    cuts = spans(period, step)
    assert [day for cut in cuts for day in cut] == list(period)
    assert total(summed(daily, period, cuts)) == total(daily)
    assert all(cut.first.weekday() == 0 for cut in cuts[1:] if step is Step.WEEK)
    assert all(cut.first.day == 1 for cut in cuts[1:] if step is Step.MONTH)


@given(periods, st.integers(1, 200))
def test_the_step_is_the_finest_that_fits(period: Period, most: int) -> None:
    step = step_for(period, most)
    assert len(spans(period, step)) <= most or step is Step.MONTH
    finer = DAYS_AND_MORE[: DAYS_AND_MORE.index(step)]
    assert all(len(spans(period, each)) > most for each in finer)


@given(st.lists(amounts, min_size=1, max_size=60).map(tuple))
def test_running_sums_end_with_the_total_and_averages_lie_within(
    daily: tuple[Decimal, ...],
) -> None:
    assert running(daily)[-1] == total(daily)
    means = averages(daily, 7)
    assert len(means) == len(daily)
    assert means[0] == daily[0]
    slack = Decimal("1E-9")
    assert all(min(daily) - slack <= mean <= max(daily) + slack for mean in means)


def test_an_average_is_of_the_days_that_end_with_it() -> None:
    daily = tuple(Decimal(number) for number in (7, 0, 0, 0, 0, 0, 0, 14))
    assert averages(daily, 7)[6:] == (Decimal(1), Decimal(2))


def test_groups_of_the_same_name_are_told_apart() -> None:
    row = UsageRow(FIRST, "", "", "key_1", "", 1, 0, 0, 1)
    other = UsageRow(FIRST, "", "", "key_2", "", 2, 0, 0, 1)
    made = pivot([row, other], Metric.TOKENS, Dimension.KEY, Period(FIRST, FIRST), _same)
    assert [group.name for group in made.groups] == ["ci (key_2)", "ci (key_1)"]


def _same(dimension: Dimension, id: str) -> str:
    return "ci"
