"""Ceilings made others, and how that is written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.adjusting import Adjustment, RateChange, rate_change, rate_words, scaled
from oai_tui.core.errors import WrongInput
from oai_tui.core.limits import Ceiling, RateLimit


def test_words() -> None:
    ceilings = {Ceiling.TOKENS: 30_000, Ceiling.REQUESTS: 500, Ceiling.IMAGES: None}
    expected = "500 requests a minute, 30,000 tokens a minute, images a minute not told"
    assert rate_words(ceilings) == expected


@pytest.mark.parametrize(
    ("value", "factor", "expected"),
    [(10, "2", 20), (10, "0.25", 3), (1, "0.5", 1), (1, "0.1", 1), (3, "1.5", 5), (7, "1", 7)],
)
def test_scaling(value: int, factor: str, expected: int) -> None:
    assert scaled(value, Decimal(factor)) == expected


@given(st.integers(1, 2**50), st.decimals("0.000001", "1000", places=6))
def test_scaling_is_within_half_of_one(value: int, factor: Decimal) -> None:
    found = scaled(value, factor)
    assert found >= 1
    assert found == 1 or abs(found - value * factor) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("typed", "of_1000", "words"),
    [
        ("x2", 2000, "× 2"),
        ("×1.5", 1500, "× 1.5"),
        ("X 0.25", 250, "× 0.25"),
        ("50%", 500, "× 0.5"),
        ("250 %", 2500, "× 2.5"),
        ("+1000", 2000, "+ 1,000"),
        ("-999", 1, "- 999"),
        ("+1.5k", 2500, "+ 1,500"),
        ("1500", 1500, "1,500"),
        ("1,500", 1500, "1,500"),
        ("1.5M", 1_500_000, "1,500,000"),
        ("30k", 30_000, "30,000"),
        ("2b", 2_000_000_000, "2,000,000,000"),
        ("x0.0001", 1, "× 0.0001"),
    ],
)
def test_adjustments(typed: str, of_1000: int, words: str) -> None:
    found = Adjustment.parse(typed)
    assert found.of(1000) == of_1000
    assert str(found) == words


@pytest.mark.parametrize(
    "typed",
    [
        "", "x", "x0", "0%", "+50%", "x50%", "x2k", "1.5", "+0.5", "1.2345k", "-", "1e6", "two",
        "1,50", "99999999999999999", "x-2", "0", "9007199254740993",
    ],
)  # fmt: skip
def test_what_is_no_adjustment(typed: str) -> None:
    with pytest.raises(WrongInput):
        Adjustment.parse(typed)


def test_no_ceiling_falls_below_one_or_beyond_all_numbers() -> None:
    for typed in ("-1000", "-2k"):
        with pytest.raises(WrongInput, match="no ceiling to work under"):
            Adjustment.parse(typed).of(1000)
    with pytest.raises(WrongInput):
        Adjustment.parse("x1000000").of(2**50)


def test_a_change_of_a_ceiling() -> None:
    limit = RateLimit("rl_1", "proj_1", "gpt-5.6", {Ceiling.REQUESTS: 500})
    change = rate_change(limit, Ceiling.REQUESTS, Adjustment.parse("x2"))
    assert change == RateChange(limit, {Ceiling.REQUESTS: 1000})
    assert (change.was, change.is_to_be) == ("500 requests a minute", "1,000 requests a minute")
    assert rate_change(limit, Ceiling.REQUESTS, Adjustment.parse("500")) is None
    assert rate_change(limit, Ceiling.TOKENS, Adjustment.parse("500")) is None
