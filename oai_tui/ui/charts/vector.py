"""Pictures as SVG: every cell drawn exactly, so that bars have no seams in any font."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len
from textual.color import Color
from textual.content import Content
from textual.style import Style as Paint

WIDE, HIGH = 8.4, 18
FONT = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

BLOCKS = {
    "█": (0, 0, 1, 1),
    "▀": (0, 0, 1, 0.5),
    "▊": (0, 0, 0.75, 1),
    **{glyph: (0, 1 - n / 8, 1, n / 8) for n, glyph in enumerate("▁▂▃▄▅▆▇", 1)},
}
"""Characters that are parts of their cell: left, top, width, height."""


class Cell(NamedTuple):
    """A character with the colours of its strokes and its ground, none for the usual ones."""

    glyph: str
    ink: str | None
    ground: str | None


def svg(parts: Sequence[Content], ink: str, ground: str) -> str:
    """Return pictures and lines of words below each other as one SVG, on a ground."""
    rows = [_cells(line) for part in parts for line in part.split("\n", allow_blank=True)]
    wide = max((sum(cell_len(cell.glyph) for cell in row) for row in rows), default=1) + 2
    size = f"{wide * WIDE:.0f} {(len(rows) + 1) * HIGH}"
    drawn = "\n".join(piece for y, row in enumerate(rows) for piece in _row(row, y, ink))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
        f'font-family="{FONT}" font-size="14" fill="{ink}">\n'
        f'<rect width="100%" height="100%" fill="{ground}"/>\n{drawn}\n</svg>\n'
    )


def _cells(line: Content) -> list[Cell]:
    inks: list[str | None] = [None] * len(line.plain)
    grounds: list[str | None] = [None] * len(line.plain)
    for start, end, style in line.spans:
        if isinstance(style, Paint):
            for place in range(start, min(end, len(inks))):
                inks[place] = _hex(style.foreground) or inks[place]
                grounds[place] = _hex(style.background) or grounds[place]
    return [Cell(*each) for each in zip(line.plain, inks, grounds, strict=True)]


def _hex(color: Color | None) -> str | None:
    # A colour that only the terminal knows is the usual one in a file.
    return None if color is None or color.ansi is not None or not color.a else color.hex6


def _row(row: Sequence[Cell], y: int, usual: str) -> list[str]:
    pieces: list[str] = []
    x, top = 1, y * HIGH + HIGH / 2
    for (ink, ground, block), group in groupby(row, key=_look):
        text = "".join(cell.glyph for cell in group)
        wide = cell_len(text)
        if ground:
            pieces.append(_rect(x, top, wide, (0, 0, 1, 1), ground))
        if block:
            pieces.append(_rect(x, top, wide, BLOCKS[block], ink or usual))
        elif text.strip():
            fill = f' fill="{ink}"' if ink else ""
            at = f'x="{x * WIDE:.1f}" y="{top + HIGH * 0.76:.1f}" textLength="{wide * WIDE:.1f}"'
            pieces.append(f'<text {at}{fill} xml:space="preserve">{escape(text)}</text>')
        x += wide
    return pieces


def _look(cell: Cell) -> tuple[str | None, str | None, str]:
    # Only whole columns may run together: a part of a cell's width would become one of the run's.
    block = cell.glyph if cell.glyph in BLOCKS else ""
    return cell.ink, cell.ground, block


def _rect(x: int, top: float, wide: int, part: tuple[float, float, float, float], fill: str) -> str:
    left, down, across, high = part
    across = across if across < 1 else wide
    return (
        f'<rect x="{(x + left) * WIDE:.1f}" y="{top + down * HIGH:.1f}" '
        f'width="{across * WIDE:.1f}" height="{high * HIGH:.2f}" fill="{fill}"/>'
    )
