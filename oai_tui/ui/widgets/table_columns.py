"""The columns of a table: what they show, and which of them a width has room for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from rich.cells import cell_len, set_cell_size

from oai_tui.core.text import clean

T = TypeVar("T")

GAP = 2
"""Blank cells between two columns."""

Tone = Literal["", "muted", "good", "warn", "bad", "accent"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and the meaning its colour is to carry."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True)
class Column(Generic[T]):
    """One column: its head, its width in cells and how a row fills it.

    Rows whose sort key is None come last in both directions; a column without `sort` cannot be
    sorted by. Columns of low priority are the first to be left out where space is short.
    """

    key: str
    label: str
    width: int
    cell: Callable[[T], Cell | str]
    sort: Callable[[T], object] | None = None
    align: Literal["left", "right"] = "left"
    grow: bool = False
    priority: int = 0

    def read(self, row: T) -> Cell:
        """Return the cell of a row; a row that cannot be read is a `?`, never an error."""
        try:
            found = self.cell(row)
        except Exception:
            # One odd answer of the platform must not take the whole list from the screen.
            return Cell("?", "warn")
        return found if isinstance(found, Cell) else Cell(str(found))


@dataclass(frozen=True)
class Slot(Generic[T]):
    """A column in its place: the first cell and the number of cells it was given."""

    column: Column[T]
    x: int
    width: int


@dataclass(frozen=True)
class Layout(Generic[T]):
    """The columns that a width has room for, from left to right."""

    slots: tuple[Slot[T], ...]
    shift: int
    more_left: bool
    more_right: bool


def lay_out(
    columns: Sequence[Column[T]], width: int, shift: int = 0, keep: Collection[str] = ()
) -> Layout[T]:
    """Choose and place columns for a width in cells.

    The first column is pinned. Unshifted, the columns of the highest priority are shown, and
    those named in `keep` before them; what is left out stands to the right of them, and every
    step of `shift` moves at least one step towards it. A shift too far is brought back.
    """
    if not columns or width <= 0:
        return Layout((), 0, False, False)
    pinned, rest = columns[0], columns[1:]
    room = width - pinned.width
    kept = _most_wanted(rest, room, keep)
    queue = [c for c in rest if c.key in kept] + [c for c in rest if c.key not in kept]
    if len(kept) == len(rest):
        shift = 0
    shift = min(max(shift, 0), _last_shift(queue, room))
    count = _fitting(queue[shift:], room)
    if room > GAP:
        # Whoever looks for a column sees it, cut where it is wider than the room beside the first.
        count = max(1, count)
    shown = queue[shift : shift + count]
    more_right = shift + len(shown) < len(queue)
    return Layout(_place([pinned, *shown], width), shift, shift > 0, more_right)


def _most_wanted(rest: Sequence[Column[T]], room: int, keep: Collection[str]) -> set[str]:
    kept: set[str] = set()
    for column in sorted(rest, key=lambda c: (c.key not in keep, -c.priority)):
        if column.width + GAP <= room:
            kept.add(column.key)
            room -= column.width + GAP
    return kept


def _fitting(queue: Sequence[Column[T]], room: int) -> int:
    for count, column in enumerate(queue):
        room -= column.width + GAP
        if room < 0:
            return count
    return len(queue)


def _last_shift(queue: Sequence[Column[T]], room: int) -> int:
    fit_from_the_end = _fitting(queue[::-1], room)
    # A column wider than the room there is must still not keep those behind it out of reach.
    return max(0, len(queue) - max(1, fit_from_the_end))


def _place(columns: Sequence[Column[T]], width: int) -> tuple[Slot[T], ...]:
    spare = width - sum(c.width + GAP for c in columns) + GAP
    growing = sum(c.grow for c in columns)
    slots: list[Slot[T]] = []
    x = 0
    for column in columns:
        cells = min(column.width, width - x)
        if column.grow and spare > 0:
            share = -(-spare // growing)
            cells, spare, growing = cells + share, spare - share, growing - 1
        slots.append(Slot(column, x, cells))
        x += cells + GAP
    return tuple(slots)


def fit(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """Return text as exactly `width` cells on one line: padded, or cut with an ellipsis."""
    if width <= 0:
        return ""
    if not text.isprintable():
        text = clean(text)
    text = text[: width * 8]
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…"
    blank = " " * (width - size)
    return blank + text if align == "right" else text + blank
