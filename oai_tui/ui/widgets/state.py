"""What a screen shows while it has no figures: loading, nothing there, or what went wrong."""

from __future__ import annotations

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from oai_tui.core.errors import KeyRefused, MissingScope, Problem

STILL_WAITING = "Still no answer."
USE_ANOTHER_KEY = "To use another key: ctrl+p, Sign in again"


def told(problem: Problem) -> Content:
    """Return a problem in three lines: what happened, the way out, the request id."""
    lines = [Content.styled(problem.what, "$text-error")]
    if problem.way_out:
        lines.append(Content(problem.way_out))
    if problem.request_id:
        lines.append(Content.styled(f"request {problem.request_id}", "$text-muted"))
    return Content("\n").join(lines)


def in_a_line(problem: Problem) -> str:
    """Return a problem in one line, with the way to another key where that is what it takes."""
    other = f" {USE_ANOTHER_KEY}." if _is_of_key(problem) else ""
    return f"{problem.what if other else problem}{other}{problem.trace}"


def _is_of_key(problem: Problem) -> bool:
    return isinstance(problem, KeyRefused | MissingScope)


class StatePane(Static):
    """A quiet text in the middle of the place where figures will be."""

    DEFAULT_CSS = """
    StatePane {
        width: 1fr; height: 1fr; content-align: center middle; text-align: center; padding: 1;
    }
    """

    slow_after = 10.0
    """Seconds of waiting after which it is said that nothing came."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(markup=False, id=id)
        self._waiting: Timer | None = None

    def say_loading(self, text: str) -> None:
        """Say what is being fetched, and after a while that it has not come yet."""
        self._say(Content.styled(text, "$text-muted"))
        if text:
            late = Content.styled(f"{text}\n\n{STILL_WAITING}", "$text-muted")
            self._waiting = self.set_timer(self.slow_after, lambda: self.update(late))

    def say_empty(self, text: str) -> None:
        """Say that there is nothing, and what to do about it."""
        self._say(Content(text))

    def say_failed(self, problem: Problem) -> None:
        """Say what went wrong, and that `r` tries again."""
        other = f"\n{USE_ANOTHER_KEY}" if _is_of_key(problem) else ""
        again = Content.styled(f"\n\nr  try again{other}", "$text-muted")
        self._say(Content.assemble(told(problem), again))

    def _say(self, text: Content) -> None:
        if self._waiting:
            self._waiting.stop()
            self._waiting = None
        self.update(text)
