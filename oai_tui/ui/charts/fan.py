"""What may come: a band that opens ahead of a line, with the usual course dashed in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from math import ceil

from oai_tui.ui.charts.canvas import NONE, Cell, Inks, Rows, Stroke
from oai_tui.ui.charts.model import Fan, Palette, Style, Value, faded
from oai_tui.ui.charts.scale import EIGHTHS, Scale
from oai_tui.ui.charts.stack import LOWER

TINT = 0.3
"""How much of its colour a band keeps on the background."""

DASH, PITCH = 3, 5
"""Columns of a dash, and from one dash to the next."""

Point = tuple[float, float] | None


def shade(
    picture: Rows,
    left: int,
    fan: Fan,
    centers: Sequence[float],
    scale: Scale,
    inks: Inks,
    palette: Palette,
    style: Style,
) -> None:
    """Fill the band between low and high in a picture that begins at the column `left`."""
    tint = faded(fan.color, palette.background, TINT)
    fine = style.fine and tint != fan.color
    ink = inks.number(tint if fine else fan.color, "dim")
    clear = inks.number(palette.background)
    fill = "░" if style.unicode else ":"
    low, high = heights(fan.low, centers, scale), heights(fan.high, centers, scale)
    edges = zip(_columns(low), _columns(high), strict=False)
    for (column, bottom), (_, top) in edges:
        for row, start, end in _rows(bottom, top, scale.rows):
            cells = picture[-1 - row]
            if left + column >= len(cells):
                continue
            if fine:
                cells[left + column] = _fine(start, end, ink, clear)
            elif end - start >= EIGHTHS // 2:
                cells[left + column] = Cell(fill, ink)


def dashes(fan: Fan, centers: Sequence[float], scale: Scale, ink: int) -> Stroke:
    """Return the usual course as a line of dashes."""
    return Stroke(list(_dashed(heights(fan.usual, centers, scale))), ink, glyph="+")


def heights(values: Sequence[Value], centers: Sequence[float], scale: Scale) -> list[Point]:
    """Return where the figures of a line stand."""
    return [
        None if value is None else (center, scale.height(_exact(value)))
        for center, value in zip(centers, values, strict=False)
    ]


def between(points: Sequence[Point]) -> Iterator[Point]:
    """Yield points a column apart along a line, and None where it breaks."""
    for start, end in pairwise([*points, None]):
        yield start
        if start and end:
            steps = ceil(end[0] - start[0])
            for step in range(1, steps):
                part = step / steps
                yield start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _exact(value: Value) -> Decimal:
    assert value is not None
    return Decimal(value)


def _columns(points: Sequence[Point]) -> Iterator[tuple[int, float]]:
    """Yield each column that a line passes with its height in the middle of it."""
    for start, end in pairwise(points):
        if start is None or end is None or end[0] <= start[0]:
            continue
        slope = (end[1] - start[1]) / (end[0] - start[0])
        for column in range(ceil(start[0] - 0.5), ceil(end[0] + 0.5)):
            if start[0] <= column + 0.5 <= end[0] + 0.5:
                yield column, start[1] + (column + 0.5 - start[0]) * slope


def _rows(bottom: float, top: float, rows: int) -> Iterator[tuple[int, int, int]]:
    """Yield each row between two heights, with where in it they begin and end in eighths.

    What is thinner than half a row is left to the line in it: slivers would look like dirt.
    """
    low, high = round(bottom * EIGHTHS), round(top * EIGHTHS)
    if high - low < EIGHTHS // 2:
        return
    for row in range(max(0, low // EIGHTHS), min(rows, -(-high // EIGHTHS))):
        start, end = (min(max(edge - row * EIGHTHS, 0), EIGHTHS) for edge in (low, high))
        if end > start:
            yield row, start, end


def _fine(start: int, end: int, ink: int, clear: int) -> Cell:
    if start == 0 and end == EIGHTHS:
        return Cell(" ", NONE, ink)
    if start == 0:
        return Cell(LOWER[end], ink)
    # Of a band inside one cell only the upper end can be left out.
    return Cell(LOWER[start], clear, ink)


def _dashed(points: Sequence[Point]) -> Iterator[Point]:
    for place, point in enumerate(between(points)):
        yield point if place % PITCH < DASH else None
