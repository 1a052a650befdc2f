"""How months, their days and what they were spent on read: a column each.

The amounts are given the room that they need and no more, so that a bar stands beside them on a
terminal of 80 columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from oai_tui.core.history import Month, MonthPart, Part
from oai_tui.core.kinds import Dimension
from oai_tui.core.text import UNKNOWN, money, percent
from oai_tui.services.billing.history_words import marked_change
from oai_tui.ui.charts.gauges import LEFT
from oai_tui.ui.widgets.billing_columns import money_column
from oai_tui.ui.widgets.billing_history_words import (
    LABELS,
    SO_FAR,
    has_gaps,
    spent_words,
)
from oai_tui.ui.widgets.table import Cell, Column
from oai_tui.ui.widgets.table_columns import GAP, Tone

Row = TypeVar("Row")
AnyPart = TypeVar("AnyPart", bound=Part)

BESIDE = 4
"""Cells of a list that no bar has: the sign of the cursor, and a blank before the thumb."""

LONGEST_BAR, SHORTEST_BAR = 16, 3


@dataclass(frozen=True, slots=True)
class Day:
    """What one day cost; None where it is not known. `is_late` while it may still grow."""

    day: date
    spent: Decimal | None
    is_late: bool


def days_of(month: Month) -> tuple[Day, ...]:
    """Return the days of a month up to today, the oldest first."""
    return tuple(
        Day(month.first + timedelta(days=place), spent, place >= month.settled)
        for place, spent in enumerate(month.days)
    )


def room_for(amounts: Iterable[Decimal]) -> int:
    """Return the cells that the widest of some amounts takes, or a least amount."""
    told = list(amounts)
    return max(len("<$0.01"), *(len(money(each(told, default=Decimal(0)))) for each in (min, max)))


def month_columns(months: Sequence[Month], width: int, *, fine: bool) -> tuple[Column[Month], ...]:
    """Return the columns of the months in a list of so many cells; the longest month's bar is full.

    A bar is made of eighths of a cell where it may be `fine`.
    """
    room = max((len(spent_words(month)) for month in months), default=0)
    change = Column("change", "CHANGE", 6, _month_change, _change_of, align="right", priority=8)
    columns: tuple[Column[Month], ...] = (
        Column("month", "MONTH", 8, lambda row: f"{row.first:%b %Y}", lambda row: row.first),
        _spent_column(room, _month_spent, lambda row: row.total),
        replace(change, width=max(6, *(len(change.read(month).text) for month in months))),
    )
    most, cells = max((month.total for month in months), default=Decimal(0)), _left(width, columns)
    return (
        *columns,
        Column("bar", "", cells, lambda row: Cell(_bar(row.total, most, cells, fine), "accent")),
    )


def day_columns(days: Sequence[Day], width: int, *, fine: bool) -> tuple[Column[Day], ...]:
    """Return the columns of the days of a month; the name of the day stands after its number."""
    spent = [day.spent for day in days if day.spent is not None]
    columns: tuple[Column[Day], ...] = (
        Column("day", "DAY", 6, lambda row: f"{row.day.day:>2} {row.day:%a}", lambda row: row.day),
        _spent_column(room_for(spent), _day_spent, lambda row: row.spent),
    )
    most, cells = max(spent, default=Decimal(0)), _left(width, columns)

    def bar(row: Day) -> Cell:
        return Cell(_bar(row.spent, most, cells, fine), "muted" if row.is_late else "accent")

    return (*columns, Column("bar", "", cells, bar))


def part_columns(month: Month, dimension: Dimension, room: int) -> tuple[Column[MonthPart], ...]:
    """Return the columns of what a month was spent on, with so many cells for amounts."""

    def change(row: MonthPart) -> Cell:
        return Cell(marked_change(row.change, month), "muted")

    widest = max((len(change(part).text) for part in month.parts), default=0)
    return (
        *split_columns(LABELS[dimension], room),
        Column(
            "change",
            "CHANGE",
            max(6, widest),
            change,
            lambda row: row.change,
            align="right",
            priority=8,
        ),
    )


def split_columns(label: str, room: int, tone: Tone = "") -> tuple[Column[AnyPart], ...]:
    """Return the columns of what something was spent on, with so many cells for amounts."""

    def spent(row: AnyPart) -> Cell:
        return Cell(money(row.amount), tone)

    return (
        Column("part", label, 12, lambda row: row.name, lambda row: row.name.casefold(), grow=True),
        _spent_column(room, spent, lambda row: row.amount),
        Column("share", "SHARE", 5, part_share, lambda row: row.share, align="right", priority=7),
    )


def part_share(part: Part) -> str:
    """Return the share of a part; none where credits leave no whole."""
    return UNKNOWN if part.share is None else percent(part.share, Decimal(1))


def _spent_column(
    room: int, cell: Callable[[Row], Cell], sort: Callable[[Row], object]
) -> Column[Row]:
    return replace(money_column("spent", "SPENT", cell, sort, 9), width=max(5, room))


def _month_spent(month: Month) -> Cell:
    words = spent_words(month)
    return Cell(words, "muted" if words == UNKNOWN else "warn" if has_gaps(month) else "")


def _change_of(month: Month) -> Decimal | None:
    return month.change


def _month_change(month: Month) -> Cell:
    if month.is_open and month.change is None:
        return Cell(SO_FAR, "muted")
    return Cell(marked_change(month.change, month), "muted")


def _day_spent(row: Day) -> Cell:
    return Cell(money(row.spent), "muted" if row.is_late or row.spent is None else "")


def _left(width: int, columns: Sequence[Column[Row]]) -> int:
    """Return the cells that are left for a bar in a list."""
    taken = BESIDE + sum(column.width + GAP for column in columns)
    return min(LONGEST_BAR, max(SHORTEST_BAR, width - taken))


def _bar(spent: Decimal | None, most: Decimal, cells: int, fine: bool) -> str:
    if spent is None or spent <= 0:
        return ""
    if not fine:
        return "#" * max(1, round(spent / most * cells))
    full, part = divmod(max(1, round(spent / most * cells * 8)), 8)
    return "█" * full + LEFT[part].strip()
