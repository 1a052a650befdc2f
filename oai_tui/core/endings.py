"""Credits that end: how much of them is not spent by then, in bounds.

The platform does not tell which credit it takes first. One that ends may be used up before all the
others, or not be touched while there are others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oai_tui.core.exact import minus, plus

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Held:
    """A credit that ends at an instant. `since` is when all of it was there, None if unknown."""

    amount: Decimal
    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Unspent:
    """How many dollars of a credit are left at its end: at least and at most."""

    least: Decimal = ZERO
    most: Decimal = ZERO


def unspent(
    held: Sequence[Held],
    now: datetime,
    left_at: Callable[[datetime], Decimal],
    spent: Callable[[datetime, datetime], Decimal | None],
) -> list[Unspent]:
    """Return what is left of each credit at its end; the first to end comes first.

    `left_at` is what would be left of everything if no credit ended, `spent` what is spent between
    two instants, None where nobody knows.
    """
    found: list[Unspent] = []
    gone = ZERO
    for each in held:
        # What was lost cannot have been spent since, so it is no more than is left now.
        left = min(left_at(each.until), left_at(now))
        most = _within(minus(left, gone), each.amount)
        used = spent(each.since, each.until) if each.since else None
        least = _within(minus(each.amount, used), most) if used is not None else ZERO
        gone = plus(gone, most)
        found.append(Unspent(least, most))
    return found


def lasting(left: Decimal, per_day: Decimal, ends: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """Return the days that an amount lasts. `ends` are losses to come: after how many days, $."""
    for days, loss in ends:
        there = minus(left, per_day * days)
        if there <= 0:
            break
        left = minus(left, loss)
        if there <= loss:
            return days
    return max(left, ZERO) / per_day


def _within(amount: Decimal, most: Decimal) -> Decimal:
    return min(max(amount, ZERO), max(most, ZERO))
