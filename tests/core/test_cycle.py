from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.cycle import Costs, Cycle, charged, cycle_of, known, months, settled_days
from oai_tui.core.period import Period, month_of

TODAY = date(2026, 11, 22)
AMOUNTS = st.decimals(-500, 500, places=4)


def every_day(first: date, last: date, amount: str = "2") -> dict[date, Decimal]:
    return dict.fromkeys(Period(first, last), Decimal(amount))


def held(cycle: Cycle) -> tuple[object, ...]:
    """Return how many days are held against each other, always from the first, and their costs."""
    point = cycle.same_point
    assert point is not None
    assert (point.days.first, point.days_before.first.day) == (cycle.month.first, 1)
    assert month_of(point.days_before.last) == cycle.month.shifted(-1)
    return point.days.days, point.spent, point.days_before.days, point.spent_before


def test_a_cycle_sums_the_month_and_keeps_the_one_before() -> None:
    cycle = cycle_of(every_day(date(2026, 9, 30), TODAY), TODAY)
    assert cycle.month == month_of(TODAY)
    assert cycle.spent == 44
    assert cycle.daily == (Decimal(2),) * 22
    assert cycle.before == (Decimal(2),) * 31
    assert (cycle.spent_today, cycle.spent_yesterday, cycle.average) == (2, 2, 2)
    assert (cycle.through, cycle.unknown_days) == (TODAY, 0)
    assert cycle.running == tuple(Decimal(2 * day) for day in range(1, 23))


def test_sums_lose_no_digit() -> None:
    tiny = "0." + "0" * 38 + "7"
    costs = {TODAY: Decimal("123456789012.5"), TODAY - timedelta(1): Decimal(tiny)}
    assert str(cycle_of(costs, TODAY).spent) == "123456789012.5" + "0" * 37 + "7"
    assert cycle_of({TODAY: Decimal("0E-6176")}, TODAY).spent == 0


@pytest.mark.parametrize(
    ("last_cost", "today_known", "yesterday_known"),
    [(0, True, True), (1, False, True), (2, False, False)],
)
def test_what_is_not_reported_yet_is_unknown_and_not_zero(
    last_cost: int, today_known: bool, yesterday_known: bool
) -> None:
    cycle = cycle_of(every_day(date(2026, 11, 1), TODAY - timedelta(days=last_cost)), TODAY)
    assert (cycle.spent_today is not None) == today_known
    assert (cycle.spent_yesterday is not None) == yesterday_known
    assert cycle.spent == 2 * (22 - last_cost)
    assert cycle.unknown_days == max(0, last_cost - 1)
    assert cycle.is_reported


def test_a_later_cost_proves_that_a_young_day_without_one_cost_nothing() -> None:
    assert cycle_of({TODAY: Decimal(3)}, TODAY).spent_yesterday == 0
    assert cycle_of({TODAY: Decimal(0)}, TODAY).spent_yesterday is None


def test_an_older_day_nobody_told_of_stays_unknown() -> None:
    costs = every_day(date(2026, 11, 1), TODAY)
    del costs[date(2026, 11, 7)]
    cycle = cycle_of(costs, TODAY)
    assert cycle.daily[6] is None
    assert (cycle.unknown_days, cycle.spent, cycle.average) == (1, 42, 2)


def test_the_average_leaves_out_a_day_that_may_be_told_in_part() -> None:
    late = {**every_day(date(2026, 11, 1), date(2026, 11, 19)), date(2026, 11, 20): Decimal("0.1")}
    assert cycle_of(late, TODAY).average == 2
    assert cycle_of({date(2026, 11, 21): Decimal(9)}, TODAY).average is None


def test_a_month_of_zeros_is_zero() -> None:
    cycle = cycle_of(every_day(date(2026, 10, 1), TODAY - timedelta(2), "0"), TODAY)
    assert (cycle.spent, cycle.average) == (0, 0)
    assert held(cycle) == (19, 0, 19, 0)
    assert cycle.is_reported
    assert cycle.spent_today is None


def test_in_the_first_hour_of_a_month_nothing_is_known_of_it() -> None:
    cycle = cycle_of(every_day(date(2026, 11, 1), date(2026, 11, 30)), date(2026, 12, 1))
    assert not cycle.is_reported
    assert (cycle.daily, cycle.spent_today, cycle.average) == ((None,), None, None)
    assert (cycle.through, cycle.same_point) == (None, None)
    assert (cycle.running, cycle.settled) == ((), ())
    assert cycle.spent_yesterday == 2
    assert cycle.before == (Decimal(2),) * 30


