"""The other way to revoke a key that the platform keeps: deleting its service account."""

from __future__ import annotations

from typing import ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from oai_tui.core.errors import ApiProblem, Problem
from oai_tui.core.keys import ApiKey
from oai_tui.core.text import when
from oai_tui.services.revocation import delete_account, keys_of_account
from oai_tui.services.session import Session
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.host import Host
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.state import told


class DeleteAccount(Dialog[bool]):
    """Lists the keys that end with a service account and has its name typed."""

    AUTO_FOCUS = "#typed"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "no", id="account.leave", tooltip="Keep the account"),
    ]
    DEFAULT_CSS = """
    DeleteAccount #list { height: auto; max-height: 8; }
    """

    def __init__(self, session: Session, key: ApiKey) -> None:
        super().__init__()
        assert key.owner
        self._session = session
        self._key = key
        self._owner = key.owner
        self._is_listed = False
        self._is_deleting = False

    def compose(self) -> ComposeResult:
        """Lay out the account, its keys and the answers."""
        with Vertical(classes="dialog danger") as box:
            box.border_title = "Delete this service account?"
            box.border_subtitle = "esc keeps it · F1 help"
            yield Static(Content(f"{self._owner.label}  {self._owner.id}"), markup=False)
            yield VerticalScroll(Static(id="keys-of", markup=False), id="list", can_focus=False)
            yield Static(
                Content.styled(
                    "\nThe platform keeps this key for as long as its account lives. With the "
                    "account all these keys stop working. This cannot be undone.",
                    "$text-error",
                ),
                markup=False,
            )
            yield Field(
                placeholder=f"to delete it, type {self._owner.label}", compact=True, id="typed"
            )
            yield Static(id="told", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("No, keep it", id="no", variant="primary", compact=True)
                yield Button("Delete it", id="yes", variant="error", compact=True, disabled=True)

    def on_mount(self) -> None:
        """Ask which keys it has."""
        self.say("Reading the keys of the account …", "$text-muted")
        self._list()

    @work(exclusive=True, group="load")
    async def _list(self) -> None:
        try:
            keys = await keys_of_account(self._session.client, self._key)
        except ApiProblem as problem:
            self.say(told(problem))
            return
        now = self._session.setup.clock()
        lines = [
            f"  {key.name or key.id}  {key.masked}  last seen {when(key.last_used_at, now)}"
            if key.last_used_at
            else f"  {key.name or key.id}  {key.masked}  not seen used"
            for key in keys
        ]
        self.query_one("#keys-of", Static).update(Content("\n".join(lines)))
        self._is_listed = True
        self.say("")
        self._allow()

    @on(Input.Changed, "#typed")
    def _allow(self) -> None:
        typed = self.query_one("#typed", Input).value.strip()
        named = bool(typed) and typed in (self._owner.name, self._owner.id, self._owner.label)
        self.query_one("#yes", Button).disabled = not (named and self._is_listed)

    @on(Input.Submitted, "#typed")
    @on(Button.Pressed, "#yes")
    def _answered(self) -> None:
        button = self.query_one("#yes", Button)
        if not button.disabled:
            button.disabled = True
            self._is_deleting = True
            self._delete()

    @work(group="change")
    async def _delete(self) -> None:
        self.say("Deleting the account …", "$text-warning")
        try:
            await cast(Host, self.app).change(delete_account(self._session.client, self._key))
        except Problem as problem:
            self._is_deleting = False
            self.say(told(problem))
            self._allow()
        else:
            self.dismiss(True)

    @on(Button.Pressed, "#no")
    def action_leave(self) -> None:
        """Keep the account, unless it is being deleted already."""
        if not self._is_deleting:
            self.dismiss(False)
