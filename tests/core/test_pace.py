from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.cycle import Costs, cycle_of
from oai_tui.core.pace import Basis, Pace, pace_of
from oai_tui.core.period import Period, month_of

TODAY = date(2026, 11, 22)
COSTS = st.decimals(0, 500, places=4)


def every_day(first: date, last: date, amount: str = "10") -> dict[date, Decimal]:
    return dict.fromkeys(Period(first, last), Decimal(amount))


def paced(costs: Costs, today: date = TODAY, credits: Costs | None = None) -> Pace:
    found = pace_of(cycle_of(costs, today, credits))
    assert found is not None
    return found


def ends(pace: Pace) -> dict[Basis, Decimal]:
    return {forecast.basis: forecast.month_end for forecast in pace.forecasts}


@pytest.mark.parametrize(
    "today",
    [
        date(2026, 11, 1),
        date(2026, 11, 2),
        date(2026, 11, 30),
        date(2027, 2, 28),
        date(2028, 2, 29),
        date(2026, 12, 31),
        date(2026, 4, 15),
    ],
)
def test_even_days_come_to_an_even_month(today: date) -> None:
    pace = paced(every_day(today - timedelta(60), today), today)
    month = month_of(today)
    assert set(ends(pace).values()) == {Decimal(10 * month.days)}
    assert {forecast.last for forecast in pace.forecasts} == {month.last}
    assert (pace.low, pace.high, pace.per_day) == (10 * month.days, 10 * month.days, 10)
    assert pace.start == today


def test_each_basis_sees_the_days_it_is_named_for() -> None:
    costs = every_day(date(2026, 9, 1), TODAY, "10")
    for day in Period(date(2026, 11, 14), date(2026, 11, 20)):
        costs[day] = Decimal(24)
    pace = paced(costs)
    spent = 21 * 10 + 7 * 14
    straight = Decimal(20 * 10 + 7 * 14) / 20
    found = ends(pace)
    assert abs(found[Basis.STRAIGHT] - (spent + straight * 9)) < Decimal("1e-20")
    assert found[Basis.WEEK] == spent + 24 * 9
    assert pace.per_day == 24
    assert pace.usual.basis is Basis.WEEK
    assert [f.rests_on for f in pace.forecasts] == [20, 7, 28]


def test_weekdays_are_told_from_weekends() -> None:
    costs = {
        day: Decimal(2 if day.weekday() >= 5 else 30)
        for day in Period(date(2026, 9, 1), date(2026, 11, 21))
    }
    pattern = ends(paced(costs))[Basis.WEEKDAYS]
    month = month_of(TODAY)
    assert pattern == sum(2 if day.weekday() >= 5 else 30 for day in month)


def test_a_pattern_needs_two_weeks() -> None:
    pace = paced(every_day(date(2026, 11, 8), TODAY))
    assert [forecast.basis for forecast in pace.forecasts] == [Basis.STRAIGHT, Basis.WEEK]
    assert Basis.WEEKDAYS in ends(paced(every_day(date(2026, 11, 7), TODAY)))


def test_costs_two_days_late_are_forecast_and_not_taken_for_nothing() -> None:
    on_time = every_day(date(2026, 10, 1), TODAY)
    late = every_day(date(2026, 10, 1), date(2026, 11, 19))
    late[date(2026, 11, 20)] = Decimal("0.50")
    pace = paced(late)
    assert ends(pace) == ends(paced(on_time))
    assert (pace.start, pace.usual.base) == (date(2026, 11, 20), 190)


def test_a_day_nobody_told_of_is_forecast_too() -> None:
    costs = every_day(date(2026, 10, 1), TODAY)
    del costs[date(2026, 11, 7)]
    pace = paced(costs)
    assert (pace.start, pace.usual.base) == (date(2026, 11, 7), 60)
    assert set(ends(pace).values()) == {Decimal(300)}


