"""The figures of the bill on the screen: label, figure, gauge, words, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from oai_tui.core.pages import BILLING_PAGE
from oai_tui.ui import charts
from oai_tui.ui.chart_colors import chart_style, palette

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement
    from oai_tui.services.billing.lines import Gauge, Line

LATE = "Costs arrive late; today is provisional."

LABEL = 8
GAP = 2
ORIGIN = 9
GAUGE = (6, 30)
"""The fewest and most cells of a gauge; with fewer it is left out."""

TONES = {"bad": "$text-error", "warn": "$text-warning", "good": "$text-success"}
INKS = {"bad": "error", "warn": "warning"}

BESIDE_HIGH, BESIDE_LOW = 16, 8
"""Rows below the figures for picture and projects, or for the projects alone."""

BRIEF = ("SPENT", "PACE")
"""What is said beside the picture where there is no room for all."""


class Figures(Widget):
    """A line for every figure of the statement; set `statement` to change them.

    `is_brief` leaves only those that a picture of the month cannot tell.
    """

    DEFAULT_CSS = """
    Figures { height: auto; text-wrap: nowrap; }
    """

    statement: reactive[Statement | None] = reactive(None, layout=True)
    is_brief: reactive[bool] = reactive(False, layout=True)

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._room = 0

    def on_mount(self) -> None:
        """Redraw the gauge in the colours of the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.refresh())

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the figures take at a width; other things want room as well."""
        self._room = container.height - (BESIDE_HIGH if self._is_high else BESIDE_LOW)
        return len(self._rows(width))

    def render(self) -> RenderResult:
        """Return the figures."""
        return Content("\n").join(self._rows(self.content_size.width))

    @property
    def _is_high(self) -> bool:
        return self.screen.has_class("-high")

    def _rows(self, width: int) -> list[Content]:
        if self.statement is None:
            return []
        notes = self._notes(width) if self._is_high else []
        found = self._lines(self.statement, self._room - len(notes))
        wide = max((cell_len(line.figure) for line in found), default=0)
        return [*(self._row(line, wide, width) for line in found), *notes]

    def _lines(self, statement: Statement, room: int) -> list[Line]:
        """Return the lines that there is room for; those that go on with a subject give way."""
        from oai_tui.services.billing.words import lines

        found = list(lines(statement, most_alerts=2 if self._is_high else 1))
        if self.is_brief:
            return [line for line in found if line.label in BRIEF]
        further = [at for at, line in enumerate(found) if not line.label]
        gone = further[max(0, len(further) - max(0, len(found) - room)) :]
        return [line for at, line in enumerate(found) if at not in gone or _is_of_left(found, at)]

    def _row(self, line: Line, wide: int, width: int) -> Content:
        tone = TONES.get(line.tone, "")
        head = Content.assemble(
            Content.styled(f" {line.label:<{LABEL}}", "$text-muted"),
            " " * (wide - cell_len(line.figure)),
            Content.styled(line.figure, f"bold {tone}"),
            " " * GAP,
        )
        room = width - head.cell_length - ORIGIN - GAP
        words = _fitting(line.words, room)
        gauge = self._gauge(line, room - cell_len(words) - GAP) if line.gauge else Content("")
        row = Content.assemble(head, gauge, Content.styled(words, tone))
        origin = line.origin.value
        blank = " " * max(1, width - row.cell_length - len(origin) - 1)
        return Content.assemble(row, blank, Content.styled(origin, "$text-muted"))

    def _gauge(self, line: Line, room: int) -> Content:
        fewest, most = GAUGE
        if line.gauge is None or room < fewest:
            return Content("")
        color = self.app.theme_variables.get(INKS.get(line.tone, "accent"), "")
        style, colors = chart_style(self.app), palette(self.app)
        width = min(room, most)
        gauge = charts.bar(line.gauge.share, width, colors, color=color, style=style)
        return Content.assemble(_marked(gauge, line.gauge, "│" if style.unicode else "|"), "  ")

    def _notes(self, width: int) -> list[Content]:
        link = Content.styled(BILLING_PAGE, Style(link=BILLING_PAGE))
        late = Content.styled(f" {LATE}", "$text-muted")
        whole = Content.assemble(late, "  ", link)
        return [whole] if whole.cell_length <= width else [late, Content.assemble(" ", link)]


def _is_of_left(lines: Sequence[Line], at: int) -> bool:
    """Whether a line says what is left in another unit."""
    return at > 0 and lines[at - 1].label == "LEFT"


def _fitting(words: Sequence[str], room: int) -> str:
    """Return the longest of the wordings that has room, or the shortest."""
    found = next((text for text in words if cell_len(text) <= room), words[-1])
    if cell_len(found) <= room:
        return found
    return f"{set_cell_size(found, max(0, room - 1)).rstrip()}…"


def _marked(content: Content, gauge: Gauge, stroke: str) -> Content:
    width = content.cell_length
    for mark in gauge.marks:
        place = min(int(mark * width), width - 1)
        content = Content.assemble(
            content[:place], Content.styled(stroke, "$text-warning"), content[place + 1 :]
        )
    return content
