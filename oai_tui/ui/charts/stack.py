"""A stack of figures as cells: first in eighths of a row, then as the character nearest to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from oai_tui.ui.charts.canvas import NONE, Cell
from oai_tui.ui.charts.model import Value
from oai_tui.ui.charts.scale import EIGHTHS, Scale

EMPTY = -1
HALF = EIGHTHS // 2
SLIM = "▊"
LOWER = " ▁▂▃▄▅▆▇█"

Column = list[int]
"""A bar from the bottom up: the number of the series in each eighth of a row, or EMPTY."""


def fill(values: Sequence[Value], scale: Scale) -> Column:
    """Pile figures upon each other: up from zero, credits down from zero."""
    column = [EMPTY] * (scale.rows * EIGHTHS)
    for sign in (1, -1):
        known = ((index, Decimal(value)) for index, value in enumerate(values) if value is not None)
        parts = [(index, value) for index, value in known if value * sign > 0]
        total, height = Decimal(0), 0
        for index, value in parts:
            total += value
            reached = scale.eighths(total)
            _cover(column, scale.base + height, scale.base + reached, index)
            height = reached
        if parts and not height:
            largest = max(parts, key=lambda part: abs(part[1]))[0]
            _cover(column, scale.base, scale.base + sign, largest)
    return column


def _cover(column: Column, start: int, end: int, index: int) -> None:
    for place in range(max(0, min(start, end)), min(len(column), max(start, end))):
        column[place] = index


def rows(column: Column) -> Iterator[tuple[int, Column]]:
    """Yield each row that is not empty with its eighths, from the bottom up."""
    for row in range(len(column) // EIGHTHS):
        part = column[row * EIGHTHS : (row + 1) * EIGHTHS]
        if any(series != EMPTY for series in part):
            yield row, part


def fine(part: Column, inks: Sequence[int], ground: int, clear: int) -> Cell:
    """Return the cell of a whole column; `clear` is the ink that looks like an empty ground."""
    low, high, split = _halves(part)
    if low == high:
        return Cell("█", inks[low], inks[low])
    if low == EMPTY:
        if split == EIGHTHS:
            return Cell("━", inks[high], ground)
        if split == HALF or clear == NONE:
            return Cell("▀", inks[high], ground)
        return Cell(LOWER[split], clear, inks[high])
    return Cell(LOWER[split], inks[low], ground if high == EMPTY else inks[high])


def _halves(part: Column) -> tuple[int, int, int]:
    """Return what fills the lower and the upper part and where they meet, in eighths.

    A cell shows two things at most; of three the larger of each half stay. A sliver amid nothing
    comes back as meeting at the very top.
    """
    low, high = part[0], part[-1]
    split = next((place for place, series in enumerate(part) if series != low), EIGHTHS)
    if all(series == high for series in part[split:]):
        return low, high, split
    if low == high == EMPTY:
        return EMPTY, most(series for series in part if series != EMPTY), EIGHTHS
    low, high = most(part[:HALF]), most(part[HALF:])
    return low, high, HALF


def most(part: Iterable[int]) -> int:
    """Return what fills most of some eighths."""
    return Counter(part).most_common(1)[0][0]


def slim(part: Column, inks: Sequence[int], ground: int, clear: int) -> Cell:
    """Return the cell of a bar that has one column and no gap: a part of it stays empty instead."""
    if EMPTY in part:
        return fine(part, inks, ground, clear)
    return Cell(SLIM, inks[most(part)], ground)


def coarse(part: Column) -> int:
    """Return the series that a whole row stands for, EMPTY when it is less than half full."""
    filled = [series for series in part if series != EMPTY]
    return most(filled) if len(filled) >= HALF else EMPTY
