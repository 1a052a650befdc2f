"""The page of the bill with what each month cost, and on what; a month opens into its days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.style import Style
from textual.widgets import ContentSwitcher, Static

from oai_tui.core.cycle import YOUNG_DAYS
from oai_tui.core.errors import Problem
from oai_tui.core.history import Month, Part
from oai_tui.core.kinds import Dimension
from oai_tui.core.period import month_of
from oai_tui.core.text import when
from oai_tui.ui.dialogs.details import Details
from oai_tui.ui.widgets.billing_details import part_details
from oai_tui.ui.widgets.billing_history_keys import HISTORY_KEYS
from oai_tui.ui.widgets.billing_month import MonthView
from oai_tui.ui.widgets.billing_months import MonthsView
from oai_tui.ui.widgets.billing_page import BillingPage
from oai_tui.ui.widgets.state import StatePane
from oai_tui.ui.widgets.table import Table

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement
    from oai_tui.services.billing.history import ToldHistory

INVOICES = "https://platform.openai.com/settings/organization/billing/history"
NO_INVOICES = ("Invoices are in no API:", "Invoices:")
"""What stands before the address, at length and where there is little room."""

FIRST_MONTHS = 12
"""Months that are read before all that are older."""

WAYS = (Dimension.PROJECT, Dimension.LINE_ITEM)
READING = "Reading the months …"
NOTHING = "No cost was reported in any month."


class HistoryPage(BillingPage):
    """All months, or the days of one of them."""

    KEY = "w"
    LABEL = "History"
    BINDING_GROUP_TITLE = "History"
    BINDINGS: ClassVar[list[BindingType]] = [*HISTORY_KEYS]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.history: ToldHistory | None = None
        self.opened: date | None = None
        self._way = WAYS[0]
        self._told: dict[Dimension, ToldHistory] = {}
        self._costs_of: datetime | None = None
        self._is_stale = True
        self._progress = ""
        self._missing = ""

    def compose(self) -> ComposeResult:
        """Lay out the months, the opened month, and what is said of them."""
        yield Static(id="say", markup=False)
        with ContentSwitcher(initial="waiting", id="shelf"):
            yield StatePane(id="waiting")
            yield MonthsView(id="all")
            yield MonthView(id="one")
        yield Static(id="invoices", markup=False)

    @property
    def all(self) -> MonthsView:
        """The list of months."""
        return self.query_one(MonthsView)

    @property
    def view(self) -> MonthView:
        """The opened month."""
        return self.query_one(MonthView)

    @property
    def month(self) -> Month | None:
        """The month that is opened, or under the cursor."""
        if self.opened and self.history:
            found = (month for month in self.history.months if month.first == self.opened)
            return next(found, None)
        return self.all.months.current

    @property
    def project_id(self) -> str:
        """The project under the cursor, where the lists are by project."""
        table = self.view.parts if self.opened else self.all.parts
        row = table.current if table.has_focus and self._told_by is Dimension.PROJECT else None
        return row.id if row else ""

    @property
    def _told_by(self) -> Dimension:
        """What the months shown are told apart by; another may be on its way."""
        return self.history.dimension if self.history else self._way

    def on_resize(self) -> None:
        """Say where the invoices are."""
        link = Content.styled(INVOICES, Style(link=INVOICES))
        told = NO_INVOICES[self.screen.has_class("-narrow")]
        words = Content.assemble(Content.styled(f" {told} ", "$text-muted"), link)
        self.query_one("#invoices", Static).update(words)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the keys of the opened month while none is, and all while nothing is known."""
        if action in ("leave", "later"):
            return self.opened is not None
        if action in ("group", "export", "other_list"):
            return self.history is not None and _has_costs(self.history)
        return True

    def reset(self) -> None:
        """Forget the months of the session before."""
        self.workers.cancel_group(self, "load")
        self.history, self.opened, self._way = None, None, WAYS[0]
        self._is_stale, self._progress, self._missing = True, "", ""
        self._told.clear()
        self._costs_of = None
        self._switch("waiting")

    def tell(self, statement: Statement) -> None:
        """Read the months again once costs have been, and what was missing in any case."""
        if statement.from_cache or (statement.as_of == self._costs_of and not self.gaps()):
            return
        self._costs_of, self._is_stale = statement.as_of, True
        if self.is_shown and self.bill.is_ready:
            self._read()

    def on_shown(self) -> None:
        """Read the months, unless they are as they were."""
        if self._is_stale:
            self._read()

    def refresh_page(self) -> None:
        """Try again what failed; what is shown is read again after the statement."""
        if self.history is None:
            self._read()

    def gaps(self) -> Sequence[str]:
        """Return what is missing of the months."""
        told = self.history.gaps if self.history else ()
        return [*told, self._missing] if self._missing else told

    @work(exclusive=True, group="load")
    async def _read(self) -> None:
        """Read the last months, then all before them."""
        desk, way = self.session.billing, self._way
        if self._is_stale:
            self._told.clear()
        self._is_stale, self._missing = False, ""
        if self.history is None:
            self.query_one(StatePane).say_loading(READING)
        try:
            if self.history is None:
                since, count = self._recent(), self._say_progress
                self._take(await desk.history(way, since=since, on_progress=count))
            self._say_progress(0, 0)
            self._told[way] = await desk.history(way, on_progress=self._say_progress)
            self._take(self._told[way])
        except Problem as problem:
            self._fail(problem)
        self._progress = ""
        self._say()

    def _recent(self) -> date:
        first = month_of(self._today())
        for _ in range(FIRST_MONTHS - 1):
            first = first.shifted(-1)
        return first.first

    def _fail(self, problem: Problem) -> None:
        self._is_stale = True
        if self.history is None:
            self.query_one(StatePane).say_failed(problem)
        else:
            self._missing = f"Older months could not be read. {problem.what}"

    def _say_progress(self, done: int, of: int) -> None:
        count = f"{done} of {max(done, of)}" if of else "…"
        if self.history is None:
            self.query_one(StatePane).say_loading(f"{READING}\n{count}" if of else READING)
            return
        what = "older months" if self._way is self._told_by else f"by {self._way.label}"
        self._progress = f"reading {what}, {count}"
        self._say()

    def _take(self, history: ToldHistory) -> None:
        self.history = history
        if not _has_costs(history):
            self.opened = None
            self.query_one(StatePane).say_empty(NOTHING)
            self._switch("waiting")
            return
        had_focus = self.has_focus
        self.all.show(history)
        self._fill()
        if had_focus:
            self.take_focus()
        self.refresh_bindings()

    def _fill(self) -> None:
        """Show the month that is opened, else all months."""
        month = self.month if self.opened else None
        if month:
            entries = self.bill.statement.entries if self.bill.statement else ()
            late = self._today() - timedelta(days=YOUNG_DAYS - 1)
            self.view.show(month, self._told_by, late, entries)
        else:
            self.opened = None
        self._switch("one" if month else "all")
        self._say()

    def _switch(self, to: str) -> None:
        self.query_one("#shelf", ContentSwitcher).current = to

    def _say(self) -> None:
        """Say by what the months are told apart, how old they are and how far back they go."""
        if not self.is_attached:
            return
        parts = [Content.styled(f" by {self._told_by.label}", "$text-warning")]
        history = self.history
        if history and history.from_cache and history.as_of:
            age = when(history.as_of, self.session.setup.clock())
            parts.append(Content.styled(f"as last seen {age}", "$text-warning"))
        if self._progress:
            parts.append(Content.styled(self._progress, "$text-muted"))
        elif history and (since := history.told_from):
            words = f"costs go back to {since.day} {since:%b %Y}; the platform tells none before"
            parts.append(Content.styled(words, "$text-muted"))
        self.query_one("#say", Static).update(Content("   ").join(parts))
        self.bill.write_head()

    def _today(self) -> date:
        return self.session.setup.clock().astimezone(UTC).date()

    @on(Table.Chosen, "#months")
    def _opened(self, event: Table.Chosen[Month]) -> None:
        self._open(event.row.first)

    def _open(self, first: date | None) -> None:
        self.opened = first
        self._fill()
        (self.view.days if first else self.all.months).focus()
        self.refresh_bindings()

    @on(Table.Chosen, "#parts, #month-parts")
    def _part_chosen(self, event: Table.Chosen[Part]) -> None:
        if self.history:
            details = part_details(self.history, event.row.id)
            self.app.push_screen(Details(event.row.name, details))

    def action_group(self) -> None:
        """Tell the months apart by the other thing."""
        self._way = WAYS[(WAYS.index(self._way) + 1) % len(WAYS)]
        if known := self._told.get(self._way):
            self.workers.cancel_group(self, "load")
            self._progress = ""
            self._take(known)
        else:
            self._read()

    def action_other_list(self) -> None:
        """Go from one list to the other."""
        view = self.view
        first, second = (
            (view.days, view.parts) if self.opened else (self.all.months, self.all.parts)
        )
        (second if first.has_focus else first).focus()

    def action_leave(self) -> None:
        """Go back to the months, with the cursor on the one that was open."""
        if self.opened:
            self.all.months.move_to_id(self.opened.isoformat())
            self._open(None)

    def action_later(self, step: int) -> None:
        """Open the next month, or the one before."""
        if self.opened is None or self.history is None:
            return
        firsts = [month.first for month in self.history.months]
        place = firsts.index(self.opened) - step
        if 0 <= place < len(firsts):
            self._open(firsts[place])
        else:
            self.bill.oai.hint("There is no month further on.")

    def action_copy_link(self) -> None:
        """Send the address of the page with the invoices to the terminal's clipboard."""
        self.app.copy_to_clipboard(INVOICES)
        self.bill.oai.hint("Sent to the terminal: the address of the invoices.")

    @work(group="change")
    async def action_export(self) -> None:
        """Write the months, or the days of the one that is open, to a file."""
        from oai_tui.ui.dialogs.history_export import history_export

        if self.history is None:
            return
        asked = history_export(self.history, self.month if self.opened else None)
        if written := await self.app.push_screen_wait(asked):
            self.bill.oai.hint(f"Written to {written}, readable by you only.")


def _has_costs(history: ToldHistory) -> bool:
    return any(month.total or month.parts for month in history.months)
