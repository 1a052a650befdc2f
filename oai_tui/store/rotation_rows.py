"""Rotations as rows of the journal, and what is remembered of keys for the next one."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace

import msgspec

from oai_tui.core.creation import IllegalMove
from oai_tui.core.errors import StoreProblem
from oai_tui.core.rotation import PROFILE, Rotation, Step
from oai_tui.core.text import KEYLIKE, clean

TABLES = (
    """
    CREATE TABLE rotation (
        id TEXT PRIMARY KEY,
        profile TEXT NOT NULL,
        origin TEXT NOT NULL,
        old_id TEXT NOT NULL,
        is_finished INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        at TEXT NOT NULL,
        record TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE remembered (
        profile TEXT NOT NULL,
        origin TEXT NOT NULL,
        key_id TEXT NOT NULL,
        name TEXT NOT NULL,
        destinations TEXT NOT NULL,
        PRIMARY KEY (profile, origin, key_id)
    ) WITHOUT ROWID
    """,
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of a key made here: its name without the nonce, and where its value went."""

    name: str = ""
    destinations: tuple[str, ...] = ()


def insert(connection: sqlite3.Connection, rotation: Rotation) -> Rotation:
    """Add a line and return it with its revision.

    Raises IllegalMove while another rotation of the same key is unfinished, and StoreProblem for an
    id that is taken.
    """
    if connection.execute(
        "SELECT 1 FROM rotation WHERE old_id = ? AND origin = ? AND NOT is_finished",
        (rotation.old_id, rotation.origin),
    ).fetchone():
        raise IllegalMove(
            "This key is being rotated already.", "Go on with that rotation, or undo it first."
        )
    if find(connection, rotation.id) is not None:
        raise StoreProblem(f"The nonce {clean(rotation.id)} is in the journal already.")
    after = replace(rotation, revision=1)
    connection.execute(
        "INSERT INTO rotation VALUES (?,?,?,?,?,?,?,?)",
        (
            after.id,
            after.profile,
            after.origin,
            after.old_id,
            after.is_finished,
            after.revision,
            after.at.isoformat(),
            _record(after),
        ),
    )
    return after


def update(connection: sqlite3.Connection, rotation: Rotation) -> Rotation:
    """Replace a line that is still at this revision, and return it with the next one.

    What a finished rotation delivered is remembered for the new key. Raises IllegalMove when
    somebody else has changed the line since.
    """
    after = replace(rotation, revision=rotation.revision + 1)
    changed = connection.execute(
        "UPDATE rotation SET is_finished = ?, revision = ?, record = ? "
        "WHERE id = ? AND revision = ?",
        (after.is_finished, after.revision, _record(after), after.id, rotation.revision),
    ).rowcount
    if not changed:
        raise IllegalMove(
            "Another oai-tui has moved this rotation on.", "Look again how far it has come."
        )
    if after.step in (Step.REVOKED, Step.KEPT):
        _remember_end(connection, after)
    return after


def find(connection: sqlite3.Connection, id: str) -> Rotation | None:
    """Return a rotation by its id."""
    row = connection.execute("SELECT record FROM rotation WHERE id = ?", (id,)).fetchone()
    return None if row is None else _rotation(row[0], id)


def unfinished(connection: sqlite3.Connection, profile: str, origin: str) -> tuple[Rotation, ...]:
    """Return what somebody still has to see to there, oldest first."""
    rows = connection.execute(
        "SELECT record, id FROM rotation WHERE profile = ? AND origin = ? AND NOT is_finished "
        "ORDER BY at, id",
        (profile, origin),
    ).fetchall()
    return tuple(_rotation(record, id) for record, id in rows)


def remembered(
    connection: sqlite3.Connection, profile: str, origin: str, key_id: str
) -> Remembered:
    """Return what is known of a key, which may be nothing."""
    row = connection.execute(
        "SELECT name, destinations FROM remembered WHERE profile = ? AND origin = ? AND key_id = ?",
        (profile, origin, key_id),
    ).fetchone()
    return Remembered() if row is None else Remembered(row[0], tuple(json.loads(row[1])))


def remember(
    connection: sqlite3.Connection, profile: str, origin: str, key_id: str, known: Remembered
) -> None:
    """Write down what is known of a key. Raises StoreProblem for anything that looks like one."""
    if KEYLIKE.search(" ".join((known.name, *known.destinations))):
        raise StoreProblem("The journal keeps no keys, and something here looks like one.")
    connection.execute(
        "INSERT OR REPLACE INTO remembered VALUES (?,?,?,?,?)",
        (profile, origin, key_id, known.name, json.dumps(known.destinations)),
    )


def _remember_end(connection: sqlite3.Connection, rotation: Rotation) -> None:
    where = (rotation.profile, rotation.origin)
    went_to = tuple(each for each in rotation.delivered if each != PROFILE)
    remember(connection, *where, rotation.new_id, Remembered(rotation.base_name, went_to))
    if rotation.step is Step.REVOKED:
        connection.execute(
            "DELETE FROM remembered WHERE profile = ? AND origin = ? AND key_id = ?",
            (*where, rotation.old_id),
        )


def _record(rotation: Rotation) -> str:
    """Write it as JSON; raises StoreProblem for anything in it that looks like a key.

    A masked value is written as well, and looks like a key that was cut short.
    """
    masked = rotation.old_masked
    bare = msgspec.json.encode(replace(rotation, old_masked="")).decode()
    if KEYLIKE.search(bare) or (masked and "…" not in masked):
        raise StoreProblem("The journal keeps no keys, and something here looks like one.")
    return msgspec.json.encode(rotation).decode()


def _rotation(record: str, id: str) -> Rotation:
    try:
        return msgspec.json.decode(record, type=Rotation)
    except (msgspec.MsgspecError, ValueError):
        raise StoreProblem(
            f"The journal holds a rotation that oai-tui did not write: {clean(id)}.",
            "Look for a key whose name ends in that, then delete the row.",
        ) from None
