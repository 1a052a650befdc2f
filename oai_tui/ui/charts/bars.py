"""Stacked bars: one for each point in time, with one clean gap between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from oai_tui.ui.charts import canvas, labels, stack
from oai_tui.ui.charts.canvas import NONE, Cell, Inks, Rows, Stamp, Stroke
from oai_tui.ui.charts.model import (
    COLOURED,
    LEAST_COLUMNS,
    MISSING,
    NO_USAGE,
    TOO_SMALL,
    Format,
    Palette,
    Picture,
    Series,
    Style,
    Ticks,
    Value,
    faded,
    objection,
    sentence,
    too_many,
)
from oai_tui.ui.charts.scale import Scale, fit

WIDEST = 15
"""The columns of a bar that has all the room it could want."""


def stacked_bars(
    series: Sequence[Series],
    ticks: Ticks,
    size: tuple[int, int],
    format_y: Format,
    palette: Palette,
    *,
    line: Series | None = None,
    selected: int | None = None,
    provisional: int | None = None,
    ahead: int | None = None,
    style: Style = COLOURED,
) -> Picture:
    """Draw one bar for each index of the series, at most one for each column.

    `line` is drawn over the bars, `selected` marks the bar under the cursor, `provisional` is the
    first of those that may still grow, `ahead` the first whose time has not come. Credits
    (negative figures) hang below zero; a bar of which nothing is known is a question mark. What
    cannot be drawn comes back as a sentence.
    """
    drawn = [*series, line] if line else list(series)
    stacks = _stacks(series)
    reason = objection(drawn, size) or too_many(series) or _nothing(stacks)
    if reason:
        return sentence(reason)
    scale = fit(*_reach(stacks, line), size[1] - 1, whole=_whole(drawn))
    beside = labels.beside(scale, format_y, style)
    room = size[0] - canvas.axis_width(beside)
    if room < LEAST_COLUMNS:
        return sentence(TOO_SMALL)
    if len(stacks) > room:
        return sentence(f"{len(stacks):,} bars do not fit in {room} columns; choose wider steps.")
    if not canvas.warm():
        return sentence(MISSING)
    plan = _Plan(series, palette, style, scale, _slots(len(stacks), room))
    stamps = plan.stamps(stacks, selected, provisional)
    stamps += plan.gaps(stacks[:ahead], selected)
    picture = canvas.paint((size[0], size[1] - 1), beside, (plan.axis, plan.grid), stamps)
    left = size[0] - room
    if line:
        plan.lay(picture, left, room, line)
    picture.append(plan.footer(ticks, left, room, selected))
    return Picture(canvas.content(canvas.framed(picture, style), plan.inks), plan.columns(left))


def _stacks(series: Sequence[Series]) -> list[list[Value]]:
    length = max((len(row.values) for row in series), default=0)
    return [
        [row.values[index] if index < len(row.values) else None for row in series]
        for index in range(length)
    ]


def _nothing(stacks: Sequence[Sequence[Value]]) -> str | None:
    return None if any(value for values in stacks for value in values) else NO_USAGE


def _reach(stacks: Sequence[Sequence[Value]], line: Series | None) -> tuple[Decimal, Decimal]:
    ends = [Decimal(value) for value in (line.values if line else ()) if value is not None]
    for values in stacks:
        known = [Decimal(value) for value in values if value is not None]
        ends.append(sum((value for value in known if value > 0), Decimal(0)))
        ends.append(sum((value for value in known if value < 0), Decimal(0)))
    return min(ends), max(ends)


def _whole(series: Sequence[Series]) -> bool:
    return not any(isinstance(value, Decimal) for row in series for value in row.values)


def _slots(bars: int, room: int) -> list[range]:
    """Share the columns out, one of them for the gap after each bar; without room bars take one."""
    pitch = min((room + 1) // bars, WIDEST + 1)
    width = max(pitch - 1, 1)
    return [range(index * pitch, index * pitch + width) for index in range(bars)]


def _center(slot: range) -> float:
    return (slot.start + slot.stop) / 2


class _Plan:
    """One chart on its way to cells: the scale, the slots of the bars and the inks."""

    def __init__(
        self,
        series: Sequence[Series],
        palette: Palette,
        style: Style,
        scale: Scale,
        slots: Sequence[range],
    ) -> None:
        self.style, self.scale, self.slots = style, scale, slots
        self.crowded = len(slots) > 1 and slots[1].start == 1
        self.inks = inks = Inks(color=style.color)
        self.axis = inks.number(palette.axis)
        self.grid = inks.number(palette.grid, "dim")
        self.line = inks.number(palette.line, "bold")
        self.clear = inks.number(palette.background)
        self.tint = inks.number(palette.highlight)
        self.solid = [inks.number(row.color) for row in series]
        self.faded = [inks.number(faded(row.color, palette.background)) for row in series]

    def stamps(
        self, stacks: Sequence[Sequence[Value]], selected: int | None, provisional: int | None
    ) -> list[Stamp]:
        """Return the cells of all bars."""
        draw = self._fine if self.style.fine else self._coarse
        found: list[Stamp] = []
        first = len(stacks) if provisional is None else provisional
        for index, (values, slot) in enumerate(zip(stacks, self.slots, strict=True)):
            column = stack.fill(values, self.scale)
            found += draw(column, slot, index == selected, index >= first)
        return found

    def gaps(self, stacks: Sequence[Sequence[Value]], selected: int | None) -> list[Stamp]:
        """Return what stands where nothing is known, which is not where nothing was used."""
        chosen = selected if self.style.fine else None
        return [
            Stamp(
                int(_center(self.slots[index])),
                self.scale.zero,
                Cell("?", self.axis, self.tint if index == chosen else NONE),
            )
            for index, values in enumerate(stacks)
            if all(value is None for value in values)
        ]

    def _fine(
        self, column: stack.Column, slot: range, chosen: bool, growing: bool
    ) -> Iterator[Stamp]:
        inks = self.faded if growing else self.solid
        ground, clear = (self.tint, self.tint) if chosen else (NONE, self.clear)
        make = stack.slim if self.crowded else stack.fine
        cells = {row: make(part, inks, ground, clear) for row, part in stack.rows(column)}
        if chosen:
            cells = {row: Cell(" ", NONE, ground) for row in range(self.scale.rows)} | cells
        for row, cell in cells.items():
            for place in slot:
                yield Stamp(place, row, cell)

    def _coarse(
        self, column: stack.Column, slot: range, chosen: bool, growing: bool
    ) -> Iterator[Stamp]:
        cells = {row: self._filled(part) for row, part in stack.rows(column)}
        cells.pop(self.scale.zero, None)
        standing = {row: cell for row, cell in cells.items() if cell}
        if not standing and any(series != stack.EMPTY for series in column):
            standing[self.scale.zero] = Cell("▂" if self.style.unicode else "_", self.axis)
        for row, cell in standing.items():
            for place in slot:
                if not growing or (row + place) % 2 == 0:
                    yield Stamp(place, row, cell)
        if chosen:
            above = min(max(standing, default=self.scale.zero) + 1, self.scale.rows - 1)
            yield Stamp(
                int(_center(slot)), above, Cell("▼" if self.style.unicode else "v", self.line)
            )

    def _filled(self, part: stack.Column) -> Cell | None:
        series = stack.coarse(part)
        return None if series == stack.EMPTY else Cell(self.style.fill(series), self.solid[series])

    def lay(self, picture: Rows, left: int, room: int, line: Series) -> None:
        """Draw a line over the bars, through the middle of each."""
        points = [
            None if value is None else (_center(slot), self.scale.height(Decimal(value)))
            for slot, value in zip(self.slots, line.values, strict=False)
        ]
        size = room, self.scale.rows
        strokes = canvas.trace(size, [Stroke(points, self.line)], unicode=self.style.unicode)
        canvas.overlay(picture, strokes, left, self.inks.readable(self.line, self.clear))

    def footer(self, ticks: Ticks, left: int, room: int, selected: int | None) -> list[Cell]:
        """Return the row of labels below the bars."""
        row = [Cell(" ", NONE)] * (left + room)
        if selected is not None and 0 <= selected < len(self.slots) and self.style.fine:
            for place in self.slots[selected]:
                row[left + place] = Cell(" ", NONE, self.tint)
        centers = [_center(slot) for slot in self.slots]
        for place, text in labels.below(ticks, centers, room, self.style):
            canvas.write(row, left + place, text, self.axis)
        return row

    def columns(self, left: int) -> tuple[range, ...]:
        """Return the columns of each bar in the whole picture."""
        return tuple(range(slot.start + left, slot.stop + left) for slot in self.slots)
