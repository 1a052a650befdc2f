"""The words of a chart: what is drawn, in which colours, with which characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from textual.color import Color, ColorParseError
from textual.content import Content

Value = Decimal | int | None
"""One figure; None where it is not known, which is a gap and never a zero."""

Format = Callable[[Decimal], str]
"""How a figure is written beside the y axis."""

Ticks = tuple[tuple[int, str], ...]
"""Labels of the x axis: the index of a point and what stands below it."""

Marks = tuple[tuple[Decimal, str], ...]
"""Horizontal lines such as a limit: the figure and its name."""

NO_USAGE = "No usage in this period."
TOO_SMALL = "Too little room for a graph; the table has the figures."
NOT_A_NUMBER = "These figures cannot be drawn: one of them is not a number."
TOO_LARGE = "These figures cannot be drawn: one of them is too large."
MISSING = "Graphs need plotext, which is not installed here; the table below has the figures."

LEAST_SIZE = (20, 5)
MOST_SERIES = 40
LEAST_COLUMNS = 10
LIMIT = Decimal("1E30")

YOUNG = 0.66
"""How much of its colour what may still grow keeps on the background: enough to be seen on it."""

FILLS = "█░▓▒╱▚┼·"
ASCII_FILLS = "#.=o%:+x"


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures under a name, drawn in a colour (`#rrggbb` or a Textual colour name)."""

    name: str
    values: tuple[Value, ...]
    color: str


@dataclass(frozen=True, slots=True)
class Fan:
    """What may come: a band from `low` to `high` with the `usual` line in it; None before now."""

    name: str
    low: tuple[Value, ...]
    usual: tuple[Value, ...]
    high: tuple[Value, ...]
    color: str


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of everything that is not a series; `mark` is for limits."""

    background: str
    axis: str
    grid: str
    line: str
    highlight: str
    mark: str


@dataclass(frozen=True, slots=True)
class Style:
    """With or without colour, with block characters or plain ASCII."""

    color: bool = True
    unicode: bool = True

    @property
    def fine(self) -> bool:
        """Whether parts of a cell can be told apart, which takes colour and block characters."""
        return self.color and self.unicode

    def fill(self, index: int) -> str:
        """Return the character that stands for a series where colour cannot."""
        glyphs = FILLS if self.unicode else ASCII_FILLS
        return glyphs[index % len(glyphs)]


COLOURED = Style()


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart, with the columns of each bar; a sentence has none."""

    content: Content
    columns: tuple[range, ...] = ()

    @property
    def plain(self) -> str:
        """The characters without their colours."""
        return self.content.plain


def sentence(text: str) -> Picture:
    """Return words in place of a chart."""
    return Picture(Content(text))


def objection(rows: Sequence[Series], size: tuple[int, int]) -> str | None:
    """Return why a chart of these rows at this size (columns, rows) cannot be drawn, or None."""
    if size[0] < LEAST_SIZE[0] or size[1] < LEAST_SIZE[1]:
        return TOO_SMALL
    return unfit(value for row in rows for value in row.values)


def unfit(values: Iterable[Value]) -> str | None:
    """Return why figures cannot be drawn: plotext ends the whole process on a NaN."""
    for value in values:
        if value is None:
            continue
        if not Decimal(value).is_finite():
            return NOT_A_NUMBER
        if abs(Decimal(value)) > LIMIT:
            return TOO_LARGE
    return None


def too_many(series: Sequence[Series]) -> str | None:
    """Return why so many series make no picture, or None."""
    if len(series) <= MOST_SERIES:
        return None
    return f"{len(series):,} series are too many to tell apart; group or filter them."


def faded(color: str, background: str, part: float = YOUNG) -> str:
    """Return a colour of which a part is left on its background, or itself where that is unknown.

    It is unknown where the terminal owns one of the two.
    """
    try:
        front, back = Color.parse(color), Color.parse(background)
    except ColorParseError:
        return color
    if front.ansi is not None or back.ansi is not None:
        return color
    return back.blend(front, part).hex
