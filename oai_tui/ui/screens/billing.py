"""The bill: what was spent, what the limits are, what is left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from oai_tui.core.billing import MonthSpend, ProjectSpend
from oai_tui.core.errors import ApiProblem
from oai_tui.core.text import money, when
from oai_tui.services import billing_former as billing
from oai_tui.services.billing_former import Statement
from oai_tui.ui.chart_colors import chart_style
from oai_tui.ui.dialogs.details import Details
from oai_tui.ui.screens.base import DataScreen
from oai_tui.ui.screens.billing_picture import legend, picture
from oai_tui.ui.widgets.billing_columns import month_columns, project_columns
from oai_tui.ui.widgets.billing_details import month_details, project_details
from oai_tui.ui.widgets.billing_figures import BILLING_PAGE, NOT_TOLD, Figures
from oai_tui.ui.widgets.billing_lines import enforcement
from oai_tui.ui.widgets.chart import Chart
from oai_tui.ui.widgets.table import Table


class BillingScreen(DataScreen):
    """The state of the month: figures, a picture, the projects, the last months."""

    MODE = "billing"
    TITLE_TEXT = "Billing"
    CSS_PATH = "billing.tcss"
    AUTO_FOCUS = "#projects"
    BINDING_GROUP_TITLE = "Billing"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "c",
            "picture",
            "picture",
            id="billing.picture",
            tooltip="Show the picture or the tables",
        ),
        Binding(
            "tab",
            "other_list",
            "other list",
            id="billing.other-list",
            tooltip="From the projects to the months, and back",
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._statement: Statement | None = None

    @property
    def projects(self) -> Table[ProjectSpend]:
        """The list of projects."""
        return self.query_one("#projects", Table)

    @property
    def months(self) -> Table[MonthSpend]:
        """The list of months."""
        return self.query_one("#months", Table)

    def body(self) -> Iterable[Widget]:
        """Return the figures, the picture and the two tables."""
        yield Figures(id="figures")
        yield Vertical(Static(id="legend", markup=False), Chart(id="chart"), id="picture")
        yield Horizontal(
            Table(id="projects", placeholder="No project spent anything this month."),
            Table(id="months"),
            id="tables",
        )

    def on_mount(self) -> None:
        """Draw the picture again in the colours of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._draw())

    def reset(self) -> None:
        """Forget the statement of the session before."""
        self._statement = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the keys of the picture and of the lists while they are not there."""
        if action in ("picture", "other_list"):
            has_lists = action == "picture" or not self.has_class("-low", "-flipped")
            return self._statement is not None and self._statement.has_costs and has_lists
        return True

    def load(self, *, fresh: bool) -> None:
        """Ask for everything; what is known from before stays on the screen until then."""
        known = self._statement or billing.remembered(self.session.cache)
        if known:
            self._show(known, is_reading=True)
        else:
            self.show_loading("Reading costs and limits …")
            self.head(Content.styled("reading …", "$text-muted"))
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        session = self.session
        try:
            known = await billing.load(session.client, session.cache, session.setup.clock)
        except ApiProblem as problem:
            self._statement = None
            self.refresh_bindings()
            self.head()
            self.show_gaps(())
            self.show_failed(problem)
            return
        self._show(known)

    def _show(self, known: Statement, *, is_reading: bool = False) -> None:
        self._statement = known
        self.refresh_bindings()
        self._tell_state(known, is_reading)
        self.show_gaps(known.gaps)
        if not known.has_costs:
            self.show_empty(_nothing_spent(known))
            return
        self._fill(known)
        self._draw()
        if not self.is_ready:
            self.show_ready()
            self.projects.focus()

    def _fill(self, known: Statement) -> None:
        figures = self.query_one(Figures)
        figures.today = self._today()
        figures.statement = known
        self.projects.set_columns(project_columns(known.cycle))
        self.projects.set_rows(known.projects, lambda row: row.project_id)
        glyph = "▇" if chart_style(self.app).unicode else "#"
        self.months.set_columns(month_columns(known.months, known.cycle, glyph))
        self.months.set_rows(known.months, lambda row: row.first.isoformat())

    def _draw(self) -> None:
        if self._statement:
            self.query_one("#legend", Static).update(legend(self._statement, self.app))
            self.query_one(Chart).drawing = picture(self._statement, self.app)

    def _tell_state(self, known: Statement, is_reading: bool) -> None:
        cycle, now = known.cycle, self.session.setup.clock()
        day = f"day {cycle.today.day} of {cycle.month.days}"
        age = f"as of {known.as_of:%H:%M} UTC"
        if known.as_of.date() != self._today():
            age = f"as of {known.as_of.day} {known.as_of:%b %H:%M} UTC"
        if known.from_cache:
            age = f"{age}, {when(known.as_of, now)}"
        tone = "$text-warning" if known.from_cache and not is_reading else "$text-muted"
        self.head(
            f"{cycle.month.first:%B %Y} (UTC)",
            Content.styled(day, "$text-muted"),
            Content.styled(f"{age}, reading …" if is_reading else age, tone),
        )

    def _today(self) -> date:
        return self.session.setup.clock().astimezone(UTC).date()

    @on(Table.Chosen, "#projects")
    def _project_chosen(self, event: Table.Chosen[ProjectSpend]) -> None:
        if self._statement:
            details = project_details(event.row, self._statement)
            self.app.push_screen(Details(event.row.name, details))

    @on(Table.Chosen, "#months")
    def _month_chosen(self, event: Table.Chosen[MonthSpend]) -> None:
        if self._statement:
            details = month_details(event.row, self._statement)
            self.app.push_screen(Details(f"{event.row.first:%B %Y}", details))

    def action_other_list(self) -> None:
        """Go from the projects to the months, or back."""
        (self.months if self.projects.has_focus else self.projects).focus()

    def action_picture(self) -> None:
        """Change between picture and tables; where there is room for both, hide the picture."""
        self.toggle_class("-flipped")
        self.refresh_bindings()
        if self.is_ready and not self.focused:
            self.projects.focus()


def _nothing_spent(known: Statement) -> str:
    limit = "The hard limit is not known."
    if known.limit:
        limit = f"Hard limit: {money(known.limit.amount)} · {enforcement(known.limit)}."
    elif known.limit_known:
        limit = "No hard limit is set."
    return (
        f"No cost was reported in the last {len(known.months)} months.\n{limit}"
        f"\n\n{NOT_TOLD}\n{BILLING_PAGE}"
    )
