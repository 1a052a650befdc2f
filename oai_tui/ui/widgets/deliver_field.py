"""Where it is said where a new key goes: the usual places with the arrows, others as typed."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from oai_tui.core.delivery import Command, Destination
from oai_tui.core.errors import WrongInput
from oai_tui.ui.widgets.field import Field

HINT = "show, clipboard, file:PATH, env:PATH:NAME or command:NAME"


class DeliverField(Field):
    """A line with one place or several, with blanks between. Up and down go through the usual."""

    BINDING_GROUP_TITLE = "Deliver to"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "preset(-1)", "before", id="deliver.up", tooltip="The usual place before"),
        Binding("down", "preset(1)", "next", id="deliver.down", tooltip="The next usual place"),
    ]

    def __init__(
        self,
        remembered: Sequence[str],
        commands: Mapping[str, Command],
        *,
        name: str = "",
        may_be_empty: bool = False,
    ) -> None:
        """`name` is that of the one key there is; several have no file or variable in common."""
        self._presets = _presets(remembered, commands, name)
        self._may_be_empty = may_be_empty
        first = self._presets[0] if remembered else "" if may_be_empty else "show"
        super().__init__(first, placeholder=HINT, compact=True, id="deliver")

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """The places, in the order they are typed. Raises WrongInput."""
        if self._may_be_empty and not self.value.strip():
            return ()
        return parse(self.value)

    def action_preset(self, step: int) -> None:
        """Take the next usual place, or the one before."""
        now = self.value.strip()
        place = self._presets.index(now) + step if now in self._presets else 0
        self.value = self._presets[place % len(self._presets)]
        self.cursor_position = len(self.value)

    def meant(self) -> Content:
        """Return what the line says, or why it cannot be."""
        try:
            words = [destination.words for destination in self.destinations]
        except WrongInput as problem:
            return Content.styled(str(problem), "$text-warning")
        if not words:
            return Content.styled("nowhere besides", "$text-muted")
        return Content.styled(f"goes to {', then '.join(words)}", "$text-muted")


def parse(text: str) -> tuple[Destination, ...]:
    """Read places with blanks between; one with blanks of its own stands in quotes. WrongInput."""
    try:
        words = shlex.split(text)
    except ValueError:
        raise WrongInput("A quote is not closed.", 'Write "file:PATH WITH BLANKS".') from None
    if not words:
        raise WrongInput("No place to deliver to is given.", f"Write {HINT}.")
    return tuple(dict.fromkeys(Destination.parse(word) for word in words))


def spelled(destinations: Iterable[str]) -> str:
    """Return places as a line that `parse` reads."""
    return shlex.join(destinations)


def _presets(
    remembered: Sequence[str], commands: Mapping[str, Command], name: str
) -> tuple[str, ...]:
    usual = (
        *([spelled(remembered)] if remembered else []),
        "show",
        "clipboard",
        *(f"command:{each}" for each in commands),
        *(("env:.env:OPENAI_API_KEY", spelled([f"file:~/{name}.key"])) if name else ()),
    )
    return tuple(dict.fromkeys(usual))
