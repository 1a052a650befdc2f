"""Asking for a change of a brake: being sure of it, making it, and saying what came of it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import BindingType
from textual.widgets import Button, Input

from oai_tui.core.errors import ApiProblem, Problem, WrongInput
from oai_tui.ui.dialogs.asking import BRAKE_KEYS, Asking
from oai_tui.ui.dialogs.brake_stages import BrakeStages
from oai_tui.ui.host import Host
from oai_tui.ui.widgets.state import told

if TYPE_CHECKING:
    from oai_tui.services.session import Session

WAIT = "The platform was asked already. What is there then is said here in a moment."
SHOWN_NOW = "What is there now was read again and is shown above: decide again."
BUSY = "Another change is under way. Wait for its answer, then go on."


class BrakeDialog(BrakeStages):
    """Asks for a change of a brake, makes it, and says what was and what is now.

    Closes with whether anything was tried. What was typed stays until the change is made.
    Subclasses give what `BrakeStages` asks for, `read` (the change that was filled in) and
    `look_again` (take what the platform has now).
    """

    BINDINGS: ClassVar[list[BindingType]] = [*BRAKE_KEYS]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._asking: Asking | None = None
        self._was_tried = False

    @abstractmethod
    def read(self) -> Asking:
        """Return the change that was filled in. Raises WrongInput."""

    async def look_again(self) -> None:
        """Take what the platform has now, after it was found to have something else."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take letters for answers only while it is asked, and never where something is typed."""
        if action != "answer":
            return True
        retype = self._asking is not None and self._asking.retype is not None
        return self.is_sure and not (retype and parameters == (True,))

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
        self.show_question(asking, asking.question)

    def back(self) -> None:
        """Go back to what was filled in."""
        self._asking = None
        self.show_filling()

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

    def _start(self) -> None:
        if cast(Host, self.app).is_changing:
            self.say(BUSY, "$text-warning")
            return
        self.show_doing()
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
