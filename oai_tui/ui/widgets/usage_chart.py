"""A chart with a cursor that goes from bar to bar."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from oai_tui.ui.widgets.chart import Chart


def _key(keys: str, action: str, name: str, description: str, tooltip: str) -> Binding:
    return Binding(keys, action, description, id=f"chart.{name}", show=False, tooltip=tooltip)


class UsageChart(Chart, can_focus=True):
    """A picture whose bars are read one by one; its owner keeps the place of the cursor."""

    BINDING_GROUP_TITLE = "Chart"
    BINDINGS: ClassVar[list[BindingType]] = [
        _key("left,h", "move(-1)", "left", "Left", "Read the bar before"),
        _key("right,l", "move(1)", "right", "Right", "Read the next bar"),
        _key("home", "move(-9999)", "first", "First", "Read the first bar"),
        _key("end", "move(9999)", "last", "Last", "Read the last bar"),
    ]

    class Moved(Message):
        """The cursor is to go a number of bars to the right."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Changed(Message):
        """The room for the picture or who has the focus changed."""

    def action_move(self, step: int) -> None:
        """Ask for another bar."""
        self.post_message(self.Moved(step))

    def on_resize(self) -> None:
        """Tell that there is another number of columns."""
        self.post_message(self.Changed())

    def on_focus(self) -> None:
        """Tell that the cursor is to be seen."""
        self.post_message(self.Changed())

    def on_blur(self) -> None:
        """Tell that the cursor is no longer to be seen."""
        self.post_message(self.Changed())
