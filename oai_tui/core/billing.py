"""The cycle, the limits, what is left. Money is `Decimal` dollars; the platform's limits are cents.

A cycle is a calendar month in UTC, the only interval the platform's limits know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from oai_tui.core.exact import plus, total
from oai_tui.core.period import Period, month_of
from oai_tui.core.usage import CostRow


class Origin(StrEnum):
    """Where a figure comes from."""

    REPORTED = "reported"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SpendLimit:
    """A hard monthly limit. `enforcement` is the platform's own word for its state."""

    amount: Decimal
    enforcement: str = ""


@dataclass(frozen=True, slots=True)
class SpendAlert:
    """A monthly amount at which the platform sends mail; traffic goes on."""

    id: str
    amount: Decimal
    recipients: tuple[str, ...] = ()


def dollars(cents: int) -> Decimal:
    """Return the dollars of an amount in cents, exactly."""
    return Decimal(cents).scaleb(-2)


@dataclass(frozen=True, slots=True)
class ProjectSpend:
    """What a project cost in the cycle. `project_id` "" is what no project was charged for.

    `limit` None with `limit_known` False means that it was not or could not be asked.
    """

    project_id: str
    name: str
    spent: Decimal
    limit: SpendLimit | None = None
    limit_known: bool = True


@dataclass(frozen=True, slots=True)
class MonthSpend:
    """What one calendar month cost; `is_open` while it can still grow."""

    first: date
    spent: Decimal
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Cycle:
    """The current month: what it cost so far, and how much of that is provisional (today's)."""

    month: Period
    today: date
    spent: Decimal
    spent_today: Decimal
    daily: tuple[Decimal, ...]

    @property
    def average(self) -> Decimal | None:
        """Dollars a whole day, over the days that are over; None on the first of a month."""
        closed = (self.today - self.month.first).days
        return (self.spent - self.spent_today) / closed if closed else None


def cycle_of(rows: Iterable[CostRow], today: date) -> Cycle:
    """Sum the costs of the month that today lies in."""
    month = month_of(today)
    sums = dict.fromkeys(month, Decimal(0))
    for row in rows:
        if row.day in sums:
            sums[row.day] = plus(sums[row.day], row.amount)
    daily = tuple(sums[day] for day in month if day <= today)
    return Cycle(month, today, total(daily), sums[today], daily)


def left_in_money(cycle: Cycle, limit: SpendLimit | None) -> Decimal | None:
    """Return what is left under a limit, never below zero; None without a limit."""
    return None if limit is None else max(limit.amount - cycle.spent, Decimal(0))


def price_per_million(cost: Decimal, tokens: int) -> Decimal | None:
    """Return the blended price of a million tokens in and out; None where nothing was used."""
    return cost / tokens * 1_000_000 if tokens > 0 and cost > 0 else None


def left_in_tokens(left: Decimal | None, per_million: Decimal | None) -> int | None:
    """Return how many tokens an amount buys at a blended price; an estimate by nature."""
    if left is None or not per_million:
        return None
    return int((left / per_million * 1_000_000).to_integral_value(ROUND_FLOOR))


def months(rows: Iterable[CostRow], today: date, number: int = 12) -> tuple[MonthSpend, ...]:
    """Sum costs by calendar month, the newest first, months without cost included."""
    firsts = [today.replace(day=1)]
    while len(firsts) < number:
        firsts.append(month_of(firsts[-1]).shifted(-1).first)
    sums = dict.fromkeys(firsts, Decimal(0))
    for row in rows:
        first = row.day.replace(day=1)
        if first in sums:
            sums[first] = plus(sums[first], row.amount)
    return tuple(MonthSpend(first, spent, first == firsts[0]) for first, spent in sums.items())
