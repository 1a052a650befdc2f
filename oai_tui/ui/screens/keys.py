"""The list of every key of the organization, and what is done to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from oai_tui.core.errors import ApiProblem
from oai_tui.core.estate import EstateRow
from oai_tui.core.text import when
from oai_tui.services import inventory
from oai_tui.services.inventory import Inventory, Wants
from oai_tui.ui.screens.keys_filtering import Filter, FilteredKeys
from oai_tui.ui.screens.keys_keys import KEYS_KEYS
from oai_tui.ui.screens.keys_view import EstateView, freshness, with_attention
from oai_tui.ui.widgets.key_columns import MOST_PRESSING, key_columns
from oai_tui.ui.widgets.key_filters import ALL
from oai_tui.ui.widgets.key_panel import KeyPanel
from oai_tui.ui.widgets.key_quick import QuickLine
from oai_tui.ui.widgets.state import in_a_line
from oai_tui.ui.widgets.table import Table

TITLE = len(" Keys   ")
"""Cells before what the line above the list says."""


class KeysScreen(FilteredKeys):
    """Every key, found as it is typed, made and revoked."""

    MODE = "keys"
    AUTO_FOCUS = "Table"
    TITLE_TEXT = "Keys"
    BINDING_GROUP_TITLE = "Keys"
    BINDINGS: ClassVar[list[BindingType]] = [*KEYS_KEYS]

    def __init__(self) -> None:
        super().__init__()
        self._problem = ""
        self._is_first_reading = True
        self._has_costs = True
        self._with_archived = False
        self.remembered: Inventory | None = None
        """What was seen last with the key whose session is being opened."""

    def body(self) -> Iterable[Widget]:
        """Return the filters, the list and the panel under it."""
        yield Filter(placeholder="filter", id="filter")
        yield QuickLine(id="quick")
        yield Table(id="keys", markable=True)
        yield KeyPanel(id="panel", markup=False)

    def on_mount(self) -> None:
        """Show what was seen last, while signing in goes on."""
        super().on_mount()
        if self.remembered:
            self.reset()
            self._take(self.remembered)
            self._show()

    def reset(self) -> None:
        """Forget the keys of the session before."""
        if self._session and self.remembered:
            self.remembered = None
            return
        self._view = EstateView()
        self._orphans = ()
        self._is_first_reading = True
        self._has_costs = True
        self.forget_text()
        self.table.clear_marks()
        self.table.set_columns(key_columns(self.oai.setup.clock))
        self.table.set_rows((), lambda row: row.id)
        self.table.sort_on(*MOST_PRESSING)
        self.show_loading("")

    def load(self, *, fresh: bool) -> None:
        """Read the list again; what is on the screen stays until better is known."""
        if not self.is_ready:
            self.show_loading("Reading the projects …")
        self.head(Content.styled("reading …", "$text-muted"))
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        session = self.session
        self._problem = ""
        wants = Wants(archived=self._with_archived)
        try:
            found = inventory.load(session.client, session.cache, session.setup.clock, wants=wants)
            async for known in found:
                self._take(known)
                # Ten thousand rows take their time: keys pressed meanwhile come in between.
                await asyncio.sleep(0)
                self._show()
                if known.from_cache:
                    await self.painted()
        except ApiProblem as problem:
            self._failed(problem)

    async def painted(self) -> None:
        """Wait until what is remembered is on the terminal; what the network takes comes after."""
        painted = asyncio.Event()
        self.call_after_refresh(painted.set)
        await painted.wait()

    def _failed(self, problem: ApiProblem) -> None:
        """Tell what went wrong: beside what is known, or instead of it."""
        if self._view.rows:
            self._problem = in_a_line(problem)
            self._tell_gaps()
            self._tell_state()
        else:
            self.head()
            self.show_failed(problem)

    def _take(self, known: Inventory) -> None:
        setup = self.oai.setup
        self._view.take(known, setup.clock(), setup.thresholds)

    def _show(self) -> None:
        known = self._view.known
        if self._session:
            self._session.directory.learn_estate(known.projects, known.keys, known.former)
            self._find_orphans()
        if known.is_complete and not self._view.counts[ALL]:
            self.head()
            way_out = "" if self.oai.setup.read_only else "\n\nn  make one"
            self.show_empty(f"This organization has no keys yet.{way_out}")
            self._tell_gaps()
            return
        untouched = self._is_first_reading and self.table.cursor == 0
        self._is_first_reading = not (known.is_complete or known.from_cache)
        self._fill()
        if untouched:
            # The first key to arrive would hold the cursor; the first in order is the pressing one.
            self.table.action_first()
        if not self.is_ready:
            self.show_ready()
            self.table.focus()
        if self._made_id and self.table.move_to_id(self._made_id):
            self._made_id = ""
        self._tell_gaps()

    def _tell_gaps(self) -> None:
        known, problem = self._view.known, self._problem
        self.show_gaps((*[problem] * bool(problem), *self._trouble, *known.gaps, *known.notes))

    def _fill(self) -> None:
        """Show the rows that the filters let through."""
        if self._view.has_costs != self._has_costs:
            self._has_costs = self._view.has_costs
            columns = key_columns(self.oai.setup.clock, has_costs=self._has_costs)
            self.table.set_columns(columns)
        self.table.placeholder = "No key matches the filter.  esc shows all keys."
        self.table.set_rows(self._view.shown(), lambda row: row.id)
        self._tell_state()
        # The list first: what the panel takes to draw is not waited for.
        self.call_after_refresh(self._tell_panel)

    def _tell_state(self) -> None:
        view, table, now = self._view, self.table, self.oai.setup.clock()
        parts = view.head(len(table.rows), table.marked, table.kept_marks)
        if missing := view.unread(with_archived=self._with_archived):
            parts.append(Content.styled(missing, "$text-warning"))
        if self._orphans:
            parts.append(Content.styled(f"{len(self._orphans)} unfinished (o)", "$text-error"))
        if self._problem:
            failed = f"as of {when(view.known.as_of, now)}, could not be read again"
            parts.append(Content.styled(failed, "$text-warning"))
        else:
            parts.append(Content.styled(freshness(view.known, now), "$text-muted"))
        # The age comes before what may be cut: it is never left out.
        self.head(*with_attention(parts, view.attention(), self.app.size.width - TITLE))
        self._tell_quick()

    def _tell_quick(self) -> None:
        self.query_one(QuickLine).tell(
            self._view.counts, self._view.quick, with_archived=self._with_archived
        )

    def _tell_panel(self) -> None:
        row, view = self.table.current, self._view
        siblings = view.known.siblings(row.key) if row else ()
        now = self.oai.setup.clock()
        self.query_one(KeyPanel).tell(row, siblings, now, view.last_day)

    def on_resize(self) -> None:
        """Say in the panel what its new height has room for."""
        if self.is_ready:
            self._tell_state()
            self.call_after_refresh(self._tell_panel)

    @on(Table.Highlighted)
    def _highlighted(self) -> None:
        self.call_after_refresh(self._tell_panel)

    @on(Table.Marked)
    def _marked(self) -> None:
        self._tell_state()

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen[EstateRow]) -> None:
        if self._session is None:
            return
        from oai_tui.ui.dialogs.key_details import KeyDetails

        row, view = event.row, self._view
        self.app.push_screen(
            KeyDetails(self._session, row, view.known.siblings(row.key), view.last_day)
        )

    def action_archived(self) -> None:
        """Read the keys of archived projects as well, or leave them out again."""
        if self._session and self.is_ready:
            self._with_archived = not self._with_archived
            self._tell_quick()
            self.load(fresh=True)

    def action_copy_id(self) -> None:
        """Send the id of the key under the cursor to the terminal's clipboard."""
        if row := self.table.current:
            self.app.copy_to_clipboard(row.id)
            self.oai.hint(f"Sent to the terminal: {row.id}")
