from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.balance import Balance, BalanceEntry, EntryKind, Runway, in_order, uncounted
from oai_tui.core.estimating import drifts, estimate
from oai_tui.core.money import Money
from oai_tui.core.period import Period
from oai_tui.core.spending import spent_between

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEN = Decimal(10)


def at(day: int, hour: float = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hour)


def entry(
    kind: EntryKind,
    when: datetime,
    amount: str,
    *,
    expires: date | None = None,
    entered: datetime | None = None,
) -> BalanceEntry:
    id = f"{kind} {when} {amount}"
    return BalanceEntry(id, kind, when, Money.parse(amount), expires, entered or when)


def typed(when: datetime, amount: str, **more: date) -> BalanceEntry:
    return entry(EntryKind.BALANCE, when, amount, **more)  # type: ignore[arg-type]


def topped(when: datetime, amount: str, **more: date) -> BalanceEntry:
    return entry(EntryKind.TOP_UP, when, amount, **more)  # type: ignore[arg-type]


def every_day(amount: Decimal = TEN) -> dict[date, Decimal]:
    """A cost for each of two months' days, today's half so far."""
    costs = dict.fromkeys(Period(date(2026, 10, 1), date(2026, 11, 21)), amount)
    return {**costs, NOW.date(): amount / 2}


def left(*entries: BalanceEntry, per_day: Decimal | None = TEN) -> Balance:
    found = estimate(entries, every_day(), NOW, per_day)
    assert found is not None
    return found


def test_a_balance_typed_at_midnight_loses_exactly_what_was_spent_since() -> None:
    found = left(typed(at(3), "500"))
    assert (found.left, found.spent, found.unsure) == (305, 195, 0)
    assert (found.topped_up, found.unknown_days) == (Money(Decimal(0)), 0)


def test_the_day_it_was_typed_on_is_shared_out_and_said_to_be_unsure() -> None:
    found = left(typed(at(3, 18), "500"))
    assert (found.spent, found.unsure) == (Decimal("187.5"), Decimal("7.5"))
    assert left(typed(at(3, 6), "500")).unsure == Decimal("7.5")
    assert left(typed(at(3, 12), "500")).unsure == 5


def test_what_was_typed_just_now_is_still_there() -> None:
    found = left(typed(NOW, "500"))
    assert (found.left, found.spent, found.unsure, found.unknown_days) == (500, 0, 0, 0)


def test_of_today_only_what_is_over_is_shared_out() -> None:
    found = left(typed(at(22, 6), "500"))
    assert (found.spent, found.unsure) == (Decimal("2.5"), Decimal("2.5"))


def test_a_time_elsewhere_is_the_same_instant() -> None:
    zone = datetime.fromisoformat("2026-11-03T02:00:00+02:00")
    assert left(typed(zone, "500")).left == 305


def test_top_ups_since_are_added_and_those_before_are_in_it_already() -> None:
    found = left(topped(at(1), "70"), typed(at(3), "500"), topped(at(9), "100"))
    assert (found.left, found.topped_up) == (405, Money(Decimal(100)))


def test_of_one_time_the_later_typed_counts_as_later() -> None:
    noon = at(3, 12)
    after = entry(EntryKind.TOP_UP, noon, "100", entered=at(3, 13))
    before = entry(EntryKind.TOP_UP, noon, "40", entered=at(3, 11))
    found = left(after, entry(EntryKind.BALANCE, noon, "500", entered=at(3, 12)), before)
    assert found.topped_up == Money(Decimal(100))


def test_the_same_balance_typed_twice_is_the_last_one() -> None:
    found = left(typed(at(3), "500"), typed(at(10), "500"))
    assert (found.left, found.since.at) == (375, at(10))


def test_top_ups_alone_are_no_balance_and_are_told() -> None:
    alone = (topped(at(1), "50"), topped(at(2), "60"))
    assert estimate(alone, every_day(), NOW, TEN) is None
    assert uncounted(alone) == alone
    assert uncounted([*alone, typed(at(2, 1), "500"), topped(at(9), "5")]) == alone
    assert uncounted([typed(at(3), "500"), topped(at(9), "5")]) == ()


def test_entries_to_come_wait() -> None:
    assert estimate([typed(NOW + timedelta(hours=1), "9")], every_day(), NOW, TEN) is None
    found = left(typed(at(3), "500"), topped(NOW + timedelta(days=1), "100"))
    assert (found.left, found.topped_up) == (305, Money(Decimal(0)))


def test_days_without_a_cost_are_counted_and_never_free() -> None:
    costs = every_day()
    del costs[date(2026, 11, 9)], costs[date(2026, 11, 22)], costs[date(2026, 11, 21)]
    found = estimate([typed(at(3), "500")], costs, NOW, TEN)
    assert found is not None
    assert (found.left, found.unknown_days) == (330, 3)
    assert found.longest == found.shortest == Runway(30, date(2026, 12, 22))


def test_nothing_known_at_all_leaves_what_was_typed_and_says_so() -> None:
    found = estimate([typed(at(3), "500")], {}, NOW, None)
    assert found is not None
    assert (found.left, found.unknown_days) == (500, 20)
    assert (found.longest, found.shortest, found.lasting) == (None, None, "")


