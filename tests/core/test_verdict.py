from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.balance import Balance, BalanceEntry, EntryKind
from oai_tui.core.cycle import Cycle, cycle_of
from oai_tui.core.estimating import estimate
from oai_tui.core.money import Money
from oai_tui.core.pace import Pace, pace_of
from oai_tui.core.period import Period, month_of
from oai_tui.core.remaining import Cap, CapKind
from oai_tui.core.thresholds import Warnings
from oai_tui.core.verdict import Level, Verdict, verdict_of

TODAY = date(2026, 11, 22)
USUAL = Warnings()


def month(amount: str = "10", today: date = TODAY, through: date | None = None) -> Cycle:
    first = month_of(today).shifted(-1).first
    return cycle_of(dict.fromkeys(Period(first, through or today), Decimal(amount)), today)


def cap(cycle: Cycle, amount: str, kind: CapKind = CapKind.LIMIT, name: str = "hard limit") -> Cap:
    month = cycle.spent if cycle.is_reported else None
    spent = cycle.spent_today if kind is CapKind.DAILY else month
    state = "enforcing" if kind in (CapKind.LIMIT, CapKind.PROJECT) else ""
    return Cap(kind, name, Money(Decimal(amount)), spent, state, "proj_a", spent is None)


def judged(
    cycle: Cycle | None,
    *caps: Cap,
    warnings: Warnings = USUAL,
    balance: Balance | None = None,
    pace: Pace | None = None,
    unread: Sequence[str] = (),
    paces: dict[str, Pace] | None = None,
) -> Verdict:
    own = pace or (pace_of(cycle) if cycle else None)
    return verdict_of(cycle, caps, own, balance, warnings, unread=unread, paces=paces)


def left(amount: str, per_day: str = "10") -> Balance:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    entry = BalanceEntry("b", EntryKind.BALANCE, now, Money.parse(amount), None, now)
    found = estimate([entry], {}, now, Decimal(per_day))
    assert found is not None
    return found


def test_under_says_how_it_stands_and_where_it_goes() -> None:
    cycle = month()
    verdict = judged(cycle, cap(cycle, "2000"))
    assert verdict.level is Level.UNDER
    assert verdict.line() == (
        "under: $220.00 of $2,000.00 hard limit (11 %), $300 by 30 Nov at this pace"
    )


def test_a_pace_past_the_limit_is_near_at_any_percent() -> None:
    cycle = month(today=date(2026, 11, 4))
    verdict = judged(cycle, cap(cycle, "250"))
    assert verdict.level is Level.NEAR
    assert verdict.line() == (
        "near: $40.00 of $250.00 hard limit (16 %), $300 by 30 Nov at this pace, past it on 25 Nov"
    )


def test_most_of_it_spent_at_the_end_of_a_month_is_how_it_should_be() -> None:
    cycle = month(today=date(2026, 11, 27))
    assert judged(cycle, cap(cycle, "320")).level is Level.UNDER
    assert judged(cycle, cap(cycle, "320"), warnings=Warnings(near_percent=80)).level is Level.NEAR
    assert judged(cycle, cap(cycle, "320"), warnings=Warnings(pace=False)).level is Level.NEAR
    assert judged(cycle, cap(cycle, "340"), warnings=Warnings(pace=False)).level is Level.UNDER


def test_most_of_it_spent_is_near_where_the_highest_forecast_passes_it() -> None:
    costs = dict.fromkeys(Period(date(2026, 10, 1), TODAY), Decimal(30))
    costs |= dict.fromkeys(Period(date(2026, 11, 14), TODAY), Decimal(1))
    cycle = cycle_of(costs, TODAY)
    verdict = judged(cycle, cap(cycle, "450"))
    assert verdict.level is Level.NEAR
    assert "past it" not in verdict.line()


def test_reached_is_over_with_the_platforms_word() -> None:
    cycle = month()
    verdict = judged(cycle, cap(cycle, "220"))
    assert verdict.level is Level.OVER
    assert verdict.line() == "over: $220.00 of $220.00 hard limit (100 %), enforcing"


@pytest.mark.parametrize(
    ("amount", "level"), [("10", Level.OVER), ("12", Level.NEAR), ("13", Level.UNDER)]
)
def test_a_daily_budget_is_about_today_alone(amount: str, level: Level) -> None:
    cycle = month()
    verdict = judged(cycle, cap(cycle, amount, CapKind.DAILY, "daily budget (local)"))
    assert verdict.level is level
    assert f"$10.00 of ${amount}.00 daily budget (local)" in verdict.line()


def test_a_daily_budget_waits_for_the_costs_of_today() -> None:
    cycle = month(through=date(2026, 11, 21))
    verdict = judged(cycle, cap(cycle, "1", CapKind.DAILY, "daily budget"))
    assert verdict.level is Level.UNDER
    assert verdict.line().endswith("nothing reported yet of $1.00 daily budget")


