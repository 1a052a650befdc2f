"""The line above the list of keys: its quick filters, or what a typed filter understands."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from oai_tui.ui.widgets.key_filters import ALL, entry, quick_lines

HINT = '!without  "two words"  project: owner: name: state: kind: id: key: expires:never|soon'


class QuickLine(Widget):
    """One line in a low terminal, two at most in a high one."""

    DEFAULT_CSS = """
    QuickLine { height: auto; max-height: 2; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    is_typing: reactive[bool] = reactive(False)
    """Whether a filter is being typed just now."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._counts: Mapping[str, int] = {}
        self._active = ALL
        self._with_archived = False

    def tell(self, counts: Mapping[str, int], active: str, *, with_archived: bool) -> None:
        """Show how many rows each filter has, and which one is on."""
        told = dict(counts), active, with_archived
        if told != (self._counts, self._active, self._with_archived):
            self._counts, self._active, self._with_archived = told
            self.refresh(layout=True)

    def render(self) -> RenderResult:
        """Return the lines for the width there is."""
        if self.is_typing:
            return Content.styled(f" {HINT}", "$text-muted")
        keys = self._keys()
        archived = None
        if self._with_archived:
            archived = entry(keys.get("archived", ""), "with archived", is_on=True)
        lines = 2 if self.screen.has_class("-high") else 1
        size = self.size.width or self.app.size.width, lines
        return quick_lines(self._counts, self._active, keys, size, archived)

    def _keys(self) -> dict[str, str]:
        """Return the key of each filter, as the settings have it."""
        return {
            active.binding.id.removeprefix("keys.").removeprefix("show-"): (
                self.app.get_key_display(active.binding)
            )
            for active in self.screen.active_bindings.values()
            if active.binding.id and active.binding.id.startswith("keys.")
        }
