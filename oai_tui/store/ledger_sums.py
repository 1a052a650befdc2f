"""Summing the ledger: every picture is one GROUP BY."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from oai_tui.core.cuts import Grain
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.usage import CHARGED_BY, NUMBERS

_GRAINS = {grain: place for place, grain in enumerate(Grain)}


@dataclass(frozen=True, slots=True)
class Sums:
    """What is summed: `fields` together, between each pair of `cuts` (Unix seconds).

    `by` None makes one group of everything. A row counts when for every filter its name in that
    dimension is one of the given. `shares` asks for the cached and the batch part of usage too,
    `credits` for those costs alone that are below zero.
    """

    grain: Grain
    cuts: tuple[tuple[int, int], ...]
    kinds: tuple[Kind, ...] = ()
    fields: tuple[str, ...] = ()
    by: Dimension | None = None
    filters: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()
    shares: bool = False
    credits: bool = False


class Sum(NamedTuple):
    """A sum of one cut and group; `figure` None where the platform told no number at all.

    `untold` rows had none. `cached` of `input` tokens came from the cache, where that was told;
    `batch` of `tokens` were used in batches, where that was told.
    """

    cut: int
    id: str
    figure: int | None
    untold: int
    cached: int = 0
    input: int = 0
    batch: int = 0
    tokens: int = 0


class Cost(NamedTuple):
    """A sum of dollars of one cut and group."""

    cut: int
    id: str
    amount: Decimal


Place = tuple[str, str, str]

_TOKENS = "ifnull(input_tokens, 0) + ifnull(output_tokens, 0)"
_SHARES = (
    "input_cached_tokens",
    "CASE WHEN input_cached_tokens IS NOT NULL THEN input_tokens END",
    f"CASE WHEN batch = :yes THEN {_TOKENS} END",
    f"CASE WHEN batch <> :nobody THEN {_TOKENS} END",
)


def sums(connection: sqlite3.Connection, place: Place, wanted: Sums) -> list[Sum]:
    """Return the sums of usage."""
    names = _Names(connection)
    told = f"coalesce({', '.join((*wanted.fields, 'NULL'))})"
    counts = ("count(*)", f"count({told})")
    added = (_added(wanted.fields), *(_SHARES if wanted.shares else ()))
    source = _source("usage", names, wanted, [names.id(str(kind)) for kind in wanted.kinds])
    column = "what" if wanted.by is Dimension.KIND else wanted.by or "0"
    bound = {"place": _place(connection, place), "yes": names.id("true"), "nobody": names.id("")}

    def rows(adding: str) -> list[tuple[int, ...]]:
        columns = (column, *counts, *(f"{adding}({each})" for each in added))
        return connection.execute(_query(source, columns), bound).fetchall()

    found = _exactly(rows)
    return [
        Sum(
            cut,
            names.text(id) if wanted.by else "",
            int(figure) if known else None,
            number - known,
            *(int(each or 0) for each in shares),
        )
        for cut, id, number, known, figure, *shares in found
    ]


def totals(
    connection: sqlite3.Connection, place: Place, wanted: Sums
) -> dict[Kind, dict[str, int | None]]:
    """Return every number of every kind, summed over all cuts; None where none was told."""
    names = _Names(connection)
    source = _source("usage", names, wanted, [names.id(str(kind)) for kind in wanted.kinds])
    bound = {"place": _place(connection, place)}

    def rows(adding: str) -> list[tuple[int, ...]]:
        cut, rest = source.split("\n")
        added = ", ".join(f"{adding}({each})" for each in NUMBERS)
        return connection.execute(f"{cut} SELECT what, {added} {rest} GROUP BY 1", bound).fetchall()

    return {
        Kind(names.text(what)): {
            name: None if number is None else int(number)
            for name, number in zip(NUMBERS, numbers, strict=True)
        }
        for what, *numbers in _exactly(rows)
    }


def _exactly(rows: Callable[[str], list[tuple[int, ...]]]) -> list[tuple[int, ...]]:
    """Sum as SQLite does, and by our own means where that has too few bits."""
    try:
        return rows("sum")
    except sqlite3.OperationalError as error:
        if "overflow" not in str(error):
            raise
        return rows("exact_sum")


def cost_sums(connection: sqlite3.Connection, place: Place, wanted: Sums, what: str) -> list[Cost]:
    """Return the sums of costs, each amount added up exactly."""
    names = _Names(connection)
    source = _source("cost", names, wanted, [names.id(what)])
    query = _query(source, (wanted.by or "0", "exact_sum(amount)"))
    rows = connection.execute(query, {"place": _place(connection, place)}).fetchall()
    return [
        Cost(cut, names.text(id) if wanted.by else "", Decimal(amount)) for cut, id, amount in rows
    ]


def names(connection: sqlite3.Connection, place: Place, dimension: Dimension) -> list[str]:
    """Return every name that costs were told apart by in one dimension."""
    assert dimension in CHARGED_BY
    return [
        text
        for (text,) in connection.execute(
            f"SELECT text FROM name WHERE id IN (SELECT {dimension} FROM cost WHERE place = ?)",
            (_place(connection, place),),
        )
    ]


class _Names:
    """The ids of texts; a text that stands nowhere has an id that matches nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._texts: dict[int, str] = {}

    def id(self, text: str) -> int:
        """Return the id of a text."""
        find = "SELECT id FROM name WHERE text = ?"
        found = self._connection.execute(find, (text,)).fetchone()
        return int(found[0]) if found else -1

    def text(self, id: int) -> str:
        """Return the text of an id."""
        if id not in self._texts:
            find = "SELECT text FROM name WHERE id = ?"
            self._texts[id] = self._connection.execute(find, (id,)).fetchone()[0]
        return self._texts[id]


def _place(connection: sqlite3.Connection, place: Place) -> int:
    find = "SELECT id FROM place WHERE (profile, origin, seen_with) = (?, ?, ?)"
    found = connection.execute(find, place).fetchone()
    return int(found[0]) if found else -1


def _query(source: str, columns: tuple[str, ...]) -> str:
    cut, rest = source.split("\n")
    return f"{cut} SELECT cut.n, {', '.join(columns)} {rest} GROUP BY 1, 2"


def _source(table: str, names: _Names, wanted: Sums, what: list[int]) -> str:
    """Return where the rows come from: the cuts in a line of their own, then the rest.

    The cuts are the outer loop, so that each reads one stretch of the table, which lies in order.
    """
    cuts = ",".join(f"({n},{first},{last})" for n, (first, last) in enumerate(wanted.cuts))
    conditions = [
        f"place = :place AND grain = {_GRAINS[wanted.grain]}",
        f"what IN ({','.join(map(str, what)) or 'NULL'})",
        "at >= cut.first AND at < cut.last",
    ]
    if wanted.credits:
        conditions.append("amount GLOB '-*'")
    for dimension, texts in wanted.filters:
        column = "what" if dimension is Dimension.KIND else dimension
        ids = ",".join(str(names.id(text)) for text in texts)
        conditions.append(f"{column} IN ({ids or 'NULL'})")
    return (
        f"WITH cut(n, first, last) AS (VALUES {cuts or '(NULL, NULL, NULL)'})\n"
        f"FROM cut CROSS JOIN {table} WHERE {' AND '.join(conditions)}"
    )


def _added(fields: tuple[str, ...]) -> str:
    if len(fields) == 1:
        return fields[0]
    return " + ".join(f"ifnull({field}, 0)" for field in fields) or "NULL"
