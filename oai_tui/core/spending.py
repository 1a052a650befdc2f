"""What was spent between two instants, from costs that are told by whole UTC days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from oai_tui.core.cycle import Costs, known
from oai_tui.core.exact import plus, total
from oai_tui.core.period import Period

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spent:
    """Dollars of a stretch of time, from costs that are told by whole UTC days.

    `unsure` is by how much it may be more or less, as nobody knows when in a day it was spent;
    `unknown_days` are those without any figure, which it leaves out, and `unknown` how long they
    are in days, as the first and the last may lie in it in part.
    """

    amount: Decimal
    unsure: Decimal
    unknown_days: int
    unknown: Decimal


def spent_between(costs: Costs, start: datetime, end: datetime, now: datetime) -> Spent:
    """Return what was spent from one time to another, neither after `now`.

    A day that lies in it in part is shared out evenly over the day, as far as that is over.
    """
    told = known(costs, now.astimezone(UTC).date())
    amounts, unsure, unknown = [], [], []
    for day, inside, over in _days(start, end, now):
        cost = told.get(day)
        if cost is None:
            unknown.append(_share(inside, _DAY))
            continue
        part = cost if inside == over else cost * _share(inside, over)
        rest = plus(cost, part.copy_negate())
        amounts.append(part)
        unsure.append(max(abs(part), abs(rest)) if rest else Decimal(0))
    return Spent(total(amounts), total(unsure), len(unknown), total(unknown))


def _days(
    start: datetime, end: datetime, now: datetime
) -> Iterator[tuple[date, timedelta, timedelta]]:
    """Yield each day of a stretch, how much of it lies inside, and how much of it is over."""
    first, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
    for day in Period(first, max(first, last)):
        midnight = datetime.combine(day, time(), UTC)
        until = min(midnight + _DAY, now)
        inside = min(end, until) - max(start, midnight)
        if inside > timedelta(0):
            yield day, inside, until - midnight


def _share(part: timedelta, whole: timedelta) -> Decimal:
    return Decimal(part // timedelta(microseconds=1)) / (whole // timedelta(microseconds=1))
