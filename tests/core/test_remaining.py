from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from oai_tui.core.money import Money
from oai_tui.core.period import Period
from oai_tui.core.remaining import Cap, CapKind, nearest, price_of, tokens_left

PERIOD = Period(date(2026, 10, 23), date(2026, 11, 21))


def cap(spent: str | None, amount: str = "2500.00", kind: CapKind = CapKind.LIMIT) -> Cap:
    known = None if spent is None else Decimal(spent)
    return Cap(kind, kind.value, Money(Decimal(amount)), known, "enforcing")


@pytest.mark.parametrize(
    ("spent", "left", "over", "words"),
    [
        ("0", "2500", "0", "0 %"),
        ("0.01", "2499.99", "0", "<1 %"),
        ("2499.99", "0.01", "0", "99 %"),
        ("2500", "0", "0", "100 %"),
        ("2600.50", "0", "100.50", "104 %"),
        ("-50", "2550", "0", "-2 %"),
    ],
)
def test_what_is_left_of_a_limit(spent: str, left: str, over: str, words: str) -> None:
    found = cap(spent)
    assert (found.left, found.over, found.used) == (Decimal(left), Decimal(over), words)
    assert found.is_reached == (left == "0")


def test_of_a_spend_nobody_knows_nothing_is_told() -> None:
    found = cap(None)
    assert (found.left, found.over, found.share, found.used) == (None, None, None, "—")
    assert not found.is_reached


def test_while_the_first_figure_is_awaited_all_of_it_may_be_left() -> None:
    found = replace(cap(None), is_awaited=True)
    assert (found.left, found.left_so_far, found.used) == (None, 2500, "—")
    assert nearest([found, cap(None, "1")]) is found
    assert not found.is_reached
    assert replace(cap(None, "0"), is_awaited=True).is_reached, "there is nothing to wait for"


def test_nothing_has_no_parts() -> None:
    found = cap("5", "0")
    assert (found.share, found.used, found.left, found.is_reached) == (None, "—", 0, True)


def test_what_is_left_loses_no_digit() -> None:
    tiny = "0." + "0" * 38 + "7"
    assert cap(tiny).left == Decimal("2499." + "9" * 38 + "3")


def test_the_nearest_is_what_leaves_least_of_everything() -> None:
    limit, balance = cap("100"), cap("100", "900", CapKind.BALANCE)
    month = cap("100", "950", CapKind.MONTHLY)
    assert nearest([limit, month, balance]) is balance
    assert nearest([limit, month]) is month
    assert nearest([limit, cap(None, "1"), balance]) is balance


def test_a_daily_budget_and_a_project_stand_for_themselves() -> None:
    own = [cap("1", "2", CapKind.DAILY), cap("1", "2", CapKind.PROJECT)]
    assert nearest(own) is None
    assert nearest([*own, limit := cap("5")]) is limit


def test_what_only_this_program_knows_is_called_local() -> None:
    assert {kind for kind in CapKind if kind.is_local} == {
        CapKind.DAILY,
        CapKind.MONTHLY,
        CapKind.BALANCE,
    }


def test_tokens_are_bought_at_the_blended_price() -> None:
    price = price_of("all models", Decimal("4.62"), 2_000_000, PERIOD)
    assert price.per_million == Decimal("2.31")
    assert tokens_left(Decimal("715.90"), price.per_million) == 309_913_419
    assert (price.low, price.high) == (None, None)


@pytest.mark.parametrize(
    ("cost", "tokens"), [("5", 0), ("0", 5), ("-5", 5), (None, 5), ("5", None)]
)
def test_there_is_no_price_unless_something_was_paid_and_used(
    cost: str | None, tokens: int | None
) -> None:
    price = price_of("all models", None if cost is None else Decimal(cost), tokens, PERIOD)
    assert price.per_million is None
    assert tokens_left(Decimal(5), price.per_million) is None
    assert tokens_left(None, Decimal(2)) is None


def test_the_spread_of_the_price_is_that_of_whole_weeks() -> None:
    daily = {day: (Decimal(20 if day < date(2026, 11, 1) else 10), 5_000_000) for day in PERIOD}
    price = price_of("all models", Decimal(390), 150_000_000, PERIOD, daily)
    assert price.low == 2
    assert price.high == 4
    assert price_of("x", Decimal(1), 1, Period(PERIOD.last, PERIOD.last), daily).low is None
