"""The chart widget: keeps one picture and draws it anew only when something in it changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from textual import work
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from oai_tui.ui import charts
from oai_tui.ui.chart_colors import chart_style, palette
from oai_tui.ui.charts import Fan, Palette, Picture, Series, Style
from oai_tui.ui.charts.model import Format, Marks, Ticks

WAITING = Content("…")


class Drawing(Protocol):
    """What a chart shows; equal drawings make equal pictures."""

    def draw(self, size: tuple[int, int], colors: Palette, style: Style) -> Picture:
        """Return the picture at a size in columns and rows."""

    def describe(self) -> str:
        """Return what a person who cannot see the picture needs to know."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Stacked bars over time; the arguments of `charts.stacked_bars`."""

    series: tuple[Series, ...]
    ticks: Ticks
    format_y: Format
    line: Series | None = None
    selected: int | None = None
    provisional: int | None = None
    ahead: int | None = None

    def draw(self, size: tuple[int, int], colors: Palette, style: Style) -> Picture:
        """Return the bars."""
        return charts.stacked_bars(
            self.series,
            self.ticks,
            size,
            self.format_y,
            colors,
            line=self.line,
            selected=self.selected,
            provisional=self.provisional,
            ahead=self.ahead,
            style=style,
        )

    def describe(self) -> str:
        """Return the names of the series and how many bars there are."""
        bars = max((len(row.values) for row in self.series), default=0)
        return f"{bars} bars of {_names(self.series)}"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over time; the arguments of `charts.lines`."""

    series: tuple[Series, ...]
    ticks: Ticks
    format_y: Format
    behind: Series | None = None
    fan: Fan | None = None
    marks: Marks = ()

    def draw(self, size: tuple[int, int], colors: Palette, style: Style) -> Picture:
        """Return the lines."""
        return charts.lines(
            self.series,
            self.ticks,
            size,
            self.format_y,
            colors,
            behind=self.behind,
            fan=self.fan,
            marks=self.marks,
            style=style,
        )

    def describe(self) -> str:
        """Return the names of the lines and of the marks."""
        marks = "".join(f", {name}" for _, name in self.marks)
        ahead = f", {self.fan.name} ahead" if self.fan else ""
        return f"lines of {_names(self.series)}{ahead}{marks}"


def _names(series: tuple[Series, ...]) -> str:
    return ", ".join(row.name for row in series) or "nothing"


class Chart(Widget):
    """A picture of figures that fills its place; set `drawing` to change it."""

    DEFAULT_CSS = """
    Chart {
        width: 1fr;
        height: 1fr;
        text-wrap: nowrap;
    }
    """

    drawing: reactive[Drawing | None] = reactive(None)
    """What is shown, None before there is anything."""

    def __init__(
        self,
        drawing: Drawing | None = None,
        *,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._ready = charts.loaded()
        self._picture = Picture(WAITING)
        self._key: object = None
        self.set_reactive(Chart.drawing, drawing)

    @property
    def picture(self) -> Picture:
        """The picture as it stands at the present size, theme and style."""
        if self.drawing is None or not self._ready:
            return Picture(WAITING if self.drawing else Content(""))
        colors, style = palette(self.app), chart_style(self.app)
        size = self.content_size.width, self.content_size.height
        key = self.drawing, size, colors, style
        if key != self._key:
            self._picture, self._key = self.drawing.draw(size, colors, style), key
        return self._picture

    @property
    def description(self) -> str:
        """The chart in words."""
        return self.drawing.describe() if self.drawing else ""

    def on_mount(self) -> None:
        """Redraw with the theme, and let plotext come in after the first frame."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.refresh())
        if not self._ready:
            self.call_after_refresh(self._warm)

    @work(group="plotext")
    async def _warm(self) -> None:
        await asyncio.to_thread(charts.warm)
        self._ready = True
        self.refresh()

    def render(self) -> Content:
        """Return the picture."""
        return self.picture.content
