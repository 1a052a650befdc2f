"""The line above the list of keys: its quick filters, or what a typed filter understands."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from oai_tui.ui.widgets.key_filters import ALL, META, entry, quick_lines

HINT = '!not  "a b"  project: owner: name: state: kind: id: key: expires:never|soon'
"""What can be typed; it fits the narrowest screen."""

ARCHIVED = "archived"


class QuickLine(Widget):
    """One line in a low terminal, two at most in a high one."""

    DEFAULT_CSS = """
    QuickLine { height: auto; max-height: 2; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    is_typing: reactive[bool] = reactive(False)
    """Whether a filter is being typed just now."""

    understood: reactive[tuple[str, ...]] = reactive(())
    """The parts of the filter that is typed, as they were understood."""

    class Clicked(Message):
        """An entry was clicked: the name of a quick filter, or `archived`."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

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
            return self._of_typing()
        keys = self._keys()
        archived = None
        if self._with_archived:
            archived = entry(ARCHIVED, keys.get(ARCHIVED, ""), "with archived", is_on=True)
        lines = 2 if self.screen.has_class("-high") else 1
        size = self.size.width or self.app.size.width, lines
        return quick_lines(self._counts, self._active, keys, size, archived)

    def on_click(self, event: events.Click) -> None:
        """Tell which entry was clicked."""
        if name := event.style.meta.get(META):
            self.post_message(self.Clicked(name))

    def _of_typing(self) -> Content:
        if self.understood:
            return Content.assemble(
                Content.styled(" shows ", "$text-muted"), " and ".join(self.understood)
            )
        return Content.styled(f" {HINT}", "$text-muted")

    def _keys(self) -> dict[str, str]:
        """Return the key of each filter, as the settings have it."""
        return {
            active.binding.id.removeprefix("keys.").removeprefix("show-"): (
                self.app.get_key_display(active.binding)
            )
            for active in self.screen.active_bindings.values()
            if active.binding.id and active.binding.id.startswith("keys.")
        }
