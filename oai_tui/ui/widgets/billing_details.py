"""Everything known of one project, or of one part of the costs month by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from oai_tui.core.limits import SpendLimit
from oai_tui.core.remaining import Cap, CapKind
from oai_tui.core.text import UNKNOWN, money
from oai_tui.services.billing.history_words import change_words
from oai_tui.services.billing.phrases import span_words
from oai_tui.services.billing.words import REACHED, enforcement, reached
from oai_tui.ui.widgets.billing_columns import share

if TYPE_CHECKING:
    from oai_tui.core.history import History
    from oai_tui.services.billing import AlertState, ProjectSpend, Statement

NOTHING_YET = f"{UNKNOWN}  nothing reported yet this month"
MOST_MONTHS = 24

Told = tuple[str, str]


def project_details(row: ProjectSpend, statement: Statement) -> Content:
    """Return the figures of one project."""
    return _told(
        [
            ("project", f"{row.name}{'  archived' if row.is_archived else ''}"),
            ("id", row.id or "what the platform charges to no project"),
            *_month(statement),
            ("spent", _spent(row, statement)),
            *_limit_lines(row),
            *_pace_lines(row),
            *_alert_lines(row, statement.alerts),
            *_age(statement),
        ]
    )


def part_details(history: History, id: str) -> Content:
    """Return what one project or line item cost in each month."""
    lines: list[Told] = []
    for month in history.months[:MOST_MONTHS]:
        part = next((part for part in month.parts if part.id == id), None)
        if part is None:
            is_known = month.is_told and not month.unknown_days
            lines.append((f"{month.first:%b %Y}", money(0 * month.total if is_known else None)))
            continue
        of = "" if part.share is None else f"{part.share:>4.0%} of all"
        beside = f"{change_words(part.change):>6}"
        if month.held and month.is_held_in_part:
            beside += f" on {span_words(month.held.before)}"
        elif month.is_open:
            beside = "so far, provisional"
        lines.append((f"{month.first:%b %Y}", f"{money(part.amount):>11}   {of}   {beside}"))
    return _told(lines)


def _month(statement: Statement) -> Iterator[Told]:
    if cycle := statement.cycle:
        yield "month", f"{cycle.month.first:%B %Y} (UTC), so far"


def _spent(row: ProjectSpend, statement: Statement) -> str:
    cycle = statement.cycle
    if cycle is None or row.spent is None:
        return f"{UNKNOWN}  not known"
    if not cycle.is_reported:
        return NOTHING_YET
    return f"{money(row.spent)}  {share(row.spent, cycle.spent)} of all  reported"


def _limit_lines(row: ProjectSpend) -> Iterator[Told]:
    limit = row.limit.value
    if limit is None:
        if row.id:
            none = "no limit of its own is set"
            yield "limit", none if row.limit_known else f"{UNKNOWN}  not known"
        return
    old = "  as last seen" if row.limit.is_old else ""
    yield "limit", f"{limit.amount} a month · {enforcement(limit)}  reported{old}"
    yield from _left(row, limit)


def _left(row: ProjectSpend, limit: SpendLimit) -> Iterator[Told]:
    cap = Cap(CapKind.PROJECT, row.name, limit.amount, row.spent)
    if cap.left is None or cap.over is None:
        return
    state = "" if cap.left else f"  {reached(cap.over)}; {REACHED}"
    yield "of limit", cap.used
    yield "left", f"{money(cap.left)}{state}"


def _pace_lines(row: ProjectSpend) -> Iterator[Told]:
    if row.pace is None:
        return
    last = row.pace.usual.last
    whose = "as in last month" if row.pace.from_last_month else "by the last 7 days"
    yield "pace", f"{money(row.pace.usual.month_end)} by {last.day} {last:%b} {whose}  estimated"
    if row.limit.value:
        due = row.limit_due
        words = f"reached on {due.day} {due:%b}" if due else "not reached this month"
        yield "", f"limit {words}"


def _alert_lines(row: ProjectSpend, alerts: Iterable[AlertState]) -> Iterator[Told]:
    if not row.id:
        return
    own = [state for state in alerts if state.alert.project_id == row.id]
    if not own and not row.alerts_known:
        yield "alerts", f"{UNKNOWN}  not known"
    for place, state in enumerate(own):
        to = ", ".join(state.alert.recipients) or "nobody"
        passed = "  passed" if state.is_passed else ""
        yield "" if place else "alerts", f"mail at {state.alert.amount} to {to}{passed}"


def _age(statement: Statement) -> Iterator[Told]:
    if statement.as_of:
        yield "as of", f"{statement.as_of:%Y-%m-%d %H:%M} UTC"


def _told(lines: Iterable[Told]) -> Content:
    return Content("\n").join(
        Content.assemble(Content.styled(f"{label:<10}", "$text-muted"), text)
        for label, text in lines
    )
