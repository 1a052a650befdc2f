"""Where an expiry is given: presets with the arrows, anything else as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from oai_tui.core.errors import WrongInput
from oai_tui.core.lifetime import PRESETS, ends_in_words, parse
from oai_tui.ui.widgets.field import Field

HINT = "↑↓ choose, or type: 12w, 6 months, 2027-01-31"


class ExpiryField(Field):
    """A line for an expiry. Up and down go through the presets."""

    BINDING_GROUP_TITLE = "Expiry"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "preset(-1)", "earlier", id="expiry.up", tooltip="The preset before"),
        Binding("down", "preset(1)", "later", id="expiry.down", tooltip="The next preset"),
    ]

    def __init__(
        self,
        value: str = "",
        presets: Sequence[str] = PRESETS,
        *,
        placeholder: str = HINT,
        id: str = "expires",
    ) -> None:
        super().__init__(value, placeholder=placeholder, compact=True, max_length=40, id=id)
        self._presets = tuple(presets)

    def action_preset(self, step: int) -> None:
        """Take the next preset, or the one before."""
        now = self.value.strip()
        if now in self._presets:
            place = (self._presets.index(now) + step) % len(self._presets)
        else:
            place = 0 if step > 0 else -1
        self.value = self._presets[place]
        self.cursor_position = len(self.value)

    def meant(self, now: datetime) -> Content:
        """Return what the line says: the moment it ends, or why it cannot be."""
        try:
            seconds = parse(self.value, now)
        except WrongInput as problem:
            return Content.styled(str(problem), "$text-warning")
        if seconds is None:
            return Content.styled("never: it works until somebody revokes it", "$text-muted")
        return Content.styled(f"expires {ends_in_words(seconds, now)}", "$text-muted")
