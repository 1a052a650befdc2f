"""Keys as a dialog lists them, a line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from oai_tui.core.estate import EstateRow
from oai_tui.core.keys import KeyKind
from oai_tui.core.scopes import in_words
from oai_tui.core.text import UNKNOWN, ago, count, day, money
from oai_tui.ui.widgets.table_columns import fit

NAME, PLACE, USED, COST, REQUESTS = 21, 13, 9, 9, 8
EXPIRES = 15


def place_of(row: EstateRow) -> str:
    """Return where a key works: its project, or the whole organization."""
    key = row.key
    if key.project:
        return key.project.name or key.project.id
    return "organization" if key.kind is KeyKind.ADMIN else UNKNOWN


def use_lines(rows: Sequence[EstateRow], now: datetime) -> Content:
    """Return the keys with their last use and what they did in the last 30 days."""
    head = _line("NAME", "PROJECT", "LAST SEEN", "30 DAYS", "REQUESTS")
    lines = [Content.styled(head, "$text-muted"), *(_use_line(row, now) for row in rows)]
    return Content("\n").join(lines)


def expiry_lines(rows: Sequence[EstateRow], now: datetime) -> Content:
    """Return the keys with their expiry and the scopes the audit log last told."""
    head = "  ".join((fit("NAME", NAME), fit("EXPIRES NOW", EXPIRES), "SCOPES, LAST KNOWN"))
    lines = [Content.styled(head, "$text-muted"), *(_expiry_line(row, now) for row in rows)]
    return Content("\n").join(lines)


def _expiry_line(row: EstateRow, now: datetime) -> Content:
    key, event = row.key, row.facts.last_event
    expires = (
        f"{day(key.expires_at, now)}, {ago(key.expires_at, now)}" if key.expires_at else "never"
    )
    scopes = event.scopes if event else None
    known = UNKNOWN if scopes is None else in_words(scopes)
    return Content("  ".join((fit(key.name or key.id, NAME), fit(expires, EXPIRES), known)))


def _use_line(row: EstateRow, now: datetime) -> Content:
    key = row.key
    used = ago(key.last_used_at, now) if key.last_used_at else "not seen"
    text = _line(
        key.name or key.id, place_of(row), used, money(row.facts.cost), count(row.facts.requests)
    )
    return Content(text)


def _line(name: str, place: str, used: str, cost: str, requests: str) -> str:
    return "  ".join(
        (
            fit(name, NAME),
            fit(place, PLACE),
            fit(used, USED),
            fit(cost, COST, "right"),
            fit(requests, REQUESTS, "right"),
        )
    )
