"""One month opened: its days as bars and as a list, and what each was spent on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta

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
from oai_tui.ui.widgets.billing_history_columns import (
    Day,
    day_columns,
    days_of,
    room_for,
    split_columns,
)
from oai_tui.ui.widgets.billing_history_words import day_head, nothing_words, title
from oai_tui.ui.widgets.chart import Bars, Chart
from oai_tui.ui.widgets.table import Table

WEEK = 7


class MonthView(Vertical):
    """The days of one month; what the day under the cursor was spent on stands beside them."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._days: tuple[Day, ...] = ()
        self._month: Month | None = None
        self._dimension = Dimension.PROJECT
        self._room = 0

    def compose(self) -> ComposeResult:
        """Lay out the title, the bars and the two lists."""
        yield Static(id="opened", markup=False)
        yield Static(id="typed", markup=False)
        yield Chart(id="bars")
        with Horizontal():
            yield Table(id="days")
            yield Table(id="day-parts")

    @property
    def days(self) -> Table[Day]:
        """The list of days."""
        return self.query_one("#days", Table)

    @property
    def parts(self) -> Table[Part]:
        """The list of what the day under the cursor was spent on."""
        return self.query_one("#day-parts", Table)

    def on_mount(self) -> None:
        """Draw the bars again in the colours of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._draw())

    def on_resize(self) -> None:
        """Let the bars of the list fill it."""
        self._place()

    def show(
        self, month: Month, dimension: Dimension, entries: Iterable[BalanceEntry] = ()
    ) -> None:
        """Show a month, with what was typed of the balance in it."""
        is_other = self._month is None or self._month.first != month.first
        self._month, self._days, self._dimension = month, days_of(month), dimension
        # One width for all days, so that no column moves when the cursor does.
        self._room = room_for(each for part in month.parts for each in part.days)
        self._place()
        self.days.set_rows(self._days, lambda row: row.day.isoformat())
        self.query_one("#opened", Static).update(title(month))
        self._tell_balance(month, entries)
        if is_other:
            self.days.move_to(_newest(self._days) if month.is_open else 0)
        self._moved()

    def _place(self) -> None:
        fine, width = chart_style(self.app).unicode, self.days.size.width
        self.days.set_columns(day_columns(self._days, width, fine=fine))

    def _tell_balance(self, month: Month, entries: Iterable[BalanceEntry]) -> None:
        own = [each for each in entries if each.at.astimezone(UTC).date() in month.period]
        line = self.query_one("#typed", Static)
        line.display = bool(own)
        line.update(Content.styled(f" typed: {entries_line(own)}", "$text-muted"))

    @on(Table.Highlighted, "#days")
    def _moved(self) -> None:
        self._split()
        self._draw()

    def _split(self) -> None:
        """Show what the day under the cursor was spent on."""
        day = self.days.current
        if self._month is None or day is None:
            return
        head = day_head(self._dimension, day.day, is_late=day.is_late)
        table = self.parts
        table.placeholder = nothing_words(is_told=day.spent is not None, is_late=day.is_late)
        table.set_columns(split_columns(head, self._room, "muted" if day.is_late else ""))
        table.set_rows(self._month.split(day.day.day - 1), lambda row: row.id)

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


def _newest(days: Sequence[Day]) -> int:
    """Return the place of the last day that something is told of, 0 where there is none."""
    return max((place for place, row in enumerate(days) if row.spent is not None), default=0)


def _tick(month: Month, place: int) -> str:
    day = month.first + timedelta(days=place)
    return f"{day.day} {day:%b}"
