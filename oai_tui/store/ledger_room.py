"""Keeping the ledger's file within its bound."""

from __future__ import annotations

import sqlite3

_PART = 5
"""One part in so many of the oldest is given up at a time."""

_TABLES = ("usage", "cost", "window")


def make_room(connection: sqlite3.Connection, most: int) -> None:
    """Give up the oldest of the finest grain until the rest takes fewer than `most` bytes."""
    while _taken(connection) > most:
        oldest = connection.execute(
            "SELECT grain, min(at), max(at) FROM window GROUP BY grain ORDER BY grain LIMIT 1"
        ).fetchone()
        if oldest is None:
            return
        grain, first, last = oldest
        for table in _TABLES:
            connection.execute(
                f"DELETE FROM {table} WHERE grain = ? AND at <= ?",
                (grain, first + (last - first) // _PART),
            )


def _taken(connection: sqlite3.Connection) -> int:
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)
