"""What can be fetched again: kept to show it sooner, thrown away without regret."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from oai_tui.core.errors import StoreProblem
from oai_tui.store.database import connect, is_damage, problem_of, version, with_sidecars, writing
from oai_tui.store.files import make_folder, problem_with

FILE = "cache.sqlite3"
VERSION = 2

MOST_BYTES = 64 * 1024 * 1024
"""What the answers may take together; the oldest make room. A start reads all of the file."""

_TABLES = """
CREATE TABLE snapshot (
    profile TEXT NOT NULL,
    origin TEXT NOT NULL,
    seen_with TEXT NOT NULL,
    name TEXT NOT NULL,
    payload BLOB NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (profile, origin, seen_with, name)
)
"""

_MAKE_ROOM = """
DELETE FROM snapshot WHERE rowid IN (
    SELECT rowid FROM (
        SELECT rowid, sum(length(payload)) OVER (ORDER BY rowid DESC) AS taken FROM snapshot
    ) WHERE taken > ?
)
"""

T = TypeVar("T")


class Cache:
    """Answers kept for one profile at one origin, seen with one key.

    `seen_with` is a key masked: what another key saw may be of another organization.
    The oldest answers of all make room for new ones, and one too large for that is not kept.
    Never raises: a cache that cannot be used behaves as an empty one, and `trouble` says why (empty
    while all is well). A damaged file and one of another version are thrown away.
    """

    def __init__(self, folder: Path, profile: str, origin: str, seen_with: str = "") -> None:
        self.path = folder / FILE
        self.trouble = ""
        self._place = (profile, origin, seen_with)
        self._turn = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        with self._turn:
            self._attempt(lambda connection: None)

    def put(self, name: str, payload: bytes, at: datetime) -> None:
        """Keep an answer and the moment (aware) it was true, replacing the former one."""

        if len(payload) > MOST_BYTES:
            return

        def write(connection: sqlite3.Connection) -> None:
            with writing(connection):
                connection.execute(
                    "INSERT OR REPLACE INTO snapshot VALUES (?,?,?,?,?,?)",
                    (*self._place, name, payload, at.isoformat()),
                )
                connection.execute(_MAKE_ROOM, (MOST_BYTES,))

        with self._turn:
            self._attempt(write)

    def get(self, name: str) -> tuple[bytes, datetime] | None:
        """Return an answer and the moment it was true, or None."""

        def read(connection: sqlite3.Connection) -> tuple[bytes, datetime] | None:
            row = connection.execute(
                "SELECT payload, at FROM snapshot "
                "WHERE profile = ? AND origin = ? AND seen_with = ? AND name = ?",
                (*self._place, name),
            ).fetchone()
            return None if row is None else (bytes(row[0]), datetime.fromisoformat(row[1]))

        with self._turn:
            return self._attempt(read)

    def hand_to(self, seen_with: str) -> None:
        """Go on with another key of the same organization: what was seen is its own now."""

        def write(connection: sqlite3.Connection) -> None:
            with writing(connection):
                connection.execute(
                    "UPDATE OR REPLACE snapshot SET seen_with = ? "
                    "WHERE profile = ? AND origin = ? AND seen_with = ?",
                    (seen_with, *self._place),
                )

        with self._turn:
            self._attempt(write)
            self._place = (*self._place[:2], seen_with)

    def drop(self, profile: str) -> None:
        """Forget everything of a profile, at every origin and with every key."""

        def delete(connection: sqlite3.Connection) -> None:
            with writing(connection):
                connection.execute("DELETE FROM snapshot WHERE profile = ?", (profile,))

        with self._turn:
            self._attempt(delete)

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._let_go()

    def _attempt(self, action: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do something with the file; on damage once more with a new one."""
        for last in (False, True):
            try:
                if self._connection is None:
                    self._connection = self._open()
                done = action(self._connection)
            except sqlite3.Error as error:
                self.trouble = str(problem_of(self.path, error))
                self._let_go()
                if last or not is_damage(error):
                    return None
                self._throw_away()
            except (OSError, StoreProblem) as error:
                self.trouble = str(
                    error
                    if isinstance(error, StoreProblem)
                    else problem_with(self.path, "used", error)
                )
                return None
            else:
                self.trouble = ""
                return done
        return None

    def _open(self) -> sqlite3.Connection:
        make_folder(self.path.parent)
        connection = connect(self.path, "NORMAL")
        if version(connection) not in (0, VERSION):
            connection.close()
            self._throw_away()
            connection = connect(self.path, "NORMAL")
        with writing(connection):
            if version(connection) == 0:
                connection.execute(_TABLES)
                connection.execute(f"PRAGMA user_version={VERSION}")
        return connection

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _throw_away(self) -> None:
        for path in with_sidecars(self.path):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
