"""What every question over a screen has: its own help, and room that fits small terminals."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

R = TypeVar("R")


class Dialog(ModalScreen[R]):
    """A question over a screen. `?`, or F1 while typing, tells what its keys do."""

    BINDING_GROUP_TITLE = "Here"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", show=False),
        Binding(
            "question_mark",
            "help",
            "help",
            id="dialog.help",
            key_display="?",
            show=False,
            tooltip="What the keys do here; F1 while typing",
        ),
    ]

    def action_help(self) -> None:
        """Show what the keys do here."""
        from oai_tui.ui.dialogs.help import Help

        self.app.push_screen(Help(self))

    def say(self, text: Content | str, style: str = "") -> None:
        """Write the line that says what came of it."""
        words = Content.styled(text, style) if isinstance(text, str) else text
        line = self.query_one("#told", Static)
        line.display = bool(words.plain)
        line.update(words)
