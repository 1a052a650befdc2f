"""Amounts as the flat rows of the bill carry them: money is a decimal text beside a currency."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

Row = Mapping[str, object]


def amount_text(amount: Decimal | None) -> str | None:
    """Return an amount to its last digit; a zero may have thousands of them."""
    if amount is None:
        return None
    return f"{amount:f}" if amount else "0"


def ratio_text(part: Decimal | None) -> str | None:
    """Return a part of 1 with four digits."""
    return None if part is None else f"{part:.4f}"


def spread(row: Row) -> Row:
    """Return a row whose negative amounts stay numbers instead of being taken for formulas."""
    return {name: _number(value) for name, value in row.items()}


def _number(value: object) -> object:
    if isinstance(value, str) and value[:1] == "-":
        try:
            return Decimal(value)
        except ArithmeticError:
            return value
    return value
