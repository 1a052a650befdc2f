from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.cycle import Costs
from oai_tui.core.history import History, history_of
from oai_tui.core.kinds import Dimension
from oai_tui.core.period import Period

TODAY = date(2026, 11, 22)
FIRST = date(2026, 8, 1)


def told(costs: dict[str, Costs], today: date = TODAY, since: date = FIRST) -> History:
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


def test_an_open_month_is_held_against_nothing() -> None:
    history = told({"a": {date(2026, 10, 5): Decimal(4), date(2026, 11, 5): Decimal(6)}})
    assert (history.months[0].change, history.months[0].parts[0].change) == (None, None)


def test_a_month_is_open_through_its_last_day() -> None:
    costs = {"a": dict.fromkeys(Period(FIRST, date(2026, 11, 30)), Decimal(2))}
    last = told(costs, date(2026, 11, 30)).months[0]
    assert (last.is_open, last.change, last.parts[0].change) == (True, None, None)


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
    whole = sum(cost for days in costs.values() for cost in days.values())
    assert sum(month.total for month in history.months) == whole


def test_a_month_of_which_no_day_is_told_is_not_a_month_of_nothing() -> None:
    days = {date(2026, 9, 1): Decimal(1), date(2026, 11, 1): Decimal(0)}
    november, october, september = history_of({}, days, TODAY, Dimension.PROJECT, str).months
    assert (november.is_told, october.is_told, september.is_told) == (True, False, True)
