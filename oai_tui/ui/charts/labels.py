"""Words around a chart: figures beside the y axis, dates below the x axis."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import get_character_cell_size

from oai_tui.core.text import clean
from oai_tui.ui.charts.model import Format, Style, Ticks
from oai_tui.ui.charts.scale import Scale

LONGEST = 14
GAP = 2


def narrow(text: str, style: Style, longest: int = LONGEST) -> str:
    """Return a label with one column for each character, as the cells of a chart need."""
    text = clean(text, longest)
    return "".join(
        char if _single(char) and (style.unicode or char.isascii()) else "?" for char in text
    )


def _single(char: str) -> bool:
    return get_character_cell_size(char) == 1


def beside(scale: Scale, format_y: Format, style: Style) -> list[tuple[int, str]]:
    """Return the row and the words of each round figure, the same words never twice."""
    found: dict[str, int] = {}
    for row, value in scale.ticks():
        found.setdefault(narrow(format_y(value), style), row)
    return [(row, text) for text, row in found.items()]


def below(
    ticks: Ticks, centers: Sequence[float], width: int, style: Style
) -> list[tuple[int, str]]:
    """Return column and words of the labels that fit side by side, from the left."""
    placed: list[tuple[int, str]] = []
    free = 0
    for index, words in sorted(ticks):
        if not 0 <= index < len(centers):
            continue
        text = narrow(words, style)
        column = min(max(0, round(centers[index] - len(text) / 2)), width - len(text))
        if text and column >= free:
            placed.append((column, text))
            free = column + len(text) + GAP
    return placed
