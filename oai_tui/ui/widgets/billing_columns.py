"""How the projects of the bill read: a column each."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from oai_tui.core.limits import SpendLimit
from oai_tui.core.remaining import used
from oai_tui.core.text import UNKNOWN, money, percent
from oai_tui.services.billing.words import enforcement, tone_of
from oai_tui.ui.widgets.table import Cell, Column

if TYPE_CHECKING:
    from oai_tui.services.billing import ProjectSpend, Statement

Row = TypeVar("Row")


def project_columns(statement: Statement) -> tuple[Column[ProjectSpend], ...]:
    """Return the columns of the projects; shares are of the whole spend of the month."""
    cycle = statement.cycle
    whole = cycle.spent if cycle and cycle.is_reported else Decimal(0)
    return (
        Column("project", "PROJECT", 12, _name, lambda row: row.name.casefold(), grow=True),
        money_column("spent", "SPENT", lambda row: amount(row.spent), lambda row: row.spent, 9),
        Column(
            "share",
            "SHARE",
            5,
            lambda row: share(row.spent, whole),
            lambda row: row.spent,
            align="right",
            priority=5,
        ),
        money_column("limit", "LIMIT", _limit, _limit_order, 7),
        Column("used", "OF LIMIT", 8, _used, _used_part, align="right", priority=8),
        Column("due", "AT THIS PACE", 14, _due, lambda row: row.limit_due, priority=6),
        Column("state", "STATE", 9, _state, priority=3),
    )


def money_column(
    key: str,
    label: str,
    cell: Callable[[Row], Cell],
    sort: Callable[[Row], object],
    priority: int,
) -> Column[Row]:
    """Return a column of amounts."""
    return Column(key, label, 10, cell, sort, align="right", priority=priority)


def amount(dollars: Decimal | None) -> Cell:
    """Return what was spent, or that it is not known."""
    return Cell(money(dollars), "muted" if dollars is None else "")


def share(part: Decimal | None, whole: Decimal) -> str:
    """Return a part of a whole spend; of nothing, or of a credit, there is none."""
    return percent(part, whole) if part is not None and whole > 0 else UNKNOWN


def _name(row: ProjectSpend) -> Cell:
    return Cell(row.name, "" if row.id and not row.is_archived else "muted")


def _own(row: ProjectSpend) -> SpendLimit | None:
    return row.limit.value


def _limit(row: ProjectSpend) -> Cell:
    if limit := _own(row):
        return Cell(str(limit.amount))
    if not row.id:
        return Cell("")
    return Cell("none" if row.limit_known else UNKNOWN, "muted")


def _limit_order(row: ProjectSpend) -> Decimal | None:
    limit = _own(row)
    return limit.amount.dollars if limit else None


def _used(row: ProjectSpend) -> Cell:
    limit = _own(row)
    if limit is None or row.spent is None:
        return Cell(UNKNOWN if limit else "", "muted")
    dollars = limit.amount.dollars
    return Cell(used(row.spent, dollars), tone_of(row.spent, dollars))


def _used_part(row: ProjectSpend) -> Decimal | None:
    limit = _own(row)
    return row.spent / limit.amount.dollars if limit and row.spent is not None else None


def _due(row: ProjectSpend) -> Cell:
    """Return the day the limit of a project is reached, or that it is not."""
    limit = _own(row)
    if limit is None:
        return Cell("")
    if row.spent is not None and row.spent >= limit.amount.dollars:
        return Cell("reached", "bad")
    if row.pace is None:
        return Cell(UNKNOWN, "muted")
    due = row.limit_due
    return Cell(f"{due.day} {due:%b}", "warn") if due else Cell("not this month", "muted")


def _state(row: ProjectSpend) -> Cell:
    limit = _own(row)
    return Cell(enforcement(limit) if limit else "", "muted")
