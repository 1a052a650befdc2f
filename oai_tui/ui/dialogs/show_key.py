"""The only time a new key can be taken: masked until it is asked for."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.selection import Selection
from textual.timer import Timer
from textual.widgets import Button, Input, Static

from oai_tui.core.errors import Problem
from oai_tui.core.secret import Secret
from oai_tui.core.text import clean
from oai_tui.services.creation import Made
from oai_tui.services.delivery import save_to_file
from oai_tui.ui.widgets.field import Field

SHOWN_FOR = 30.0
"""Seconds a revealed key stays readable."""


class _Value(Static):
    """The key's place, of which nothing can be selected."""

    ALLOW_SELECT = False

    def get_selection(self, selection: Selection) -> None:
        """Return nothing, even when everything on the screen is selected."""


class ShowKey(ModalScreen[bool]):
    """Hands a new key over; closes with whether the person took it in some way."""

    AUTO_FOCUS = "#reveal"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "reveal", "reveal", id="new-key.reveal", tooltip="Show or hide the key"),
        Binding(
            "c",
            "send",
            "to clipboard",
            id="new-key.clipboard",
            tooltip="Send the key to the terminal's clipboard",
        ),
        Binding("f", "file", "to file", id="new-key.file", tooltip="Save it to a private file"),
        Binding("escape", "done", "done", id="new-key.done"),
    ]

    def __init__(self, made: Made, name: str) -> None:
        super().__init__()
        self._title = f"{name} is made"
        self._secret = made.key.secret
        self._masked = made.key.secret.masked()
        self._trouble = made.trouble
        self._taken = False
        self._warned = False
        self._hide_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the key and the ways to take it."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(self._title)
            yield Static(
                Content("This is the only time the platform shows this key. Take it now."),
                markup=False,
            )
            yield _Value("", id="value", markup=False)
            yield Field(placeholder="file, such as ~/ci-deploy.key", compact=True, id="path")
            yield Static(Content(self._trouble), id="told", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Reveal (v)", id="reveal", compact=True)
                yield Button("To clipboard (c)", id="send", compact=True)
                yield Button("To file (f)", id="file", compact=True)
                yield Button("Done", id="done", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Begin masked, and hide again whenever nobody may be looking."""
        self.query_one("#path").display = False
        self._hide()
        self.app.app_suspend_signal.subscribe(self, lambda _: self._hide())
        self.watch(self.app, "app_focus", self._hide)

    def on_unmount(self) -> None:
        """Let go of the key, whatever still holds on to the dialog."""
        self._secret = Secret("")

    def on_screen_suspend(self) -> None:
        """Hide the key when another screen covers it."""
        self._hide()

    def action_reveal(self) -> None:
        """Show the key for a while, or hide it."""
        if self._hide_timer:
            self._hide()
            return
        self._take(f"It hides again after {SHOWN_FOR:.0f} seconds.")
        self.query_one("#value", Static).update(Content(self._secret.reveal()))
        self.query_one("#reveal", Button).label = "Hide (v)"
        self._hide_timer = self.set_timer(SHOWN_FOR, self._hide)

    def action_send(self) -> None:
        """Send the key to the terminal's clipboard, which never says whether it took it."""
        self.app.copy_to_clipboard(self._secret.reveal())
        self._take(
            "Sent to the terminal. Whether its clipboard has it, only a paste can tell; "
            "some terminals, and tmux by default, ignore it."
        )

    def action_file(self) -> None:
        """Ask for a file name."""
        field = self.query_one("#path", Input)
        field.display = True
        field.focus()

    @on(Input.Submitted, "#path")
    async def _save(self, event: Input.Submitted) -> None:
        try:
            path = await asyncio.to_thread(save_to_file, self._secret, event.value)
        except Problem as problem:
            self._say(str(problem), "$text-error")
            return
        event.input.display = False
        self.query_one("#done").focus()
        self._take(f"Saved to {clean(path)}, readable by you only.")

    def action_done(self) -> None:
        """Go one step back; a key nobody took is never let go by this alone."""
        field = self.query_one("#path", Field)
        if field.display:
            field.display = False
            self.query_one("#file").focus()
        elif self._taken:
            self._close()
        else:
            self._warn()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        match event.button.id:
            case "reveal":
                self.action_reveal()
            case "send":
                self.action_send()
            case "file":
                self.action_file()
            case _ if self._taken or self._warned:
                self._close()
            case _:
                self._warn()

    def _warn(self) -> None:
        """Say what leaving now means; only the button does it then."""
        self._warned = True
        button = self.query_one("#done", Button)
        button.label = "Leave it"
        button.variant = "error"
        self.query_one("#reveal").focus()
        self._say(
            "You have not taken the key. Once you leave it nobody can have it; it then "
            "waits under “unfinished” (o) to be revoked.",
            "$text-error",
        )

    def _take(self, text: str) -> None:
        """Note that the person has the key, and say how."""
        self._taken = True
        button = self.query_one("#done", Button)
        button.label = "Done"
        button.variant = "default"
        self._say(text)

    def _close(self) -> None:
        self._hide()
        self.dismiss(self._taken)

    def _hide(self) -> None:
        if self._hide_timer:
            self._hide_timer.stop()
            self._hide_timer = None
        self.query_one("#value", Static).update(Content.styled(self._masked, "$text-muted"))
        self.query_one("#reveal", Button).label = "Reveal (v)"

    def _say(self, text: str, style: str = "$text-muted") -> None:
        self.query_one("#told", Static).update(Content.styled(text, style))
