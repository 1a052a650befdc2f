"""The first page of the bill: the figures, the picture of the month, the projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from oai_tui.ui.dialogs.details import Details
from oai_tui.ui.widgets.billing_columns import project_columns
from oai_tui.ui.widgets.billing_details import project_details
from oai_tui.ui.widgets.billing_figures import Figures
from oai_tui.ui.widgets.billing_page import BillingPage
from oai_tui.ui.widgets.billing_picture import legend, picture, why_none
from oai_tui.ui.widgets.chart import Chart
from oai_tui.ui.widgets.table import Table

if TYPE_CHECKING:
    from oai_tui.services.billing import ProjectSpend, Statement

NO_PROJECT = "No project is known."


class OverviewPage(BillingPage):
    """The state of the month at a glance. Where there is no room for all, `c` turns it over."""

    KEY = "p"
    LABEL = "Overview"
    BINDING_GROUP_TITLE = "Overview"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "c",
            "picture",
            "picture",
            id="billing.picture",
            tooltip="The picture of the month, or the projects",
        ),
        Binding(
            "y",
            "copy_id",
            "copy id",
            id="billing.copy-id",
            show=False,
            tooltip="Send the id of the project to the terminal",
        ),
    ]
    DEFAULT_CSS = """
    OverviewPage {
        #legend { height: 1; }
        #none { height: 1fr; content-align: center middle; color: $text-muted; display: none; }
        #picture.-none #none { display: block; }
        #picture.-none Chart, #picture.-none #legend { display: none; }
    }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._known: Statement | None = None

    def compose(self) -> ComposeResult:
        """Lay out the figures, the picture and the projects."""
        yield Figures(id="figures")
        with Vertical(id="picture"):
            yield Static(id="legend", markup=False)
            yield Chart(id="chart")
            yield Static(id="none", markup=False)
        yield Table(id="projects", placeholder=NO_PROJECT)

    @property
    def projects(self) -> Table[ProjectSpend]:
        """The list of projects."""
        return self.query_one("#projects", Table)

    @property
    def project_id(self) -> str:
        """The project under the cursor."""
        row = self.projects.current
        return row.id if row and self.projects.display else ""

    def on_mount(self) -> None:
        """Draw the picture again in the colours of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._draw())

    def on_resize(self) -> None:
        """Say in the legend what there is room for now, and only what the picture cannot tell."""
        self._turn()
        self._draw()

    def reset(self) -> None:
        """Forget the statement of the session before."""
        self._known = None
        self.remove_class("-flipped")

    def tell(self, statement: Statement) -> None:
        """Draw a statement."""
        self._known = statement
        self.query_one(Figures).statement = statement
        self.projects.set_columns(project_columns(statement))
        self.projects.set_rows(statement.projects, lambda row: row.id)
        self._draw()

    def action_picture(self) -> None:
        """Change between picture and projects; where there is room for both, hide the picture."""
        self.toggle_class("-flipped")
        self._turn()
        self.call_after_refresh(self.take_focus)

    def _turn(self) -> None:
        only_picture = self.has_class("-flipped") and self.screen.has_class("-low")
        self.query_one(Figures).is_brief = only_picture

    def _draw(self) -> None:
        if self._known is None:
            return
        drawn = picture(self._known, self.app)
        self.query_one("#picture").set_class(drawn is None, "-none")
        self.query_one("#none", Static).update(Content(why_none(self._known)))
        self.query_one("#legend", Static).update(legend(self._known, self.app, self.size.width))
        self.query_one(Chart).drawing = drawn

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen[ProjectSpend]) -> None:
        if self._known:
            details = project_details(event.row, self._known)
            self.app.push_screen(Details(event.row.name, details))

    def action_copy_id(self) -> None:
        """Send the id of the project under the cursor to the terminal's clipboard."""
        if self.project_id:
            self.app.copy_to_clipboard(self.project_id)
            self.bill.oai.hint(f"Sent to the terminal: {self.project_id}")
