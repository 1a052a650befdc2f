"""What every question about a brake has: filling in, being sure, waiting, and what came of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from oai_tui.core.errors import ApiProblem, Problem, WrongInput
from oai_tui.ui.dialogs.asking import BRAKE_KEYS, Asking
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.host import Host
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.state import told

if TYPE_CHECKING:
    from oai_tui.services.session import Session

SURE, DOING, OVER = "-sure", "-doing", "-over"
"""The stages after filling in, as classes of the dialog."""

FILLING = "enter goes on · esc back · F1 help"
ASKING = "esc changes nothing · F1 help"
RETYPING = "enter does it once it is typed · esc changes nothing · F1 help"
"""What the frame says of the keys, by stage."""

WAIT = "The platform was asked already. What is there then is said here in a moment."
SHOWN_NOW = "What is there now was read again and is shown above: decide again."
BUSY = "Another change is under way. Wait for its answer, then go on."


class BrakeDialog(Dialog[bool]):
    """Asks for a change of a brake, makes it, and says what was and what is now.

    Closes with whether anything was tried. What was typed stays until the change is made.
    Subclasses give `heading`, `form` (what is filled in), `read` (the change that it means) and
    `look_again` (take what the platform has now).
    """

    FIRST: ClassVar[str] = "#no"
    """A selector of what takes the focus while something is filled in."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [*BRAKE_KEYS]
    DEFAULT_CSS = """
    BrakeDialog .note { color: $text-muted; height: auto; }
    BrakeDialog .sure, BrakeDialog .over { display: none; }
    BrakeDialog.-sure .filling, BrakeDialog.-doing .filling, BrakeDialog.-over .filling {
        display: none;
    }
    BrakeDialog.-sure .sure, BrakeDialog.-over .over { display: block; }
    BrakeDialog #said { height: auto; max-height: 12; }
    BrakeDialog.-high #said { max-height: 26; }
    BrakeDialog.-sure #typed { display: none; }
    BrakeDialog.-sure.-retype #typed { display: block; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._asking: Asking | None = None
        self._was_tried = False

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

    @abstractmethod
    def read(self) -> Asking:
        """Return the change that was filled in. Raises WrongInput."""

    async def look_again(self) -> None:
        """Take what the platform has now, after it was found to have something else."""

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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take letters for answers only while it is asked, and never where something is typed."""
        if action != "answer":
            return True
        retype = self._asking is not None and self._asking.retype is not None
        return self.is_sure and not (retype and parameters == (True,))

    @property
    def is_sure(self) -> bool:
        """Whether it is asked just now if one is sure."""
        return self.has_class(SURE)

    @property
    def is_doing(self) -> bool:
        """Whether the change is being made now."""
        return self.has_class(DOING)

    def go_on(self) -> None:
        """Ask whether one is sure of what is filled in, or say what is wrong with it."""
        try:
            asking = self.read()
        except WrongInput as problem:
            self.say(told(problem))
            return
        self.ask(asking)

    def ask(self, asking: Asking) -> None:
        """Ask whether one is sure of a change; the answer given is No."""
        self._asking = asking
        if asking.question is None:
            self._start()
            return
        self._show(SURE)
        self.say(asking.question)
        field, yes = self.query_one("#typed", Field), self.query_one("#yes", Button)
        self.set_class(asking.retype is not None, "-retype")
        box = self.query_one(".dialog")
        box.set_class(asking.is_grave or self.is_danger, "danger")
        box.border_subtitle = RETYPING if asking.retype else ASKING
        field.value, field.placeholder = "", f"to do it, type {asking.retype} again"
        yes.label = asking.yes if asking.retype else f"{asking.yes} (y)"
        yes.disabled = asking.retype is not None
        self.set_focus(field if asking.retype else self.query_one("#no"))

    def back(self) -> None:
        """Go back to what was filled in."""
        self._asking = None
        self._show("")
        box = self.query_one(".dialog")
        box.set_class(self.is_danger, "danger")
        box.border_subtitle = FILLING
        self.say("")
        self._focus_first()

    def action_answer(self, yes: bool) -> None:
        """Make the change, or go back to what was filled in."""
        if not self.is_sure:
            return
        if not yes:
            self.action_leave()
        elif not self.query_one("#yes", Button).disabled:
            self._start()

    def action_leave(self) -> None:
        """Go one step back, unless the platform is being asked."""
        if self.is_doing:
            self.say(WAIT, "$text-warning")
        elif self.is_sure and self.has_form:
            self.back()
        else:
            self.dismiss(self._was_tried)

    @property
    def has_form(self) -> bool:
        """Whether there is something filled in to go back to."""
        return True

    def action_scroll(self, lines: int) -> None:
        """Move what is too long for the screen."""
        said = self.query_one("#said", VerticalScroll)
        box = said if said.max_scroll_y else self.query_one(".dialog", VerticalScroll)
        box.scroll_relative(y=lines, animate=False)

    def _start(self) -> None:
        if cast(Host, self.app).is_changing:
            self.say(BUSY, "$text-warning")
            return
        self._show(DOING)
        self._run()

    @work(group="change")
    async def _run(self) -> None:
        asking = self._asking
        assert asking
        self.say(asking.doing, "$text-warning")
        self._was_tried = True
        try:
            came = await cast(Host, self.app).change(asking.work())
        except Problem as problem:
            await self._failed(problem)
        else:
            self.over(came)

    async def _failed(self, problem: Problem) -> None:
        """Say why it is not done, over what was filled in, which stays."""
        # Late: it is loaded by then, with whoever made the change.
        from oai_tui.services.billing.writing import ChangedMeanwhile

        if isinstance(problem, ApiProblem):
            await self.look_again()
        is_other = isinstance(problem, ChangedMeanwhile)
        if not self.has_form:
            self.over(told(problem), again="" if is_other else "Try again")
            return
        self.back()
        if is_other:
            problem = Problem(problem.what, SHOWN_NOW, problem.request_id)
        self.say(told(problem))

    def again(self) -> None:
        """Ask the same once more."""
        assert self._asking
        self.ask(self._asking)

    def over(self, came: Content, again: str = "") -> None:
        """Say what came of it; `again` offers to try what failed once more."""
        self._show(OVER)
        button = self.query_one("#again", Button)
        button.display, button.label = bool(again), again
        box = self.query_one(".dialog")
        box.remove_class("danger")
        box.border_subtitle = "esc closes"
        self.say(came)
        self.set_focus(self.query_one("#close"))

    def _show(self, stage: str) -> None:
        self.remove_class(SURE, DOING, OVER)
        if stage:
            self.add_class(stage)
        self.refresh_bindings()

    def _focus_first(self) -> None:
        for first in self.query(self.FIRST)[:1]:
            self.set_focus(first)  # at once: somebody may type already

    @on(Input.Changed)
    def _corrected(self, event: Input.Changed) -> None:
        """Take back what was said against what was filled in."""
        if event.input.id != "typed" and not (self.is_sure or self.is_doing):
            self.say("")

    @on(Input.Changed, "#typed")
    def _retyped(self, event: Input.Changed) -> None:
        if self._asking:
            self.query_one("#yes", Button).disabled = not self._asking.is_retyped(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.input.id == "typed":
            self.action_answer(True)
        elif not (self.is_sure or self.is_doing):
            self.go_on()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "go":
                self.go_on()
            case "yes":
                self.action_answer(True)
            case "no" | "cancel" | "close":
                self.action_leave()
            case "again":
                self.again()
