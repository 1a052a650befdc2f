"""What is asked of a project: its name, and whether it is to go for good."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from oai_tui.core.errors import OutcomeUnknown, Problem
from oai_tui.core.keys import Project
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.host import Host
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.state import told

Act = Callable[[str], Awaitable[Project]]
"""What is done with the text that was typed."""


class ProjectQuestion(Dialog[Project | OutcomeUnknown | None]):
    """Has something typed and does it; closes with the project as it then is.

    What fails is told and what was typed stays. Where it is not known whether it was done, nothing
    is done again, and it closes with that.
    """

    AUTO_FOCUS = "#typed"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel", id="project.cancel", tooltip="Change nothing"),
    ]

    def __init__(
        self,
        title: str,
        act: Act,
        yes: str,
        *,
        text: Content | None = None,
        typed: str = "",
        asked: str = "name",
        must_be: tuple[str, ...] = (),
    ) -> None:
        """`must_be` are the texts of which one has to be typed before anything is done."""
        super().__init__()
        self._title = title
        self._act = act
        self._yes = yes
        self._text = text
        self._first = typed
        self._asked = asked
        self._must_be = must_be
        self._is_doing = False
        self._in_doubt: OutcomeUnknown | None = None

    def compose(self) -> ComposeResult:
        """Lay out what it means, the line and the answers."""
        with Vertical(classes="dialog danger" if self._must_be else "dialog") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "esc cancels · F1 help"
            if self._text is not None:
                yield Static(self._text, markup=False)
            yield Field(
                self._first, placeholder=self._asked, compact=True, max_length=200, id="typed"
            )
            yield Static(id="told", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(
                    self._yes,
                    id="yes",
                    variant="error" if self._must_be else "primary",
                    compact=True,
                )
                yield Button("Cancel", id="no", compact=True)

    def on_mount(self) -> None:
        """Allow it once what has to be typed is there."""
        self.say("")
        self._allow()

    @on(Input.Changed, "#typed")
    def _allow(self) -> None:
        typed = self.query_one("#typed", Input).value.strip()
        self.query_one("#yes", Button).disabled = bool(
            self._is_doing or self._in_doubt or (self._must_be and typed not in self._must_be)
        )

    @on(Input.Submitted, "#typed")
    @on(Button.Pressed, "#yes")
    def _answered(self) -> None:
        if not self.query_one("#yes", Button).disabled:
            self._is_doing = True
            self._allow()
            self._do(self.query_one("#typed", Input).value)

    @work(group="change")
    async def _do(self, typed: str) -> None:
        self.say("Asking the platform …", "$text-muted")
        try:
            self.dismiss(await cast(Host, self.app).change(_awaited(self._act(typed))))
            return
        except OutcomeUnknown as problem:
            self._in_doubt = problem
            self.query_one("#no", Button).label = "Close"
            self.query_one("#no").focus()
            self.say(told(problem))
        except Problem as problem:
            self.say(told(problem))
        self._is_doing = False
        self._allow()

    @on(Button.Pressed, "#no")
    def action_leave(self) -> None:
        """Change nothing; what is under way is waited for."""
        if not self._is_doing:
            self.dismiss(self._in_doubt)


async def _awaited(work: Awaitable[Project]) -> Project:
    return await work
