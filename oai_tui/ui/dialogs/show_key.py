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
from textual.timer import Timer
from textual.widgets import Button, Input, Static

from oai_tui.core.errors import Problem
from oai_tui.services.creation import Made
from oai_tui.services.delivery import save_to_file
from oai_tui.ui.widgets.field import Field

SHOWN_FOR = 30.0
"""Seconds a revealed key stays readable."""


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

    def __init__(self, made: Made) -> None:
        super().__init__()
        self._made = made
        self._taken = False
        self._warned = False
        self._hide_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the key and the ways to take it."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(f"{self._made.key.name} is made")
            yield Static(
                Content("This is the only time the platform shows this key. Take it now."),
                markup=False,
            )
            yield Static("", id="value", markup=False)
            yield Field(placeholder="file, such as ~/ci-deploy.key", compact=True, id="path")
            yield Static(Content(self._made.trouble), id="told", markup=False)
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

    def on_app_blur(self) -> None:
        """Hide the key when the terminal loses the focus."""
        self._hide()

    def on_screen_suspend(self) -> None:
        """Hide the key when another screen covers it."""
        self._hide()

    def action_reveal(self) -> None:
        """Show the key for a while, or hide it."""
        if self._hide_timer:
            self._hide()
            return
        self._taken = True
        self.query_one("#value", Static).update(Content(self._made.key.secret.reveal()))
        self.query_one("#reveal", Button).label = "Hide (v)"
        self._hide_timer = self.set_timer(SHOWN_FOR, self._hide)

    def action_send(self) -> None:
        """Send the key to the terminal's clipboard, which never says whether it took it."""
        self._taken = True
        self.app.copy_to_clipboard(self._made.key.secret.reveal())
        self._say(
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
            path = await asyncio.to_thread(save_to_file, self._made.key.secret, event.value)
        except Problem as problem:
            self._say(str(problem), "$text-error")
            return
        self._taken = True
        event.input.display = False
        self.query_one("#done").focus()
        self._say(f"Saved to {path}, readable by you only.")

    def action_done(self) -> None:
        """Close; a key nobody took is not let go without a word."""
        field = self.query_one("#path", Input)
        if field.display:
            field.display = False
            self.query_one("#file").focus()
        elif self._taken or self._warned:
            self._hide()
            self.dismiss(self._taken)
        else:
            self._warned = True
            button = self.query_one("#done", Button)
            button.label = "Leave it, I will revoke it"
            button.variant = "error"
            self._say(
                "You have not taken the key. Once this closes nobody can; it then waits "
                "under “unfinished” to be revoked.",
                "$text-error",
            )

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        getattr(self, f"action_{event.button.id}")()

    def _hide(self) -> None:
        if self._hide_timer:
            self._hide_timer.stop()
            self._hide_timer = None
        self.query_one("#value", Static).update(
            Content.styled(self._made.key.secret.masked(), "$text-muted")
        )
        self.query_one("#reveal", Button).label = "Reveal (v)"

    def _say(self, text: str, style: str = "$text-muted") -> None:
        self.query_one("#told", Static).update(Content.styled(text, style))
