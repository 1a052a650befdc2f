"""Finding keys in the list: what is typed, the quick filters, and what a change is for."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.widgets import Input

from oai_tui.core.estate import EstateRow
from oai_tui.services.inventory import Inventory
from oai_tui.ui.screens.keys_actions import KeysActions
from oai_tui.ui.screens.keys_view import EstateView
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.key_filters import ALL, BY_NAME, DELETED
from oai_tui.ui.widgets.key_quick import ARCHIVED, QuickLine
from oai_tui.ui.widgets.table import Table


class Filter(Field):
    """The line the filter is typed in. It tells its keys: the others are letters meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "to the list"),
        Binding("escape", "screen.clear_text", "show all"),
    ]


class FilteredKeys(KeysActions):
    """Keys behind the filters, of which some may be marked."""

    def __init__(self) -> None:
        super().__init__()
        self._view = EstateView()

    @property
    def table(self) -> Table[EstateRow]:
        """The list."""
        return self.query_one(Table)

    @property
    def known(self) -> Inventory:
        """What is known of the organization."""
        return self._view.known

    @property
    def current(self) -> EstateRow | None:
        """The row under the cursor; None while no list is seen."""
        return self.table.current if self.is_ready else None

    def targets(self) -> list[EstateRow]:
        """Return the rows that a change is for: those marked, else the one under the cursor."""
        if not self.is_ready:
            return []
        return self.table.marked_rows or [row for row in [self.table.current] if row]

    @abstractmethod
    def _fill(self) -> None:
        """Show the rows that the filters let through."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what cannot be done now."""
        if action == "filter":
            return not self.query_one("#filter").has_focus
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Open the filter."""
        field = self.query_one("#filter", Input)
        field.display = True
        field.focus()

    def action_clear(self) -> None:
        """Take back what is typed, else the quick filter, else the marks made over them."""
        if self._view.text:
            self.action_clear_text()
        elif self._view.quick != ALL:
            self._use(ALL)
        else:
            self.table.clear_marks()

    def action_clear_text(self) -> None:
        """Close the filter that is typed."""
        field = self.query_one("#filter", Input)
        field.value = ""
        field.display = False
        self.table.focus()

    def action_quick(self, name: str) -> None:
        """Show the rows of a quick filter, or all where it is on already."""
        self._use(ALL if self._view.quick == name else name)

    def _use(self, quick: str) -> None:
        if self.is_ready and self._view.quick != quick:
            self._view.quick = quick
            self._fill()

    def forget_text(self) -> None:
        """Close the filter without showing anything else."""
        field = self.query_one("#filter", Field)
        with self.prevent(Input.Changed):
            field.value = ""
        field.display = False
        self.query_one(QuickLine).understood = ()

    def has(self, key_id: str) -> bool:
        """Whether a key, or one of a service account, is in the list or behind its filters."""
        return self._place_of(key_id) is not None

    def show_key(self, key_id: str) -> None:
        """Put the cursor on a key, or on one of a service account, once it is in the list.

        Filters that hide it are taken back.
        """
        row = self._place_of(key_id)
        if row is None:
            self._made_id = key_id
            return
        if not self.table.move_to_id(row.id):
            self.forget_text()
            self._view.text = ""
            self._view.quick = ALL if BY_NAME[ALL].shows(row) else DELETED
            self._fill()
            self.table.move_to_id(row.id)

    def show_matching(self, text: str) -> None:
        """Show the keys that match a filter, as if it had been typed."""
        self._view.quick = ALL
        field = self.query_one("#filter", Input)
        field.value, field.display = text, True
        self.table.focus()

    def _place_of(self, id: str) -> EstateRow | None:
        rows = self._view.rows
        by_owner = (row for row in rows if row.key.owner and row.key.owner.id == id)
        return next((row for row in rows if row.id == id), None) or next(by_owner, None)

    @on(QuickLine.Clicked)
    def _quick_clicked(self, event: QuickLine.Clicked) -> None:
        if event.name == ARCHIVED:
            self.action_archived()
        else:
            self.action_quick(event.name)

    @abstractmethod
    def action_archived(self) -> None:
        """Read the keys of archived projects as well, or leave them out again."""

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        self._view.text = event.value
        self.query_one(QuickLine).understood = self._view.understood
        if self.is_ready:
            self._fill()

    @on(Input.Submitted, "#filter")
    def _filter_done(self, event: Input.Submitted) -> None:
        event.input.display = bool(event.value)
        self.table.focus()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        self.query_one(QuickLine).is_typing = self.query_one("#filter").has_focus

    @work(group="change")
    async def action_export(self) -> None:
        """Write the shown rows to a file."""
        from oai_tui.services.export import rows_csv, rows_json, save
        from oai_tui.ui.dialogs.export import Export, Format

        if self._session is None or not self.table.rows:
            return
        rows, now = self.table.shown_rows, self.oai.setup.clock()

        def write(format: Format, name: str) -> Path:
            return save(rows_csv(rows, now) if format == "csv" else rows_json(rows, now), name)

        number = f"{len(rows)} row{'s' * (len(rows) != 1)}"
        asked = Export(number, f"oai-tui-keys-{now:%Y-%m-%d}", write)
        if written := await self.app.push_screen_wait(asked):
            self.oai.hint(f"{number} written to {written}, readable by you only.")
