"""The page of the bill with what each month cost, and on what; a month opens into its days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from oai_tui.core.history import Month, Part
from oai_tui.core.kinds import Dimension
from oai_tui.core.pages import INVOICES_PAGE
from oai_tui.core.text import when
from oai_tui.services.billing.history_words import against
from oai_tui.ui.dialogs.details import Details
from oai_tui.ui.widgets.billing_details import part_details
from oai_tui.ui.widgets.billing_history_keys import HISTORY_KEYS
from oai_tui.ui.widgets.billing_history_reading import HistoryReading
from oai_tui.ui.widgets.billing_invoices import InvoicesLine
from oai_tui.ui.widgets.billing_month import MonthView
from oai_tui.ui.widgets.billing_months import MonthsView
from oai_tui.ui.widgets.state import StatePane
from oai_tui.ui.widgets.table import Table

if TYPE_CHECKING:
    from oai_tui.services.billing.history import ToldHistory

NOTHING = "No cost was reported in any month."


class HistoryPage(HistoryReading):
    """All months, or the days of one of them."""

    KEY = "w"
    LABEL = "History"
    BINDING_GROUP_TITLE = "History"
    BINDINGS: ClassVar[list[BindingType]] = [*HISTORY_KEYS]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.opened: date | None = None

    def compose(self) -> ComposeResult:
        """Lay out the months, the opened month, and what is said of them."""
        yield Static(id="say", markup=False)
        with ContentSwitcher(initial="waiting", id="shelf"):
            yield StatePane(id="waiting")
            yield MonthsView(id="all")
            yield MonthView(id="one")
        yield InvoicesLine()

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
        row = table.current if table.has_focus and self.told_by is Dimension.PROJECT else None
        return row.id if row else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the keys of the opened month while none is, and all while nothing is known."""
        if action in ("leave", "later"):
            return self.opened is not None
        if action in ("group", "export", "other_list"):
            return self.history is not None and _has_costs(self.history)
        return True

    def reset(self) -> None:
        """Forget the months of the session before."""
        super().reset()
        self.opened = None
        self._switch("waiting")

    def show(self, history: ToldHistory) -> None:
        """Show all months, or the days of the one that is open."""
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

    def say(self) -> None:
        """Say by what the months are told apart, how old they are and how far back they go."""
        if not self.is_attached:
            return
        parts = [Content.styled(f" by {self.told_by.label}", "$text-warning")]
        history = self.history
        if history and history.from_cache and history.as_of:
            age = when(history.as_of, self.session.setup.clock())
            parts.append(Content.styled(f"as last seen {age}", "$text-warning"))
        if history and not self.opened:
            told = (
                Content.styled(words, "$text-muted")
                for words in map(against, history.months)
                if words
            )
            parts += told
        if self.progress:
            parts.append(Content.styled(self.progress, "$text-muted"))
        elif history and (since := history.told_from):
            words = f"costs go back to {since.day} {since:%b %Y}; the platform tells none before"
            parts.append(Content.styled(words, "$text-muted"))
        self.query_one("#say", Static).update(Content("   ").join(parts))
        self.bill.write_head()

    def _fill(self) -> None:
        """Show the month that is opened, else all months."""
        month = self.month if self.opened else None
        if month:
            entries = self.bill.statement.entries if self.bill.statement else ()
            self.view.show(month, self.told_by, entries)
        else:
            self.opened = None
        self._switch("one" if month else "all")
        self.say()

    def _switch(self, to: str) -> None:
        self.query_one("#shelf", ContentSwitcher).current = to

    @on(Table.Chosen, "#months")
    def _opened(self, event: Table.Chosen[Month]) -> None:
        self._open(event.row.first)

    def _open(self, first: date | None) -> None:
        self.opened = first
        self._fill()
        (self.view.days if first else self.all.months).focus()
        self.refresh_bindings()

    @on(Table.Chosen, "#parts, #day-parts")
    def _part_chosen(self, event: Table.Chosen[Part]) -> None:
        if self.history:
            details = part_details(self.history, event.row.id)
            self.app.push_screen(Details(event.row.name, details))

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
        self.app.copy_to_clipboard(INVOICES_PAGE)
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
