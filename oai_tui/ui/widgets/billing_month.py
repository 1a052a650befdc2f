"""One month opened: its days as bars and as a list, and what it was spent on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, timedelta

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from oai_tui.core.balance import BalanceEntry
from oai_tui.core.history import Month, Part
from oai_tui.core.kinds import Dimension
from oai_tui.core.text import money
from oai_tui.ui.chart_colors import chart_style, series_colors
from oai_tui.ui.charts import Series
from oai_tui.ui.widgets.balance_words import entries_line
from oai_tui.ui.widgets.billing_columns import change_words
from oai_tui.ui.widgets.billing_history_columns import (
    Day,
    day_columns,
    days_of,
    month_spent,
    part_columns,
)
from oai_tui.ui.widgets.chart import Bars, Chart
from oai_tui.ui.widgets.table import Table

WEEK = 7


class MonthView(Vertical):
    """The days of one month; the bar of the day under the cursor is set off."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._days: tuple[Day, ...] = ()
        self._month: Month | None = None

    def compose(self) -> ComposeResult:
        """Lay out the title, the bars and the two lists."""
        yield Static(id="opened", markup=False)
        yield Static(id="typed", markup=False)
        yield Chart(id="bars")
        with Horizontal():
            yield Table(id="days")
            yield Table(id="month-parts")

    @property
    def days(self) -> Table[Day]:
        """The list of days."""
        return self.query_one("#days", Table)

    @property
    def parts(self) -> Table[Part]:
        """The list of what it was spent on."""
        return self.query_one("#month-parts", Table)

    def on_mount(self) -> None:
        """Draw the bars again in the colours of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._draw())

    def show(
        self,
        month: Month,
        dimension: Dimension,
        late_from: date,
        entries: Iterable[BalanceEntry] = (),
    ) -> None:
        """Show a month, with what was typed of the balance in it.

        Costs from `late_from` on may still grow.
        """
        is_other = self._month is None or self._month.first != month.first
        self._month, self._days = month, days_of(month, late_from)
        glyph = "▇" if chart_style(self.app).unicode else "#"
        self.days.set_columns(day_columns(self._days, glyph))
        self.days.set_rows(self._days, lambda row: row.day.isoformat())
        self.parts.set_columns(part_columns(dimension))
        self.parts.set_rows(month.parts, lambda row: row.id)
        self.query_one("#opened", Static).update(_title(month))
        self._tell_balance(month, entries)
        if is_other:
            self.days.move_to(len(self._days) if month.is_open else 0)
        self._draw()

    def _tell_balance(self, month: Month, entries: Iterable[BalanceEntry]) -> None:
        own = [each for each in entries if each.at.astimezone(UTC).date() in month.period]
        line = self.query_one("#typed", Static)
        line.display = bool(own)
        line.update(Content.styled(f" typed: {entries_line(own)}", "$text-muted"))

    @on(Table.Highlighted, "#days")
    def _moved(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._month is None:
            return
        values = tuple(row.spent for row in self._days)
        late = next((place for place, row in enumerate(self._days) if row.is_late), None)
        days = self._month.period.days
        self.query_one(Chart).drawing = Bars(
            (
                Series(
                    "costs", (*values, *(None,) * (days - len(values))), series_colors(self.app)[0]
                ),
            ),
            tuple((place, _tick(self._month, place)) for place in range(0, days, WEEK)),
            lambda value: money(value, 0),
            selected=self.days.cursor if self._days else None,
            provisional=late,
            ahead=len(values),
        )


def _tick(month: Month, place: int) -> str:
    day = month.first + timedelta(days=place)
    return f"{day.day} {day:%b}"


def _title(month: Month) -> Content:
    words = [f"{month.period.days} days"]
    if month.is_open:
        words = ["so far, today provisional"]
    elif month.is_provisional:
        words.append("the last days are provisional")
    if month.change is not None:
        words.append(f"{change_words(month.change)} on the month before")
    return Content.assemble(
        Content.styled(f" {month.first:%B %Y} ", "bold"),
        " ",
        Content.styled(month_spent(month).text, "bold"),
        Content.styled(f"   {' · '.join(words)} · UTC", "$text-muted"),
    )