def test_today_counts_for_at_least_what_it_has_cost() -> None:
    costs = {**every_day(date(2026, 10, 1), TODAY), TODAY: Decimal(75)}
    assert set(ends(paced(costs)).values()) == {Decimal(10 * 29 + 75)}


def test_in_the_first_hour_of_a_month_the_last_one_stands_in_and_it_is_said() -> None:
    today = date(2026, 12, 1)
    pace = paced(every_day(date(2026, 10, 1), date(2026, 11, 30)), today)
    assert pace.from_last_month
    assert set(ends(pace).values()) == {Decimal(310)}
    assert (pace.start, pace.usual.base, len(pace.fan)) == (today, 0, 31)


def test_in_the_first_hour_the_straight_line_is_that_of_the_whole_last_month() -> None:
    costs = every_day(date(2026, 11, 1), date(2026, 11, 30), "10")
    costs |= every_day(date(2026, 11, 23), date(2026, 11, 29), "39")
    pace = paced(costs, date(2026, 12, 1))
    assert [forecast.rests_on for forecast in pace.forecasts] == [29, 7, 28]
    assert ends(pace)[Basis.STRAIGHT] == 31 * 17
    assert ends(pace)[Basis.WEEK] == 31 * 39


def test_the_months_own_days_are_used_as_soon_as_one_is_settled() -> None:
    costs = every_day(date(2026, 11, 1), date(2026, 12, 3))
    assert paced(costs, date(2026, 12, 2)).from_last_month
    assert not paced(costs, date(2026, 12, 3)).from_last_month


def test_nothing_is_told_before_a_day_is_settled() -> None:
    assert pace_of(cycle_of({}, TODAY)) is None
    assert pace_of(cycle_of({TODAY: Decimal(5)}, TODAY)) is None
    assert pace_of(cycle_of({TODAY - timedelta(1): Decimal(5)}, TODAY)) is None


def test_only_credits_are_no_pace() -> None:
    assert pace_of(cycle_of(every_day(date(2026, 11, 1), TODAY, "-3"), TODAY)) is None


@pytest.mark.parametrize("credit", ["-0.01", "-4", "-10", "-510"])
def test_credits_of_any_size_stay_in_the_sum_and_out_of_the_rates(credit: str) -> None:
    costs, day = every_day(date(2026, 10, 1), TODAY), date(2026, 11, 18)
    costs[day] += Decimal(credit)
    pace = paced(costs, credits={day: Decimal(credit)})
    assert set(ends(pace).values()) == {Decimal(300) + Decimal(credit)}
    assert (pace.per_day, pace.rests_on) == (10, 7)


def test_a_day_whose_credits_are_not_told_is_in_no_rate() -> None:
    costs = {**every_day(date(2026, 10, 1), TODAY), date(2026, 11, 18): Decimal(-500)}
    pace = paced(costs)
    assert set(ends(pace).values()) == {Decimal(29 * 10 - 500)}
    assert (pace.per_day, pace.rests_on) == (10, 6)


@pytest.mark.parametrize("credits", [{TODAY: Decimal(-503)}, {}])
def test_a_credit_of_today_does_not_hide_what_today_will_cost(credits: Costs) -> None:
    """Today is charged $3 so far."""
    costs = {**every_day(date(2026, 10, 1), TODAY), TODAY: Decimal(-500)}
    told = 300 - 503 if credits else 300 - 500
    assert set(ends(paced(costs, credits=credits)).values()) == {Decimal(told)}


def test_today_counts_for_what_is_charged_beside_its_credit() -> None:
    costs = {**every_day(date(2026, 10, 1), TODAY), TODAY: Decimal(70)}
    pace = paced(costs, credits={TODAY: Decimal(-5)})
    assert set(ends(pace).values()) == {Decimal(10 * 29 + 70)}


def test_days_of_a_week_long_ago_are_not_called_the_last_ones() -> None:
    costs = {
        **every_day(date(2026, 10, 1), date(2026, 10, 10), "99"),
        **every_day(date(2026, 11, 18), TODAY),
    }
    pace = paced(costs)
    assert (pace.per_day, pace.rests_on) == (10, 3)


