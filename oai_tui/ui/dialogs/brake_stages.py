"""The frame of a question about a brake: filling in, being sure, waiting, and what came of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from oai_tui.ui.dialogs.asking import Asking
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.widgets.field import Field

SURE, DOING, OVER = "-sure", "-doing", "-over"
"""The stages after filling in, as classes of the dialog."""

FILLING = "enter goes on · esc back · F1 help"
ASKING = "esc changes nothing · F1 help"
RETYPING = "enter does it once it is typed · esc changes nothing · F1 help"
"""What the frame says of the keys, by stage."""


class BrakeStages(Dialog[bool]):
    """Shows one stage of a question at a time.

    Subclasses give `heading`, `form` (what is filled in) and `more_buttons`.
    """

    FIRST: ClassVar[str] = "#no"
    """A selector of what takes the focus while something is filled in."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]
    DEFAULT_CSS = """
    BrakeStages .note { color: $text-muted; height: auto; }
    BrakeStages .sure, BrakeStages .over { display: none; }
    BrakeStages.-sure .filling, BrakeStages.-doing .filling, BrakeStages.-over .filling {
        display: none;
    }
    BrakeStages.-sure .sure, BrakeStages.-over .over { display: block; }
    BrakeStages #said { height: auto; max-height: 12; }
    BrakeStages.-high #said { max-height: 26; }
    BrakeStages.-sure #typed { display: none; }
    BrakeStages.-sure.-retype #typed { display: block; }
    """

    @property
    @abstractmethod
    def heading(self) -> str:
        """What is asked, for the frame."""

    @property
    def is_danger(self) -> bool:
        """Whether the frame warns from the start."""
        return False

    @abstractmethod
    def form(self) -> Iterable[Widget]:
        """Return what is filled in; it is hidden as soon as it is asked whether one is sure."""

    def more_buttons(self) -> Iterable[Button]:
        """Return further answers for the stage of filling in."""
        return ()

    def compose(self) -> ComposeResult:
        """Lay out what is filled in, what is said, and the answers."""
        danger = " danger" if self.is_danger else ""
        with VerticalScroll(classes=f"dialog{danger}", can_focus=False) as box:
            box.border_title = Content(self.heading)
            box.border_subtitle = FILLING
            for each in self.form():
                yield each.add_class("filling")
            told_line = Static(id="told", markup=False)
            told_line.display = False
            yield VerticalScroll(told_line, id="said", can_focus=False)
            yield Field(compact=True, id="typed", classes="sure")
            with Horizontal(classes="buttons"):
                yield Button("Go on", id="go", variant="primary", compact=True, classes="filling")
                for button in self.more_buttons():
                    yield button.add_class("filling")
                yield Button("Cancel", id="cancel", compact=True, classes="filling")
                yield Button("No", id="no", variant="primary", compact=True, classes="sure")
                yield Button("Yes", id="yes", variant="error", compact=True, classes="sure")
                yield Button("Close", id="close", variant="primary", compact=True, classes="over")
                yield Button("Try again", id="again", compact=True, classes="over")

    def on_mount(self) -> None:
        """Begin with what is filled in."""
        self._focus_first()

    @property
    def is_sure(self) -> bool:
        """Whether it is asked just now if one is sure."""
        return self.has_class(SURE)

    @property
    def is_doing(self) -> bool:
        """Whether the change is being made now."""
        return self.has_class(DOING)

    def show_filling(self) -> None:
        """Show what is filled in, with the focus in it."""
        self._show("")
        self._frame(FILLING, is_danger=self.is_danger)
        self.say("")
        self._focus_first()

    def show_question(self, asking: Asking, question: Content) -> None:
        """Show a question, with No under the cursor, or the field for what is typed again."""
        self._show(SURE)
        keys = RETYPING if asking.retype else ASKING
        self._frame(keys, is_danger=asking.is_grave or self.is_danger)
        self.say(question)
        field, yes = self.query_one("#typed", Field), self.query_one("#yes", Button)
        self.set_class(asking.retype is not None, "-retype")
        field.value, field.placeholder = "", f"to do it, type {asking.retype} again"
        yes.label = asking.yes if asking.retype else f"{asking.yes} (y)"
        yes.disabled = asking.retype is not None
        self.set_focus(field if asking.retype else self.query_one("#no"))

    def show_doing(self) -> None:
        """Hide everything that can be answered, while the platform is asked."""
        self._show(DOING)

    def over(self, came: Content, again: str = "") -> None:
        """Say what came of it; `again` offers to try what failed once more."""
        self._show(OVER)
        self._frame("esc closes", is_danger=False)
        button = self.query_one("#again", Button)
        button.display, button.label = bool(again), again
        self.say(came)
        self.set_focus(self.query_one("#close"))

    def action_scroll(self, lines: int) -> None:
        """Move what is too long for the screen."""
        said = self.query_one("#said", VerticalScroll)
        box = said if said.max_scroll_y else self.query_one(".dialog", VerticalScroll)
        box.scroll_relative(y=lines, animate=False)

    def _focus_first(self) -> None:
        for first in self.query(self.FIRST)[:1]:
            self.set_focus(first)  # at once: somebody may type already

    def _show(self, stage: str) -> None:
        self.remove_class(SURE, DOING, OVER)
        if stage:
            self.add_class(stage)
        self.refresh_bindings()

    def _frame(self, keys: str, *, is_danger: bool) -> None:
        box = self.query_one(".dialog")
        box.set_class(is_danger, "danger")
        box.border_subtitle = keys