def test_a_project_is_judged_by_its_own_pace() -> None:
    cycle, own = month(), month("2")
    project = replace(cap(own, "50", CapKind.PROJECT, "web\nshop"), spent=own.spent)
    pace = pace_of(own)
    assert pace is not None
    assert judged(cycle, project).level is Level.NEAR, "88 %, and nothing tells its pace"
    verdict = judged(cycle, project, paces={"proj_a": pace})
    assert verdict.level is Level.NEAR
    assert verdict.line() == (
        "near: $44.00 of $50.00 limit of web␊shop (88 %), $60.00 by 30 Nov at this pace,"
        " past it on 25 Nov"
    )
    bigger = replace(project, amount=Money(Decimal(62)))
    assert judged(cycle, bigger, paces={"proj_a": pace}).level is Level.UNDER


@pytest.mark.parametrize(
    ("amount", "level", "words"),
    [
        ("71", Level.NEAR, "≈ $71.00 left of the balance of 22 Nov, about 7 days at this pace"),
        ("10", Level.NEAR, "≈ $10.00 left of the balance of 22 Nov, about 1 day at this pace"),
        ("3", Level.NEAR, "≈ $3.00 left of the balance of 22 Nov, less than a day at this pace"),
        ("0", Level.OVER, "nothing left of the balance of 22 Nov by our estimate"),
        ("80", Level.UNDER, "≈ $80.00 of the balance left"),
    ],
)
def test_a_balance_that_ends_soon_is_told(amount: str, level: Level, words: str) -> None:
    cycle, balance = month(), left(amount)
    caps = [Cap(CapKind.BALANCE, "balance", balance.since.amount, balance.spent)]
    verdict = judged(cycle, *caps, balance=balance)
    assert verdict.level is level
    assert words in verdict.line()
    assert judged(cycle, balance=left("71"), warnings=Warnings(runway_days=6)).level is Level.UNDER


def test_what_could_not_be_read_is_not_called_under() -> None:
    cycle = month()
    verdict = judged(cycle, unread=["the hard limit"])
    assert verdict.level is Level.UNKNOWN
    assert verdict.line() == (
        "unknown: the hard limit could not be read; $220.00 spent in November,"
        " $300 by 30 Nov at this pace"
    )
    assert judged(None).line() == "unknown: the costs could not be read"


def test_a_project_whose_costs_nobody_tells_is_not_called_under() -> None:
    cycle = month()
    verdict = judged(cycle, replace(cap(cycle, "50", CapKind.PROJECT, "web"), spent=None))
    assert verdict.level is Level.UNKNOWN
    assert verdict.line().startswith("unknown: the spend under the limit of web could not be told;")


def test_what_is_bad_is_told_beside_what_could_not_be_read() -> None:
    cycle = month()
    day = cap(cycle, "5", CapKind.DAILY, "daily budget")
    verdict = judged(cycle, day, unread=["the hard limit"])
    assert verdict.level is Level.OVER
    assert verdict.line() == (
        "over: $10.00 of $5.00 daily budget (200 %); the hard limit could not be read"
    )


def test_without_any_limit_it_says_so() -> None:
    assert judged(month()).line() == (
        "under: $220.00 spent in November, $300 by 30 Nov at this pace, no hard limit set"
    )


def test_in_the_first_hour_of_a_month_the_last_one_is_named() -> None:
    cycle = month(today=date(2026, 12, 1), through=date(2026, 11, 30))
    assert judged(cycle, cap(cycle, "2000")).line() == (
        "under: nothing reported yet of $2,000.00 hard limit, $310 by 31 Dec at last month's pace"
    )
    assert judged(cycle, cap(cycle, "300")).level is Level.NEAR
    assert judged(cycle_of({}, cycle.today)).line() == (
        "under: nothing reported yet of December, no hard limit set"
    )


def test_many_reasons_are_cut_short() -> None:
    cycle = month()
    caps = [cap(cycle, "100", CapKind.PROJECT, f"p{place}") for place in range(9)]
    verdict = judged(cycle, *caps)
    assert len(verdict.reasons) == 9
    assert verdict.line().count("limit of") == 3
    assert verdict.line().endswith("; and 6 more")


def test_the_levels_are_exit_statuses() -> None:
    assert {level.name: int(level) for level in Level} == {
        "UNDER": 0,
        "UNKNOWN": 1,
        "NEAR": 3,
        "OVER": 4,
    }


@given(
    st.decimals(0, 400, places=2),
    st.decimals("0.01", 4000, places=2),
    st.integers(0, 60),
    st.one_of(st.none(), st.integers(1, 100)),
)
def test_more_spent_is_never_better(
    amount: Decimal, limit: Decimal, after: int, near: int | None
) -> None:
    today = TODAY + timedelta(days=after)
    levels = []
    for each in (amount, amount + 5):
        cycle = month(str(each), today)
        verdict = judged(cycle, cap(cycle, str(limit)), warnings=Warnings(near_percent=near))
        levels.append(verdict.level)
        assert "\n" not in verdict.line()
        assert (verdict.level is Level.OVER) == (cycle.spent >= limit)
    assert levels == sorted(levels)
