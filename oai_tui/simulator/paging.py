"""Lists by id cursor: `after` and `before` name an object, `limit` counts objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from starlette.datastructures import QueryParams

from oai_tui.simulator.answers import invalid
from oai_tui.simulator.reading import query_choice, query_integer


class Named(Protocol):
    """Anything that a cursor can point at."""

    id: str


Row = TypeVar("Row", bound=Named)
Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a list allows: bounds of `limit`, and whether `order` and `before` mean something."""

    default: int = 20
    smallest: int = 1
    largest: int = 100
    ordered: bool = False
    both_ways: bool = False


def everything(row: object) -> bool:
    """Show every row."""
    return True


def page(
    query: QueryParams,
    rows: Iterable[Row],
    as_wire: Callable[[Row], Answer],
    rules: Rules = Rules(),
    shown: Callable[[Row], bool] = everything,
) -> Answer:
    """Give one page of `rows` that are `shown`; raises Refusal.

    A cursor may point at a row that is no longer shown, so that deleting while paging works.
    """
    limit = query_integer(query, "limit", rules.smallest, rules.largest)
    limit = rules.default if limit is None else limit
    ordered = list(rows)
    if rules.ordered and query_choice(query, "order", ("asc", "desc")) == "desc":
        ordered.reverse()
    before = query.get("before") if rules.both_ways else None
    start, end = _span(ordered, query.get("after"), before)
    candidates = [row for row in ordered[start:end] if shown(row)]
    backwards = before is not None and "after" not in query
    chosen = candidates[max(len(candidates) - limit, 0) :] if backwards else candidates[:limit]
    return {
        "object": "list",
        "data": [as_wire(row) for row in chosen],
        "first_id": chosen[0].id if chosen else None,
        "last_id": chosen[-1].id if chosen else None,
        "has_more": len(chosen) < len(candidates),
    }


def _span(rows: list[Row], after: str | None, before: str | None) -> tuple[int, int]:
    start = 0 if after is None else _position(rows, "after", after) + 1
    end = len(rows) if before is None else _position(rows, "before", before)
    return start, max(start, end)


def _position(rows: list[Row], name: str, cursor: str) -> int:
    for position, row in enumerate(rows):
        if row.id == cursor:
            return position
    raise invalid(f"Invalid '{name}': no object with id '{cursor}'.", name, "invalid_value")
