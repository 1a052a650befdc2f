"""Lines: figures that add up, with the period before behind them and limits across."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from oai_tui.ui.charts import canvas, labels
from oai_tui.ui.charts import fan as fans
from oai_tui.ui.charts.canvas import NONE, Cell, Inks, Rows, Stroke
from oai_tui.ui.charts.model import (
    COLOURED,
    LEAST_COLUMNS,
    MISSING,
    NO_USAGE,
    TOO_SMALL,
    Fan,
    Format,
    Marks,
    Palette,
    Picture,
    Series,
    Style,
    Ticks,
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
    fan: Fan | None = None,
    marks: Marks = (),
    style: Style = COLOURED,
) -> Picture:
    """Draw each series as a line, `behind` dotted, `fan` ahead of them, each mark across.

    A mark far above everything is named at the top edge instead of flattening the lines. What
    cannot be drawn comes back as a sentence.
    """
    drawn = [*([behind] if behind else []), *series, *(_edges(fan) if fan else [])]
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
    centers = _centers(max(len(row.values) for row in drawn), size[0] - left)
    plan = _Plan(palette, style, scale, centers, left)
    picture = canvas.paint((size[0], size[1] - 1), beside, (plan.axis, plan.grid), [])
    plan.draw(picture, series, behind, fan, marks)
    picture.append(plan.footer(ticks, size[0]))
    return Picture(canvas.content(canvas.framed(picture, style), plan.inks))


def _edges(fan: Fan) -> list[Series]:
    return [Series(fan.name, values, fan.color) for values in (fan.low, fan.usual, fan.high)]


def _centers(length: int, room: int) -> list[float]:
    if length == 1:
        return [room / 2]
    return [0.5 + index * (room - 1) / (length - 1) for index in range(length)]


class _Plan:
    """One chart on its way to cells: the scale, where its points stand, and the inks."""

    def __init__(
        self, palette: Palette, style: Style, scale: Scale, centers: Sequence[float], left: int
    ) -> None:
        self.palette, self.style, self.scale = palette, style, scale
        self.centers, self.left = centers, left
        self.inks = inks = Inks(color=style.color)
        self.axis = inks.number(palette.axis)
        self.grid = inks.number(palette.grid, "dim")
        self.mark = inks.number(palette.mark, "bold")

    def draw(
        self,
        picture: Rows,
        series: Sequence[Series],
        behind: Series | None,
        fan: Fan | None,
        marks: Marks,
    ) -> None:
        """Draw everything over the grid, what matters most last."""
        limits = _Limits(marks, self.scale, self.style, self.mark)
        if fan:
            where = self.centers, self.scale, self.inks, self.palette, self.style
            fans.shade(picture, self.left, fan, *where)
        limits.draw(picture, self.left)
        strokes = [self._dotted(behind)] if behind else []
        strokes += [self._solid(row) for row in series]
        if fan:
            ink = self.inks.number(fan.color)
            strokes.append(fans.dashes(fan, self.centers, self.scale, ink))
        room = len(picture[0]) - self.left
        over = canvas.trace((room, self.scale.rows), strokes, unicode=self.style.unicode)
        canvas.overlay(picture, over, self.left, lambda ink, _ground: ink)
        limits.name(picture, self.left, at_end=fan is None)

    def footer(self, ticks: Ticks, width: int) -> list[Cell]:
        """Return the row of labels below the lines."""
        row = [Cell(" ", NONE)] * width
        for place, text in labels.below(ticks, self.centers, width - self.left, self.style):
            canvas.write(row, self.left + place, text, self.axis)
        return row

    def _solid(self, row: Series) -> Stroke:
        points = fans.heights(row.values, self.centers, self.scale)
        return Stroke(points, self.inks.number(row.color))

    def _dotted(self, row: Series) -> Stroke:
        points = fans.heights(row.values, self.centers, self.scale)
        ink = self.inks.number(row.color, "dim")
        return Stroke(list(fans.between(points)), ink, solid=False, glyph=".")


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

    def name(self, picture: Rows, left: int, *, at_end: bool) -> None:
        """Write the names at the right end, or at the left where something else is there."""
        for row, names in self._names.items():
            cells = picture[-1 - row]
            text = f" {labels.narrow(' · '.join(names), self._style, len(cells) - left - 2)} "
            canvas.write(cells, len(cells) - len(text) if at_end else left, text, self._ink)
