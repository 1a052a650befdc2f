"""What each month cost, and what it was spent on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oai_tui.core.cycle import Costs, months, settled_days
from oai_tui.core.exact import plus, total
from oai_tui.core.kinds import Dimension
from oai_tui.core.period import Period, month_of


@dataclass(frozen=True, slots=True)
class Part:
    """What one project or line item cost in a month.

    `share` is its part of the month, 0 to 1; None where credits leave no whole to be a part of.
    `change` is how much more it is than the month before, as a part of that: 0.12 is 12 % more;
    None where there is no whole month to hold it against, or it cost nothing then.
    """

    id: str
    name: str
    amount: Decimal
    share: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month. `days` has each day of it, None where nothing is known.

    `is_open` while it runs; `is_provisional` while costs of it may be yet to come. `total` is the
    sum of the known days.
    """

    first: date
    total: Decimal
    is_open: bool
    is_provisional: bool
    parts: tuple[Part, ...]
    days: tuple[Decimal | None, ...]
    change: Decimal | None = None

    @property
    def period(self) -> Period:
        """Its days."""
        return month_of(self.first)

    @property
    def unknown_days(self) -> int:
        """How many of its days that are over have no figure."""
        return sum(day is None for day in self.days)

    @property
    def is_told(self) -> bool:
        """Whether any of its days has a figure; without one its total says nothing."""
        return any(day is not None for day in self.days)


@dataclass(frozen=True, slots=True)
class History:
    """Months, the newest first, from the one of the oldest cost. `told_from` is its day."""

    months: tuple[Month, ...]
    dimension: Dimension
    told_from: date | None


def history_of(
    costs: Mapping[str, Costs],
    days: Costs,
    today: date,
    dimension: Dimension,
    name_of: Callable[[str], str],
) -> History:
    """Return what each month cost from the known `days` and the costs of each part of them."""
    told_from = min((day for day, cost in days.items() if cost), default=None)
    sums = _sums(days)
    by_part = {id: (name_of(id), _sums(each)) for id, each in costs.items()}
    sure = max(settled_days(days, today), default=date.min)
    found = []
    for month in months(told_from or today, today):
        before = month.shifted(-1)
        whole, is_open = sums.get(month.first, Decimal(0)), today in month
        is_told = told_from is not None and told_from <= before.first
        is_held = is_told and not is_open and all(day in days for day in (*before, *month))
        held = before.first if is_held else None
        found.append(
            Month(
                month.first,
                whole,
                is_open,
                is_provisional=month.last > sure,
                parts=_parts(by_part, month.first, whole, held),
                days=tuple(days.get(day) for day in month if day <= today),
                change=_change(sums, held, whole),
            )
        )
    return History(tuple(reversed(found)), dimension, told_from)


Sums = Mapping[date, Decimal]
"""Dollars by the first day of the month."""


def _parts(
    by_part: Mapping[str, tuple[str, Sums]], first: date, whole: Decimal, held: date | None
) -> tuple[Part, ...]:
    """Return what a month was spent on, the largest first, held against another month."""
    found = [
        Part(id, name, amount, _share(amount, whole), _change(sums, held, amount))
        for id, (name, sums) in by_part.items()
        if (amount := sums.get(first, Decimal(0)))
    ]
    return tuple(sorted(found, key=lambda part: (-part.amount, part.name, part.id)))


def _sums(costs: Costs) -> Sums:
    by_month: dict[date, list[Decimal]] = {}
    for day, cost in costs.items():
        by_month.setdefault(day.replace(day=1), []).append(cost)
    return {first: total(each) for first, each in by_month.items()}


def _share(amount: Decimal, whole: Decimal) -> Decimal | None:
    return amount / whole if whole > 0 else None


def _change(sums: Sums, held: date | None, now: Decimal) -> Decimal | None:
    before = sums.get(held, Decimal(0)) if held is not None else Decimal(0)
    return plus(now, before.copy_negate()) / before if before > 0 else None
