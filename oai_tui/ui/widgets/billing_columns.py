"""How the projects and months of the bill read: a column each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from oai_tui.core.billing import Cycle, MonthSpend, ProjectSpend, changes, used
from oai_tui.core.text import UNKNOWN, money, percent
from oai_tui.ui.widgets.billing_lines import enforcement, tone_of
from oai_tui.ui.widgets.table import Cell, Column

BAR = 10
SO_FAR = "so far"

Row = TypeVar("Row")


def project_columns(cycle: Cycle) -> tuple[Column[ProjectSpend], ...]:
    """Return the columns of the projects; shares are of the whole spend of the month.

    While nothing is reported of the month, nothing is known of what a project spent in it.
    """
    known = cycle.is_reported
    return (
        Column("project", "PROJECT", 12, _name, lambda row: row.name.casefold(), grow=True),
        _money("spent", "SPENT", lambda row: spent(row.spent, known), lambda row: row.spent, 9),
        Column(
            "share",
            "SHARE",
            5,
            lambda row: share(row.spent, cycle.spent),
            lambda row: row.spent,
            align="right",
            priority=5,
        ),
        _money("limit", "LIMIT", _limit, lambda row: row.limit and row.limit.amount, 7),
        Column(
            "used",
            "OF LIMIT",
            8,
            lambda row: _used(row, known),
            _used_part,
            align="right",
            priority=8,
        ),
        Column("state", "STATE", 9, _state, priority=3),
    )


def month_columns(
    months: Sequence[MonthSpend], cycle: Cycle, glyph: str
) -> tuple[Column[MonthSpend], ...]:
    """Return the columns of the months; bars are made of a character, the longest month's full."""

    def cell(row: MonthSpend) -> Cell:
        return spent(row.spent, cycle.is_reported or not row.is_open)

    changed = {month.first: part for month, part in zip(months, changes(months), strict=True)}
    most = max((month.spent for month in months), default=Decimal(0))
    return (
        Column("month", "MONTH", 8, lambda row: f"{row.first:%b %Y}", lambda row: row.first),
        _money("spent", "SPENT", cell, lambda row: row.spent, 9),
        Column(
            "change",
            "CHANGE",
            7,
            lambda row: _change(row, changed[row.first]),
            lambda row: changed[row.first],
            align="right",
            priority=8,
        ),
        Column("bar", "", BAR, lambda row: Cell(_bar(row.spent, most, glyph), "accent")),
    )


def spent(amount: Decimal, known: bool) -> Cell:
    """Return what was spent, or that it is not known."""
    return Cell(money(amount)) if known else Cell(UNKNOWN, "muted")


def share(part: Decimal, whole: Decimal) -> str:
    """Return a part of a whole spend; of nothing, or of a credit, there is none."""
    return percent(part, whole) if whole > 0 else UNKNOWN


def change_words(part: Decimal | None) -> str:
    """Return a change: `+12 %`, `-8 %`, `—` where it is not known."""
    if part is None:
        return UNKNOWN
    text = percent(part, Decimal(1))
    return f"+{text}" if part > 0 and text[0].isdigit() else text


def _money(
    key: str,
    label: str,
    cell: Callable[[Row], Cell],
    sort: Callable[[Row], object],
    priority: int,
) -> Column[Row]:
    return Column(key, label, 10, cell, sort, align="right", priority=priority)


def _name(row: ProjectSpend) -> Cell:
    return Cell(row.name, "" if row.project_id else "muted")


def _limit(row: ProjectSpend) -> Cell:
    if row.limit:
        return Cell(money(row.limit.amount))
    return Cell("none" if row.limit_known else UNKNOWN, "muted")


def _used(row: ProjectSpend, known: bool) -> Cell:
    if row.limit is None or not known:
        return Cell(UNKNOWN if row.limit else "", "muted")
    return Cell(used(row.spent, row.limit.amount), tone_of(row.spent, row.limit))


def _used_part(row: ProjectSpend) -> Decimal | None:
    return row.spent / row.limit.amount if row.limit else None


def _state(row: ProjectSpend) -> Cell:
    return Cell(enforcement(row.limit) if row.limit else "", "muted")


def _change(row: MonthSpend, part: Decimal | None) -> Cell:
    return Cell(SO_FAR if row.is_open else change_words(part), "muted")


def _bar(spent: Decimal, most: Decimal, glyph: str) -> str:
    return glyph * max(1, round(spent / most * BAR)) if spent > 0 else ""
