from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.cycle import Costs
from oai_tui.core.history import Held, History, history_of
from oai_tui.core.kinds import Dimension
from oai_tui.core.period import Period, month_of

TODAY = date(2026, 11, 22)
FIRST = date(2026, 8, 1)


def told(costs: Mapping[str, Costs], today: date = TODAY, since: date = FIRST) -> History:
    """The history of parts, every day since the first told."""
    days = dict.fromkeys(Period(since, today), Decimal(0))
    for part in costs.values():
        for day, cost in part.items():
            days[day] += cost
    return history_of(costs, days, today, Dimension.PROJECT, str.upper)


def test_months_come_newest_first_with_their_parts_largest_first() -> None:
    history = told(
        {
            "a": {date(2026, 8, 1): Decimal(4), date(2026, 9, 2): Decimal(6)},
            "b": {date(2026, 9, 30): Decimal(2), date(2026, 11, 3): Decimal(1)},
        }
    )
    assert [m.first.month for m in history.months] == [11, 10, 9, 8]
    assert [m.total for m in history.months] == [1, 0, 8, 4]
    assert [m.is_open for m in history.months] == [True, False, False, False]
    september = history.months[2]
    assert [(p.id, p.name, p.amount, p.share, p.change) for p in september.parts] == [
        ("a", "A", 6, Decimal("0.75"), Decimal("0.5")),
        ("b", "B", 2, Decimal("0.25"), None),
    ]
    assert september.change == 1
    assert history.told_from == FIRST


def test_an_open_month_is_held_against_the_same_whole_days_of_the_month_before() -> None:
    a = {
        date(2026, 9, 5): Decimal(8),
        date(2026, 10, 5): Decimal(4),
        date(2026, 10, 22): Decimal(9),
        date(2026, 11, 5): Decimal(6),
    }
    b = {date(2026, 10, 21): Decimal(1), date(2026, 11, 22): Decimal(1)}
    november = told({"a": a, "b": b}).months[0]
    assert november.held == Held(
        Period(date(2026, 11, 1), date(2026, 11, 21)), Period(date(2026, 10, 1), date(2026, 10, 21))
    )
    assert november.is_held_in_part
    assert november.change == Decimal("0.2"), "6 of whole days, where there were 4 and 1"
    changes = {part.id: part.change for part in november.parts}
    assert changes == {"a": Decimal("0.5"), "b": -1}, "today is not whole yet"


def test_a_month_is_held_against_all_of_a_shorter_one_and_as_many_of_its_own_days() -> None:
    today = date(2026, 3, 31)
    days = dict.fromkeys(Period(date(2026, 2, 1), today), Decimal(1))
    march = told({"a": days}, today, date(2026, 2, 1)).months[0]
    assert march.held is not None
    assert (march.held.days.days, march.held.before.days) == (28, 28)
    assert (march.change, march.is_held_in_part) == (0, True)


@pytest.mark.parametrize("unknown", [date(2026, 11, 7), date(2026, 10, 7)])
def test_a_month_is_held_against_nothing_while_a_day_of_either_is_unknown(unknown: date) -> None:
    days = dict.fromkeys(Period(FIRST, TODAY), Decimal(2))
    del days[unknown]
    november = history_of({"a": days}, days, TODAY, Dimension.PROJECT, str).months[0]
    assert (november.held, november.change, november.parts[0].change) == (None, None, None)
    assert not november.is_held_in_part


def test_a_month_of_which_no_day_is_whole_is_held_against_nothing() -> None:
    first = date(2026, 11, 1)
    for days in (Period(FIRST, first), Period(FIRST, date(2026, 10, 31))):
        history = told({"a": dict.fromkeys(days, Decimal(2))}, first)
        assert (history.months[0].held, history.months[0].change) == (None, None)


def test_a_month_that_is_over_is_held_in_part_until_its_last_day_is_whole() -> None:
    first, days = date(2026, 12, 1), dict.fromkeys(Period(FIRST, date(2026, 11, 30)), Decimal(2))
    history = history_of({"a": days}, days, first, Dimension.PROJECT, str)
    assert history.months[1].held is not None
    assert history.months[1].held.before.last == date(2026, 10, 29)
    whole = told({"a": {**days, first: Decimal(1)}}, first).months[1]
    assert whole.held == Held(month_of(date(2026, 11, 1)), month_of(date(2026, 10, 1)))
    assert not whole.is_held_in_part


def test_a_day_is_split_as_its_month_is() -> None:
    a = {date(2026, 10, 1): Decimal(3), date(2026, 10, 2): Decimal(1)}
    b = {date(2026, 10, 1): Decimal(-3), date(2026, 10, 2): Decimal(3)}
    october = told({"a": a, "b": b}).months[1]
    assert [(p.id, p.name, p.amount, p.share) for p in october.split(1)] == [
        ("b", "B", 3, Decimal("0.75")),
        ("a", "A", 1, Decimal("0.25")),
    ]
    assert [(p.id, p.share) for p in october.split(0)] == [("a", None), ("b", None)]
    assert october.split(2) == ()
    assert [(p.id, p.amount) for p in october.parts] == [("a", 4), ("b", 0)]


