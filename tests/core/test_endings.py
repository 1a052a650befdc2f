"""Credits that end: nobody tells which credit is spent first, so what is left lies in bounds."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.balance import Balance, BalanceEntry, Ending, EntryKind
from oai_tui.core.estimating import drifts, estimate
from oai_tui.core.money import Money
from oai_tui.core.period import Period

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
TODAY = MIDNIGHT.date()
DAY = timedelta(days=1)
TEN = Decimal(10)
COSTS = dict.fromkeys(Period(date(2026, 9, 1), TODAY - DAY), TEN) | {TODAY: Decimal(0)}


def typed(ago: int, amount: int, ends: int | None = None) -> BalanceEntry:
    """Return a balance typed so many days ago whose last day is so many days from today."""
    return _entry(EntryKind.BALANCE, ago, amount, ends)


def topped(ago: int, amount: int, ends: int | None = None) -> BalanceEntry:
    """Return a top-up of so many days ago whose last day is so many days from today."""
    return _entry(EntryKind.TOP_UP, ago, amount, ends)


def _entry(kind: EntryKind, ago: int, amount: int, ends: int | None) -> BalanceEntry:
    at, expires = MIDNIGHT - ago * DAY, None if ends is None else TODAY + ends * DAY
    return BalanceEntry(f"{kind} {ago}", kind, at, Money(Decimal(amount)), expires, at)


def left(*entries: BalanceEntry, per_day: Decimal | None = TEN) -> Balance:
    found = estimate(entries, COSTS, MIDNIGHT, per_day)
    assert found is not None
    return found


def bounds(endings: tuple[Ending, ...]) -> list[tuple[int, int]]:
    return [(int(each.least), int(each.most)) for each in endings]


def days(balance: Balance) -> tuple[int, int]:
    assert balance.shortest is not None
    assert balance.longest is not None
    return balance.shortest.days, balance.longest.days


def test_of_a_top_up_that_was_in_the_balance_nobody_knows_what_was_left() -> None:
    found = left(topped(30, 40, -2), typed(10, 300))
    assert bounds(found.expired) == [(0, 40)]
    assert (found.left, found.gone, days(found)) == (200, 0, (16, 20))
    assert found.lasting == "16 to 20 days"


def test_of_a_top_up_since_what_was_not_spent_is_gone_for_sure() -> None:
    found = left(typed(10, 300), topped(8, 100, -5))
    assert bounds(found.expired) == [(60, 100)]
    assert (found.left, found.gone, days(found)) == (240, 60, (20, 24))


def test_a_balance_that_ended_leaves_what_was_bought_since() -> None:
    found = left(typed(10, 300, -3), topped(2, 50))
    assert bounds(found.expired) == [(220, 220)]
    assert (found.left, days(found), found.lasting) == (30, (3, 3), "about 3 days")


def test_what_is_spent_already_cannot_end() -> None:
    found = left(typed(20, 100), topped(20, 100, -5))
    assert bounds(found.expired) == [(0, 0)], "nothing was left of both"
    found = left(typed(10, 100), topped(10, 20, -4))
    assert bounds(found.expired) == [(0, 20)]
    assert (found.left, days(found)) == (20, (0, 2))
    assert found.lasting == "less than a day to 2 days"


def test_a_credit_to_come_shortens_the_runway_by_what_may_be_left_of_it() -> None:
    found = left(topped(30, 80, 10), typed(0, 300))
    assert bounds(found.expiring) == [(0, 80)]
    assert (found.left, days(found)) == (300, (22, 30))


def test_a_credit_that_outlives_the_balance_shortens_nothing() -> None:
    found = left(topped(30, 80, 40), typed(0, 300))
    assert bounds(found.expiring) == [(0, 0)]
    assert (days(found), found.lasting) == ((30, 30), "about 30 days")


def test_a_balance_that_ends_itself_lasts_no_longer() -> None:
    found = left(typed(0, 300, 10))
    assert bounds(found.expiring) == [(190, 190)]
    assert days(found) == (11, 11)
    assert found.longest
    assert found.longest.ends == TODAY + 10 * DAY, "its own last day"
    assert days(left(typed(0, 300, 10), topped(0, 50))) == (11, 16)


def test_today_is_still_to_come() -> None:
    found = left(typed(3, 300, 0))
    assert (found.expired, bounds(found.expiring)) == ((), [(260, 260)])
    assert (found.left, days(found)) == (270, (1, 1))


def test_credits_that_ended_before_the_balance_or_belong_to_an_older_one_are_left_out() -> None:
    found = left(topped(30, 20, -12), typed(20, 500, 5), topped(15, 70), typed(10, 300))
    assert (found.expired, found.expiring, days(found)) == ((), (), (20, 20))


def test_the_first_to_end_is_told_first() -> None:
    found = left(topped(30, 70, 9), topped(29, 30, 5), typed(10, 500))
    assert [ending.day for ending in found.expiring] == [TODAY + 5 * DAY, TODAY + 9 * DAY]


def test_of_two_credits_each_may_be_lost_but_not_both_whole() -> None:
    found = left(topped(30, 80, -2), topped(29, 80, -1), typed(10, 190))
    assert bounds(found.expired) == [(0, 80), (0, 80)]
    assert (found.left, days(found)) == (90, (0, 9)), "90 of them together"


def test_what_is_spent_of_one_credit_is_not_spent_of_another_too() -> None:
    found = left(typed(2, 500, 8), topped(2, 500, 8))
    assert bounds(found.expiring) == [(890, 890)], "one day, one figure"
    assert (found.left, days(found)) == (980, (9, 9))
    found = left(typed(4, 150, -3), topped(4, 150, -3), topped(4, 500))
    assert bounds(found.expired) == [(280, 300)]
    assert (found.left, found.gone, days(found)) == (480, 280, (46, 48))
    found = left(typed(4, 50), topped(4, 100, -3), topped(4, 100, -2))
    assert bounds(found.expired) == [(80, 100), (90, 100)]
    assert (found.left, found.gone, days(found)) == (40, 170, (1, 4))


def test_what_was_bought_later_cannot_have_been_spent_before() -> None:
    found = left(typed(9, 15, 4), topped(7, 900))
    assert bounds(found.expiring) == [(0, 0)], "it was all there was for two days"
    assert days(found) == (82, 82)


def test_without_a_pace_all_that_is_left_may_end() -> None:
    found = left(typed(10, 300, 30), per_day=None)
    assert bounds(found.expiring) == [(0, 200)]
    assert (found.longest, found.shortest) == (None, None)


def test_days_nobody_knows_are_taken_to_have_been_like_the_others() -> None:
    costs = {day: cost for day, cost in COSTS.items() if day != TODAY - 4 * DAY}
    found = estimate([typed(10, 300, -2)], costs, MIDNIGHT, TEN)
    assert found is not None
    assert bounds(found.expired) == [(200, 210)], "what was paid since is not lost"
    unpaced = estimate([typed(10, 300, -2)], costs, MIDNIGHT, None)
    assert unpaced is not None
    assert bounds(unpaced.expired) == [(0, 210)], "nobody knows what that day cost"


def test_a_drift_expects_nothing_of_what_ended() -> None:
    (drift,) = drifts([typed(10, 300, -3), topped(2, 50), typed(0, 30)], COSTS, MIDNIGHT)
    assert (drift.expected, drift.difference, drift.unsure) == (30, 0, 0)
    (drift,) = drifts([topped(30, 40, -2), typed(10, 300), typed(0, 170)], COSTS, MIDNIGHT)
    assert (drift.expected, drift.difference, drift.unsure) == (200, -30, 40)


CREDITS = st.lists(
    st.tuples(st.integers(0, 19), st.integers(1, 200), st.integers(-19, 15)), max_size=3
).map(lambda found: [each for each in found if each[2] >= -each[0]])


@given(st.integers(0, 300), CREDITS, st.integers(0, 99))
def test_whatever_is_spent_first_the_truth_lies_within(
    amount: int, credits: list[tuple[int, int, int]], seed: int
) -> None:
    """Spend day by day in any order; credits that end take along what is left of them."""
    found = left(typed(20, amount), *(topped(*each) for each in credits))
    purses = [amount, 0, 0, 0]
    now: int | None = None
    empty: int | None = None
    draw, order = random.Random(seed), [0, 1, 2, 3]
    for day in range(-20, 180):
        for number, (ago, bought, _) in enumerate(credits, 1):
            purses[number] += bought if -ago == day else 0
        if day == 0:
            now = sum(purses)
        if day >= 0 and empty is None and sum(purses) < 10:
            empty = day
        rest = 10
        if not draw.randrange(3):
            draw.shuffle(order)
        for number in order:
            paid = min(purses[number], rest)
            purses[number], rest = purses[number] - paid, rest - paid
        if rest and day < 0:
            return  # Nobody spends on credit: such a balance was typed wrong.
        for number, (_, _, last) in enumerate(credits, 1):
            purses[number] = 0 if last == day else purses[number]
    assert now is not None
    assert empty is not None
    doubt = sum(ending.doubt for ending in found.expired)
    assert found.left - doubt <= now <= found.left
    shortest, longest = days(found)
    assert shortest <= empty <= longest
