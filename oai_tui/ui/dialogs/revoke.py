"""The last question before a key is gone for good."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from oai_tui.core.keys import ApiKey
from oai_tui.core.text import UNKNOWN, when


class Revoke(ModalScreen[bool]):
    """Names the key and everything that may break with it; the answer given is No."""

    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "answer(False)", "no", id="revoke.no"),
        Binding("y", "answer(True)", "yes", id="revoke.yes"),
        Binding("left,right", "app.focus_next", show=False),
    ]

    def __init__(self, key: ApiKey, now: datetime) -> None:
        super().__init__()
        self._key = key
        self._now = now

    def compose(self) -> ComposeResult:
        """Lay out the facts and the two answers."""
        with Vertical(classes="dialog danger") as box:
            box.border_title = "Revoke this key?"
            yield Static(_facts(self._key, self._now), markup=False)
            yield Static(
                Content.styled(
                    "\nWhatever uses it stops working. This cannot be undone.", "$text-error"
                ),
                markup=False,
            )
            with Horizontal(classes="buttons"):
                yield Button("No, keep it", id="no", variant="primary", compact=True)
                yield Button("Yes, revoke it", id="yes", variant="error", compact=True)

    def action_answer(self, yes: bool) -> None:
        """Give an answer."""
        self.dismiss(yes)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")


def _facts(key: ApiKey, now: datetime) -> Content:
    used = f"last seen used {when(key.last_used_at, now)}" if key.last_used_at else "not seen used"
    lines = (
        ("name", key.name or UNKNOWN),
        ("id", key.id),
        ("key", key.masked),
        ("project", key.project.name if key.project else "the whole organization (admin key)"),
        ("owner", key.owner.label if key.owner else UNKNOWN),
        ("use", used),
    )
    return Content("\n").join(
        Content.assemble(Content.styled(f"{label:<9}", "$text-muted"), text)
        for label, text in lines
    )
