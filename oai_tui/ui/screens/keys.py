"""The list of every key of the organization, and the two things done to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from oai_tui.core.errors import ApiProblem, Problem
from oai_tui.core.keys import ApiKey, health, matches
from oai_tui.core.text import when
from oai_tui.services import inventory
from oai_tui.services.creation import Made, Orphan
from oai_tui.services.inventory import Inventory
from oai_tui.services.revocation import is_in_use, revoke
from oai_tui.ui.dialogs.details import Details
from oai_tui.ui.dialogs.new_key import NewKeyForm
from oai_tui.ui.dialogs.orphan import OrphanDialog
from oai_tui.ui.dialogs.revoke import Revoke
from oai_tui.ui.dialogs.show_key import ShowKey
from oai_tui.ui.screens.base import DataScreen
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.key_columns import details, key_columns, summary
from oai_tui.ui.widgets.table import Table

NEEDS_PERSON = 3
"""The weight of a state from which a key counts as needing attention."""


class KeysScreen(DataScreen):
    """Every key, found as it is typed, made and revoked."""

    MODE = "keys"
    AUTO_FOCUS = "Table"
    TITLE_TEXT = "Keys"
    BINDING_GROUP_TITLE = "Keys"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "new", id="keys.new", tooltip="Make a key"),
        Binding("X", "revoke", "revoke", id="keys.revoke", tooltip="Revoke the key for good"),
        Binding(
            "slash",
            "filter",
            "filter",
            id="keys.filter",
            key_display="/",
            tooltip="Show the keys that match what you type",
        ),
        Binding(
            "y",
            "copy_id",
            "copy id",
            id="keys.copy-id",
            tooltip="Send the id of the key to the terminal's clipboard",
        ),
        Binding(
            "o",
            "orphan",
            "unfinished",
            id="keys.orphan",
            tooltip="See to a key whose making was interrupted",
        ),
        Binding(
            "escape",
            "clear",
            "clear filter",
            id="keys.clear",
            show=False,
            tooltip="Show all keys again",
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._inventory = Inventory()
        self._shown: list[ApiKey] = []
        self._orphans: tuple[Orphan, ...] = ()

    @property
    def table(self) -> Table[ApiKey]:
        """The list."""
        return self.query_one(Table)

    def body(self) -> Iterable[Widget]:
        """Return the filter, the list and the two lines under it."""
        yield Field(placeholder="filter: words that must match, !word that must not", id="filter")
        yield Table(id="keys")
        yield Static(id="summary", markup=False)

    def reset(self) -> None:
        """Forget the keys of the session before."""
        self._inventory = Inventory()
        self._orphans = ()
        self.query_one("#filter", Input).display = False
        self.table.set_columns(key_columns(self.session.setup.clock))
        self.table.sort_by("health")

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
        return True

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        session = self.session
        try:
            async for known in inventory.load(session.client, session.cache, session.setup.clock):
                self._show(known)
        except ApiProblem as problem:
            if not self._inventory.keys:
                self.head()
                self.show_failed(problem)
                return
            self._tell_state(problem)

    def _show(self, known: Inventory) -> None:
        self._inventory = known
        self.session.directory.learn_estate(known.projects, known.keys)
        self._find_orphans()
        if known.is_complete and not known.keys:
            self.head()
            self.show_empty("This organization has no keys yet.\n\nn  make one")
            return
        self._fill()
        if not self.is_ready:
            self.show_ready()
            self.table.focus()
        self.show_gaps(known.gaps)
        self._tell_state()

    def _fill(self) -> None:
        text = self.query_one("#filter", Input).value
        now = self.session.setup.clock()
        self._shown = [key for key in self._inventory.keys if matches(key, now, text)]
        self.table.placeholder = "No key matches the filter.  esc shows all keys."
        self.table.set_rows(self._shown, lambda key: key.id)
        self._summarise()

    def _tell_state(self, problem: Problem | None = None) -> None:
        known, now = self._inventory, self.session.setup.clock()
        total, shown = len(known.keys), len(self._shown)
        parts: list[Content | str] = [f"{total}" if shown == total else f"{shown} of {total}"]
        pressing = sum(health(key, now).weight >= NEEDS_PERSON for key in known.keys)
        if pressing:
            parts.append(Content.styled(f"{pressing} need attention", "$text-warning"))
        if self._orphans:
            parts.append(Content.styled(f"{len(self._orphans)} unfinished (o)", "$text-error"))
        if problem:
            parts.append(
                Content.styled(f"{problem.what} As of {when(known.as_of, now)}.", "$text-warning")
            )
        elif known.from_cache:
            parts.append(
                Content.styled(f"as of {when(known.as_of, now)}, reading …", "$text-muted")
            )
        elif not known.is_complete:
            parts.append(
                Content.styled(f"project {known.read} of {known.to_read} …", "$text-muted")
            )
        elif known.as_of:
            parts.append(Content.styled(f"as of {known.as_of:%H:%M} UTC", "$text-muted"))
        self.head(*parts)

    def _summarise(self) -> None:
        key = self.table.current
        text = summary(key, self.session.setup.clock()) if key else Content("")
        self.query_one("#summary", Static).update(text)

    def _find_orphans(self) -> None:
        maker = self.session.maker
        if maker and not self.oai.is_changing:
            whole = self._inventory.is_complete and not self._inventory.gaps
            self._orphans = maker.orphans(self._inventory.keys, whole=whole)
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
            self.notify(f"Sent to the terminal: {key.id}", markup=False)

    @work(group="change")
    async def action_new(self) -> None:
        """Ask what key to make, make it, and show it once."""
        maker = self.session.maker
        if maker is None:
            self.notify(self.session.trouble, severity="error", markup=False)
            return
        form = NewKeyForm(self.session, self._inventory.projects, self._current_project())
        made = await self.app.push_screen_wait(form)
        if made is not None:
            await self._hand_over(made)

    def _current_project(self) -> str:
        key = self.table.current if self.is_ready else None
        return key.project.id if key and key.project else ""

    async def _hand_over(self, made: Made) -> None:
        delivered = await self.app.push_screen_wait(ShowKey(made))
        if delivered and self.session.maker:
            trouble = self.session.maker.delivered(made)
            if trouble:
                self.notify(trouble, severity="warning", markup=False)
        self.load(fresh=True)

    @work(group="change")
    async def action_revoke(self) -> None:
        """Ask, then revoke the key under the cursor."""
        key = self.table.current if self.is_ready else None
        if key is None:
            return
        session = self.session
        if is_in_use(key, session.secret):
            self.notify(
                "This is the key you are signed in with. Sign in with another admin key "
                "(ctrl+p, Sign in again) to revoke it.",
                severity="error",
                markup=False,
            )
            return
        if await self.app.push_screen_wait(Revoke(key, session.setup.clock())):
            await self._revoke(key)

    async def _revoke(self, key: ApiKey) -> bool:
        session = self.session
        self.head(Content.styled(f"revoking {key.name} …", "$text-warning"))
        try:
            await self.oai.change(revoke(session.client, key, session.secret))
        except Problem as problem:
            self._tell_state()
            self.oai.tell(problem)
            return False
        self.notify(f"Revoked {key.name} ({key.id}).", markup=False)
        self.load(fresh=True)
        return True

    @work(group="change")
    async def action_orphan(self) -> None:
        """Show what was interrupted, one at a time, and do what the person says."""
        if not self._orphans or self.session.maker is None:
            return
        orphan = self._orphans[0]
        choice = await self.app.push_screen_wait(OrphanDialog(orphan))
        if choice == "revoke" and orphan.key and await self._revoke(orphan.key):
            self.session.maker.settle(orphan, revoked=True)
        elif choice == "forget":
            self.session.maker.settle(orphan, revoked=False)
        self._find_orphans()
        self._tell_state()
