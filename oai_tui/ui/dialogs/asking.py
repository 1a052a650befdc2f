"""A change of a brake that is ready to be made: the question before it and the words after it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.binding import Binding
from textual.content import Content

from oai_tui.core.errors import WrongInput
from oai_tui.core.money import Money

if TYPE_CHECKING:
    from oai_tui.services.billing.brakes import Done

BRAKE_KEYS = (
    Binding("escape", "leave", "back", id="brake.leave", tooltip="One step back; no change"),
    Binding("n", "answer(False)", "no", id="brake.no", tooltip="Change nothing"),
    Binding("y", "answer(True)", "yes", id="brake.yes", tooltip="Do it"),
    Binding("pagedown", "scroll(6)", "down", id="brake.down", show=False, tooltip="Read on"),
    Binding("pageup", "scroll(-6)", "up", id="brake.up", show=False, tooltip="Read back"),
    Binding("left,up", "app.focus_previous", show=False),
    Binding("right,down", "app.focus_next", show=False),
)
"""The keys of every question about a brake."""


@dataclass(frozen=True)
class Asking:
    """A change ready to be made, and the question before it; without one it is made at once.

    `work` makes it and returns what to say of it, raising Problem. `retype` has to be typed again.
    What `is_grave` has a warning frame.
    """

    work: Callable[[], Coroutine[Any, Any, Content]]
    doing: str
    question: Content | None = None
    yes: str = "Yes, do it"
    retype: Money | None = None
    is_grave: bool = False

    def is_retyped(self, typed: str) -> bool:
        """Whether nothing has to be typed again, or this is it."""
        if self.retype is None:
            return True
        try:
            return Money.parse(typed) == self.retype
        except WrongInput:
            return False


def was_and_is(done: Done) -> Content:
    """Return what was changed as it was read back, and what did not go as it should beside it."""
    trouble = Content.styled(f"\n{done.trouble}", "$text-warning") if done.trouble else ""
    return Content.assemble(
        Content.styled("✔ ", "$text-success"),
        f"{done.words}\n",
        Content.styled("Read back from the platform.", "$text-muted"),
        trouble,
    )
