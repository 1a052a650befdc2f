"""The table of the lines of activity, read on as far as somebody looks."""

from __future__ import annotations

from textual.message import Message

from oai_tui.services.activity import Line
from oai_tui.ui.widgets.table import Table


class LogTable(Table[Line]):
    """The lines, which tell when somebody comes near their end."""

    class NearEnd(Message):
        """Older lines may be wanted."""

    def action_move(self, step: int) -> None:
        """Move the cursor by a number of rows."""
        super().action_move(step)
        self.look()

    def action_page(self, pages: float) -> None:
        """Move cursor and rows together by a number of pages."""
        super().action_page(pages)
        self.look()

    def action_last(self) -> None:
        """Go to the last row there is so far."""
        super().action_last()
        self.look()

    def on_mouse_scroll_down(self) -> None:
        """Look whether the end comes near."""
        self.look()

    def look(self) -> None:
        """Tell when less than a page is left below what is seen."""
        seen = max(self.cursor, self.scroll_offset.y + self.size.height)
        if seen + self.size.height >= len(self.rows):
            self.post_message(self.NearEnd())

    @property
    def is_full(self) -> bool:
        """Whether the lines fill what is seen of it."""
        return len(self.rows) >= self.size.height
