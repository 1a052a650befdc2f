"""Creations as rows of the journal."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from oai_tui.core.creation import UNFINISHED, Creation, CreationKind, CreationState
from oai_tui.core.errors import StoreProblem
from oai_tui.core.text import KEYLIKE, clean

TABLE = """
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


def insert(connection: sqlite3.Connection, creation: Creation) -> None:
    """Add a line; raises StoreProblem for a nonce that is taken and a name that holds a key."""
    if KEYLIKE.search(creation.name):
        raise StoreProblem("The journal keeps no keys, and this name holds one.")
    if _found(connection, creation.nonce) is not None:
        raise StoreProblem(f"The nonce {clean(creation.nonce)} is in the journal already.")
    connection.execute(
        f"INSERT INTO creation ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)", _row(creation)
    )


def move(
    connection: sqlite3.Connection, nonce: str, state: CreationState, key_id: str | None
) -> Creation:
    """Change a line to its next state; raises IllegalMove, and StoreProblem for an unknown one."""
    before = _found(connection, nonce)
    if before is None:
        raise StoreProblem(f"The journal does not know the nonce {clean(nonce)}.")
    after = before.moved(state, key_id)
    connection.execute(
        "UPDATE creation SET state = ?, key_id = ? WHERE nonce = ?",
        (after.state, after.key_id, nonce),
    )
    return after


def unfinished(connection: sqlite3.Connection, profile: str, origin: str) -> tuple[Creation, ...]:
    """Return what somebody still has to see to there, oldest first."""
    marks = ",".join("?" * len(UNFINISHED))
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM creation WHERE profile = ? AND origin = ? "
        f"AND state IN ({marks}) ORDER BY at, nonce",
        (profile, origin, *UNFINISHED),
    ).fetchall()
    return tuple(_creation(row) for row in rows)


def given_name(connection: sqlite3.Connection, key_id: str) -> str:
    """Return the name, without its nonce, that a key was made with here; "" for others."""
    row = connection.execute(
        "SELECT name, nonce FROM creation WHERE key_id = ?", (key_id,)
    ).fetchone()
    return "" if row is None else str(row[0]).removesuffix(f"-{row[1]}")


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
