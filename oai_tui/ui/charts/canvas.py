"""The drawing surface: what goes to plotext, and the cells that come back.

plotext is told numbers instead of colours ("inks"); the cells it returns are coloured here, so that
theme colours, terminal colours and no colour at all take the same way.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from types import ModuleType
from typing import NamedTuple

from textual.color import Color, ColorParseError
from textual.content import Content, Span
from textual.style import Style as Paint

from oai_tui.ui.charts.model import Style

NONE = 0
"""The ink of a ground that shows what lies behind it."""

FILLING = "█▇▆▅▄▀▊"
"""Characters whose strokes cover half their cell or more."""

HANGING = "▀━"
"""Characters that a bar begins with, in the upper half of the row of zero."""

UNCOLOURED_FRAME = str.maketrans("─", "┈")
ASCII_FRAME = str.maketrans("│┼─", "|+-")

SGR = re.compile(r"\x1b\[([0-9;]*)m")


class Cell(NamedTuple):
    """One character with the inks of its strokes and its ground."""

    glyph: str
    ink: int
    ground: int = NONE


class Stamp(NamedTuple):
    """A cell at a place; rows count from the bottom."""

    column: int
    row: int
    cell: Cell


class Stroke(NamedTuple):
    """A line through points (columns and rows from the lower left edge); None breaks it.

    `glyph` is its character where there are no dots of an eighth of a cell.
    """

    points: Sequence[tuple[float, float] | None]
    ink: int
    solid: bool = True
    glyph: str = "*"


Rows = list[list[Cell]]
"""A picture as cells, from the top row down."""


def loaded() -> bool:
    """Return whether drawing can start without the wait for the first import of plotext."""
    return "plotext" in sys.modules


def warm() -> bool:
    """Import plotext and return whether that worked; safe in a thread, takes some 90 ms once."""
    try:
        _plotext()
    except ImportError:
        return False
    return True


def _plotext() -> ModuleType:
    import plotext  # type: ignore[import-untyped]

    # Without this a picture is cut to the real terminal, whatever size it was asked for.
    plotext.terminal.limit(False, False)
    module: ModuleType = plotext
    return module


class Inks:
    """Colours by number, as plotext is told them; only the first 255 are kept apart."""

    def __init__(self, *, color: bool) -> None:
        self._color = color
        self._numbers: dict[tuple[str, str], int] = {("", ""): NONE}

    def number(self, color: str, effect: str = "") -> int:
        """Return the number of a colour, with an effect (`dim`, `bold`) for when there is none."""
        key = (color, "") if self._color else ("", effect)
        return self._numbers.setdefault(key, min(len(self._numbers), 255))

    def readable(self, line: int, other: int) -> Callable[[int, int], int]:
        """Return what draws a line in `other` wherever that stands out better from the ground."""
        colors = {number: color for number, (color, _) in self.paints().items()}

        @cache
        def choose(ink: int, ground: int) -> int:
            back = colors[ground]
            if ink != line or back is None:
                return ink
            return max((line, other), key=lambda number: _contrast(colors[number], back))

        return choose

    def paints(self) -> dict[int, tuple[Color | None, str]]:
        """Return the colour and effect behind each number."""
        return {number: (parse(name), effect) for (name, effect), number in self._numbers.items()}


def _contrast(front: Color | None, back: Color) -> float:
    return 0.0 if front is None else abs(front.brightness - back.brightness)


def parse(name: str) -> Color | None:
    """Return a colour by its name or number, None for what is no colour."""
    try:
        return Color.parse(name) if name else None
    except ColorParseError:
        return None


def paint(
    size: tuple[int, int],
    labels: Sequence[tuple[int, str]],
    inks: tuple[int, int],
    stamps: Sequence[Stamp],
) -> Rows:
    """Draw stamps over a grid beside a labelled y axis; `inks` are those of axis and grid."""
    plot = _plotext()
    axis, grid = (plot.pixel(ink, NONE) for ink in inks)
    figure = plot.figure.clear()
    figure.plot_size(*size).canvas("default").axes(False)
    figure.axes(True, pixel=axis, axis="y", side="left")
    figure.ruler("x").lim(0, size[0] - axis_width(labels) - 1).ticks([], [])
    rows = figure.ruler("y").lim(0, size[1] - 1).pixel(axis)
    rows.ticks([row for row, _ in labels], [text for _, text in labels]).grid(True, pixel=grid)
    if stamps:
        markers = {cell: plot.marker(cell.glyph, plot.pixel(*cell[1:])) for _, _, cell in stamps}
        points = figure.signal(
            [stamp.column for stamp in stamps],
            [stamp.row for stamp in stamps],
            marker=[markers[stamp.cell] for stamp in stamps],
        )
        figure.draw(points.lines(False))
    return list(_rows(figure.build().string()))


def axis_width(labels: Sequence[tuple[int, str]]) -> int:
    """Return the columns that y labels and their axis take."""
    return max(len(text) for _, text in labels) + 1


def trace(size: tuple[int, int], strokes: Sequence[Stroke], *, unicode: bool) -> Rows:
    """Draw lines alone, in dots of an eighth of a cell, or in their own characters."""
    plot = _plotext()
    figure = plot.figure.clear()
    figure.plot_size(*size).canvas("default").axes(False)
    for axis, length in zip("xy", size, strict=True):
        figure.ruler(axis).lim(0, length).alignment("edge").ticks([], [])
    for stroke in strokes:
        marker = plot.marker("braille" if unicode else stroke.glyph, plot.pixel(stroke.ink, NONE))
        for part in _unbroken(stroke.points):
            points = figure.signal([x for x, _ in part], [y for _, y in part], marker=marker)
            figure.draw(points.lines(stroke.solid))
    return list(_rows(figure.build().string()))


def _unbroken(
    points: Sequence[tuple[float, float] | None],
) -> Iterator[list[tuple[float, float]]]:
    part: list[tuple[float, float]] = []
    for point in points:
        if point is not None:
            part.append(point)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _rows(drawn: str) -> Iterator[list[Cell]]:
    for line in drawn.splitlines():
        row: list[Cell] = []
        ink = ground = NONE
        for index, piece in enumerate(SGR.split(line)):
            if index % 2 == 0:
                row.extend(Cell(glyph, ink, ground) for glyph in piece)
            elif piece.startswith("38;5;"):
                ink = int(piece[5:])
            elif piece.startswith("48;5;"):
                ground = int(piece[5:])
            else:
                ink = ground = NONE
        yield row


def overlay(below: Rows, above: Rows, left: int, choose: Callable[[int, int], int]) -> None:
    """Lay lines over a picture from a column on, on the colour that fills most of each cell.

    `choose` says which ink is used, of a line's own ink and a ground.
    """
    for under, over in zip(below, above, strict=False):
        for column, cell in enumerate(over, left):
            if cell.glyph not in " \u2800" and column < len(under):
                if under[column].glyph in HANGING:
                    # On the colour of half a cell the foot of a bar would hang below zero.
                    continue
                ground = _dominant(under[column])
                under[column] = Cell(cell.glyph, choose(cell.ink, ground), ground)


def _dominant(cell: Cell) -> int:
    return cell.ink if cell.glyph in FILLING else cell.ground


def framed(rows: Rows, style: Style) -> Rows:
    """Return a picture whose frame is as quiet as the style allows without colour."""
    if style.fine:
        return rows
    table = UNCOLOURED_FRAME if style.unicode else ASCII_FRAME
    return [[cell._replace(glyph=cell.glyph.translate(table)) for cell in row] for row in rows]


def write(row: list[Cell], column: int, text: str, ink: int) -> None:
    """Put words into a row of cells, over what was there but on its ground."""
    for place, glyph in enumerate(text, column):
        if 0 <= place < len(row):
            row[place] = Cell(glyph, ink, row[place].ground)


def content(rows: Rows, inks: Inks) -> Content:
    """Return cells as Textual content, coloured with their inks."""
    paints = inks.paints()
    styles: dict[tuple[int, int], Paint] = {}
    spans: list[Span] = []
    lines: list[str] = []
    start = 0
    for row in rows:
        for (ink, ground), run in groupby(row, key=_colours):
            end = start + sum(1 for _ in run)
            if (ink, ground) not in styles:
                styles[ink, ground] = _paint(paints[ink], paints[ground])
            if ink or ground:
                spans.append(Span(start, end, styles[ink, ground]))
            start = end
        lines.append("".join(cell.glyph for cell in row))
        start += 1
    return Content("\n".join(lines), spans)


def _colours(cell: Cell) -> tuple[int, int]:
    return (NONE if cell.glyph == " " else cell.ink), cell.ground


def _paint(front: tuple[Color | None, str], back: tuple[Color | None, str]) -> Paint:
    return Paint(
        background=back[0],
        foreground=front[0],
        bold=True if front[1] == "bold" else None,
        dim=True if front[1] == "dim" else None,
    )
