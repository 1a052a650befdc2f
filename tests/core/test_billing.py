from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

import pytest

from oai_tui.core.billing import (
    MonthSpend,
    SpendLimit,
    changes,
    cycle_of,
    dollars,
    left_in_money,
    left_in_tokens,
    months,
    over,
    price_per_million,
    reported_through,
    spend_by_project,
    used,
)
from oai_tui.core.period import Period, month_of
from oai_tui.core.usage import CostRow

TODAY = date(2026, 11, 22)
LIMIT = SpendLimit(Decimal("2500.00"), "enforcing")


def rows(amounts: dict[date, str], project: str = "proj_a") -> list[CostRow]:
    return [CostRow(day, Decimal(amount), project) for day, amount in amounts.items()]


def every_day(first: date, last: date, amount: str = "2") -> list[CostRow]:
    return rows(dict.fromkeys(Period(first, last), amount))


def test_a_cycle_sums_the_month_and_keeps_the_one_before() -> None:
    costs = every_day(date(2026, 9, 30), TODAY)
    cycle = cycle_of(costs, TODAY)
    assert cycle.month == month_of(TODAY)
    assert cycle.spent == 44
    assert cycle.daily == (Decimal(2),) * 22
    assert cycle.before == (Decimal(2),) * 31
    assert (cycle.spent_today, cycle.spent_yesterday, cycle.average) == (2, 2, 2)


def test_sums_lose_no_digit() -> None:
    tiny = "0." + "0" * 38 + "7"
    costs = [*rows({TODAY: "123456789012.5"}), *rows({TODAY: tiny})]
    assert str(cycle_of(costs, TODAY).spent) == "123456789012.5" + "0" * 37 + "7"
    assert left_in_money(Decimal(tiny), LIMIT) == Decimal("2499." + "9" * 38 + "3")


@pytest.mark.parametrize(
    ("last_cost", "today_known", "yesterday_known"),
    [(0, True, True), (1, False, True), (2, False, False), (9, False, False)],
)
def test_what_is_not_reported_yet_is_unknown_and_not_zero(
    last_cost: int, today_known: bool, yesterday_known: bool
) -> None:
    cycle = cycle_of(every_day(date(2026, 11, 1), TODAY - timedelta(days=last_cost)), TODAY)
    assert (cycle.spent_today is not None) == today_known
    assert (cycle.spent_yesterday is not None) == yesterday_known
    assert cycle.spent == 2 * (22 - last_cost)
    assert cycle.is_reported


def test_days_that_cost_nothing_count_once_costs_can_no_longer_be_late() -> None:
    cycle = cycle_of(every_day(date(2026, 11, 1), date(2026, 11, 10)), TODAY)
    assert cycle.daily == (*(Decimal(2),) * 10, *(Decimal(0),) * 10, None, None)
    assert cycle.average == 1


def test_a_later_cost_proves_that_a_day_without_one_cost_nothing() -> None:
    assert cycle_of(rows({TODAY: "3"}), TODAY).spent_yesterday == 0


def test_the_average_leaves_out_days_not_reported_yet() -> None:
    cycle = cycle_of(every_day(date(2026, 11, 1), date(2026, 11, 20)), TODAY)
    assert cycle.average == 2


def test_a_month_of_zeros_is_zero() -> None:
    cycle = cycle_of(every_day(date(2026, 11, 1), TODAY, "0"), TODAY)
    assert cycle.spent == 0
    assert cycle.average == 0
    assert cycle.is_reported


def test_in_the_first_hour_of_a_month_nothing_is_known_of_it() -> None:
    first = date(2026, 12, 1)
    cycle = cycle_of(every_day(date(2026, 11, 1), date(2026, 11, 30)), first)
    assert not cycle.is_reported
    assert (cycle.daily, cycle.spent_today, cycle.average) == ((None,), None, None)
    assert cycle.spent_yesterday == 2
    assert cycle.before == (Decimal(2),) * 30


@pytest.mark.parametrize(("year", "month"), [(2027, 2), (2028, 2), (2026, 4), (2026, 12)])
def test_months_of_28_to_31_days(year: int, month: int) -> None:
    days = monthrange(year, month)[1]
    last = date(year, month, days)
    cycle = cycle_of(every_day(date(year, month, 1), last), last)
    assert (cycle.month.days, len(cycle.daily), cycle.spent) == (days, days, 2 * days)
    after = last + timedelta(days=1)
    assert len(cycle_of(every_day(date(year, month, 1), last), after).before) == days


def test_credits_can_make_a_month_negative() -> None:
    costs = rows({date(2026, 11, 3): "5", date(2026, 11, 4): "-40"})
    cycle = cycle_of(costs, TODAY)
    assert cycle.spent == -35
    assert left_in_money(cycle.spent, LIMIT) == 2535
    assert spend_by_project(costs, cycle.month) == {"proj_a": Decimal(-35)}


def test_reported_through_never_goes_past_today_nor_behind_the_lag() -> None:
    assert reported_through([], TODAY) == date(2026, 11, 20)
    assert reported_through(rows({date(2026, 11, 25): "1"}), TODAY) == date(2026, 11, 20)
    assert reported_through(rows({TODAY: "0"}), TODAY) == TODAY


def test_cents_become_dollars() -> None:
    assert str(dollars(1)) == "0.01"
    assert str(dollars(250_000)) == "2500.00"


@pytest.mark.parametrize(
    ("spent", "left", "by", "words"),
    [
        ("0", "2500", "0", "0 %"),
        ("0.01", "2499.99", "0", "<1 %"),
        ("2499.99", "0.01", "0", "99 %"),
        ("2500", "0", "0", "100 %"),
        ("2600.50", "0", "100.50", "104 %"),
        ("-50", "2550", "0", "-2 %"),
    ],
)
def test_what_is_left_of_a_limit(spent: str, left: str, by: str, words: str) -> None:
    assert left_in_money(Decimal(spent), LIMIT) == Decimal(left)
    assert over(Decimal(spent), LIMIT) == Decimal(by)
    assert used(Decimal(spent), LIMIT.amount) == words


def test_without_a_limit_nothing_is_left() -> None:
    assert left_in_money(Decimal(5), None) is None
    assert left_in_tokens(None, Decimal(2)) is None


def test_tokens_are_bought_at_the_blended_price() -> None:
    price = price_per_million(Decimal("4.62"), 2_000_000)
    assert price == Decimal("2.31")
    assert left_in_tokens(Decimal("715.90"), price) == 309_913_419


@pytest.mark.parametrize(("cost", "tokens"), [("5", 0), ("0", 5), ("-5", 5)])
def test_there_is_no_price_unless_something_was_paid_and_used(cost: str, tokens: int) -> None:
    assert price_per_million(Decimal(cost), tokens) is None
    assert left_in_tokens(Decimal(5), None) is None


def test_months_are_summed_newest_first_and_compared_with_whole_months_only() -> None:
    costs = [
        *rows({date(2026, 11, 5): "1", date(2026, 10, 5): "9", date(2026, 9, 5): "6"}),
        *rows({date(2026, 8, 5): "-3", date(2025, 11, 30): "1000"}),
    ]
    found = months(costs, TODAY)
    assert len(found) == 12
    assert found[0] == MonthSpend(date(2026, 11, 1), Decimal(1), is_open=True)
    assert [month.spent for month in found[1:5]] == [9, 6, -3, 0]
    assert found[-1].first == date(2025, 12, 1)
    assert changes(found)[:5] == (None, Decimal("0.5"), None, None, None)
    assert changes(found)[-1] is None
