"""A line to type in."""

from __future__ import annotations

from textual.widgets import Input


class Field(Input):
    """An input whose cursor stands still, so that an idle screen sends nothing over the line."""

    def on_mount(self) -> None:
        """Stop the cursor's blinking."""
        self.cursor_blink = False
