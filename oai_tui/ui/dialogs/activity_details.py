"""Everything known of one line of activity: itself, what it changed, and what came before."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from oai_tui.core.errors import ApiProblem
from oai_tui.core.text import UNKNOWN
from oai_tui.services.activity import ActivityLog, Line
from oai_tui.services.session import Session
from oai_tui.ui.widgets.activity_words import Fact, details, full, history


class LineDetails(ModalScreen[str]):
    """One line over the list; returns "open" where its subject is to be gone to."""

    CSS = """
    LineDetails .dialog { width: 104; }
    LineDetails .facts { grid-size: 2; grid-columns: 12 1fr; grid-rows: auto; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss('')", "close", id="details.close"),
        Binding("o", "dismiss('open')", "open", id="activity.open"),
    ]

    def __init__(self, session: Session, log: ActivityLog, line: Line) -> None:
        super().__init__()
        self._session = session
        self._log = log
        self._line = line

    def compose(self) -> ComposeResult:
        """Lay out what is known of the line and room for what came before."""
        line = self._line
        facts: list[Fact] = full(line, self._session.setup.clock())
        with VerticalScroll(classes="dialog") as box:
            box.border_title = Content(line.what)
            box.border_subtitle = "o goes to it · esc closes"
            with Grid(classes="facts"):
                for label, fact in facts:
                    yield Static(label, classes="label", markup=False)
                    yield Static(fact, markup=False)
                yield Static("details", classes="label", markup=False)
                yield Static(details(line.event, None), id="details", markup=False)
                yield Static("history", classes="label", markup=False)
                yield Static(self._waiting(), id="trail", markup=False)

    def on_mount(self) -> None:
        """Ask for what was done before, which nothing here waits for."""
        if self._has_story:
            self._read()

    @property
    def _has_story(self) -> bool:
        return bool(self._line.event.resource_id) and not self._line.event.recorded_here

    def _waiting(self) -> Content:
        words = "reading what was done before …" if self._has_story else UNKNOWN
        return Content.styled(words, "$text-muted")

    @work(group="load")
    async def _read(self) -> None:
        trail, event = self.query_one("#trail", Static), self._line.event
        try:
            story = await self._log.story(event)
        except ApiProblem as problem:
            told = f"What was done before could not be read: {problem.what}"
            trail.update(Content.styled(told, "$text-warning"))
            return
        lines = [self._log.teller.line(each) for each in story]
        self.query_one("#details", Static).update(details(event, story))
        trail.update(history(self._line, lines))
