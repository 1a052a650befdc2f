"""Limits and alerts as rows: for people, with what the pace makes of them, and for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from oai_tui.cli.billing_reading import figures_right, with_names_cut
from oai_tui.cli.rows import table
from oai_tui.core.exact import minus
from oai_tui.core.text import UNKNOWN, money

if TYPE_CHECKING:
    from oai_tui.core.limits import SpendLimit
    from oai_tui.services.billing import AlertState, Asked, Statement

ORGANIZATION = "organization"
LIMIT_HEADS = ("WHOSE", "LIMIT", "SPENT", "USED", "LEFT", "REACHED", "STATUS")
ALERT_HEADS = ("ID", "WHOSE", "AMOUNT", "USED", "REACHED", "MAILS", "SUBJECT")
_SCOPE = ("object", "project_id", "project")
_SPEND = ("amount", "spent", "left", "currency", "interval", "reached_on", "forecast_reached_on")
LIMIT_FIELDS = (*_SCOPE, *_SPEND, "enforcement_status")
ALERT_FIELDS = ("id", *_SCOPE, *_SPEND, "recipients", "subject_prefix")


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A hard limit, or that there is none or that nobody knows: `limit` says which.

    `id` and `name` "" are the organization. `reached_on` is the day whose costs reached it, `due`
    the day of this month on which the pace will.
    """

    id: str
    name: str
    limit: Asked[SpendLimit]
    spent: Decimal | None
    reached_on: date | None
    due: date | None
    pace_known: bool


def limits_spelled(statement: Statement, form: str) -> str:
    """Return the organization's limit, and those of the projects that have one."""
    rows = list(_limits(statement))
    if form != "table":
        flat = [_flat_limit(row) for row in rows if row.limit.value]
        return _flat_spelled(LIMIT_FIELDS, flat, form)
    none = sum(
        each.limit_known and not each.limit.value and not each.is_archived
        for each in statement.projects
    )
    told = f"{none:,} project{'s have' if none != 1 else ' has'} no limit.\n" if none else ""
    cells = [LIMIT_HEADS, *(_limit_cells(row, statement) for row in rows)]
    heads, *lines = with_names_cut(figures_right(cells, (1, 2, 3, 4)), 0)
    return f"{table(heads, lines)}\n{told}"


def alerts_spelled(statement: Statement, form: str) -> str:
    """Return the alerts of the organization and of projects, the smallest first."""
    if form != "table":
        return _flat_spelled(ALERT_FIELDS, [_flat_alert(each) for each in statement.alerts], form)
    if not statement.alerts:
        return ""
    cells = [ALERT_HEADS, *(_alert_cells(each, statement) for each in statement.alerts)]
    heads, *lines = figures_right(cells, (2, 3))
    return f"{table(heads, lines)}\n"


def _limits(statement: Statement) -> Iterator[LimitRow]:
    cycle = statement.cycle
    is_told = cycle is not None and cycle.is_reported
    amount = statement.limit.value.amount.dollars if statement.limit.value else None
    yield LimitRow(
        "",
        "",
        statement.limit,
        cycle.spent if cycle and is_told else None,
        cycle.day_reached(amount) if cycle and amount is not None else None,
        statement.limit_due,
        statement.pace is not None,
    )
    for each in statement.projects:
        if each.limit.value:
            yield LimitRow(
                each.id, each.name, each.limit, each.spent, None, each.limit_due, bool(each.pace)
            )


def _limit_cells(row: LimitRow, statement: Statement) -> tuple[str, ...]:
    from oai_tui.core.remaining import used

    whose, limit = row.name or ORGANIZATION, row.limit.value
    if limit is None:
        none = "no limit" if row.limit.is_known else UNKNOWN
        return (whose, none, money(row.spent), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
    amount = limit.amount.dollars
    share = UNKNOWN if row.spent is None else used(row.spent, amount)
    is_reached = row.spent is not None and row.spent >= amount
    when = _when(is_reached, row.reached_on, row.due, row.pace_known, statement)
    left = None if row.spent is None else max(minus(amount, row.spent), Decimal(0))
    status = limit.enforcement or UNKNOWN
    return (whose, str(limit.amount), money(row.spent), share, money(left), when, status)


def _alert_cells(state: AlertState, statement: Statement) -> tuple[str, ...]:
    from oai_tui.core.remaining import used

    alert, spent = state.alert, state.spent
    share = UNKNOWN if spent is None else used(spent, alert.amount.dollars)
    when = _when(state.is_passed, state.passed_on, state.due, state.pace_known, statement)
    mails = ", ".join(alert.recipients) or "nobody"
    whose = state.name or ORGANIZATION
    return (alert.id, whose, str(alert.amount), share, when, mails, alert.subject_prefix)


def _when(
    is_reached: bool, on: date | None, due: date | None, pace_known: bool, statement: Statement
) -> str:
    """Return the day an amount was reached, or about which it will be at this pace."""
    if is_reached:
        return f"{on.day} {on:%b}" if on else "yes"
    if due is not None:
        return f"≈ {due.day} {due:%b}"
    return f"not in {statement.now:%b}" if pace_known else UNKNOWN


def _flat_limit(row: LimitRow) -> dict[str, object]:
    limit = row.limit.value
    assert limit is not None
    values = (
        *_scope("limit", row.id, row.name),
        *_spend(limit.amount.dollars, row.spent, row.reached_on, row.due),
        limit.enforcement or None,
    )
    return dict(zip(LIMIT_FIELDS, values, strict=True))


def _flat_alert(state: AlertState) -> dict[str, object]:
    alert = state.alert
    values = (
        alert.id,
        *_scope("alert", alert.project_id, state.name),
        *_spend(alert.amount.dollars, state.spent, state.passed_on, state.due),
        " ".join(alert.recipients),
        alert.subject_prefix or None,
    )
    return dict(zip(ALERT_FIELDS, values, strict=True))


def _scope(what: str, id: str, name: str) -> tuple[object, ...]:
    return (f"{'project' if id else 'organization'}.spend_{what}", id or None, name or None)


def _spend(
    amount: Decimal, spent: Decimal | None, on: date | None, due: date | None
) -> tuple[object, ...]:
    left = None if spent is None else max(minus(amount, spent), Decimal(0))
    is_reached = spent is not None and spent >= amount
    return (
        *map(_text, (amount, spent, left)),
        "usd",
        "month",
        on.isoformat() if on and is_reached else None,
        due.isoformat() if due and not is_reached else None,
    )


def _text(amount: Decimal | None) -> str | None:
    """Return an amount to its last digit; a zero may have thousands of them."""
    return None if amount is None else f"{amount or Decimal(0):f}"


def _flat_spelled(fields: tuple[str, ...], flat: list[dict[str, object]], form: str) -> str:
    from oai_tui.services.flat import csv_of, json_of

    return json_of(flat) if form == "json" else csv_of(fields, flat)
