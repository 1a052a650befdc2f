"""The months, the newest first, beside what the one under the cursor was spent on."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from oai_tui.core.history import History, Month, Part
from oai_tui.core.kinds import Dimension
from oai_tui.ui.chart_colors import chart_style
from oai_tui.ui.widgets.billing_history_columns import month_columns, part_columns
from oai_tui.ui.widgets.table import Table

NOTHING = "Nothing was spent."


class MonthsView(Horizontal):
    """Two lists: moving through the months shows at once what each was spent on."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._dimension = Dimension.PROJECT

    def compose(self) -> ComposeResult:
        """Lay out the lists."""
        yield Table(id="months")
        yield Table(id="parts", placeholder=NOTHING)

    @property
    def months(self) -> Table[Month]:
        """The list of months."""
        return self.query_one("#months", Table)

    @property
    def parts(self) -> Table[Part]:
        """The list of what the month under the cursor was spent on."""
        return self.query_one("#parts", Table)

    def show(self, history: History) -> None:
        """Show months; the cursor stays on its month."""
        self._dimension = history.dimension
        glyph = "▇" if chart_style(self.app).unicode else "#"
        self.months.set_columns(month_columns(history.months, glyph))
        self.months.set_rows(history.months, lambda row: row.first.isoformat())
        self._fill()

    @on(Table.Highlighted, "#months")
    def _fill(self) -> None:
        month = self.months.current
        self.parts.set_columns(part_columns(self._dimension))
        self.parts.set_rows(month.parts if month else (), lambda row: row.id)
