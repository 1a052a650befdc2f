"""Writing the ledger: buckets replaced by others, and noted as known."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from oai_tui.core.usage import CHARGED_BY, COUNTED_BY, NUMBERS, Charged, Counted

Head = tuple[int, int, int]
"""Whose rows: the ids of the place, the grain and what was asked for."""

_INSERT_USAGE = f"INSERT INTO usage VALUES ({','.join('?' * (5 + len(COUNTED_BY) + len(NUMBERS)))})"
_INSERT_COST = f"INSERT INTO cost VALUES ({','.join('?' * (6 + len(CHARGED_BY)))})"


def insert_usage(connection: sqlite3.Connection, head: Head, rows: Sequence[Counted]) -> None:
    """Add rows of usage."""
    ids = ids_of(connection, {text for row in rows for text in row.names})
    connection.executemany(
        _INSERT_USAGE,
        (
            (*head, row.at, n, *[ids[text] for text in row.names], *row.numbers)
            for n, row in enumerate(rows)
        ),
    )


def insert_costs(connection: sqlite3.Connection, head: Head, rows: Sequence[Charged]) -> None:
    """Add rows of costs."""
    ids = ids_of(connection, {text for row in rows for text in row.names})
    connection.executemany(
        _INSERT_COST,
        (
            (*head, row.at, n, *[ids[text] for text in row.names], str(row.amount))
            for n, row in enumerate(rows)
        ),
    )


def ids_of(connection: sqlite3.Connection, texts: Iterable[str]) -> dict[str, int]:
    """Return an id for every text. Asked anew each time: another process may have cleared all."""
    texts = set(texts)
    connection.executemany(
        "INSERT OR IGNORE INTO name (text) VALUES (?)", [(text,) for text in texts]
    )
    find = "SELECT id FROM name WHERE text = ?"
    return {text: connection.execute(find, (text,)).fetchone()[0] for text in texts}


def forget(
    connection: sqlite3.Connection,
    table: str,
    head: Head,
    since: datetime,
    until: datetime,
) -> None:
    """Take the rows of some buckets away."""
    connection.execute(
        f"DELETE FROM {table} WHERE place = ? AND grain = ? AND what = ? AND at >= ? AND at < ?",
        (*head, *ends(since, until)),
    )


def note(
    connection: sqlite3.Connection,
    head: Head,
    size: int,
    since: datetime,
    until: datetime,
    asked_at: datetime,
) -> None:
    """Note that buckets of a size in seconds are known as they were asked for at a moment."""
    asked = int(asked_at.timestamp())
    connection.executemany(
        "INSERT OR REPLACE INTO window VALUES (?, ?, ?, ?, ?)",
        ((*head, at, asked) for at in range(*ends(since, until), size)),
    )


def ends(since: datetime, until: datetime) -> tuple[int, int]:
    """Return two instants in Unix seconds."""
    return int(since.timestamp()), int(until.timestamp())