def test_days_of_earlier_months_fill_the_pattern_after_a_short_one() -> None:
    today = date(2027, 3, 1)
    short = every_day(date(2027, 2, 1), today)
    rests_on = [
        paced(costs, today).forecasts[-1].rests_on
        for costs in (short, every_day(date(2027, 1, 1), today))
    ]
    assert rests_on == [27, 28]


@pytest.mark.parametrize(
    ("amount", "day"),
    [
        ("0", date(2026, 11, 22)),
        ("220", date(2026, 11, 22)),
        ("220.01", date(2026, 11, 23)),
        ("300", date(2026, 11, 30)),
        ("300.01", None),
    ],
)
def test_the_day_an_amount_is_reached(amount: str, day: date | None) -> None:
    pace = paced(every_day(date(2026, 10, 1), TODAY))
    assert pace.reached(Decimal(amount)) == day
    assert pace.earliest(Decimal(amount)) == day


def test_the_earliest_day_is_that_of_the_steepest_forecast() -> None:
    costs = every_day(date(2026, 9, 1), TODAY, "30")
    costs |= every_day(date(2026, 11, 14), TODAY, "1")
    pace = paced(costs)
    assert pace.reached(Decimal(450)) is None
    assert pace.earliest(Decimal(450)) is not None
    assert pace.low < pace.high


@given(
    st.dictionaries(st.integers(0, 90), COSTS, min_size=4),
    st.integers(0, 800),
)
def test_a_forecast_never_falls_below_what_is_spent(costs: dict[int, Decimal], after: int) -> None:
    today = date(2026, 1, 1) + timedelta(days=after)
    cycle = cycle_of({today - timedelta(days=back): cost for back, cost in costs.items()}, today)
    pace = pace_of(cycle)
    if pace is None:
        return
    for forecast in pace.forecasts:
        assert forecast.month_end >= cycle.spent
        assert forecast.base <= forecast.sums[0]
        assert list(forecast.sums) == sorted(forecast.sums)
        assert forecast.last == cycle.month.last
        assert forecast.start <= cycle.today
        day = forecast.reached(forecast.month_end)
        assert day is not None
        assert day <= cycle.month.last
        assert forecast.reached(forecast.month_end + 1) is None
    assert pace.low <= pace.usual.month_end <= pace.high
    assert pace.fan[-1] == (pace.low, pace.high)


@given(
    st.dictionaries(st.integers(0, 60), COSTS, min_size=2),
    st.dictionaries(st.integers(0, 60), st.decimals(-500, -1, places=2)),
)
def test_a_credit_changes_no_rate(charges: dict[int, Decimal], credits: dict[int, Decimal]) -> None:
    charged = {TODAY - timedelta(days=back): cost for back, cost in charges.items()}
    off = {TODAY - timedelta(days=back): credits[back] for back in charges if back in credits}
    costs = {day: cost + off.get(day, 0) for day, cost in charged.items()}
    with_credits = pace_of(cycle_of(costs, TODAY, off))
    assert with_credits is None or with_credits.per_day >= 0
    assert cycle_of(costs, TODAY, off).spent == cycle_of(costs, TODAY).spent
    if max(charged) < TODAY - timedelta(2) and with_credits is not None:
        plain = pace_of(cycle_of(charged, TODAY))
        assert plain is not None
        assert (plain.per_day, plain.rests_on) == (with_credits.per_day, with_credits.rests_on)


@given(st.dictionaries(st.integers(0, 60), st.decimals(-500, 500, places=2), min_size=2))
def test_credits_never_make_a_rate_negative(costs: dict[int, Decimal]) -> None:
    cycle = cycle_of({TODAY - timedelta(days=back): cost for back, cost in costs.items()}, TODAY)
    pace = pace_of(cycle)
    if pace is not None:
        assert pace.per_day >= 0
        assert all(forecast.month_end >= cycle.spent for forecast in pace.forecasts)
