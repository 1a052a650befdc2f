"""The only time a new key can be taken: masked until it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from oai_tui.core.delivery import Command, Destination
from oai_tui.services.creation import Made
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.widgets.handover import Handover

NOT_TAKEN = (
    "You have not taken the key. Once you leave it nobody can have it; it then waits under "
    "“unfinished” (o) to be revoked."
)


class ShowKey(Dialog[tuple[Destination, ...]]):
    """Hands a new key over; closes with where the person took it, () for nowhere."""

    AUTO_FOCUS = "#reveal"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "done", "done", id="new-key.done", tooltip="Leave, once it is taken"),
    ]

    def __init__(self, made: Made, name: str, commands: Mapping[str, Command]) -> None:
        super().__init__()
        self._title = f"{name} is made"
        self._handover = Handover(
            made.key.secret,
            commands,
            Horizontal(Button("Done", id="done", compact=True), classes="buttons"),
        )
        self._trouble = made.trouble
        self._taken: list[Destination] = []
        self._warned = False

    def compose(self) -> ComposeResult:
        """Lay out the key and the ways to take it."""
        with VerticalScroll(classes="dialog", can_focus=False) as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "? help"
            yield Static(
                Content("This is the only time the platform shows this key. Take it now."),
                markup=False,
            )
            yield self._handover

    def on_mount(self) -> None:
        """Say what does not work although the key was made."""
        if self._trouble:
            self._handover.say(self._trouble, "$text-warning")

    def on_screen_suspend(self) -> None:
        """Hide the key when another screen covers it."""
        self._handover.hide()

    def action_done(self) -> None:
        """Go one step back; a key nobody took is never let go by this alone."""
        if self._handover.is_delivering:
            self._handover.say("It is under way; its answer is waited for.", "$text-warning")
        elif not self._handover.take_back():
            self._leave(sure=False)

    @on(Button.Pressed, "#done")
    def _pressed(self) -> None:
        if not self._handover.is_delivering:
            self._leave(sure=self._warned)

    @on(Handover.Taken)
    def _was_taken(self, event: Handover.Taken) -> None:
        self._taken.append(event.destination)
        button = self.query_one("#done", Button)
        button.label = "Done"
        button.variant = "default"
        if not event.destination.is_by_hand:
            button.focus()

    def _leave(self, *, sure: bool) -> None:
        if self._taken or sure:
            self._handover.hide()
            self.dismiss(tuple(dict.fromkeys(self._taken)))
            return
        self._warned = True
        button = self.query_one("#done", Button)
        button.label = "Leave it"
        button.variant = "error"
        self.query_one("#reveal").focus()
        self._handover.say(NOT_TAKEN, "$text-error")
