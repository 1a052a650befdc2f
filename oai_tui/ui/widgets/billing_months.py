"""The months, the newest first, beside what the one under the cursor was spent on."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from oai_tui.core.history import History, Month, MonthPart
from oai_tui.core.kinds import Dimension
from oai_tui.ui.chart_colors import chart_style
from oai_tui.ui.widgets.billing_history_columns import month_columns, part_columns, room_for
from oai_tui.ui.widgets.billing_history_words import nothing_words
from oai_tui.ui.widgets.table import Table


class MonthsView(Horizontal):
    """Two lists: moving through the months shows at once what each was spent on."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._history = History((), Dimension.PROJECT, None)
        self._room = 0

    def compose(self) -> ComposeResult:
        """Lay out the lists."""
        yield Table(id="months")
        yield Table(id="parts")

    @property
    def months(self) -> Table[Month]:
        """The list of months."""
        return self.query_one("#months", Table)

    @property
    def parts(self) -> Table[MonthPart]:
        """The list of what the month under the cursor was spent on."""
        return self.query_one("#parts", Table)

    def on_resize(self) -> None:
        """Let the bars fill the list."""
        self._place()

    def show(self, history: History) -> None:
        """Show months; the cursor stays on its month."""
        self._history = history
        # One width for all months, so that no column moves when the cursor does.
        self._room = room_for(part.amount for month in history.months for part in month.parts)
        self._place()
        self.months.set_rows(history.months, lambda row: row.first.isoformat())
        self._fill()

    def _place(self) -> None:
        fine, width = chart_style(self.app).unicode, self.months.size.width
        self.months.set_columns(month_columns(self._history.months, width, fine=fine))

    @on(Table.Highlighted, "#months")
    def _fill(self) -> None:
        if (month := self.months.current) is None:
            self.parts.set_rows((), lambda row: row.id)
            return
        self.parts.placeholder = nothing_words(is_told=month.is_told, is_late=month.is_provisional)
        self.parts.set_columns(part_columns(month, self._history.dimension, self._room))
        self.parts.set_rows(month.parts, lambda row: row.id)
