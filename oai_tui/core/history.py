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
    whole = _sums(days)
    by_part = {id: _sums(each) for id, each in costs.items()}
    sure = settled_days(days, today)
    found = []
    for month in months(told_from or today, today):
        first, before = month.first, month.shifted(-1).first
        is_open = today in month
        held = not is_open and all(day in days for day in (*month.shifted(-1), *month))
        held = held and told_from is not None and told_from <= before
        parts = []
        for id, sums in by_part.items():
            amount = sums.get(first, Decimal(0))
            if amount:
                change = _change(sums.get(before), amount) if held else None
                parts.append(Part(id, name_of(id), amount, _share(amount, whole[first]), change))
        found.append(
            Month(
                first,
                whole.get(first, Decimal(0)),
                is_open,
                is_open or not sure or month.last > sure[-1],
                tuple(sorted(parts, key=lambda part: (-part.amount, part.name))),
                tuple(days.get(day) for day in month if day <= today),
                _change(whole.get(before), whole.get(first, Decimal(0))) if held else None,
            )
        )
    return History(tuple(reversed(found)), dimension, told_from)


def _sums(costs: Costs) -> dict[date, Decimal]:
    by_month: dict[date, list[Decimal]] = {}
    for day, cost in costs.items():
        by_month.setdefault(day.replace(day=1), []).append(cost)
    return {first: total(each) for first, each in by_month.items()}


def _share(amount: Decimal, whole: Decimal) -> Decimal | None:
    return amount / whole if whole > 0 else None


def _change(before: Decimal | None, now: Decimal) -> Decimal | None:
    if before is None or before <= 0:
        return None
    return plus(now, before.copy_negate()) / before
