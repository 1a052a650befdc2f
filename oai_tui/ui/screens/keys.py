"""The list of every key of the organization, and the two things done to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from oai_tui.core.errors import ApiProblem, StoreProblem
from oai_tui.core.estate import EstateRow, KeyFacts
from oai_tui.core.health import NEEDS_PERSON, findings
from oai_tui.core.key_filter import parse
from oai_tui.core.keys import ApiKey
from oai_tui.core.text import when
from oai_tui.services import inventory
from oai_tui.services.creation import Orphan
from oai_tui.services.inventory import Inventory
from oai_tui.ui.dialogs.details import Details
from oai_tui.ui.screens.base import DataScreen
from oai_tui.ui.screens.key_changes import KeyChanges
from oai_tui.ui.screens.keys_keys import KEYS_KEYS
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.key_columns import details, key_columns, summary
from oai_tui.ui.widgets.state import in_a_line
from oai_tui.ui.widgets.table import Table

CHANGING = ("n", "X")
"""The keys that change the organization, unless they were given to something else."""

READ_ONLY = "Read-only: nothing can be made or revoked here. Start without --read-only for that."


class Filter(Field):
    """The line the filter is typed in. It tells its keys: the others are letters meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "to the list"),
        Binding("escape", "screen.clear", "show all"),
    ]


