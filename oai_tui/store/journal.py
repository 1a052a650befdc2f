"""The durable record of keys being made and exchanged. Holds ids, names and states, no value."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from oai_tui.core.creation import Creation, CreationState
from oai_tui.core.errors import StoreProblem
from oai_tui.core.rotation import Rotation
from oai_tui.core.text import clean
from oai_tui.store import creation_rows, rotation_rows
from oai_tui.store.database import connect, is_damage, problem_of, version, with_sidecars, writing
from oai_tui.store.files import make_folder, problem_with, sync_folder
from oai_tui.store.rotation_rows import Remembered

FILE = "journal.sqlite3"
VERSION = 2


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
        with self._writing() as connection:
            creation_rows.insert(connection, creation)

    def move(self, nonce: str, state: CreationState, key_id: str | None = None) -> Creation:
        """Write down the next state. Raises IllegalMove when it cannot follow the one there is."""
        with self._writing() as connection:
            return creation_rows.move(connection, nonce, state, key_id)

    def unfinished(self, profile: str, origin: str) -> tuple[Creation, ...]:
        """Return the creations somebody still has to see to there, oldest first."""
        with self._reading() as connection:
            return creation_rows.unfinished(connection, profile, origin)

    def plan_rotation(self, rotation: Rotation) -> Rotation:
        """Write down that a key is going to be exchanged; return it with its revision.

        Raises IllegalMove while another rotation of the same key is unfinished.
        """
        with self._writing() as connection:
            return rotation_rows.insert(connection, rotation)

    def move_rotation(self, rotation: Rotation) -> Rotation:
        """Write down how a rotation is now; return it with its new revision.

        Raises IllegalMove when another oai-tui has written it since it was read.
        """
        with self._writing() as connection:
            return rotation_rows.update(connection, rotation)

    def rotation(self, id: str) -> Rotation | None:
        """Return a rotation by its id, finished ones included."""
        with self._reading() as connection:
            return rotation_rows.find(connection, id)

    def rotations(self, profile: str, origin: str) -> tuple[Rotation, ...]:
        """Return the rotations somebody still has to see to there, oldest first."""
        with self._reading() as connection:
            return rotation_rows.unfinished(connection, profile, origin)

    def remembered(self, profile: str, origin: str, key_id: str) -> Remembered:
        """Return the name a key was given here and where its value went, as far as known."""
        with self._reading() as connection:
            found = rotation_rows.remembered(connection, profile, origin, key_id)
            name = found.name or creation_rows.given_name(connection, key_id)
            return Remembered(name, found.destinations)

    def remember(self, profile: str, origin: str, key_id: str, known: Remembered) -> None:
        """Write down what a key was called and where its value went, for its next rotation."""
        with self._writing() as connection:
            rotation_rows.remember(connection, profile, origin, key_id, known)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = connect(self.path, "FULL")
        try:
            with writing(connection):
                self._bring_up(connection, version(connection))
        except BaseException:
            connection.close()
            raise
        return connection

    def _bring_up(self, connection: sqlite3.Connection, found: int) -> None:
        """Add the tables that an older version did not have; no line is touched."""
        if found > VERSION:
            raise StoreProblem(
                f"{clean(self.path)} was written by a newer oai-tui.",
                "Use that one; this one would not understand what it left unfinished.",
            )
        if found < 1:
            connection.execute(creation_rows.TABLE)
        if found < 2:
            for table in rotation_rows.TABLES:
                connection.execute(table)
            connection.execute(f"PRAGMA user_version={VERSION}")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._in_words(), self._turn, writing(self._connection) as connection:
            yield connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._in_words(), self._turn:
            yield self._connection

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
