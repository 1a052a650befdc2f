"""A question about several keys, what is then done to them one after another, and how it went."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, cast

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from oai_tui.core.errors import Problem
from oai_tui.core.estate import EstateRow
from oai_tui.core.text import short_id
from oai_tui.services.session import Session
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.host import Host

STOPPING = "Stopping once this one is answered; those that follow are left as they are."


class Stage(StrEnum):
    """How far it has come with one key; the value is the sign before it."""

    WAITING = " "
    DOING = "…"
    DONE = "✔"
    FAILED = "✖"


TONES = {Stage.DONE: "$text-success", Stage.FAILED: "$text-error", Stage.DOING: "$text-warning"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one key, in words; `problem` is why it failed."""

    stage: Stage
    words: str = ""
    problem: Problem | None = None


def _scrolling(key: str, action: str, name: str, tooltip: str) -> Binding:
    return Binding(key, action, name, id=f"several.{name}", show=False, tooltip=tooltip)


class OneByOne(Dialog[bool]):
    """Asks, does, and stays with what failed; returns whether anything was tried.

    Subclasses give `DOING`, `lines` (what is asked about) and `change` (what is done to one key,
    with the words for it), and call `start`. Escape while it works stops after the one under way.
    """

    DOING: ClassVar[str]
    """What is done to the keys, such as `Revoking`."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "no", id="several.leave", tooltip="Leave, or stop after this"),
        Binding("n", "answer(False)", "no", id="several.no", tooltip="Change nothing"),
        Binding("y", "answer(True)", "yes", id="several.yes", tooltip="Do it"),
        _scrolling("pagedown", "scroll_list(6)", "down", "Further down in the list"),
        _scrolling("pageup", "scroll_list(-6)", "up", "Further up in the list"),
        Binding("down", "scroll_list(1)", show=False),
        Binding("up", "scroll_list(-1)", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]
    DEFAULT_CSS = """
    OneByOne #list { height: auto; max-height: 8; }
    OneByOne.-high #list { max-height: 20; }
    OneByOne .after { display: none; }
    OneByOne.-done .after { display: block; }
    OneByOne.-done .asking, OneByOne.-doing .asking { display: none; }
    """

    def __init__(self, session: Session, rows: Sequence[EstateRow]) -> None:
        super().__init__()
        self.session = session
        self.rows = tuple(rows)
        self._outcomes: dict[str, Outcome] = {}
        self._is_stopping = False

    @abstractmethod
    def lines(self) -> Content:
        """Return what is asked about."""

    @abstractmethod
    async def change(self, row: EstateRow) -> str:
        """Do it to one key and return the words for it. Raises Problem."""

    @property
    def is_doing(self) -> bool:
        """Whether something is being done now."""
        return self.has_class("-doing")

    @property
    def failed(self) -> tuple[EstateRow, ...]:
        """The keys it was not done to, those never tried included."""
        return tuple(row for row in self.rows if self._stage(row) is not Stage.DONE)

    def outcome(self, row: EstateRow) -> Outcome:
        """Return what became of one key."""
        return self._outcomes.get(row.id, Outcome(Stage.WAITING))

    def told_list(self) -> Widget:
        """Return the list of what is asked about and what became of it."""
        return VerticalScroll(Static(id="rows", markup=False), id="list", can_focus=False)

    def buttons(self, no: str, yes: str) -> Widget:
        """Return the answers, and what there is to press afterwards."""
        return Horizontal(
            Button(no, id="no", variant="primary", compact=True, classes="asking"),
            Button(yes, id="yes", variant="error", compact=True, classes="asking"),
            Button("Close", id="close", variant="primary", compact=True, classes="after"),
            Button("Try again", id="again", compact=True, classes="after"),
            classes="buttons",
        )

    def on_mount(self) -> None:
        """Show what is asked about."""
        self.say("")
        self.draw()

    def draw(self) -> None:
        """Show the list as it is now."""
        text = self._results() if self._outcomes else self.lines()
        self.query_one("#rows", Static).update(text)

    def start(self, rows: Sequence[EstateRow]) -> None:
        """Begin with these; what was done before stays done."""
        self._is_stopping = False
        self.remove_class("-done")
        self.add_class("-doing")
        # What is under way or over is no longer asked.
        number = len(self.rows)
        title = f"{self.DOING} {number} key{'s' * (number != 1)}"
        self.query_one(".dialog").border_title = title
        self.say("")
        self._run(tuple(rows))

    def settle(self, row: EstateRow, words: str) -> None:
        """Note that a key was seen to in some other way."""
        self._outcomes[row.id] = Outcome(Stage.DONE, words)

    @work(group="change")
    async def _run(self, rows: tuple[EstateRow, ...]) -> None:
        for row in rows:
            if self._is_stopping:
                break
            self._outcomes[row.id] = Outcome(Stage.DOING)
            self._show_progress(row)
            try:
                words = await cast(Host, self.app).change(self.change(row))
                self._outcomes[row.id] = Outcome(Stage.DONE, words)
            except Problem as problem:
                self._outcomes[row.id] = Outcome(Stage.FAILED, problem=problem)
        self.finish()

    def _show_progress(self, row: EstateRow) -> None:
        self.draw()
        lines = str(self._results()).splitlines()
        place = next((at for at, line in enumerate(lines) if line.startswith(Stage.DOING)), 0)
        self.query_one("#list", VerticalScroll).scroll_to(y=max(0, place - 3), animate=False)

    def finish(self) -> None:
        """Tell how it went; a single key it was done to needs no more looking at."""
        self.remove_class("-doing")
        self.add_class("-done")
        failed = self.failed
        if not failed and len(self.rows) == 1:
            self.app.notify(self.outcome(self.rows[0]).words, markup=False)
            self.dismiss(True)
            return
        self.draw()
        self.query_one("#list", VerticalScroll).scroll_home(animate=False)
        done = len(self.rows) - len(failed)
        self.query_one(".dialog").border_subtitle = "esc closes · F1 help"
        self.say(f"{done} of {len(self.rows)} done." if failed else f"All {done} done.")
        again = self.query_one("#again", Button)
        again.label = f"Try again ({len(failed)})"
        again.display = bool(failed)
        self.query_one("#close").focus()

    def _results(self) -> Content:
        return Content("\n").join(map(self._result, self.rows))

    def _result(self, row: EstateRow) -> Content:
        outcome = self.outcome(row)
        tone = TONES.get(outcome.stage, "$text-muted")
        problem = outcome.problem
        told = str(problem) if problem else outcome.words or _WORDS[outcome.stage]
        request = f"  request {problem.request_id}" if problem and problem.request_id else ""
        which = f"({short_id(row.id)})  " if len(self.rows) > 1 and row.key.name else " "
        return Content.assemble(
            Content.styled(f"{outcome.stage} ", tone),
            f"{row.key.name or row.id} ",
            Content.styled(which, "$text-muted"),
            Content.styled(told, tone),
            Content.styled(request, "$text-muted"),
        )

    def _stage(self, row: EstateRow) -> Stage:
        return self.outcome(row).stage

    def action_leave(self) -> None:
        """Go one step back: change nothing, stop, or close."""
        if self.is_doing:
            self._is_stopping = True
            self.say(STOPPING, "$text-warning")
        else:
            self.dismiss(bool(self._outcomes))

    def action_scroll_list(self, lines: int) -> None:
        """Move the list by a number of lines."""
        self.query_one("#list", VerticalScroll).scroll_relative(y=lines, animate=False)

    @abstractmethod
    def action_answer(self, yes: bool) -> None:
        """Take an answer, while one is asked for."""

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "yes":
                self.action_answer(True)
            case "no":
                self.action_answer(False)
            case "again":
                self.start(self.failed)
            case "close":
                self.action_leave()


_WORDS = {Stage.WAITING: "not done yet", Stage.DOING: "asking the platform …"}
