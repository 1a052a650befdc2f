"""The cycle, the limits, what is left. Money is `Decimal` dollars; the platform's limits are cents.

A cycle is a calendar month in UTC, the only interval the platform's limits know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from oai_tui.core.exact import plus, total
from oai_tui.core.period import Period, month_of
from oai_tui.core.text import UNKNOWN, percent
from oai_tui.core.usage import CostRow

YOUNG_DAYS = 2
"""Days, today included, for which costs may be yet to come: they were seen a day late."""


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
    """The current month. Today's part is provisional; costs arrive some hours late.

    `daily` has a figure for each day from the first to today, `before` for each day of the month
    before; None where the platform has reported nothing yet.
    """

    month: Period
    today: date
    spent: Decimal
    daily: tuple[Decimal | None, ...]
    before: tuple[Decimal | None, ...]

    @property
    def is_reported(self) -> bool:
        """Whether any day of the month has been reported."""
        return any(day is not None for day in self.daily)

    @property
    def spent_today(self) -> Decimal | None:
        """Dollars of today as far as reported, None while nothing is."""
        return self.daily[-1]

    @property
    def spent_yesterday(self) -> Decimal | None:
        """Dollars of the day before today, in whichever month it lies."""
        return (self.before + self.daily)[-2]

    @property
    def average(self) -> Decimal | None:
        """Dollars a day over the reported days that are over; None while there is none."""
        closed = [day for day in self.daily[:-1] if day is not None]
        return total(closed) / len(closed) if closed else None


def reported_through(rows: Iterable[CostRow], today: date) -> date:
    """Return the last day whose costs count as reported; a later day without cost is not told yet.

    A day without cost is taken for a day that cost nothing once it is older than costs are late.
    """
    settled = today - timedelta(days=YOUNG_DAYS)
    return max([settled, *(row.day for row in rows if row.day <= today)])


def cycle_of(rows: Sequence[CostRow], today: date) -> Cycle:
    """Sum the costs of the month that today lies in, and of the one before."""
    month = month_of(today)
    before = month.shifted(-1)
    through = reported_through(rows, today)
    sums: dict[date, Decimal] = {}
    for row in rows:
        sums[row.day] = plus(sums.get(row.day, Decimal(0)), row.amount)

    def told(day: date) -> Decimal | None:
        return sums.get(day, Decimal(0)) if day <= through else None

    daily = tuple(told(day) for day in month if day <= today)
    spent = total(day for day in daily if day is not None)
    return Cycle(month, today, spent, daily, tuple(map(told, before)))


def left_in_money(spent: Decimal, limit: SpendLimit | None) -> Decimal | None:
    """Return what is left under a limit, never below zero; None without a limit."""
    if limit is None:
        return None
    return max(plus(limit.amount, spent.copy_negate()), Decimal(0))


def over(spent: Decimal, limit: SpendLimit) -> Decimal:
    """Return by how much a spend is over a limit, zero where it is not."""
    return max(plus(spent, limit.amount.copy_negate()), Decimal(0))


def used(spent: Decimal, amount: Decimal) -> str:
    """Return how much of an amount is spent: `64 %`; never `100 %` before it is reached."""
    if amount <= 0:
        return UNKNOWN
    text = percent(spent, amount)
    return "99 %" if text == "100 %" and spent < amount else text


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


def spend_by_project(rows: Iterable[CostRow], period: Period) -> dict[str, Decimal]:
    """Sum the costs of a period by project id; "" is what no project was charged for."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        if row.day in period:
            sums[row.project_id] = plus(sums.get(row.project_id, Decimal(0)), row.amount)
    return sums


def changes(months: Sequence[MonthSpend]) -> tuple[Decimal | None, ...]:
    """Return how each month differs from the one before, as a part of that; the newest is first.

    None for an open month, which would be held against a whole one, for the oldest, and where the
    month before cost nothing.
    """
    befores = [*(month.spent for month in months[1:]), Decimal(0)]
    return tuple(
        None if month.is_open or before <= 0 else (month.spent - before) / before
        for month, before in zip(months, befores, strict=True)
    )
