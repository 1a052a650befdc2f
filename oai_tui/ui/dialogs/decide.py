"""The question before a rotation is ended in one way or another, with what that means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.widgets.field import Field


class Decide(Dialog[bool]):
    """Names what will happen; the answer given is No. `typed` has to be typed before a Yes."""

    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "answer(False)", "no", id="decide.no", tooltip="Change nothing"),
        Binding("y", "answer(True)", "yes", id="decide.yes", tooltip="Do it"),
        Binding("left,right", "app.focus_next", show=False),
    ]

    def __init__(
        self,
        title: str,
        consequences: Sequence[Content | str],
        yes: str,
        *,
        typed: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._consequences = consequences
        self._yes = yes
        self._typed = typed

    def compose(self) -> ComposeResult:
        """Lay out the consequences and the two answers."""
        with Vertical(classes="dialog danger") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "esc changes nothing"
            for each in self._consequences:
                yield Static(each if isinstance(each, Content) else Content(each), markup=False)
            if self._typed:
                yield Field(placeholder=f"to do it, type {self._typed}", compact=True, id="typed")
            with Horizontal(classes="buttons"):
                yield Button("No", id="no", variant="primary", compact=True)
                yes = self._yes if self._typed else f"{self._yes} (y)"
                yield Button(
                    yes, id="yes", variant="error", compact=True, disabled=bool(self._typed)
                )

    def on_mount(self) -> None:
        """Begin where something has to be typed; enter does nothing there yet."""
        for field in self.query(Field):
            self.set_focus(field)  # at once: somebody may type already

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let one letter do only what needs nothing typed."""
        return not (self._typed and parameters == (True,))

    @on(Input.Changed, "#typed")
    def _changed(self, event: Input.Changed) -> None:
        self.query_one("#yes", Button).disabled = event.value.strip() != self._typed

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
