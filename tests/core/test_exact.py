from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.exact import minus, plus, total

AMOUNTS = st.lists(
    st.integers(-(10**80), 10**80).map(lambda units: Decimal(units).scaleb(-45)), max_size=30
) | st.lists(st.decimals(-(10**9), 10**9, places=39), max_size=30)


@given(AMOUNTS)
def test_sums_lose_nothing(amounts: list[Decimal]) -> None:
    assert Fraction(total(amounts)) == sum(map(Fraction, amounts), Fraction(0))


def test_a_fraction_beside_a_fortune() -> None:
    fortune, fraction = Decimal("123456789012345.67"), Decimal("1e-39")
    assert plus(fortune, fraction) != fortune
    assert plus(plus(fortune, fraction), -fortune) == fraction


def test_nothing_sums_to_zero() -> None:
    assert total([]) == 0


@given(st.tuples(*[st.integers(-(10**80), 10**80).map(lambda n: Decimal(n).scaleb(-45))] * 2))
def test_differences_lose_nothing(amounts: tuple[Decimal, Decimal]) -> None:
    left, right = amounts
    assert Fraction(minus(left, right)) == Fraction(left) - Fraction(right)
