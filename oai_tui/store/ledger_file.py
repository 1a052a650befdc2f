"""The file of the ledger: its tables, and going on without it when it cannot be used."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from oai_tui.core.errors import StoreProblem
from oai_tui.core.exact import total
from oai_tui.core.usage import CHARGED_BY, COUNTED_BY, NUMBERS
from oai_tui.store.database import connect, is_damage, problem_of, version, with_sidecars, writing
from oai_tui.store.files import make_folder, problem_with

FILE = "usage.sqlite3"
VERSION = 1

_COUNTED = ", ".join(
    (*(f"{each} INTEGER NOT NULL" for each in COUNTED_BY), *(f"{each} INTEGER" for each in NUMBERS))
)
_CHARGED = ", ".join(f"{each} INTEGER NOT NULL" for each in CHARGED_BY)
TABLES = f"""
CREATE TABLE place (
    id INTEGER PRIMARY KEY, profile TEXT NOT NULL, origin TEXT NOT NULL, seen_with TEXT NOT NULL,
    UNIQUE (profile, origin, seen_with)
);
CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE window (
    place INTEGER NOT NULL, grain INTEGER NOT NULL, what INTEGER NOT NULL, at INTEGER NOT NULL,
    asked_at INTEGER NOT NULL, PRIMARY KEY (place, grain, what, at)
) WITHOUT ROWID;
CREATE TABLE usage (
    place INTEGER NOT NULL, grain INTEGER NOT NULL, what INTEGER NOT NULL, at INTEGER NOT NULL,
    n INTEGER NOT NULL, {_COUNTED}, PRIMARY KEY (place, grain, what, at, n)
) WITHOUT ROWID;
CREATE TABLE cost (
    place INTEGER NOT NULL, grain INTEGER NOT NULL, what INTEGER NOT NULL, at INTEGER NOT NULL,
    n INTEGER NOT NULL, {_CHARGED}, amount TEXT NOT NULL, PRIMARY KEY (place, grain, what, at, n)
) WITHOUT ROWID;
"""

T = TypeVar("T")


class LedgerFile:
    """A database at a path, or in memory once the file cannot be used.

    A damaged file and one of another version are thrown away. Whatever else is wrong with it,
    what it held is taken along and the work goes on in memory; `trouble` says why then.
    """

    def __init__(self, path: Path) -> None:
        """Open nothing yet."""
        self.path = path
        self.trouble = ""
        self._turn = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def do(self, action: Callable[[sqlite3.Connection], T]) -> T:
        """Do something with the database, with a new one where this one fails."""
        with self._turn:
            try:
                return action(self._opened())
            except sqlite3.Error as error:
                if not _is_spoilt(error):
                    self._go_on_in_memory(problem_of(self.path, error))
                    return action(self._opened())
            self._let_go()
            self._throw_away()
            try:
                return action(self._opened())
            except sqlite3.Error as error:
                self._go_on_in_memory(problem_of(self.path, error))
                return action(self._opened())

    def write(self, action: Callable[[sqlite3.Connection], None]) -> None:
        """Change something, wholly or not at all."""

        def change(connection: sqlite3.Connection) -> None:
            with writing(connection):
                action(connection)

        self.do(change)

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._let_go()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = self._open()
            except sqlite3.Error as error:
                if is_damage(error):
                    raise
                self._go_on_in_memory(problem_of(self.path, error))
            except StoreProblem as problem:
                self._go_on_in_memory(problem)
            except OSError as error:
                self._go_on_in_memory(problem_with(self.path, "used", error))
        assert self._connection is not None
        return self._connection

    def _open(self) -> sqlite3.Connection:
        make_folder(self.path.parent)
        connection = connect(self.path, "NORMAL", checked=False)
        try:
            if version(connection) not in (0, VERSION):
                connection.close()
                self._throw_away()
                connection = connect(self.path, "NORMAL", checked=False)
            if version(connection) == 0:
                _furnish(connection)
        except BaseException:
            connection.close()
            raise
        return _taught(connection)

    def _go_on_in_memory(self, problem: StoreProblem) -> None:
        self.trouble = str(problem)
        memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        with contextlib.suppress(sqlite3.Error):
            if self._connection is not None:
                self._connection.backup(memory)
        if version(memory) != VERSION:
            memory.close()
            memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            _furnish(memory)
        self._let_go()
        self._connection = _taught(memory)

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _throw_away(self) -> None:
        for path in with_sidecars(self.path):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _furnish(connection: sqlite3.Connection) -> None:
    with writing(connection):
        if version(connection) == 0:
            for statement in filter(str.strip, TABLES.split(";\n")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={VERSION}")


def _taught(connection: sqlite3.Connection) -> sqlite3.Connection:
    # Both kinds of sums are texts, as no number of SQLite holds them exactly.
    connection.create_aggregate("exact_sum", 1, _Sum)  # type: ignore[arg-type]
    return connection


class _Sum:
    """The exact sum of decimal texts or whole numbers, as a text."""

    def __init__(self) -> None:
        self._values: list[str | int | None] = []
        # A method of ours would be a call of Python for each of a million rows.
        self.step = self._values.append

    def finalize(self) -> str | None:
        amounts = [Decimal(value) for value in self._values if value is not None]
        if not all(map(Decimal.is_finite, amounts)):
            raise InvalidOperation
        return str(total(amounts)) if amounts else None


def _is_spoilt(error: sqlite3.Error) -> bool:
    """Whether the file is damaged, be it only that an amount in it is no number."""
    return is_damage(error) or "user-defined aggregate" in str(error)