def test_the_days_that_are_not_settled_are_counted() -> None:
    days = dict.fromkeys(Period(FIRST, TODAY), Decimal(2))
    assert [month.settled for month in told({"a": days}).months] == [20, 31, 30, 31]
    late = dict.fromkeys(Period(FIRST, date(2026, 11, 20)), Decimal(2))
    assert told({"a": late}).months[0].settled == 19, "its last day may have been told in part"


def test_no_month_is_made_up_before_the_oldest_cost() -> None:
    history = told({"a": {date(2026, 9, 10): Decimal(4), date(2026, 10, 1): Decimal(1)}})
    assert [m.first.month for m in history.months] == [11, 10, 9]
    assert history.told_from == date(2026, 9, 10)
    assert history.months[1].change is None, "September may have been told in part"


def test_nothing_ever_spent_is_one_open_month_of_nothing() -> None:
    history = told({})
    assert [(m.total, m.parts, m.is_open) for m in history.months] == [(0, (), True)]
    assert history.told_from is None


def test_a_month_with_a_day_nobody_told_of_is_held_against_nothing() -> None:
    days = dict.fromkeys(Period(FIRST, TODAY), Decimal(2))
    del days[date(2026, 9, 9)]
    history = history_of({"a": days}, days, TODAY, Dimension.LINE_ITEM, str)
    november, october, september, august = history.months
    assert [m.unknown_days for m in history.months] == [0, 0, 1, 0]
    assert (october.change, september.change) == (None, None)
    assert september.days[8] is None
    assert september.total == 58
    assert (len(november.days), len(august.days)) == (22, 31)


def test_today_is_no_unknown_day_while_it_runs() -> None:
    days = dict.fromkeys(Period(FIRST, date(2026, 11, 20)), Decimal(2))
    november = history_of({"a": days}, days, TODAY, Dimension.LINE_ITEM, str).months[0]
    assert november.days[-2:] == (None, None)
    assert november.unknown_days == 1


def test_a_month_that_is_over_may_yet_grow_while_costs_are_late() -> None:
    costs = {"a": dict.fromkeys(Period(FIRST, date(2026, 11, 30)), Decimal(2))}
    first = told(costs, date(2026, 12, 1))
    assert [(m.is_open, m.is_provisional) for m in first.months[:3]] == [
        (True, True),
        (False, True),
        (False, False),
    ]
    later = told(costs, date(2026, 12, 4))
    assert not later.months[1].is_provisional


def test_a_part_of_a_month_nobody_summed_has_no_share() -> None:
    costs = {"a": {date(2026, 10, 5): Decimal(3)}}
    days = {date(2026, 9, 1): Decimal(1)}
    october = history_of(costs, days, TODAY, Dimension.PROJECT, str).months[1]
    assert (october.total, october.unknown_days) == (0, 31)
    assert [(part.amount, part.share) for part in october.parts] == [(3, None)]


def test_credits_have_no_share_of_a_month_that_is_no_whole() -> None:
    history = told({"": {date(2026, 10, 1): Decimal(-9)}, "a": {date(2026, 10, 2): Decimal(4)}})
    october = history.months[1]
    assert october.total == -5
    assert [(p.id, p.amount, p.share) for p in october.parts] == [("a", 4, None), ("", -9, None)]


@given(
    st.dictionaries(
        st.sampled_from("abc"),
        st.dictionaries(st.integers(0, 113), st.decimals(-50, 500, places=9), max_size=20),
    )
)
def test_the_parts_add_up_to_the_months_and_these_to_everything(
    amounts: dict[str, dict[int, Decimal]],
) -> None:
    costs = {
        id: {TODAY - timedelta(days=back): cost for back, cost in days.items()}
        for id, days in amounts.items()
    }
    history = told(costs)
    for month in history.months:
        assert sum(part.amount for part in month.parts) == month.total
        assert sum(day for day in month.days if day is not None) == month.total
        for place, day in enumerate(month.days):
            assert sum(part.amount for part in month.split(place)) == day
    whole = sum(cost for days in costs.values() for cost in days.values())
    assert sum(month.total for month in history.months) == whole


def test_a_month_of_which_no_day_is_told_is_not_a_month_of_nothing() -> None:
    days = {date(2026, 9, 1): Decimal(1), date(2026, 11, 1): Decimal(0)}
    november, october, september = history_of({}, days, TODAY, Dimension.PROJECT, str).months
    assert (november.is_told, october.is_told, september.is_told) == (True, False, True)
