"""Charts of one row: a trend, a gauge, and the names of the colours. They need no plotext."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from rich.cells import cell_len, set_cell_size
from textual.content import Content, Span
from textual.style import Style as Paint

from oai_tui.core.text import clean
from oai_tui.ui.charts.canvas import parse
from oai_tui.ui.charts.model import COLOURED, Palette, Series, Style, Value

LEVELS = "▁▂▃▄▅▆▇█"
ASCII_LEVELS = "_.-=+*%#"
LEFT = " ▏▎▍▌▋▊▉"
LONGEST_NAME = 28


def spark(
    values: Sequence[Value], width: int, *, color: str = "", style: Style = COLOURED
) -> Content:
    """Return a trend in one row; what is not known stays blank, what is below zero lies flat."""
    levels = LEVELS if style.unicode else ASCII_LEVELS
    means = _shrink([_usable(value) for value in values], width)
    top = max((mean for mean in means if mean is not None), default=Decimal(0))
    text = "".join(" " if mean is None else levels[_level(mean, top)] for mean in means)
    return _inked(text, color, style)


def _usable(value: Value) -> Decimal | None:
    known = None if value is None else Decimal(value)
    return known if known is not None and known.is_finite() else None


def _level(value: Decimal, top: Decimal) -> int:
    if value <= 0 or top <= 0:
        return 0
    return max(1, round(value / top * (len(LEVELS) - 1)))


def _shrink(values: Sequence[Decimal | None], width: int) -> list[Decimal | None]:
    """Return the means of neighbours, as many as there are columns."""
    if len(values) <= width:
        return list(values)
    edges = [index * len(values) // width for index in range(width + 1)] if width > 0 else [0]
    shrunk: list[Decimal | None] = []
    for start, end in pairwise(edges):
        known = [value for value in values[start:end] if value is not None]
        shrunk.append(sum(known, Decimal(0)) / len(known) if known else None)
    return shrunk


def bar(
    share: Decimal | None,
    width: int,
    palette: Palette,
    *,
    color: str,
    marker: Decimal | None = None,
    style: Style = COLOURED,
) -> Content:
    """Return a gauge filled to a share of 1 (None leaves it empty), with a stroke at `marker`."""
    if width <= 0:
        return Content("")
    eighths = _eighths(share, width, 8 if style.unicode else 1)
    full, part = divmod(eighths, 8)
    solid, track = ("█", "░") if style.unicode else ("#", ".")
    text = (solid * full + (LEFT[part] if part else "")).ljust(width, track)
    content = Content(text)
    if style.color:
        content = _two_coloured(text, full, part, color, palette)
    if marker is None or not marker.is_finite():
        return content
    place = min(max(0, int(min(max(marker, Decimal(0)), Decimal(1)) * width)), width - 1)
    stroke = _inked("│" if style.unicode else "|", palette.line, style)
    return Content.assemble(content[:place], stroke, content[place + 1 :])


def _eighths(share: Decimal | None, width: int, finest: int) -> int:
    if share is None or not share.is_finite() or share <= 0:
        return 0
    steps = int((min(share, Decimal(1)) * width * finest).to_integral_value())
    return max(1, steps) * 8 // finest


def _two_coloured(text: str, full: int, part: int, color: str, palette: Palette) -> Content:
    front, track = parse(color), parse(palette.grid)
    spans = [Span(0, full, Paint(foreground=front))]
    if part:
        spans.append(Span(full, full + 1, Paint(foreground=front, background=track)))
    rest = full + bool(part)
    spans.append(Span(rest, len(text), Paint(background=track)))
    return Content(text.replace("░", " "), spans)


def legend(
    series: Sequence[Series], width: int, *, rows: int = 2, style: Style = COLOURED
) -> Content:
    """Return the name of each colour (or fill), wrapped to a width in columns and cut to rows."""
    lines: list[list[Content]] = [[]]
    used = 0
    for index, row in enumerate(series):
        sign = style.fill(index) if not style.fine else "■"
        name = clean(row.name, LONGEST_NAME)
        entry = set_cell_size(name, max(0, min(cell_len(name), width - 2)))
        wide = cell_len(entry) + 2
        if lines[-1] and used + 2 + wide > width:
            if len(lines) == rows:
                lines[-1] = _and_more(lines[-1], used, len(series) - index, width)
                break
            lines.append([])
            used = 0
        used += wide + (2 if lines[-1] else 0)
        lines[-1].append(Content.assemble(_inked(sign, row.color, style), f" {entry}"))
    return Content("\n").join([Content("  ").join(line) for line in lines])


def _and_more(line: list[Content], used: int, rest: int, width: int) -> list[Content]:
    note = f"+{rest}"
    return [*line, Content(note)] if used + 2 + len(note) <= width else line


def _inked(text: str, color: str, style: Style) -> Content:
    if not (style.color and color):
        return Content(text)
    return Content(text, [Span(0, len(text), Paint(foreground=parse(color)))])
