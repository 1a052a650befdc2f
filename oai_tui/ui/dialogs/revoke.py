"""The last question before a key is gone for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from oai_tui.core.keys import ApiKey
from oai_tui.core.text import UNKNOWN, when
from oai_tui.ui.widgets.field import Field

RECENT = timedelta(days=1)
"""A key used since is taken to be in use: revoking it needs its name typed."""


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
        used = key.last_used_at
        self._is_recent = used is not None and now - used < RECENT

    def compose(self) -> ComposeResult:
        """Lay out the facts and the two answers."""
        with Vertical(classes="dialog danger") as box:
            box.border_title = "Revoke this key?"
            box.border_subtitle = "esc keeps it"
            yield Static(_facts(self._key, self._now, self._is_recent), markup=False)
            yield Static(
                Content.styled(
                    "\nWhatever uses it stops working. This cannot be undone.", "$text-error"
                ),
                markup=False,
            )
            if self._is_recent:
                name = self._key.name or self._key.id
                yield Field(placeholder=f"to revoke it, type {name}", compact=True, id="typed")
            with Horizontal(classes="buttons"):
                yield Button("No, keep it", id="no", variant="primary", compact=True)
                yield Button(
                    "Yes, revoke it" if self._is_recent else "Yes, revoke it (y)",
                    id="yes",
                    variant="error",
                    compact=True,
                    disabled=self._is_recent,
                )

    def on_mount(self) -> None:
        """Begin where the name is typed, if one is asked for; enter does nothing there yet."""
        for field in self.query(Field):
            field.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let one letter revoke only what nobody seems to use."""
        return not (self._is_recent and parameters == (True,))

    @on(Input.Changed, "#typed")
    def _typed(self, event: Input.Changed) -> None:
        named = event.value.strip() in (self._key.name, self._key.id)
        self.query_one("#yes", Button).disabled = not (named and event.value)

    @on(Input.Submitted, "#typed")
    def _submitted(self) -> None:
        if not self.query_one("#yes", Button).disabled:
            self.dismiss(True)

    def action_answer(self, yes: bool) -> None:
        """Give an answer."""
        self.dismiss(yes)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")


def _facts(key: ApiKey, now: datetime, is_recent: bool) -> Content:
    used = f"last seen used {when(key.last_used_at, now)}" if key.last_used_at else "not seen used"
    lines = (
        ("name", key.name or UNKNOWN),
        ("id", key.id),
        ("key", key.masked),
        ("project", key.project.name if key.project else "the whole organization (admin key)"),
        ("owner", key.owner.label if key.owner else UNKNOWN),
        ("use", Content.styled(f"{used}: it is in use", "$text-error") if is_recent else used),
    )
    return Content("\n").join(
        Content.assemble(Content.styled(f"{label:<9}", "$text-muted"), text)
        for label, text in lines
    )
