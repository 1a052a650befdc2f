"""The two pictures of usage with their legend and the line that reads one bar out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from oai_tui.core.cuts import Cut
from oai_tui.core.text import clean
from oai_tui.ui import charts
from oai_tui.ui.chart_colors import chart_style, other_color, palette, series_colors
from oai_tui.ui.charts import Series
from oai_tui.ui.charts.vector import svg
from oai_tui.ui.theme import COLORS
from oai_tui.ui.widgets.usage_chart import UsageChart
from oai_tui.ui.widgets.usage_colors import SeriesColors
from oai_tui.ui.widgets.usage_figures import Figures
from oai_tui.ui.widgets.usage_head import read_out
from oai_tui.ui.widgets.usage_picture import Inks, bars, bricks, cumulative, has_average
from oai_tui.ui.widgets.usage_words import before_words, period_words, zone_words

WIDE = 100
"""The columns from which both pictures stand side by side."""

BESIDE = 0.6
LEAST = 70
AXIS = 8
"""Columns that the figures beside a picture take at most."""


class UsagePanes(Vertical):
    """Bars on the left, the line of their sum on the right; where there is no room, one of them."""

    class RoomChanged(Message):
        """There is room for another number of bars."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._figures: Figures | None = None
        self._series: tuple[Series, ...] = ()
        self._colors = SeriesColors(COLORS)
        self._at: int | None = None
        self._face = ""
        self._today = date.max
        self._room = 0

    def compose(self) -> ComposeResult:
        """Lay out the pictures, the legend, the line under them, and what changed."""
        with Horizontal(id="charts"):
            with Vertical(classes="pane", id="daily-pane"):
                yield Static(id="daily-title", markup=False)
                yield UsageChart(id="daily")
            with Vertical(classes="pane", id="total-pane"):
                yield Static(id="total-title", markup=False)
                yield UsageChart(id="cumulative")
                yield Static(id="movers", markup=False)
        yield Static(id="legend", markup=False)
        yield Static(id="reading", markup=False)
        yield Static(id="moved", markup=False)

    def on_mount(self) -> None:
        """Redraw in the colours of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._draw())

    def reset(self) -> None:
        """Forget the colours given in the session before."""
        self._colors = SeriesColors(COLORS)
        self._figures, self._at, self._face = None, None, ""
        self._show_face()

    @property
    def room(self) -> int:
        """How many bars there is room for, each with a gap beside it."""
        daily = self.query_one("#daily", UsageChart)
        width = daily.content_size.width if _is_seen(daily) else 0
        if not width:
            whole = self.app.size.width
            beside = whole >= WIDE and self._face == ""
            width = max(LEAST, int(whole * BESIDE)) if beside else whole
        return max(1, (width - AXIS) // 2)

    @property
    def selected(self) -> Cut | None:
        """What the bar that is read out stands for."""
        return self._figures.pivot.cuts[self._selected] if self._figures else None

    def show(self, figures: Figures, today: date) -> None:
        """Show other figures; the cursor stays while the bars do."""
        before, self._figures, self._today = self._figures, figures, today
        if before is None or before.pivot.cuts != figures.pivot.cuts:
            self._at = None
        self._room = self.room
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
        if had_focus:
            name = "#cumulative" if self._face == "-cumulative" else "#daily"
            self.query_one(name, UsageChart).focus()

    def picture(self, ending: str) -> str:
        """Return what is drawn as `svg`, or with any other ending as text."""
        parts = list(self._parts())
        if ending == "svg":
            colors = self.app.theme_variables
            return svg(parts, colors["foreground"], colors["background"])
        lines = "\n".join(part.plain for part in parts).split("\n")
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def _parts(self) -> Iterator[Content]:
        """Yield the words and pictures that are seen."""
        figures = self._figures
        if figures is None:
            return
        yield Content(self._titled(figures))
        for title, id in ((f"by {figures.report.step}", "daily"), ("", "cumulative")):
            chart = self.query_one(f"#{id}", UsageChart)
            if _is_seen(chart):
                yield Content(f"\n{title or self._adding(figures)}")
                yield chart.picture.content
        width = max(self.size.width, LEAST)
        yield charts.legend(self._series, width, rows=4, style=chart_style(self.app))

    def _titled(self, figures: Figures) -> str:
        question = figures.report.question
        zone = question.days_of
        days = period_words(question.period, question.within, zone, self._today)
        what = f"{question.metric.label} by {question.dimension.label}"
        total = f"total {figures.write(figures.pivot.total)}"
        return f"{days} · {zone_words(zone)}   {what}   {total}"

    @on(UsageChart.Changed)
    def _changed(self, event: UsageChart.Changed) -> None:
        event.stop()
        if self._figures and self.room != self._room:
            self._room = self.room
            self.post_message(self.RoomChanged())
        self._draw()

    @on(UsageChart.Moved)
    def _moved(self, event: UsageChart.Moved) -> None:
        event.stop()
        if self._figures:
            last = len(self._figures.pivot.cuts) - 1
            at = self._selected + event.step
            self._at = max(0, min(last, at))
            self._draw()

    def _show_face(self) -> None:
        for face in ("-daily", "-cumulative"):
            self.set_class(face == self._face, face)
        # One cursor for both pictures: beside the bars the line is no stop of the tab key.
        self.query_one("#cumulative", UsageChart).can_focus = self._face == "-cumulative"

    def _draw(self) -> None:
        figures, daily = self._figures, self.query_one("#daily", UsageChart)
        if figures is None:
            return
        inks = Inks(series_colors(self.app), other_color(self.app), palette(self.app).line)
        dimension = figures.pivot.dimension
        self._series = bricks(figures, lambda ids: self._colors.assign(dimension, ids), inks)
        line = self.query_one("#cumulative", UsageChart)
        selected = self._selected if daily.has_focus else None
        daily.drawing = bars(figures, self._series, inks, selected)
        line.drawing = cumulative(figures, inks)
        self._write(figures)

    @property
    def _selected(self) -> int:
        if self._figures is None:
            return 0
        last = len(self._figures.pivot.cuts) - 1
        if self._at is not None:
            return min(self._at, last)
        known = [at for at, value in enumerate(self._figures.sums) if value is not None]
        return known[-1] if known else last

    def _write(self, figures: Figures) -> None:
        note = "line: 7-day average" if has_average(figures) else ""
        name = f"by {figures.report.step}"
        titled = " · ".join(part for part in (name, note) if part)
        self.query_one("#daily-title", Static).update(Content(titled))
        self.query_one("#total-title", Static).update(Content(self._adding(figures)))
        self.query_one("#legend", Static).update(self._legend(figures, note))
        self.query_one("#reading", Static).update(read_out(figures, self._selected))
        self._write_movers(figures)

    def _adding(self, figures: Figures) -> str:
        words = "level" if figures.metric.is_level else "adding up"
        if before := figures.report.before:
            held = before_words(figures.report.period, before.period, self._today)
            words = f"{words} · dotted: {held}"
        return words

    def _legend(self, figures: Figures, note: str) -> Content:
        """Return the names of the colours, with what the titles say where there are none."""
        if not _is_seen(self.query_one("#daily", UsageChart)):
            words = f"{self._adding(figures)} · by {figures.report.step}"
            return Content.styled(words, "$text-muted")
        width = self.query_one("#legend", Static).content_size.width or self.size.width
        style = chart_style(self.app)
        if self.screen.has_class("-high"):
            return charts.legend(self._series, width, rows=2, style=style)
        step = f"by {figures.report.step}  "
        after = f"  {note}" if note else ""
        names = charts.legend(self._series, width - len(step) - len(after), rows=1, style=style)
        return Content.assemble(
            Content.styled(step, "$text-warning"), names, Content.styled(after, "$text-muted")
        )

    def _write_movers(self, figures: Figures) -> None:
        """Say what changed most: a line each where there is room, else all in one."""
        lines = [clean(mover.words(), 60) for mover in figures.report.movers]
        head = Content.styled("what changed most", "$text-muted")
        block, one = self.query_one("#movers", Static), self.query_one("#moved", Static)
        block.update(Content("\n").join([head, *map(Content, lines)]))
        one.update(Content.assemble(" ", head, f"  {' · '.join(lines)}"))
        block.set_class(not lines, "-none")
        one.set_class(not lines, "-none")


def _is_seen(chart: UsageChart) -> bool:
    pane = chart.parent
    return bool(getattr(pane, "display", True))
