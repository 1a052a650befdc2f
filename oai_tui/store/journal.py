"""The durable record of keys being made. Holds ids, names, nonces and states, never a value."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from oai_tui.core.creation import (
    UNFINISHED,
    Creation,
    CreationKind,
    CreationState,
)
from oai_tui.core.errors import StoreProblem
from oai_tui.core.text import KEYLIKE, clean
from oai_tui.store.database import connect, is_damage, problem_of, version, with_sidecars, writing
from oai_tui.store.files import make_folder, problem_with, sync_folder

FILE = "journal.sqlite3"
VERSION = 1

_TABLES = """
CREATE TABLE creation (
    nonce TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    profile TEXT NOT NULL,
    origin TEXT NOT NULL,
    organization TEXT NOT NULL,
    project_id TEXT,
    account_id TEXT,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    key_id TEXT,
    at TEXT NOT NULL
) WITHOUT ROWID
"""
_COLUMNS = (
    "nonce, kind, profile, origin, organization, project_id, account_id, name, at, state, key_id"
)


class Journal:
    """What was begun and how far it came, shared by every oai-tui of this user.

    Every write is on disk before its method returns. A file found damaged is kept under another
    name, told in `set_aside`, and a new one begun. All methods raise StoreProblem.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.set_aside: Path | None = None
        self._turn = threading.Lock()
        make_folder(folder)
        with self._in_words():
            try:
                self._connection = self._open()
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self.set_aside = self._put_aside()
                self._connection = self._open()

    def plan(self, creation: Creation) -> None:
        """Write down that a key is going to be made, before anything is sent.

        Also raises StoreProblem for a nonce that is taken.
        """
        if KEYLIKE.search(creation.name):
            raise StoreProblem("The journal keeps no keys, and this name holds one.")
        with self._in_words(), self._turn, writing(self._connection) as connection:
            if _found(connection, creation.nonce) is not None:
                raise StoreProblem(f"The nonce {clean(creation.nonce)} is in the journal already.")
            connection.execute(
                f"INSERT INTO creation ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)", _row(creation)
            )

    def move(self, nonce: str, state: CreationState, key_id: str | None = None) -> Creation:
        """Write down the next state. Raises IllegalMove when it cannot follow the one there is."""
        with self._in_words(), self._turn, writing(self._connection) as connection:
            before = _found(connection, nonce)
            if before is None:
                raise StoreProblem(f"The journal does not know the nonce {clean(nonce)}.")
            after = before.moved(state, key_id)
            connection.execute(
                "UPDATE creation SET state = ?, key_id = ? WHERE nonce = ?",
                (after.state, after.key_id, nonce),
            )
        return after

    def unfinished(self, profile: str, origin: str) -> tuple[Creation, ...]:
        """Return what somebody still has to see to there, oldest first."""
        marks = ",".join("?" * len(UNFINISHED))
        with self._in_words(), self._turn:
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM creation WHERE profile = ? AND origin = ? "
                f"AND state IN ({marks}) ORDER BY at, nonce",
                (profile, origin, *UNFINISHED),
            ).fetchall()
        return tuple(_creation(row) for row in rows)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = connect(self.path, "FULL")
        try:
            with writing(connection):
                found = version(connection)
                if found > VERSION:
                    raise StoreProblem(
                        f"{clean(self.path)} was written by a newer oai-tui.",
                        "Use that one; this one would not understand what it left unfinished.",
                    )
                if found == 0:
                    connection.execute(_TABLES)
                    connection.execute(f"PRAGMA user_version={VERSION}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _put_aside(self) -> Path:
        """Rename the damaged file and its sidecars, so that what is in them can be looked at."""
        number = 1
        while (aside := self.path.with_name(f"journal-damaged-{number}.sqlite3")).exists():
            number += 1
        moves = zip(with_sidecars(self.path), with_sidecars(aside), strict=True)
        for here, there in moves:
            if here.exists():
                os.rename(here, there)
        sync_folder(self.path.parent)
        return aside

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise problem_of(self.path, error) from None
        except OSError as error:
            raise problem_with(self.path, "opened", error) from None


def _found(connection: sqlite3.Connection, nonce: str) -> Creation | None:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM creation WHERE nonce = ?", (nonce,)
    ).fetchone()
    return None if row is None else _creation(row)


def _row(creation: Creation) -> tuple[str | None, ...]:
    return (
        creation.nonce,
        creation.kind,
        creation.profile,
        creation.origin,
        creation.organization,
        creation.project_id,
        creation.account_id,
        creation.name,
        creation.at.isoformat(),
        creation.state,
        creation.key_id,
    )


def _creation(row: tuple[str, ...]) -> Creation:
    nonce, kind, profile, origin, organization, project_id, account_id, name, *rest = row
    at, state, key_id = rest
    try:
        return Creation(
            nonce,
            CreationKind(kind),
            profile,
            origin,
            organization,
            project_id,
            account_id,
            name,
            datetime.fromisoformat(at),
            CreationState(state),
            key_id,
        )
    except ValueError:
        raise StoreProblem(
            f"The journal holds a row that oai-tui did not write, for {clean(name)}.",
            "Look at the project's keys for one of that name, then delete the row.",
        ) from None
