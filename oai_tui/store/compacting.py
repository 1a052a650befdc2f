"""Giving the room of deleted rows back to the disk."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from oai_tui.store.database import connect, with_sidecars


def compact(path: Path) -> None:
    """Make a database as small as what is in it, as far as nobody else is at work in it."""
    if not path.exists():
        return
    with contextlib.suppress(sqlite3.Error, OSError):
        connection = connect(path, "NORMAL", checked=False)
        try:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()


def taken(path: Path) -> int:
    """Return the bytes that a database takes with the files SQLite keeps beside it."""
    return sum(each.stat().st_size for each in with_sidecars(path) if each.exists())