class KeysScreen(DataScreen):
    """Every key, found as it is typed, made and revoked."""

    MODE = "keys"
    AUTO_FOCUS = "Table"
    TITLE_TEXT = "Keys"
    BINDING_GROUP_TITLE = "Keys"
    BINDINGS: ClassVar[list[BindingType]] = [*KEYS_KEYS]

    def __init__(self) -> None:
        super().__init__()
        self._inventory = Inventory()
        self._shown: list[ApiKey] = []
        self._orphans: tuple[Orphan, ...] = ()
        self._trouble: tuple[str, ...] = ()
        self._changes = KeyChanges(self)
        self._is_first_reading = True

    @property
    def table(self) -> Table[ApiKey]:
        """The list."""
        return self.query_one(Table)

    def body(self) -> Iterable[Widget]:
        """Return the filter, the list and the two lines under it."""
        yield Filter(placeholder="filter: words that must match, !word that must not", id="filter")
        yield Table(id="keys")
        yield Static(id="summary", markup=False)

    def reset(self) -> None:
        """Forget the keys of the session before."""
        self._inventory = Inventory()
        self._orphans = ()
        self._is_first_reading = True
        field = self.query_one("#filter", Field)
        with self.prevent(Input.Changed):
            field.value = ""
        field.display = False
        self.table.set_columns(key_columns(self.session.setup.clock))
        self.table.set_rows((), lambda key: key.id)
        self.table.sort_by("health")
        self.show_loading("")

    def load(self, *, fresh: bool) -> None:
        """Read the list again; what is on the screen stays until better is known."""
        if not self.is_ready:
            self.show_loading("Reading the projects …")
        self.head(Content.styled("reading …", "$text-muted"))
        self._load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what cannot be done now."""
        if action in ("new", "revoke"):
            return not self.oai.setup.read_only
        if action == "orphan":
            return bool(self._orphans)
        if action == "filter":
            return not self.query_one("#filter").has_focus
        return True

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        session = self.session
        try:
            async for known in inventory.load(session.client, session.cache, session.setup.clock):
                self._show(known)
        except ApiProblem as problem:
            self._failed(problem)

    def _failed(self, problem: ApiProblem) -> None:
        """Tell what went wrong: beside what is known, or instead of it."""
        if self._inventory.keys:
            self._tell_gaps(in_a_line(problem))
            self._tell_state(", could not be read again")
        else:
            self.head()
            self.show_failed(problem)

    def _show(self, known: Inventory) -> None:
        self._inventory = known
        self.session.directory.learn_estate(known.projects, known.keys)
        self._find_orphans()
        if known.is_complete and not known.keys:
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
        if self._changes.made_id and self.table.move_to_id(self._changes.made_id):
            self._changes.made_id = ""
        self._tell_gaps()
        self._tell_state()

    def _tell_gaps(self, *first: str) -> None:
        self.show_gaps((*first, *self._trouble, *self._inventory.gaps))

    def _fill(self) -> None:
        text = self.query_one("#filter", Input).value
        now = self.session.setup.clock()
        wanted = parse(text)
        rows = [EstateRow(key, KeyFacts(), findings(key, now)) for key in self._inventory.keys]
        self._shown = [row.key for row in rows if wanted.matches(row)]
        self.table.placeholder = "No key matches the filter.  esc shows all keys."
        self.table.set_rows(self._shown, lambda key: key.id)
        self._summarise()

    def _tell_state(self, failed: str = "") -> None:
        known, now = self._inventory, self.session.setup.clock()
        total, shown = len(known.keys), len(self._shown)
        parts: list[Content | str] = [f"{total}" if shown == total else f"{shown} of {total}"]
        pressing = sum(findings(key, now)[0].weight >= NEEDS_PERSON for key in known.keys)
        if pressing:
            parts.append(Content.styled(f"{pressing} need attention", "$text-warning"))
        if self._orphans:
            parts.append(Content.styled(f"{len(self._orphans)} unfinished (o)", "$text-error"))
        if failed:
            parts.append(Content.styled(f"as of {when(known.as_of, now)}{failed}", "$text-warning"))
        else:
            parts.append(Content.styled(_freshness(known, now), "$text-muted"))
        self.head(*parts)

    def _summarise(self) -> None:
        key = self.table.current
        text = summary(key, self.session.setup.clock()) if key else Content("")
        self.query_one("#summary", Static).update(text)

    def _find_orphans(self) -> None:
        maker = self.session.maker
        if maker and not self.oai.is_changing:
            known = self._inventory
            whole = known.is_complete and not known.gaps
            try:
                self._orphans = maker.orphans(known.keys, whole=whole, as_of=known.as_of)
                self._trouble = ()
            except StoreProblem as problem:
                self._trouble = (str(problem),)
            self.refresh_bindings()

    @on(Table.Highlighted)
    def _highlighted(self) -> None:
        self._summarise()

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen[ApiKey]) -> None:
        key = event.row
        self.app.push_screen(Details(key.name or key.id, details(key, self.session.setup.clock())))

    def action_filter(self) -> None:
        """Open the filter."""
        field = self.query_one("#filter", Input)
        field.display = True
        field.focus()

    def action_clear(self) -> None:
        """Close the filter and show everything."""
        field = self.query_one("#filter", Input)
        field.value = ""
        field.display = False
        self.table.focus()

    @on(Input.Changed, "#filter")
    def _filter_changed(self) -> None:
        if self._session and self.is_ready:
            self._fill()
            self._tell_state()

    @on(Input.Submitted, "#filter")
    def _filter_done(self, event: Input.Submitted) -> None:
        event.input.display = bool(event.value)
        self.table.focus()

    def action_copy_id(self) -> None:
        """Send the id of the key under the cursor to the terminal's clipboard."""
        if key := self.table.current:
            self.app.copy_to_clipboard(key.id)
            self.oai.hint(f"Sent to the terminal: {key.id}")

    def on_key(self, event: events.Key) -> None:
        """Say why the keys that change something do nothing."""
        if self.oai.setup.read_only and event.key in CHANGING:
            self.oai.hint(READ_ONLY)

    @work(group="change")
    async def action_new(self) -> None:
        """Ask what key to make, make it, and show it once."""
        known = self._inventory
        if self._is_changing():
            return
        if known.as_of is None:
            self.oai.hint("The projects are not read yet.")
        elif await self._changes.make(known.projects, self._current_project()):
            self.load(fresh=True)

    def _current_project(self) -> str:
        key = self.table.current if self.is_ready else None
        return key.project.id if key and key.project else ""

    @work(group="change")
    async def action_revoke(self) -> None:
        """Ask, then revoke the key under the cursor."""
        key = self.table.current if self.is_ready else None
        if key and not self._is_changing() and await self._changes.revoke(key):
            self.load(fresh=True)

    @work(group="change")
    async def action_orphan(self) -> None:
        """Show what was interrupted, one at a time, and do what the person says."""
        if not self._orphans or self._is_changing():
            return
        if await self._changes.settle(self._orphans[0]):
            self._find_orphans()
            self.load(fresh=True)

    def _is_changing(self) -> bool:
        """Whether a change is under way, said to whoever asks for another."""
        if self.oai.is_changing:
            self.oai.hint("A change is under way.")
        return self.oai.is_changing


def _freshness(known: Inventory, now: datetime) -> str:
    """Return how old the list is, and what of it is still being read."""
    if known.from_cache:
        return f"as of {when(known.as_of, now)}, reading …"
    if not known.is_complete:
        return f"project {known.read} of {known.to_read} …"
    return f"as of {known.as_of:%H:%M} UTC" if known.as_of else ""
