"""How a line of a table becomes coloured text, and few bytes for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color, ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from oai_tui.ui.widgets.table_columns import GAP, Layout, T, fit

PALETTE = {Color.from_ansi(number).get_truecolor(): number for number in range(16, 256)}
"""The colours that every terminal of 256 colours has under the same number."""

Piece = tuple[str, str]
"""A text and the name of the component that colours it."""


class Ink:
    """The styles of a table's components as they look on one kind of line."""

    def __init__(self, names: Iterable[str], read: Callable[[str], Style], line: str = "") -> None:
        """Read component styles; with a `line`, each lies on the background of that line."""
        ground = Style()
        if line:
            under = read(line)
            ground = Style(bgcolor=under.bgcolor, bold=under.bold or None)
        self._styles = {name: read(name) + ground for name in names}

    def draw(self, pieces: Sequence[Piece]) -> list[Segment]:
        """Return segments for pieces of text, one for each run of the same component."""
        runs: list[tuple[list[str], str]] = []
        for text, name in pieces:
            # A blank shows no colour of its own and goes with what stands before it.
            if runs and (runs[-1][1] == name or not text.strip()):
                runs[-1][0].append(text)
            elif len(runs) == 1 and not "".join(runs[0][0]).strip():
                runs[0] = ([*runs[0][0], text], name)
            else:
                runs.append(([text], name))
        return [Segment("".join(texts), self._styles[name]) for texts, name in runs]


class TightStrip(Strip):
    """A strip that tells the terminal only what changes from one segment to the next.

    A strip of Textual's own sets both colours anew for every segment, which over a slow line costs
    more than the text.
    """

    __slots__ = ()

    def render(self, console: Console) -> str:
        """Return the text with the fewest escape sequences that colour it."""
        if self._render_cache is None:
            if any(style is not None and style.link for _, style, _ in self):
                return super().render(console)
            self._render_cache = _encode(self, console._color_system or ColorSystem.TRUECOLOR)
        return self._render_cache

    def crop(self, start: int, end: int | None = None) -> Strip:
        """Return the part between two cells, as tight as the whole."""
        part = super().crop(start, end)
        return part if part is self else TightStrip(part, part.cell_length)


def header_pieces(layout: Layout[T], order: Sequence[tuple[str, bool]], width: int) -> list[Piece]:
    """Return the head of a table: labels, the levels of the order, and signs of more columns."""
    signs = _signs(order)
    pieces: list[Piece] = []
    for number, slot in enumerate(layout.slots):
        column = slot.column
        back = " ‹"[number == 1 and layout.more_left]
        pieces.append((f"{back:<{GAP}}"[: GAP * (number > 0)], "table--header"))
        if sign := signs.get(column.key):
            size = cell_len(column.label)
            gap = " " * (size + 1 + len(sign) <= slot.width)
            label = f"{fit(column.label, min(size, max(0, slot.width - len(sign))))}{gap}{sign}"
            pieces.append((fit(label, slot.width, column.align), "table--sorted"))
        else:
            pieces.append((fit(column.label, slot.width, column.align), "table--header"))
    return _filled(pieces, width, ("›" if layout.more_right else " ", "table--header"))


def _signs(order: Sequence[tuple[str, bool]]) -> dict[str, str]:
    """Return the direction of each sorted column, numbered where there are several."""
    arrows = {key: "▼" if reverse else "▲" for key, reverse in order}
    if len(arrows) == 1:
        return arrows
    return {key: f"{arrow}{number}" for number, (key, arrow) in enumerate(arrows.items(), 1)}


def row_pieces(layout: Layout[T], row: T, width: int, end: Piece) -> list[Piece]:
    """Return one row: its cells in their places, and what stands in its last cell."""
    pieces: list[Piece] = []
    for number, slot in enumerate(layout.slots):
        cell = slot.column.read(row)
        if number:
            pieces.append((" " * GAP, "table--text"))
        pieces.append(
            (fit(cell.text, slot.width, slot.column.align), f"table--{cell.tone or 'text'}")
        )
    return _filled(pieces, width, end)


def _filled(pieces: list[Piece], width: int, end: Piece) -> list[Piece]:
    used = sum(cell_len(text) for text, _ in pieces)
    return [*pieces, (" " * (width - used - 1), "table--text"), end]


def _encode(segments: Iterable[Segment], system: ColorSystem) -> str:
    out: list[str] = []
    pen = Style.null()
    for text, wanted, _ in segments:
        style = wanted or Style.null()
        if style != pen:
            out.append(_change(pen, style, system))
            pen = style
        out.append(text)
    if pen:
        out.append("\x1b[0m")
    return "".join(out)


def _change(pen: Style, style: Style, system: ColorSystem) -> str:
    loses = (pen.color and not style.color) or (pen.bgcolor and not style.bgcolor)
    if loses or _attributes(pen) != _attributes(style):
        attributes = Strip.render_ansi(style.without_color, system)
        codes, pen = ["0"] * bool(pen) + [attributes] * bool(attributes), Style.null()
    else:
        codes = []
    if style.color and style.color != pen.color:
        codes.append(_color_codes(style.color, system, True))
    if style.bgcolor and style.bgcolor != pen.bgcolor:
        codes.append(_color_codes(style.bgcolor, system, False))
    return f"\x1b[{';'.join(codes)}m" if codes else ""


@lru_cache(512)
def _color_codes(color: Color, system: ColorSystem, foreground: bool) -> str:
    if system is ColorSystem.TRUECOLOR and color.triplet in PALETTE:
        # The same colour has a number, which is half as long as its three parts.
        color = Color.from_ansi(PALETTE[color.triplet])
    return ";".join(color.downgrade(system).get_ansi_codes(foreground))


def _attributes(style: Style) -> int:
    return style._attributes & style._set_attributes


def changed_cells(old: Strip, new: Strip) -> int:
    """Return how many cells, counted from the left, must be sent to turn one line into another."""
    if old.cell_length != new.cell_length:
        return new.cell_length
    before, after, same = list(old), list(new), 0
    while before and after and before[-1] == after[-1]:
        same += before.pop().cell_length
        after.pop()
    if before and after and before[-1].style == after[-1].style:
        same += cell_len(_common_end(before[-1].text, after[-1].text))
    return new.cell_length - same


def _common_end(one: str, other: str) -> str:
    same = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        same += 1
    end = one[len(one) - same :]
    # A mark belongs to the character before it and is sent together with it.
    while end and not cell_len(end[0]):
        end = end[1:]
    return end
