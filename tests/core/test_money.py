"""Cents and dollars, one conversion each way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.errors import WrongInput
from oai_tui.core.money import Money


@given(st.integers(min_value=0, max_value=10**14))
def test_cents_come_back_as_they_went(cents: int) -> None:
    amount = Money.of_cents(cents)
    assert amount.cents == cents
    assert amount.dollars * 100 == cents


@given(st.integers(min_value=0, max_value=10**13))
def test_what_is_shown_can_be_typed(cents: int) -> None:
    amount = Money.of_cents(cents)
    assert Money.parse(str(amount)) == amount


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1500", 150_000),
        ("$1,500.50", 150_050),
        (" 0.5 ", 50),
        ("2,000,000", 200_000_000),
        ("$ 12.34", 1234),
        ("0", 0),
    ],
)
def test_dollars_are_typed_in_the_ways_people_write_them(typed: str, cents: int) -> None:
    assert Money.parse(typed).cents == cents


@pytest.mark.parametrize(
    "typed",
    [
        "-5",
        "+5",
        "1e3",
        "1,5",
        "12,34",
        "1.500",
        "0.001",
        "NaN",
        "Infinity",
        "5 €",
        "١٢",
        "1500c",
    ],
)
def test_what_could_be_meant_otherwise_is_refused(typed: str) -> None:
    with pytest.raises(WrongInput, match="not an amount"):
        Money.parse(typed)


def test_no_amount_is_said_to_be_none() -> None:
    with pytest.raises(WrongInput, match="No amount is typed"):
        Money.parse("  ")


def test_cents_beyond_any_bill_lose_none_of_theirs() -> None:
    cents = 1_234_567_890_123_456_789_012_345_678_901
    assert Money.of_cents(cents).cents == cents


def test_fractions_of_a_cent_never_reach_a_limit() -> None:
    with pytest.raises(WrongInput, match="fractions of a cent"):
        _ = Money(Decimal("0.001")).cents


def test_amounts_are_ordered_by_what_they_are_worth() -> None:
    assert Money.parse("9.99") < Money.of_cents(1000) == Money(Decimal("10.00"))
