"""Figures keep their sums whatever they are ranked by, folded into or added up to."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.cuts import Step, cuts
from oai_tui.core.exact import total
from oai_tui.core.period import Period
from oai_tui.core.usage import OTHER, Dimension, Metric, Pivot, averages, ranked, running

FIRST = date(2026, 1, 1)
DAYS = 12
PERIOD = Period(FIRST, FIRST + timedelta(days=DAYS - 1))
amounts = st.decimals(-(10**6), 10**6, places=12)
sums = st.dictionaries(
    st.sampled_from(["", *"abcdefghijkl"]),
    st.dictionaries(st.integers(0, DAYS - 1), amounts, max_size=DAYS),
)


def pivot(
    found: dict[str, dict[int, Decimal]], metric: Metric = Metric.COST, *unknown: int
) -> Pivot:
    by, days = Dimension.KEY, cuts(PERIOD, Step.DAY)
    return ranked(PERIOD, metric, by, days, found, lambda _, id: id, frozenset(unknown))


@given(sums)
def test_a_pivot_keeps_every_sum_and_has_the_largest_first(
    found: dict[str, dict[int, Decimal]],
) -> None:
    made = pivot(found)
    assert (
        made.total == total(made.figures) == total(x for by in found.values() for x in by.values())
    )
    assert len(made.figures) == DAYS
    assert [each.total for each in made.groups] == sorted(
        (each.total for each in made.groups), reverse=True
    )
    for group in made.groups:
        assert group.total == total(found[group.id].values()) == total(group.figures)


@given(sums, st.integers(2, 10))
def test_folding_keeps_the_sum_of_every_cut(
    found: dict[str, dict[int, Decimal]], most: int
) -> None:
    made = pivot(found)
    folded = made.folded(most)
    assert len(folded) <= most
    assert total(group.total for group in folded) == made.total
    columns = zip(*(group.figures for group in folded), strict=True)
    assert (tuple(total(cut) for cut in columns) or made.figures) == made.figures
    assert [group.id for group in folded].count(OTHER) == (len(made.groups) > most)


def test_a_level_is_the_last_that_is_known_and_no_sum() -> None:
    figures = {"a": {day: Decimal(day + 1) for day in range(DAYS - 1)}}
    assert pivot(figures, Metric.BYTES, DAYS - 1).total == DAYS - 1
    assert pivot(figures, Metric.BYTES).total == 0


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
    found = {"key_1": {0: Decimal(1)}, "key_2": {0: Decimal(2)}}
    made = ranked(
        PERIOD, Metric.TOKENS, Dimension.KEY, cuts(PERIOD, Step.DAY), found, lambda _, id: "ci"
    )
    assert [group.name for group in made.groups] == ["ci (key_2)", "ci (key_1)"]