def test_credits_make_it_more() -> None:
    costs = {**every_day(), date(2026, 11, 9): Decimal(-40)}
    found = estimate([typed(at(3), "500")], costs, NOW, TEN)
    assert found is not None
    assert found.left == 355


@pytest.mark.parametrize(
    ("amount", "days", "day"),
    [
        ("245", 5, date(2026, 11, 27)),
        ("195", 0, date(2026, 11, 22)),
        ("100", 0, date(2026, 11, 22)),
        ("204.99", 0, date(2026, 11, 23)),
        ("199.99", 0, date(2026, 11, 22)),
        ("205", 1, date(2026, 11, 23)),
    ],
)
def test_the_runway_is_counted_from_now(amount: str, days: int, day: date) -> None:
    found = left(typed(at(3), amount))
    assert found.longest == found.shortest == Runway(days, day)


def test_a_balance_can_fall_below_nothing() -> None:
    assert left(typed(at(3), "100")).left == -95


@pytest.mark.parametrize("per_day", [None, Decimal(0), Decimal(-1)])
def test_without_a_pace_there_is_no_runway(per_day: Decimal | None) -> None:
    found = left(typed(at(3), "500"), per_day=per_day)
    assert (found.longest, found.shortest, found.lasting) == (None, None, "")


def test_a_runway_of_centuries_names_no_day() -> None:
    found = left(typed(at(3), "999999999999"), per_day=Decimal("0.0001"))
    assert found.longest is not None
    assert found.longest.ends is None


def test_typed_again_it_says_how_far_off_the_estimate_was() -> None:
    first, again = typed(at(3), "500"), typed(at(10), "420")
    found = drifts([again, topped(at(5), "10"), first, topped(at(1), "7")], every_day(), NOW)
    assert [(d.entry, d.since, d.expected, d.difference) for d in found] == [
        (again, first, 440, -20)
    ]
    assert (found[0].unsure, found[0].unknown_days) == (0, 0)


def test_drifts_go_from_one_balance_to_the_next() -> None:
    found = drifts(
        [typed(at(3), "500"), typed(at(4), "490"), typed(at(6), "475")], every_day(), NOW
    )
    assert [drift.difference for drift in found] == [0, 5]
    assert drifts([typed(at(3), "500")], every_day(), NOW) == ()


def test_two_balances_of_one_day_share_that_day() -> None:
    (drift,) = drifts([typed(at(3, 6), "500"), typed(at(3, 18), "496")], every_day(), NOW)
    assert (drift.expected, drift.difference, drift.unsure) == (495, 1, 5)


def test_a_drift_says_which_days_it_knows_nothing_of() -> None:
    costs = every_day()
    del costs[date(2026, 11, 5)]
    (drift,) = drifts([typed(at(3), "500"), typed(at(10), "430")], costs, NOW)
    assert (drift.expected, drift.unknown_days) == (440, 1)


@given(st.permutations(range(6)), st.integers(0, 99))
def test_the_order_of_entries_does_not_matter(order: list[int], seed: int) -> None:
    draw = random.Random(seed)
    entries = [
        (typed if draw.random() < 0.5 else topped)(at(1 + place * 3, draw.random() * 40), "100")
        for place in range(6)
    ]
    mixed = [entries[place] for place in order]
    assert estimate(mixed, every_day(), NOW, TEN) == estimate(entries, every_day(), NOW, TEN)
    assert drifts(mixed, every_day(), NOW) == drifts(entries, every_day(), NOW)
    assert in_order(mixed) == in_order(entries)


@given(
    st.lists(st.integers(0, 50 * 24 * 60), min_size=2, max_size=5),
    st.dictionaries(st.integers(1, 50), st.decimals(-100, 500, places=6)),
)
def test_stretches_of_time_add_up(minutes: list[int], amounts: dict[int, Decimal]) -> None:
    start = at(1, month=10)
    now = start + timedelta(days=51, hours=12)
    costs = {start.date() + timedelta(days=day): cost for day, cost in amounts.items()}
    times = [start + timedelta(minutes=each) for each in sorted(minutes)]
    whole = spent_between(costs, times[0], times[-1], now)
    parts = [spent_between(costs, a, b, now) for a, b in pairwise(times)]
    assert abs(whole.amount - sum(part.amount for part in parts)) < Decimal("1e-12")
    assert abs(whole.unknown - sum(part.unknown for part in parts)) < Decimal("1e-12")
    assert whole.unsure >= 0


@given(st.dictionaries(st.integers(1, 50), st.decimals(0, 500, places=2), min_size=1))
def test_what_was_spent_lies_within_what_is_unsure(amounts: dict[int, Decimal]) -> None:
    """Whole days on either side of a stretch are what it may at most and at least have cost."""
    start = at(1, month=10)
    now = start + timedelta(days=52)
    costs = {start.date() + timedelta(days=day): cost for day, cost in amounts.items()}
    begun, ended = start + timedelta(days=10.3), start + timedelta(days=30.8)
    found = spent_between(costs, begun, ended, now)
    least = sum(cost for day, cost in amounts.items() if 10 < day < 30)
    most = sum(cost for day, cost in amounts.items() if 10 <= day <= 30)
    assert found.amount - found.unsure <= least
    assert most <= found.amount + found.unsure
    assert least <= found.amount <= most
