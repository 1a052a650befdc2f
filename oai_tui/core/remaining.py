"""What is left: in money under a limit, in tokens at the price that was paid lately."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from oai_tui.core.exact import plus, total
from oai_tui.core.money import Money
from oai_tui.core.period import Period
from oai_tui.core.text import UNKNOWN, percent


class CapKind(StrEnum):
    """What sets an amount."""

    LIMIT = "hard limit"
    PROJECT = "project limit"
    DAILY = "daily budget"
    MONTHLY = "monthly budget"
    BALANCE = "balance"

    @property
    def is_local(self) -> bool:
        """Whether only this program knows it, so that nothing is refused for it."""
        return self in (CapKind.DAILY, CapKind.MONTHLY, CapKind.BALANCE)

    @property
    def stops_everything(self) -> bool:
        """Whether it is about all that the organization spends in more than a day."""
        return self in (CapKind.LIMIT, CapKind.MONTHLY, CapKind.BALANCE)


@dataclass(frozen=True, slots=True)
class Cap:
    """An amount and what of it is spent; None where the spend is not known.

    `name` is how a person calls it (`hard limit`, the name of a project), `enforcement` the
    platform's own word for its state. `is_awaited` is set where the costs could be read and none
    of its days has a figure yet.
    """

    kind: CapKind
    name: str
    amount: Money
    spent: Decimal | None
    enforcement: str = ""
    project_id: str = ""
    is_awaited: bool = False

    @property
    def left(self) -> Decimal | None:
        """What is left, never below zero."""
        if self.spent is None:
            return None
        return max(plus(self.amount.dollars, self.spent.copy_negate()), Decimal(0))

    @property
    def left_so_far(self) -> Decimal | None:
        """What is left by what is told: all of it while the first figure is awaited."""
        return self.amount.dollars if self.is_awaited else self.left

    @property
    def over(self) -> Decimal | None:
        """By how much more is spent, zero where it is not."""
        if self.spent is None:
            return None
        return max(plus(self.spent, self.amount.dollars.copy_negate()), Decimal(0))

    @property
    def share(self) -> Decimal | None:
        """The part that is spent: 1 is all of it; None of nothing."""
        if self.spent is None or self.amount.dollars <= 0:
            return None
        return self.spent / self.amount.dollars

    @property
    def is_reached(self) -> bool:
        """Whether all of it is known to be spent; an amount of nothing is from the start."""
        spent = Decimal(0) if self.is_awaited else self.spent
        return spent is not None and spent >= self.amount.dollars

    @property
    def used(self) -> str:
        """How much is spent in words: `64 %`, `—`."""
        return UNKNOWN if self.spent is None else used(self.spent, self.amount.dollars)


def used(spent: Decimal, amount: Decimal) -> str:
    """Return how much of an amount is spent: `64 %`; never `100 %` before it is reached."""
    if amount <= 0:
        return UNKNOWN
    text = percent(spent, amount)
    return "99 %" if text == "100 %" and spent < amount else text


def nearest(caps: Iterable[Cap]) -> Cap | None:
    """Return the cap that leaves least of those that are about everything, None without any."""
    known = [cap for cap in caps if cap.kind.stops_everything and cap.left_so_far is not None]
    return min(known, key=lambda cap: cap.left_so_far or Decimal(0), default=None)


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens, in and out together, cost in a period; None where nothing was used.

    `low` and `high` are the cheapest and the dearest whole week of it, None where it has no two.
    """

    name: str
    per_million: Decimal | None
    cost: Decimal | None
    tokens: int | None
    period: Period
    low: Decimal | None = None
    high: Decimal | None = None


def price_of(
    name: str,
    cost: Decimal | None,
    tokens: int | None,
    period: Period,
    daily: Mapping[date, tuple[Decimal, int]] | None = None,
) -> Price:
    """Return the blended price that a cost and the tokens it paid for come to.

    `daily` are the cost and the tokens of each day, from which the price of single weeks is told.
    """
    weeks = [price for week in _weeks(period) if (price := _of_days(daily or {}, week))]
    low, high = (min(weeks), max(weeks)) if len(weeks) > 1 else (None, None)
    return Price(name, _per_million(cost, tokens), cost, tokens, period, low, high)


def tokens_left(left: Decimal | None, per_million: Decimal | None) -> int | None:
    """Return how many tokens an amount buys at a blended price; an estimate by nature."""
    if left is None or not per_million:
        return None
    return int((left / per_million * 1_000_000).to_integral_value(ROUND_FLOOR))


def _per_million(cost: Decimal | None, tokens: int | None) -> Decimal | None:
    if cost is None or tokens is None or cost <= 0 or tokens <= 0:
        return None
    return cost / tokens * 1_000_000


def _weeks(period: Period) -> Iterator[Period]:
    """Yield the whole weeks that end with the last day of a period."""
    last = period.last
    while last - timedelta(days=6) >= period.first:
        yield Period(last - timedelta(days=6), last)
        last -= timedelta(days=7)


def _of_days(daily: Mapping[date, tuple[Decimal, int]], days: Iterable[date]) -> Decimal | None:
    found = [daily[day] for day in days if day in daily]
    return _per_million(total(cost for cost, _ in found), sum(tokens for _, tokens in found))
