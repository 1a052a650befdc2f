"""The value of a rotated key, handed to whoever is in front of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from oai_tui.core.delivery import Command
from oai_tui.core.secret import Secret
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.widgets.handover import Bring, Handover

NOT_TAKEN = "Nobody has taken the new key yet. It goes on waiting, and this can be opened again."


class HandOver(Dialog[tuple[str, ...]]):
    """Hands a value over; closes with the ways by hand in which it was taken, () for none.

    What is brought to a file or a command is written down by `bring` itself.
    """

    AUTO_FOCUS = "#reveal"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "done", "done", id="hand-over.done", tooltip="Leave; the value waits"),
    ]

    def __init__(
        self, title: str, secret: Secret, commands: Mapping[str, Command], bring: Bring
    ) -> None:
        super().__init__()
        self._title = title
        self._handover = Handover(
            secret,
            commands,
            Horizontal(Button("Done", id="done", compact=True), classes="buttons"),
            bring=bring,
        )
        self._taken: list[str] = []

    def compose(self) -> ComposeResult:
        """Lay out the key and the ways to take it."""
        with VerticalScroll(classes="dialog", can_focus=False) as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "? help"
            yield Static("Take the new key to where the old one is used.", markup=False)
            yield self._handover

    def on_mount(self) -> None:
        """Say that nothing is lost by leaving."""
        self._handover.say(NOT_TAKEN)

    def on_screen_suspend(self) -> None:
        """Hide the key when another screen covers it."""
        self._handover.hide()

    @on(Handover.Taken)
    def _take(self, event: Handover.Taken) -> None:
        if event.destination.is_by_hand:
            self._taken.append(event.destination.text)

    @on(Button.Pressed, "#done")
    def action_done(self) -> None:
        """Take back a question, else leave."""
        if self._handover.is_delivering:
            self._handover.say("The key is being delivered; its outcome is waited for.")
        elif not self._handover.take_back():
            self._handover.hide()
            self.dismiss(tuple(dict.fromkeys(self._taken)))