@pytest.mark.parametrize(("year", "month"), [(2027, 2), (2028, 2), (2026, 4), (2026, 12)])
def test_months_of_28_to_31_days(year: int, month: int) -> None:
    days = monthrange(year, month)[1]
    last = date(year, month, days)
    costs = every_day(date(year, month, 1) - timedelta(31), last)
    cycle = cycle_of(costs, last)
    assert (cycle.month.days, len(cycle.daily), cycle.spent) == (days, days, 2 * days)
    assert len(cycle_of(costs, last + timedelta(days=1)).before) == days


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 11, 22), 21),
        (date(2027, 3, 28), 27),
        (date(2027, 3, 29), 28),
        (date(2027, 3, 31), 28),
        (date(2028, 3, 31), 29),
        (date(2027, 2, 28), 27),
        (date(2027, 1, 31), 30),
        (date(2026, 11, 2), 1),
    ],
)
def test_whole_days_are_held_against_as_many_of_a_month_of_another_length(
    today: date, days: int
) -> None:
    costs = every_day(date(2026, 10, 1), month_of(today).first - timedelta(1), "3")
    cycle = cycle_of({**costs, **every_day(month_of(today).first, today)}, today)
    assert held(cycle) == (days, 2 * days, days, 3 * days)


def test_a_part_of_today_is_never_held_against_a_whole_day() -> None:
    costs = {**every_day(date(2026, 10, 1), TODAY), TODAY: Decimal("0.01")}
    assert held(cycle_of(costs, TODAY)) == (21, 42, 21, 42)


def test_the_same_point_is_that_of_the_last_whole_day_told() -> None:
    cycle = cycle_of(every_day(date(2026, 10, 1), TODAY - timedelta(2)), TODAY)
    assert held(cycle) == (19, 38, 19, 38)


def test_on_the_first_day_of_a_month_no_day_is_whole_to_be_held_against_one() -> None:
    today = date(2026, 12, 1)
    assert cycle_of(every_day(date(2026, 10, 1), today), today).same_point is None


def test_a_month_with_an_unknown_day_is_held_against_nothing() -> None:
    costs = every_day(date(2026, 10, 1), TODAY)
    del costs[date(2026, 11, 7)]
    assert cycle_of(costs, TODAY).same_point is None


def test_nothing_is_held_against_a_month_that_is_known_in_part() -> None:
    costs = every_day(date(2026, 10, 2), TODAY)
    assert cycle_of(costs, TODAY).same_point is None


def test_credits_can_make_a_month_negative() -> None:
    costs = {date(2026, 11, 3): Decimal(5), date(2026, 11, 4): Decimal(-40)}
    assert cycle_of(costs, TODAY).spent == -35


def test_a_credit_is_in_what_was_spent_and_not_in_the_average() -> None:
    costs = {**every_day(date(2026, 11, 1), TODAY), date(2026, 11, 4): Decimal("0.5")}
    cycle = cycle_of(costs, TODAY, {date(2026, 11, 4): Decimal("-1.5")})
    assert (cycle.spent, cycle.average) == (Decimal("42.5"), 2)
    assert cycle.daily[3] == Decimal("0.5")
    assert cycle.rates[date(2026, 11, 4)] == 2
    assert TODAY not in cycle.rates


def test_a_day_below_nothing_whose_credits_are_not_told_has_no_charge_that_is_known() -> None:
    costs = {TODAY: Decimal(-3), TODAY - timedelta(1): Decimal(-3)}
    assert charged(costs, {TODAY: Decimal(-5)}) == {TODAY: 2}
    assert charged(costs, {TODAY: Decimal(-1)}) == {}


def test_the_day_an_amount_was_reached_is_the_first_on_which_it_was_spent() -> None:
    costs = {**every_day(date(2026, 11, 1), TODAY), date(2026, 11, 10): Decimal(-100)}
    cycle = cycle_of(costs, TODAY)
    assert cycle.day_reached(Decimal(10)) == date(2026, 11, 5)
    assert cycle.day_reached(Decimal(19)) is None


def test_days_to_come_are_left_out() -> None:
    cycle = cycle_of({TODAY + timedelta(1): Decimal(9)}, TODAY)
    assert (cycle.spent, cycle.is_reported) == (0, False)


@pytest.mark.parametrize(("last_cost", "settled"), [(0, 20), (1, 20), (2, 19), (3, 19)])
def test_the_last_day_told_waits_before_it_counts_as_settled(last_cost: int, settled: int) -> None:
    told = every_day(date(2026, 11, 1), TODAY - timedelta(days=last_cost))
    assert settled_days(told, TODAY)[-1] == date(2026, 11, settled)


def test_months_run_through_a_new_year() -> None:
    found = [month.first for month in months(date(2026, 11, 30), date(2027, 2, 1))]
    assert found == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]


@given(st.dictionaries(st.integers(0, 70), AMOUNTS), st.integers(0, 400))
def test_no_cost_is_lost_or_made_up(amounts: dict[int, Decimal], after: int) -> None:
    today = TODAY + timedelta(days=after)
    costs: Costs = {today - timedelta(days=back): cost for back, cost in amounts.items()}
    cycle = cycle_of(costs, today)
    month = [cost for day, cost in costs.items() if day in cycle.month]
    assert cycle.spent == sum(month)
    told = known(costs, today)
    assert {day: told[day] for day in costs} == costs
    assert not any(cost for day, cost in told.items() if day not in costs)
    assert cycle_of(told, today) == cycle
    if cycle.through:
        assert cycle.running[-1] == cycle.spent
        assert len(cycle.running) == cycle.through.day
