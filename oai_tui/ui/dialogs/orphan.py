"""A key whose making was interrupted: what is known of it, and what to do."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from oai_tui.services.creation import Orphan
from oai_tui.ui.dialogs.base import Dialog

Choice = Literal["revoke", "forget", "later"]


class OrphanDialog(Dialog[Choice]):
    """Asks what becomes of a key that lives, or may live, while nobody has its value."""

    AUTO_FOCUS = "#later"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "choose('later')", "later", id="orphan.later", tooltip="Leave it for later"
        ),
    ]

    def __init__(self, orphan: Orphan) -> None:
        super().__init__()
        self._orphan = orphan

    def compose(self) -> ComposeResult:
        """Lay out what happened and the choices there are."""
        with Vertical(classes="dialog danger") as box:
            box.border_title = "The making of a key was interrupted"
            box.border_subtitle = "esc is later · ? help"
            yield Static(self._story(), markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Later", id="later", variant="primary", compact=True)
                if self._orphan.key:
                    yield Button("Revoke it", id="revoke", variant="error", compact=True)
                yield Button("I have seen to it", id="forget", compact=True)

    def _story(self) -> Content:
        creation, key = self._orphan.creation, self._orphan.key
        begun = f"{creation.name}, begun {creation.at:%Y-%m-%d %H:%M} UTC."
        if key:
            return Content(
                f"{begun}\n\nIt is listed as {key.id} ({key.masked}), and as far as is known "
                "nobody has its value. Revoke it unless somebody has."
            )
        if self._orphan.elsewhere:
            return Content(
                f"{begun}\n\nIt was asked for in {creation.organization}, and you are signed in to "
                "another organization. Sign in there to see whether it was made."
            )
        return Content(
            f"{begun}\n\nNo answer came, and it is not listed so far. If it does not turn up "
            "within ten minutes it counts as never made. Refresh with r."
        )

    def action_choose(self, choice: Choice) -> None:
        """Close with a choice."""
        self.dismiss(choice)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        choices: dict[str | None, Choice] = {"revoke": "revoke", "forget": "forget"}
        self.dismiss(choices.get(event.button.id, "later"))
