"""A field for a key: nothing typed into it can be seen, copied or read back from the screen."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class SecretInput(Input):
    """A masked input without copy, cut and selection. `take` empties it."""

    ALLOW_SELECT = False

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(password=True, placeholder=placeholder, id=id)

    def take(self) -> str:
        """Return what was typed and leave the field empty."""
        value = self.value
        self.value = ""
        return value

    def action_copy(self) -> None:
        """Do nothing: a masked value must not reach a clipboard."""

    def action_cut(self) -> None:
        """Do nothing, for the same reason."""

    def _on_paste(self, event: events.Paste) -> None:
        """Take a pasted key whatever line ends stand around it."""
        self.insert_text_at_cursor(" ".join(event.text.split()))
        event.stop()
        event.prevent_default()
