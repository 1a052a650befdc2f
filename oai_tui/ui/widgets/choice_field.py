"""One of a few things, chosen in one line and told apart without colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

GAP = 3


class ChoiceField(Widget, can_focus=True):
    """A row of words with a mark before the one that is chosen."""

    BINDING_GROUP_TITLE = "Choice"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "choose(-1)", "before", id="choice.before", tooltip="The one before"),
        Binding("right,down,space", "choose(1)", "next", id="choice.next", tooltip="The next one"),
    ]
    DEFAULT_CSS = """
    ChoiceField { height: 1; background: $panel; }
    ChoiceField:focus { background: $accent-muted; }
    """

    chosen: reactive[int] = reactive(0)
    """The place of what is chosen."""

    class Changed(Message):
        """Something else was chosen."""

    def __init__(self, words: Sequence[str], *, id: str) -> None:
        super().__init__(id=id)
        self._words = tuple(words)

    def render(self) -> RenderResult:
        """Return the words, with a mark before each."""
        return Content(" " * GAP).join(self._parts())

    def action_choose(self, step: int) -> None:
        """Choose the next, or the one before; after the last comes the first."""
        self._choose((self.chosen + step) % len(self._words))

    def on_click(self, event: events.Click) -> None:
        """Choose what is clicked."""
        right = 0
        for place, part in enumerate(self._parts()):
            right += part.cell_length + GAP
            if event.x < right:
                self._choose(place)
                return

    def _choose(self, place: int) -> None:
        self.chosen = place
        self.post_message(self.Changed())

    def _parts(self) -> list[Content]:
        unicode = self.app.console.encoding.lower().startswith("utf")
        on, off = ("●", "○") if unicode else ("(x)", "( )")
        return [
            Content.styled(f"{on} {words}", "bold")
            if place == self.chosen
            else Content.styled(f"{off} {words}", "$text-muted")
            for place, words in enumerate(self._words)
        ]
