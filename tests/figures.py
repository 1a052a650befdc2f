"""Rows of usage and costs for the tests of everything that keeps, sums or shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from oai_tui.core.cuts import Grain
from oai_tui.core.kinds import Dimension
from oai_tui.core.usage import CHARGED_BY, COUNTED_BY, NUMBERS, Charged, Counted

START = datetime(2026, 3, 1, tzinfo=UTC)
LATER = START + timedelta(days=400)


def at(number: int, grain: Grain = Grain.DAY) -> int:
    """Return when the bucket of a number begins, in Unix seconds."""
    return int(START.timestamp()) + number * grain.seconds


def moment(number: int, grain: Grain = Grain.DAY) -> datetime:
    return datetime.fromtimestamp(at(number, grain), UTC)


def used(
    begins: int, dimensions: dict[Dimension, str] | None = None, **numbers: int | None
) -> Counted:
    names = dimensions or {}
    return Counted(
        begins,
        tuple(names.get(dimension, "") for dimension in COUNTED_BY),
        tuple(numbers.get(name) for name in NUMBERS),
    )


def charged(begins: int, amount: str, dimensions: dict[Dimension, str] | None = None) -> Charged:
    names = dimensions or {}
    return Charged(
        begins, tuple(names.get(dimension, "") for dimension in CHARGED_BY), Decimal(amount)
    )


def cuts_of(edges: Sequence[int], grain: Grain = Grain.DAY) -> tuple[tuple[int, int], ...]:
    """Return the cuts between numbers of buckets."""
    return tuple((at(a, grain), at(b, grain)) for a, b in pairwise(edges))


def name_of(row: Counted | Charged, dimension: Dimension) -> str:
    order: Iterable[Dimension] = COUNTED_BY if isinstance(row, Counted) else CHARGED_BY
    return row.names[list(order).index(dimension)]


def number_of(row: Counted, *fields: str) -> int | None:
    """Return the sum of some numbers of a row, None where it has none of them."""
    told = [row.numbers[NUMBERS.index(field)] for field in fields]
    return None if all(each is None for each in told) else sum(each or 0 for each in told)
