"""Keys as a dialog lists them, a line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from oai_tui.core.estate import EstateRow
from oai_tui.core.keys import KeyKind
from oai_tui.core.scopes import in_words
from oai_tui.core.text import UNKNOWN, ago, count, day, money, short_id
from oai_tui.ui.widgets.table_columns import fit

NAME, USED, COST, REQUESTS = 33, 9, 11, 9
EXPIRING, ID, EXPIRES = 19, 14, 15


def place_of(row: EstateRow) -> str:
    """Return where a key works: its project, or the whole organization."""
    key = row.key
    if key.project:
        return key.project.name or key.project.id
    return "organization" if key.kind is KeyKind.ADMIN else UNKNOWN


def use_lines(rows: Sequence[EstateRow], now: datetime) -> Content:
    """Return two lines a key: what it did in the last 30 days, and which one it is."""
    head = _line("NAME", "LAST SEEN", "30 DAYS", "REQUESTS")
    lines = [Content.styled(head, "$text-muted"), *(_use_lines(row, now) for row in rows)]
    return Content("\n").join(lines)


def expiry_lines(rows: Sequence[EstateRow], now: datetime) -> Content:
    """Return the keys with their expiry and the scopes the audit log last told."""
    head = _cells(("NAME", EXPIRING), ("ID", ID), ("EXPIRES NOW", EXPIRES)) + "SCOPES, KNOWN"
    lines = [Content.styled(head, "$text-muted"), *(_expiry_line(row, now) for row in rows)]
    return Content("\n").join(lines)


def _expiry_line(row: EstateRow, now: datetime) -> Content:
    key, event = row.key, row.facts.last_event
    expires = (
        f"{day(key.expires_at, now)}, {ago(key.expires_at, now)}" if key.expires_at else "never"
    )
    scopes = event.scopes if event else None
    known = UNKNOWN if scopes is None else in_words(scopes)
    name = key.name or UNKNOWN
    return Content(_cells((name, EXPIRING), (short_id(key.id), ID), (expires, EXPIRES)) + known)


def _cells(*cells: tuple[str, int]) -> str:
    return "".join(f"{fit(text, width)}  " for text, width in cells)


def _use_lines(row: EstateRow, now: datetime) -> Content:
    key, facts = row.key, row.facts
    used = ago(key.last_used_at, now) if key.last_used_at else "not seen"
    first = _line(key.name or UNKNOWN, used, money(facts.cost), count(facts.requests))
    which = fit(f"  {key.id}  {key.masked}  {place_of(row)}", cell_len(first))
    return Content.assemble(f"{first}\n", Content.styled(which, "$text-muted"))


def _line(name: str, used: str, cost: str, requests: str) -> str:
    return "  ".join(
        (
            fit(name, NAME),
            fit(used, USED),
            fit(cost, COST, "right"),
            fit(requests, REQUESTS, "right"),
        )
    )
