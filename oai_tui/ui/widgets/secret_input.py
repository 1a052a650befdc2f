"""A field for a key: nothing typed into it can be seen, copied or read back from the screen."""

from __future__ import annotations

from textual import events

from oai_tui.ui.widgets.field import Field


class SecretInput(Field):
    """A masked input without copy, cut and selection. `take` empties it."""

    ALLOW_SELECT = False

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(password=True, placeholder=placeholder, id=id)

    def take(self) -> str:
        """Return what was typed and leave the field empty, without a word to anybody."""
        value = self.value
        with self.prevent(Field.Changed):
            self.value = ""
        return value

    def action_copy(self) -> None:
        """Do nothing: a masked value must not reach a clipboard."""

    def action_cut(self) -> None:
        """Do nothing, for the same reason."""

    def _on_paste(self, event: events.Paste) -> None:
        """Take a pasted key whatever line ends stand around it.

        It replaces what was there: nobody pastes one key into the middle of another unseen one.
        """
        self.value = " ".join(event.text.split())
        self.cursor_position = len(self.value)
        event.stop()
        event.prevent_default()
