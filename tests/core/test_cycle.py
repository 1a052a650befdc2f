from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.cycle import Costs, cycle_of, known, months, settled_days
from oai_tui.core.period import Period, month_of

TODAY = date(2026, 11, 22)
AMOUNTS = st.decimals(-500, 500, places=4)


def every_day(first: date, last: date, amount: str = "2") -> dict[date, Decimal]:
    return dict.fromkeys(Period(first, last), Decimal(amount))


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
    assert (cycle.spent, cycle.average, cycle.same_point) == (0, 0, 0)
    assert cycle.is_reported
    assert cycle.spent_today is None


def test_in_the_first_hour_of_a_month_nothing_is_known_of_it() -> None:
    cycle = cycle_of(every_day(date(2026, 11, 1), date(2026, 11, 30)), date(2026, 12, 1))
    assert not cycle.is_reported
    assert (cycle.daily, cycle.spent_today, cycle.average) == ((None,), None, None)
    assert (cycle.through, cycle.same_day, cycle.same_point) == (None, None, None)
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
    ("today", "same_day"),
    [
        (date(2026, 11, 22), date(2026, 10, 22)),
        (date(2027, 3, 28), date(2027, 2, 28)),
        (date(2027, 3, 31), date(2027, 2, 28)),
        (date(2028, 3, 30), date(2028, 2, 29)),
        (date(2027, 2, 28), date(2027, 1, 28)),
        (date(2027, 1, 31), date(2026, 12, 31)),
    ],
)
def test_the_same_point_lies_in_a_month_of_another_length(today: date, same_day: date) -> None:
    cycle = cycle_of(every_day(date(2026, 10, 1), today), today)
    assert cycle.same_day == same_day
    assert cycle.same_point == 2 * same_day.day


def test_the_same_point_is_that_of_the_last_day_told_and_not_of_today() -> None:
    cycle = cycle_of(every_day(date(2026, 10, 1), TODAY - timedelta(2)), TODAY)
    assert (cycle.same_day, cycle.same_point) == (date(2026, 10, 20), 40)


def test_nothing_is_held_against_a_month_that_is_known_in_part() -> None:
    costs = every_day(date(2026, 10, 2), TODAY)
    assert cycle_of(costs, TODAY).same_point is None


def test_credits_can_make_a_month_negative() -> None:
    costs = {date(2026, 11, 3): Decimal(5), date(2026, 11, 4): Decimal(-40)}
    assert cycle_of(costs, TODAY).spent == -35


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
