"""How the list of keys reads: a column each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from oai_tui.core.estate import EstateRow
from oai_tui.core.text import UNKNOWN, ago, count, day, money
from oai_tui.ui.widgets.table import Cell, Column

NEVER_SEEN = "not seen"
KEY_WIDTH = 12
MARKS = {"bad": "✖", "warn": "▲", "good": "●"}
"""What stands before a state, so that it is told without colour as well."""

MOST_PRESSING = (("health", False), ("cost", True))
"""The order at first: what needs a person, and of that what costs most."""


def key_columns(
    clock: Callable[[], datetime], *, has_costs: bool = True
) -> tuple[Column[EstateRow], ...]:
    """Return the columns of the key list.

    Where space is short, what a person needs at night stays longest: name, health, project, last
    use and spending; while no cost is known, the requests stay in its place.
    """
    money_first = (6, 1) if has_costs else (1, 6)
    return (
        Column("name", "NAME", 16, _name, _name_order, grow=True, priority=10),
        Column("project", "PROJECT", 10, _project, _project_order, grow=True, priority=8),
        Column("owner", "OWNER", 14, _owner, _owner_order, grow=True, priority=4),
        Column("key", "KEY", KEY_WIDTH, _masked, priority=3),
        Column(
            "created",
            "CREATED",
            8,
            lambda row: day(row.key.created_at, clock()),
            lambda row: row.key.created_at,
            priority=2,
        ),
        Column(
            "used",
            "LAST SEEN",
            9,
            lambda row: _used(row, clock()),
            lambda row: row.key.last_used_at,
            priority=7,
        ),
        Column(
            "expires",
            "EXPIRES",
            8,
            lambda row: _expires(row, clock()),
            lambda row: row.key.expires_at,
            priority=5,
        ),
        Column("cost", "30 DAYS", 9, _cost, _cost_order, "right", priority=money_first[0]),
        Column(
            "requests", "REQUESTS", 8, _requests, _requests_order, "right", priority=money_first[1]
        ),
        Column("health", "HEALTH", 12, _health, _health_order, priority=9),
    )


def dollars(cost: Decimal | None) -> str:
    """Return a cost in nine cells at most, never cut: cents go first, then the last digits."""
    if cost is None or abs(cost) < 10_000:
        return money(cost)
    return money(cost, 0) if abs(cost) < 1_000_000 else f"${count(cost)}"


def _name(row: EstateRow) -> str:
    return row.key.name or UNKNOWN


def _name_order(row: EstateRow) -> str:
    return row.key.name.casefold()


def _project(row: EstateRow) -> Cell:
    project = row.key.project
    if project is None:
        return Cell(row.place() or UNKNOWN, "accent" if row.key.is_live else "muted")
    return Cell(row.place(), "muted" if project.is_archived else "")


def _project_order(row: EstateRow) -> str:
    return row.place().casefold()


def _owner(row: EstateRow) -> Cell:
    owner = row.key.owner
    if owner is None:
        return Cell(UNKNOWN, "muted")
    if row.key.owner_access == "inactive":
        return Cell(f"✖ {owner.label}", "bad")
    return Cell(f"svc {owner.label}" if owner.is_service_account else owner.label)


def _owner_order(row: EstateRow) -> str | None:
    return row.key.owner.label.casefold() if row.key.owner else None


def _masked(row: EstateRow) -> Cell:
    """Return the masked value with both its ends, which tell one key from another."""
    head, sign, tail = row.key.masked.partition("…")
    if not sign:
        return Cell(row.key.masked or UNKNOWN, "muted")
    return Cell(f"{head[: KEY_WIDTH - len(tail) - 1]}…{tail}", "muted")


def _used(row: EstateRow, now: datetime) -> Cell:
    key = row.key
    if key.last_used_at:
        return Cell(ago(key.last_used_at, now))
    return Cell(NEVER_SEEN if key.is_live else UNKNOWN, "muted")


def _expires(row: EstateRow, now: datetime) -> Cell:
    key = row.key
    if key.expires_at is None:
        return Cell("never" if key.is_live else UNKNOWN, "muted")
    return Cell("expired", "bad") if key.expires_at <= now else Cell(ago(key.expires_at, now))


def _cost(row: EstateRow) -> Cell:
    cost = row.facts.cost
    return Cell(dollars(cost), "" if cost else "muted")


def _cost_order(row: EstateRow) -> Decimal | None:
    return row.facts.cost


def _requests(row: EstateRow) -> Cell:
    requests = row.facts.requests
    return Cell(count(requests), "" if requests else "muted")


def _requests_order(row: EstateRow) -> int | None:
    return row.facts.requests


def _health(row: EstateRow) -> Cell:
    state = row.state
    return Cell(f"{MARKS.get(state.tone, '○')} {state.word}", state.tone)


def _health_order(row: EstateRow) -> int:
    return -row.state.weight
