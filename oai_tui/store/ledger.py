"""Usage and costs at the finest grain the platform tells: what is known of when, and asked when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from oai_tui.core.cuts import Grain
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.usage import Charged, Counted
from oai_tui.store.database import with_sidecars
from oai_tui.store.ledger_file import FILE, LedgerFile
from oai_tui.store.ledger_room import make_room
from oai_tui.store.ledger_rows import Head, ends, forget, ids_of, insert_costs, insert_usage, note
from oai_tui.store.ledger_sums import Cost, Sum, Sums, cost_sums, names, sums, totals

MOST_BYTES = 256 * 1024 * 1024
"""What the file may take; the oldest minutes and hours make room first, then the oldest days."""

REFRESH = timedelta(minutes=5)
"""How long the answer for time that may still change is taken as it is."""

_SETTLED = {True: 3 * 86400, False: 2 * 86400}
"""Seconds after its end from which a bucket of costs (True) or of usage is known for good."""

_GRAINS = {grain: place for place, grain in enumerate(Grain)}

Window = tuple[datetime, datetime]
What = Kind | tuple[Dimension, ...]
"""What was asked for: a kind of usage, or costs by some dimensions."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a stretch of time: when each bucket (Unix seconds) was asked for.

    `settled` are those whose figures do not change any more.
    """

    asked: dict[int, int]
    settled: frozenset[int]


class Ledger:
    """Figures kept for one profile at one origin, seen with one key, in a file of its own.

    `seen_with` is a key masked: what another key saw may be of another organization. It never
    raises: when its file cannot be used it goes on in memory, and `trouble` says why (empty while
    all is well). Opened at the first question; may be used from several threads and processes.
    """

    def __init__(
        self,
        folder: Path,
        profile: str,
        origin: str,
        seen_with: str = "",
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._file = LedgerFile(folder / FILE)
        self._place = (profile, origin, seen_with)
        self._most_bytes = most_bytes

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._file.path

    @property
    def trouble(self) -> str:
        """Why the file is not used."""
        return self._file.trouble

    def put(
        self,
        kind: Kind,
        grain: Grain,
        since: datetime,
        until: datetime,
        rows: Iterable[Counted],
        asked_at: datetime,
    ) -> None:
        """Keep the usage of one kind in place of what was known of these buckets."""
        rows = list(rows)

        def write(connection: sqlite3.Connection) -> None:
            head = self._head(connection, kind, grain)
            forget(connection, "usage", head, since, until)
            insert_usage(connection, head, rows)
            note(connection, head, grain.seconds, since, until, asked_at)
            make_room(connection, self._most_bytes)

        self._file.write(write)

    def put_costs(
        self,
        by: tuple[Dimension, ...],
        since: datetime,
        until: datetime,
        rows: Iterable[Charged],
        asked_at: datetime,
    ) -> None:
        """Keep the costs by some dimensions in place of what was known of these days."""
        rows = list(rows)

        def write(connection: sqlite3.Connection) -> None:
            head = self._head(connection, by, Grain.DAY)
            forget(connection, "cost", head, since, until)
            insert_costs(connection, head, rows)
            note(connection, head, Grain.DAY.seconds, since, until, asked_at)
            make_room(connection, self._most_bytes)

        self._file.write(write)

    def known(self, what: What, grain: Grain, since: datetime, until: datetime) -> Known:
        """Return which buckets between two instants are known, and since when."""

        def read(connection: sqlite3.Connection) -> list[tuple[int, int]]:
            return connection.execute(
                "SELECT at, asked_at FROM window WHERE grain = ? AND at >= ? AND at < ? "
                "AND place = (SELECT id FROM place WHERE (profile, origin, seen_with) = (?, ?, ?)) "
                "AND what = (SELECT id FROM name WHERE text = ?)",
                (_GRAINS[grain], *ends(since, until), *self._place, _name(what)),
            ).fetchall()

        asked = dict(self._file.do(read))
        after = grain.seconds + _SETTLED[not isinstance(what, Kind)]
        return Known(asked, frozenset(at for at, then in asked.items() if then >= at + after))

    def missing(
        self,
        what: What,
        grain: Grain,
        since: datetime,
        until: datetime,
        now: datetime,
        refresh: timedelta = REFRESH,
    ) -> list[Window]:
        """Return the stretches of time that have to be asked for, the newest first.

        Nothing lies ahead of `now`: the last bucket is the one that holds it.
        """
        size, young = grain.seconds, int((now - refresh).timestamp())
        start, end = ends(since, until)
        start -= start % size
        end = min(-(-end // size) * size, int(now.timestamp()) // size * size + size)
        known = self.known(what, grain, _at(start), _at(max(start, end)))
        wanted = (
            at
            for at in range(start, end, size)
            if at not in known.settled and known.asked.get(at, -1) <= young
        )
        return [(_at(first), _at(last)) for first, last in _runs(wanted, size)][::-1]

    def sums(self, wanted: Sums) -> list[Sum]:
        """Return the sums of usage by cut and group, of what is known."""
        return self._file.do(lambda connection: sums(connection, self._place, wanted))

    def totals(self, wanted: Sums) -> dict[Kind, dict[str, int | None]]:
        """Return every number of every kind, summed over all cuts."""
        return self._file.do(lambda connection: totals(connection, self._place, wanted))

    def cost_sums(self, wanted: Sums, by: tuple[Dimension, ...]) -> list[Cost]:
        """Return the sums of costs by cut and group, of what is known by some dimensions."""
        return self._file.do(lambda c: cost_sums(c, self._place, wanted, _name(by)))

    def names(self, dimension: Dimension) -> list[str]:
        """Return every name that costs were told apart by in one dimension."""
        return self._file.do(lambda connection: names(connection, self._place, dimension))

    def size(self) -> int:
        """Return the bytes that the file and those beside it take."""
        return sum(path.stat().st_size for path in with_sidecars(self.path) if path.exists())

    def clear(self) -> None:
        """Forget everything of everybody, and give the room back."""

        def empty(connection: sqlite3.Connection) -> None:
            for table in ("usage", "cost", "window", "name", "place"):
                connection.execute(f"DELETE FROM {table}")

        self._file.write(empty)
        self._file.do(lambda connection: connection.execute("VACUUM").close())
        self._file.do(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").close())

    def hand_to(self, seen_with: str) -> None:
        """Go on with another key of the same organization: what was seen is its own now."""
        place = (seen_with, *self._place)

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE OR IGNORE place SET seen_with = ? "
                "WHERE profile = ? AND origin = ? AND seen_with = ?",
                place,
            )

        self._file.write(write)
        self._place = (*self._place[:2], seen_with)

    def drop(self, profile: str) -> None:
        """Forget everything of a profile, at every origin and with every key."""

        def delete(connection: sqlite3.Connection) -> None:
            for table in ("usage", "cost", "window"):
                connection.execute(
                    f"DELETE FROM {table} WHERE place IN (SELECT id FROM place WHERE profile = ?)",
                    (profile,),
                )

        self._file.write(delete)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _head(self, connection: sqlite3.Connection, what: What, grain: Grain) -> Head:
        connection.execute(
            "INSERT OR IGNORE INTO place (profile, origin, seen_with) VALUES (?, ?, ?)", self._place
        )
        [place] = connection.execute(
            "SELECT id FROM place WHERE (profile, origin, seen_with) = (?, ?, ?)", self._place
        ).fetchone()
        name = _name(what)
        return int(place), _GRAINS[grain], ids_of(connection, [name])[name]


def _name(what: What) -> str:
    return str(what) if isinstance(what, Kind) else f"costs {','.join(what)}"


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _runs(starts: Iterable[int], size: int) -> Iterator[tuple[int, int]]:
    """Join neighbouring buckets into stretches."""
    first = end = None
    for at in starts:
        if first is None or at != end:
            if first is not None and end is not None:
                yield first, end
            first = at
        end = at + size
    if first is not None and end is not None:
        yield first, end
