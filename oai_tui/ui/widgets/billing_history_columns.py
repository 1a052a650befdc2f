"""How months, their days and what they were spent on read: a column each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from oai_tui.core.history import Month, Part
from oai_tui.core.kinds import Dimension
from oai_tui.core.text import UNKNOWN, money, percent
from oai_tui.ui.widgets.billing_columns import amount, change_words, money_column
from oai_tui.ui.widgets.table import Cell, Column

BAR = 10
SO_FAR = "so far"

PART_LABELS = {Dimension.PROJECT: "PROJECT", Dimension.LINE_ITEM: "LINE ITEM"}


@dataclass(frozen=True, slots=True)
class Day:
    """What one day cost; None where it is not known. `is_late` while it may still grow."""

    day: date
    spent: Decimal | None
    is_late: bool


def days_of(month: Month, late_from: date) -> tuple[Day, ...]:
    """Return the days of a month, the oldest first; those from `late_from` on may still grow."""
    days = (month.first + timedelta(days=place) for place in range(len(month.days)))
    return tuple(
        Day(day, spent, day >= late_from) for day, spent in zip(days, month.days, strict=True)
    )


def month_columns(months: Sequence[Month], glyph: str) -> tuple[Column[Month], ...]:
    """Return the columns of the months; bars are made of a character, the longest month's full."""
    most = max((month.total for month in months), default=Decimal(0))
    return (
        Column("month", "MONTH", 8, lambda row: f"{row.first:%b %Y}", lambda row: row.first),
        money_column("spent", "SPENT", month_spent, lambda row: row.total, 9),
        Column(
            "change",
            "CHANGE",
            6,
            _month_change,
            lambda row: row.change,
            align="right",
            priority=8,
        ),
        Column("bar", "", BAR, lambda row: Cell(_bar(row.total, most, glyph), "accent")),
    )


def part_columns(dimension: Dimension) -> tuple[Column[Part], ...]:
    """Return the columns of what a month was spent on."""
    label = PART_LABELS[dimension]
    return (
        Column("part", label, 12, lambda row: row.name, lambda row: row.name.casefold(), grow=True),
        money_column("spent", "SPENT", lambda row: amount(row.amount), lambda row: row.amount, 9),
        Column("share", "SHARE", 5, part_share, lambda row: row.share, align="right", priority=7),
        Column(
            "change",
            "CHANGE",
            6,
            lambda row: Cell(change_words(row.change), "muted"),
            lambda row: row.change,
            align="right",
            priority=8,
        ),
    )


def day_columns(days: Sequence[Day], glyph: str) -> tuple[Column[Day], ...]:
    """Return the columns of the days of a month; the name of the day stands after its number."""
    most = max((day.spent for day in days if day.spent is not None), default=Decimal(0))
    return (
        Column("day", "DAY", 6, lambda row: f"{row.day.day:>2} {row.day:%a}", lambda row: row.day),
        money_column("spent", "SPENT", _day_spent, lambda row: row.spent, 9),
        Column("bar", "", BAR, lambda row: Cell(_bar(row.spent, most, glyph), "accent")),
    )


def month_spent(month: Month) -> Cell:
    """Return what a month cost; with a question mark where days of it are not known."""
    if month.days and all(day is None for day in month.days):
        return Cell(UNKNOWN, "muted")
    return Cell(f"{money(month.total)}?", "warn") if _has_gaps(month) else amount(month.total)


def part_share(part: Part) -> str:
    """Return the share of a part; none where credits leave no whole."""
    return UNKNOWN if part.share is None else percent(part.share, Decimal(1))


def _has_gaps(month: Month) -> bool:
    return bool(month.unknown_days) and not month.is_provisional


def _month_change(month: Month) -> Cell:
    return Cell(SO_FAR if month.is_open else change_words(month.change), "muted")


def _day_spent(row: Day) -> Cell:
    if row.spent is None:
        return Cell(UNKNOWN, "muted")
    return Cell(money(row.spent), "muted" if row.is_late else "")


def _bar(spent: Decimal | None, most: Decimal, glyph: str) -> str:
    return glyph * max(1, round(spent / most * BAR)) if spent is not None and spent > 0 else ""
