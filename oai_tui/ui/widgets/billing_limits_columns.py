"""How the brakes on the spend read: a column each, and the lines about the one under the cursor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from textual.content import Content

from oai_tui.core.remaining import used
from oai_tui.core.text import UNKNOWN, money
from oai_tui.ui.widgets.billing_limits_rows import Brake, BrakeRow
from oai_tui.ui.widgets.table import Cell, Column
from oai_tui.ui.widgets.table_columns import Tone

ORGANIZATION = "Organization"
REFUSES_NOTHING = "local: known here only, refuses nothing"
_SHORT = {Brake.DAILY: "budget/day", Brake.MONTHLY: "budget/month"}


def brake_columns(today: Callable[[], date]) -> tuple[Column[BrakeRow], ...]:
    """Return the columns of the brakes."""
    return (
        Column("scope", "FOR", 14, _scope, lambda row: row.name.casefold(), grow=True),
        Column("kind", "BRAKE", 12, _kind, lambda row: row.kind, priority=9),
        Column("amount", "AMOUNT", 10, _amount, _sort_amount, "right", priority=10),
        Column("used", "USED", 6, _used, _share, "right", priority=8),
        Column("left", "LEFT", 10, _left, lambda row: row.left, "right", priority=6),
        Column("pace", "AT THIS PACE", 14, lambda row: _pace(row, today()), _due, priority=7),
        Column("state", "STATE", 22, _state, priority=3, grow=True),
    )


def brake_lines(row: BrakeRow, today: date) -> Content:
    """Return everything about a brake in three lines."""
    whose = row.name or "the organization"
    amount = f"{row.amount} {'a day' if row.kind is Brake.DAILY else 'a month'}"
    if row.amount is None:
        amount = "not set" if row.is_known else f"{UNKNOWN} not known"
    id = row.alert.id if row.alert else row.project_id
    second = []
    if row.spent is not None and row.amount is not None:
        span = "today" if row.kind is Brake.DAILY else f"in {today:%B} (UTC)"
        second.append(f"{money(row.spent)} spent {span}")
    second.append(_pace_words(row, today))
    return Content.assemble(
        f" {row.kind.capitalize()} of {whose}: {amount}",
        Content.styled(f"  {id}" if id else "", "$text-muted"),
        f"\n {' · '.join(each for each in second if each)}",
        Content.styled(f"\n {_long_state(row)}", "$text-muted"),
    )


def _scope(row: BrakeRow) -> Cell:
    return Cell(row.name or ORGANIZATION)


def _kind(row: BrakeRow) -> Cell:
    return Cell(_SHORT.get(row.kind, row.kind), "muted" if row.kind.is_local else "")


def _amount(row: BrakeRow) -> Cell:
    if row.amount is None:
        return Cell("none" if row.is_known else UNKNOWN, "muted")
    return Cell(str(row.amount), "muted" if row.is_old else "")


def _sort_amount(row: BrakeRow) -> object:
    return row.amount.dollars if row.amount else None


def _used(row: BrakeRow) -> Cell:
    if row.amount is None:
        return Cell("")
    if row.spent is None:
        return Cell(UNKNOWN, "muted")
    return Cell(used(row.spent, row.amount.dollars), _tone(row))


def _share(row: BrakeRow) -> object:
    if row.amount is None or row.spent is None or not row.amount.dollars:
        return None
    return row.spent / row.amount.dollars


def _left(row: BrakeRow) -> Cell:
    if row.amount is None:
        return Cell("")
    return Cell(money(row.left), "muted" if row.left is None else _tone(row))


def _pace(row: BrakeRow, today: date) -> Cell:
    if row.amount is None:
        return Cell("")
    if row.is_reached:
        word = "passed" if row.kind is Brake.ALERT else "reached"
        when = f" {_day(row.reached_on, today)}" if row.reached_on else ""
        return Cell(f"{word}{when}", _tone(row))
    if row.kind is Brake.DAILY:
        if row.per_day is None:
            return Cell(UNKNOWN, "muted")
        over = row.per_day > row.amount.dollars
        return Cell(f"≈ {money(row.per_day)}/day", "warn" if over else "")
    if not row.is_paced:
        return Cell(UNKNOWN, "muted")
    if row.due is None:
        return Cell("not this month", "muted")
    return Cell(f"on {_day(row.due, today)}", "" if row.kind is Brake.ALERT else "warn")


def _pace_words(row: BrakeRow, today: date) -> str:
    """Return what the pace comes to, in words that need no head of a column."""
    words = _pace(row, today).text
    if not words or row.is_reached:
        return words
    if words == UNKNOWN:
        return "the pace is not known"
    if row.kind is Brake.DAILY:
        return f"{words} lately"
    return f"at this pace {'reached ' if row.due else ''}{words}"


def _day(day: date, today: date) -> str:
    return "today" if day == today else f"{day.day} {day:%b}"


def _due(row: BrakeRow) -> object:
    return row.reached_on if row.is_reached else row.due


def _state(row: BrakeRow) -> Cell:
    if row.kind.is_local:
        return Cell("local", "muted")
    if row.alert:
        people = row.alert.recipients
        more = f" and {len(people) - 1} more" if len(people) > 1 else ""
        return Cell(f"mails {people[0]}{more}" if people else "mails nobody", "muted")
    return Cell(_limit_word(row), "muted")


def _long_state(row: BrakeRow) -> str:
    if row.kind.is_local:
        return REFUSES_NOTHING
    if row.alert:
        prefix = row.alert.subject_prefix
        mails = f"mails {', '.join(row.alert.recipients) or 'nobody'}"
        return f"{mails}; subject “{prefix}”" if prefix else mails
    return _limit_word(row)


def _limit_word(row: BrakeRow) -> str:
    if row.limit is None:
        return "nothing stops the spend" if row.is_known else "could not be read"
    word = row.limit.enforcement or "enforcement not told"
    return f"{word}, as last seen" if row.is_old else word


def _tone(row: BrakeRow) -> Tone:
    if not row.is_reached:
        return "warn" if row.due and row.kind is not Brake.ALERT else ""
    return "bad" if row.kind is Brake.LIMIT else "warn"
