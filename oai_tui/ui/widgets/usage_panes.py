"""The two pictures of usage with their legend and the line that reads one bar out."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from oai_tui.core.usage import Step
from oai_tui.ui import charts
from oai_tui.ui.chart_colors import chart_style, other_color, palette, series_colors
from oai_tui.ui.theme import COLORS
from oai_tui.ui.widgets.usage_chart import UsageChart
from oai_tui.ui.widgets.usage_colors import SeriesColors
from oai_tui.ui.widgets.usage_figures import Figures, read_out
from oai_tui.ui.widgets.usage_picture import (
    Bricks,
    Inks,
    bars,
    bricks,
    cumulative,
    has_average,
    step_in,
)

WIDE = 100
"""The columns from which both pictures stand side by side."""


class UsagePanes(Vertical):
    """Bars on the left, the line of their sum on the right; where there is no room, one of them."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.step = Step.DAY
        self._figures: Figures | None = None
        self._built: Bricks | None = None
        self._colors = SeriesColors(COLORS)
        self._at: int | None = None
        self._face = ""

    def compose(self) -> ComposeResult:
        """Lay out the pictures, the legend and the line under them."""
        with Horizontal(id="charts"):
            with Vertical(classes="pane", id="daily-pane"):
                yield Static(id="daily-title", markup=False)
                yield UsageChart(id="daily")
            with Vertical(classes="pane", id="total-pane"):
                yield Static(Content("adding up"), markup=False)
                yield UsageChart(id="cumulative")
        yield Static(id="legend", markup=False)
        yield Static(id="reading", markup=False)

    def on_mount(self) -> None:
        """Redraw in the colours of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._draw())

    def reset(self) -> None:
        """Forget the colours given in the session before."""
        self._colors = SeriesColors(COLORS)
        self._figures, self._at, self._face = None, None, ""
        self._show_face()

    def show(self, figures: Figures) -> None:
        """Show other figures; the cursor stays while the days do."""
        before, self._figures = self._figures, figures
        if before is None or before.pivot.period != figures.pivot.period:
            self._at = None
        self._draw()

    def turn(self) -> None:
        """Show the bars, the line, or both where there is room."""
        faces = (
            ["", "-daily", "-cumulative"] if self.app.size.width >= WIDE else ["", "-cumulative"]
        )
        at = faces.index(self._face) if self._face in faces else 0
        self._face = faces[(at + 1) % len(faces)]
        had_focus = any(chart.has_focus for chart in self.query(UsageChart))
        self._show_face()
        daily, line = (
            self.query_one("#daily", UsageChart),
            self.query_one("#cumulative", UsageChart),
        )
        if had_focus:
            (line if self._face == "-cumulative" else daily).focus()

    @on(UsageChart.Changed)
    def _changed(self, event: UsageChart.Changed) -> None:
        event.stop()
        self._draw()

    @on(UsageChart.Moved)
    def _moved(self, event: UsageChart.Moved) -> None:
        event.stop()
        if self._built:
            last = len(self._built.cuts) - 1
            at = last if self._at is None else self._at
            self._at = max(0, min(last, at + event.step))
            self._draw()

    def _show_face(self) -> None:
        for face in ("-daily", "-cumulative"):
            self.set_class(face == self._face, face)
        # One cursor for both pictures: beside the bars the line is no stop of the tab key.
        self.query_one("#cumulative", UsageChart).can_focus = self._face == "-cumulative"

    def _draw(self) -> None:
        figures, daily = self._figures, self.query_one("#daily", UsageChart)
        if figures is None or not figures.pivot.groups:
            return
        if not self._step_by(figures, daily):
            return
        inks = Inks(series_colors(self.app), other_color(self.app), palette(self.app).line)
        built = bricks(
            figures,
            self.step,
            lambda ids: self._colors.assign(figures.pivot.dimension, ids),
            inks,
        )
        if self._built is None or self._built.cuts != built.cuts:
            self._at = None
        self._built = built
        line = self.query_one("#cumulative", UsageChart)
        selected = self._selected if daily.has_focus else None
        daily.drawing = bars(figures, built, inks, selected)
        line.drawing = cumulative(figures, inks)
        self._write(figures, built)

    def _step_by(self, figures: Figures, daily: UsageChart) -> bool:
        """Choose what a bar stands for; tell whether there is a picture to draw at all."""
        columns = daily.content_size.width if _is_seen(daily) else self.size.width
        if not columns:
            return False
        self.step = step_in(figures, columns) if _is_seen(daily) else Step.DAY
        return True

    @property
    def _selected(self) -> int:
        last = len(self._built.cuts) - 1 if self._built else 0
        return last if self._at is None else min(self._at, last)

    def _write(self, figures: Figures, built: Bricks) -> None:
        note = "line: 7-day average" if has_average(figures, self.step) else ""
        name = " · ".join(part for part in (f"by {self.step}", note) if part)
        self.query_one("#daily-title", Static).update(Content(name))
        self.query_one("#legend", Static).update(self._legend(built, note))
        reading = read_out(figures, built.cuts, self._selected, self.step)
        self.query_one("#reading", Static).update(reading)

    def _legend(self, built: Bricks, note: str) -> Content:
        """Return the names of the colours, with what the titles say where there are none."""
        if not _is_seen(self.query_one("#daily", UsageChart)):
            return Content.styled("adding up day by day", "$text-muted")
        width = self.query_one("#legend", Static).content_size.width or self.size.width
        style = chart_style(self.app)
        if self.screen.has_class("-high"):
            return charts.legend(built.series, width, rows=2, style=style)
        step = "" if self.step is Step.DAY else f"by {self.step}  "
        after = f"  {note}" if note else ""
        names = charts.legend(built.series, width - len(step) - len(after), rows=1, style=style)
        return Content.assemble(
            Content.styled(step, "$text-warning"), names, Content.styled(after, "$text-muted")
        )


def _is_seen(chart: UsageChart) -> bool:
    pane = chart.parent
    return bool(getattr(pane, "display", True))
