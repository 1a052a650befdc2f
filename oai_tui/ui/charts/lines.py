"""Lines: figures that add up, with the period before behind them and limits across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from math import ceil

from oai_tui.ui.charts import canvas, labels
from oai_tui.ui.charts.canvas import NONE, Cell, Inks, Rows, Stroke
from oai_tui.ui.charts.model import (
    COLOURED,
    LEAST_COLUMNS,
    MISSING,
    NO_USAGE,
    TOO_SMALL,
    Format,
    Marks,
    Palette,
    Picture,
    Series,
    Style,
    Ticks,
    faded,
    objection,
    sentence,
    too_many,
    unfit,
)
from oai_tui.ui.charts.scale import Scale, fit

FAR = 4
"""How many times higher than the lines a limit may lie and still be drawn at its height."""


def lines(
    series: Sequence[Series],
    ticks: Ticks,
    size: tuple[int, int],
    format_y: Format,
    palette: Palette,
    *,
    behind: Series | None = None,
    marks: Marks = (),
    style: Style = COLOURED,
) -> Picture:
    """Draw each series as a line, `behind` dotted, and each mark across the whole width.

    A mark far above everything is named at the top edge instead of flattening the lines. What
    cannot be drawn comes back as a sentence.
    """
    drawn = [*([behind] if behind else []), *series]
    reason = objection(drawn, size) or unfit(value for value, _ in marks) or too_many(series)
    if reason:
        return sentence(reason)
    known = [Decimal(value) for row in drawn for value in row.values if value is not None]
    if not any(known):
        return sentence(NO_USAGE)
    near = [value for value, _ in marks if abs(value) <= FAR * max(map(abs, known))]
    scale = fit(min([*known, *near]), max([*known, *near]), size[1] - 1, whole=False)
    beside = labels.beside(scale, format_y, style)
    left = canvas.axis_width(beside)
    if size[0] - left < LEAST_COLUMNS:
        return sentence(TOO_SMALL)
    if not canvas.warm():
        return sentence(MISSING)
    room = size[0] - left
    inks = Inks(color=style.color)
    axis, grid = inks.number(palette.axis), inks.number(palette.grid, "dim")
    picture = canvas.paint((size[0], size[1] - 1), beside, (axis, grid), [])
    limits = _Limits(marks, scale, style, inks.number(palette.mark, "bold"))
    limits.draw(picture, left)
    centers = _centers(max(len(row.values) for row in drawn), room)
    strokes = [_stroke(row, row is behind, centers, scale, inks, palette) for row in drawn]
    over = canvas.trace((room, size[1] - 1), strokes, unicode=style.unicode)
    canvas.overlay(picture, over, left, lambda ink, _ground: ink)
    limits.name(picture, left)
    footer = [Cell(" ", NONE)] * size[0]
    for place, text in labels.below(ticks, centers, room, style):
        canvas.write(footer, left + place, text, axis)
    picture.append(footer)
    return Picture(canvas.content(canvas.framed(picture, style), inks))


def _centers(length: int, room: int) -> list[float]:
    if length == 1:
        return [room / 2]
    return [0.5 + index * (room - 1) / (length - 1) for index in range(length)]


def _stroke(
    row: Series, dotted: bool, centers: Sequence[float], scale: Scale, inks: Inks, palette: Palette
) -> Stroke:
    points = [
        None if value is None else (center, scale.height(Decimal(value)))
        for center, value in zip(centers, row.values, strict=False)
    ]
    if not dotted:
        return Stroke(points, inks.number(row.color))
    ink = inks.number(faded(row.color, palette.background), "dim")
    return Stroke(list(_dots(points)), ink, solid=False)


def _dots(points: Sequence[tuple[float, float] | None]) -> Iterator[tuple[float, float] | None]:
    """Yield points a column apart, for a line that is to be seen as dots."""
    for start, end in pairwise([*points, None]):
        yield start
        if start and end:
            steps = ceil(end[0] - start[0])
            for step in range(1, steps):
                part = step / steps
                yield start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


class _Limits:
    """Marks across a chart: lines first, their names at the end so that nothing covers them."""

    def __init__(self, marks: Marks, scale: Scale, style: Style, ink: int) -> None:
        self._scale, self._style, self._ink = scale, style, ink
        self._names: dict[int, list[str]] = {}
        self._dashed: set[int] = set()
        for value, name in sorted(marks):
            height = scale.height(value)
            # The top edge belongs to the top row.
            self._place(scale.rows - 1 if height == scale.rows else int(height), name)

    def _place(self, row: int, name: str) -> None:
        if 0 <= row < self._scale.rows:
            self._dashed.add(row)
        elif row > 0:
            name = f"{'↑' if self._style.unicode else '^'} {name}"
        self._names.setdefault(min(max(row, 0), self._scale.rows - 1), []).append(name)

    def draw(self, picture: Rows, left: int) -> None:
        """Draw the lines."""
        for row in self._dashed:
            cells = picture[-1 - row]
            dash = "╌" if self._style.unicode else "-"
            canvas.write(cells, left, dash * (len(cells) - left), self._ink)

    def name(self, picture: Rows, left: int) -> None:
        """Write the names at the right end."""
        for row, names in self._names.items():
            cells = picture[-1 - row]
            text = f" {labels.narrow(' · '.join(names), self._style, len(cells) - left - 2)} "
            canvas.write(cells, len(cells) - len(text), text, self._ink)
