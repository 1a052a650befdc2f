"""Where a key can be kept: a list in which the arrows choose and enter goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import RadioButton, RadioSet

from oai_tui.vault.place import Condition, Place, PlaceState


class _Line(RadioButton):
    """A place; its sign tells by its shape whether it is chosen, as colours may be off."""

    BUTTON_LEFT = " "
    BUTTON_RIGHT = " "
    BUTTON_INNER = "○"

    def render(self) -> Content:
        self.BUTTON_INNER = "●" if self.value else "○"
        return super().render()


class PlacePicker(RadioSet):
    """One line a place, the first one chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "sign in", id="places.submit", show=False),
    ]

    class Submitted(Message):
        """Enter was pressed on a place."""

    def __init__(self, offered: Sequence[tuple[Place, PlaceState]]) -> None:
        """Take places that work, in the order of preference."""
        super().__init__(
            *(
                _Line(Content(f"{place.name}  {state.why}"), value=number == 0, compact=True)
                for number, (place, state) in enumerate(offered)
            ),
            compact=True,
        )
        self._offered = [place for place, _ in offered]

    @property
    def place(self) -> Place:
        """The place that is chosen."""
        return self._offered[max(0, self.pressed_index)]

    def action_submit(self) -> None:
        """Go on with the place that is chosen."""
        self.post_message(self.Submitted())

    def action_next_button(self) -> None:
        """Choose the next place."""
        super().action_next_button()
        self._choose()

    def action_previous_button(self) -> None:
        """Choose the place before."""
        super().action_previous_button()
        self._choose()

    def _choose(self) -> None:
        line = self.query_one("RadioButton.-selected", RadioButton)
        if not line.value:
            line.toggle()


def can_keep_now(place: Place, state: PlaceState) -> bool:
    """Whether a key can be put there at this moment."""
    return place.can_keep and state.condition is Condition.WORKING


def why_not(place: Place, state: PlaceState) -> str:
    """Return why a key cannot be kept in a place, and what to do about it."""
    if place.can_keep:
        return f"{place.name}: {state.why} {state.way_out}".rstrip()
    if state.condition is Condition.WORKING:
        return f"{place.name}: {state.why} It is read only, and comes first at every start."
    return f"{place.name}: {state.why}"
