"""The usage screen."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from oai_tui.ui.screens.base import DataScreen


class UsageScreen(DataScreen):
    """What was used, as a picture and as totals."""

    MODE = "usage"
    TITLE_TEXT = "Usage"

    def body(self) -> Iterable[Widget]:
        """Return the widgets of the ready state."""
        yield Static("")

    def load(self, *, fresh: bool) -> None:
        """Start loading."""
        self.show_empty("")
