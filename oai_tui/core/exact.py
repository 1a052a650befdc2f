"""Sums of money that lose nothing.

Python's own decimal context keeps 28 digits; amounts with 39 decimals were seen from the platform.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal

_EXACT = Context(prec=150)


def plus(left: Decimal, right: Decimal) -> Decimal:
    """Return the exact sum of two amounts."""
    return _EXACT.add(left, right)


def minus(left: Decimal, right: Decimal) -> Decimal:
    """Return the exact difference of two amounts."""
    return _EXACT.subtract(left, right)


def shifted(amount: Decimal, places: int) -> Decimal:
    """Return an amount with its point so many places further to the right, no digit lost."""
    return _EXACT.scaleb(amount, places)


def total(values: Iterable[Decimal]) -> Decimal:
    """Return the exact sum of amounts."""
    result = Decimal(0)
    for value in values:
        result = _EXACT.add(result, value)
    return result
