"""Screens that come up at once: what Textual does when screens change takes longer than a frame."""

from __future__ import annotations

from typing import Any

from textual.widget import AwaitMount

from oai_tui.ui.orderly import OrderlyApp


class QuickApp(OrderlyApp):
    """An app that does nothing twice when a screen is shown for the first time.

    While it is `starting`, drawing is not held back either: whoever changes screens then does it
    within a `batch_update`, which ends as soon as the screen is there.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starting = True
        self._shown: set[str] = set()
        self._is_new = False

    def switch_mode(self, mode: str) -> AwaitMount:
        """Show the screen of a mode."""
        self._is_new = mode not in self._shown
        self._shown.add(mode)
        try:
            return super().switch_mode(mode)
        finally:
            self._is_new = False

    def refresh_css(self, animate: bool = True) -> None:
        """Read all styles again; for a new screen its own are read with its widgets."""
        if not self._is_new:
            super().refresh_css(animate)

    def delay_update(self, delay: float = 0.05) -> None:
        """Hold drawing back for a while, to hide a change of screens."""
        if not self.starting:
            super().delay_update(delay)
