"""The bill: what was spent, what is left, how long it lasts, and the brakes; a page for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from oai_tui.core.errors import Problem
from oai_tui.ui.screens.billing_asking import BillingAsking
from oai_tui.ui.screens.billing_head import month_and_age
from oai_tui.ui.screens.billing_keys import BILLING_KEYS
from oai_tui.ui.widgets.billing_history_page import HistoryPage
from oai_tui.ui.widgets.billing_limits_page import LimitsPage
from oai_tui.ui.widgets.billing_overview_page import OverviewPage
from oai_tui.ui.widgets.billing_page import BillingPage, PageBar
from oai_tui.ui.widgets.billing_rates_page import RatesPage

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement

READING = "Reading costs and limits …"


class BillingScreen(BillingAsking):
    """Four pages on one statement: overview, limits and alerts, rate limits, history."""

    MODE = "billing"
    TITLE_TEXT = "Billing"
    CSS_PATH = "billing.tcss"
    AUTO_FOCUS = ""
    BINDING_GROUP_TITLE = "Billing"
    BINDINGS: ClassVar[list[BindingType]] = [*BILLING_KEYS]

    def __init__(self) -> None:
        super().__init__()
        self.statement = None
        self._reading = ""

    def body(self) -> Iterable[Widget]:
        """Return the names of the pages and the pages."""
        pages: list[BillingPage] = [
            OverviewPage(id="overview"),
            LimitsPage(id="limits"),
            RatesPage(id="rates"),
            HistoryPage(id="history"),
        ]
        yield PageBar(pages)
        yield ContentSwitcher(*pages, initial="overview", id="book")

    @property
    def pages(self) -> list[BillingPage]:
        """The pages, in their order."""
        return list(self.query(BillingPage))

    @property
    def page(self) -> BillingPage:
        """The page that is seen."""
        current = self.query_one("#book", ContentSwitcher).current
        return self.query_one(f"#{current}", BillingPage)

    def reset(self) -> None:
        """Forget the statement of the session before."""
        self.statement = None
        for page in self.pages:
            page.reset()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what works on a statement while there is none, and the brakes when read-only."""
        if action in ("page", "turn", "balance", "budget"):
            return self.statement is not None and self.is_ready
        if action == "limit":
            read_only = self.oai.setup.read_only
            return self.statement is not None and self.is_ready and not read_only
        return True

    def load(self, *, fresh: bool) -> None:
        """Ask for everything; what is known from before stays on the screen until then."""
        self._reading = "reading …"
        if self.statement:
            self.write_head()
        elif known := self._remembered():
            self._show(known)
        else:
            self.show_loading(READING)
            self.head(Content.styled(self._reading, "$text-muted"))
        self._load(fresh)
        if fresh and self.is_ready:
            self.page.refresh_page()

    def _remembered(self) -> Statement | None:
        """Return what was seen last, unless parts of it were never asked for.

        Those would read as if they could not be known, while they are on their way.
        """
        known = self.session.billing.remembered()
        return known if known and known.cycle and known.limit.is_known else None

    @work(exclusive=True, group="load")
    async def _load(self, fresh: bool) -> None:
        try:
            known = await self.session.billing.load(fresh=fresh, on_progress=self._count)
        except Problem as problem:
            self._fail(problem)
            return
        self._reading = ""
        self._show(known)
        if known.unasked:
            self._load_rest()

    def _count(self, done: int, of: int) -> None:
        """Say how many answers came; they may come while the screen is taken down."""
        if not self.is_attached:
            return
        if self.is_ready:
            self._reading = f"reading {done} of {max(done, of)} …"
            self.write_head()
        else:
            self.show_loading(f"{READING}\n{done} of {max(done, of)}")

    @work(exclusive=True, group="load-rest")
    async def _load_rest(self) -> None:
        """Ask for what only many requests can tell, while the rest is read already."""
        try:
            known = await self.session.billing.load_rest()
        except Problem as problem:
            self.oai.tell(problem)
            return
        self._show(known)

    def _fail(self, problem: Problem) -> None:
        self.statement, self._reading = None, ""
        self.refresh_bindings()
        self.head()
        self.show_gaps(())
        self.show_failed(problem)

    def _show(self, known: Statement) -> None:
        first, self.statement = not self.is_ready, known
        for page in self.pages:
            page.tell(known)
        self.show_ready()
        self.write_head()
        if first:
            self.page.on_shown()
            if self.is_current:
                self.page.take_focus()
        self.refresh_bindings()

    def write_head(self) -> None:
        """Write the line under the top bar and the gaps, as the page that is seen has them."""
        if self.statement is None or not self.query("#head"):
            return
        now = self.session.setup.clock()
        room = self.size.width - len(f" {self.TITLE_TEXT} ")
        self.head(*(self.page.head() or month_and_age(self.statement, now, self._reading, room)))
        self.show_gaps((*self.statement.gaps, *self.statement.notes, *self.page.gaps()))

    def show_page(self, name: str) -> None:
        """Turn to a page, with the focus in it."""
        book = self.query_one("#book", ContentSwitcher)
        book.current = name
        self.query_one(PageBar).current = name
        page = self.page
        page.on_shown()
        page.take_focus()
        self.write_head()
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Say in the head what there is room for now."""
        self.write_head()

    def on_mount(self) -> None:
        """Set the first name off."""
        self.query_one(PageBar).current = self.page.id or ""

    @on(PageBar.Chosen)
    def _chosen(self, event: PageBar.Chosen) -> None:
        self.show_page(event.page)

    def action_page(self, name: str) -> None:
        """Turn to a page."""
        self.show_page(name)

    def action_turn(self, step: int) -> None:
        """Turn to the next page, or back; after the last comes the first."""
        names = [page.id or "" for page in self.pages]
        at = names.index(self.page.id or "")
        self.show_page(names[(at + step) % len(names)])
