"""SQLite as this program uses it: private files, one writer at a time, failures in words."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from oai_tui.core.errors import StoreProblem
from oai_tui.core.text import clean
from oai_tui.store.files import create_private

_WAIT = 5.0
"""Seconds to wait for another process that is writing."""

_REASONS = {
    "SQLITE_FULL": ("the disk is full", "Free some space and try again."),
    "SQLITE_READONLY": ("it is read-only", "Look at the owner and the mode of it and its folder."),
    "SQLITE_CANTOPEN": ("it cannot be opened", "Look at the owner and the mode of its folder."),
    "SQLITE_PERM": ("permission is denied", "Look at the owner and the mode of it."),
    "SQLITE_BUSY": ("another oai-tui keeps it busy", "Try again when that one is done."),
    "SQLITE_IOERR": ("the disk reports an error", "Look whether the disk is full or failing."),
    "SQLITE_CORRUPT": ("it is damaged", "Start oai-tui again; it puts a damaged file aside."),
    "SQLITE_NOTADB": ("it is damaged", "Start oai-tui again; it puts a damaged file aside."),
}


def problem_of(path: Path, error: sqlite3.Error) -> StoreProblem:
    """Return what SQLite says as a sentence and a way out."""
    name = _name(error)
    known = next((reason for code, reason in _REASONS.items() if name.startswith(code)), None)
    reason, way_out = known or (f"SQLite says {clean(name or type(error).__name__)}", "")
    return StoreProblem(f"{clean(path)} cannot be used: {reason}.", way_out)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken, rather than the disk, the rights or the moment."""
    return _name(error).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def _name(error: sqlite3.Error) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


def connect(path: Path, synchronous: str, *, checked: bool = True) -> sqlite3.Connection:
    """Open a database that only its owner can read. Raises OSError and sqlite3.Error.

    `synchronous` is FULL for what must survive a power cut and NORMAL for what need not. `checked`
    reads all of the file, which a large one that can be fetched again is not worth.
    """
    create_private(path)
    connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA fullfsync=ON")
        _ask_for_wal(connection)
        if checked and connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            damage = sqlite3.DatabaseError("quick_check")
            damage.sqlite_errorname = "SQLITE_CORRUPT"
            raise damage
    except BaseException:
        connection.close()
        raise
    return connection


def _ask_for_wal(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return
    try:
        granted = connection.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
    except sqlite3.OperationalError:
        return  # another process is at work in the mode there is, which is as safe
    if not granted:
        connection.execute("PRAGMA journal_mode=DELETE")


@contextlib.contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Hold the one write lock; commit at the end, undo everything on an error.

    The lock is taken at once: a read that turns into a write fails when another process wrote
    in between, however long it would wait.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # a full disk has undone it already
            connection.execute("ROLLBACK")
        raise


def version(connection: sqlite3.Connection) -> int:
    """Return the version of the tables in a file, 0 for a new one."""
    found = connection.execute("PRAGMA user_version").fetchone()
    return int(found[0])


def with_sidecars(path: Path) -> tuple[Path, ...]:
    """Return a database file and the files SQLite keeps beside it."""
    return (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")))
