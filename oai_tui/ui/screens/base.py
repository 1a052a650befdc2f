"""What the screens with figures have in common: the frame, the session, the three states."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from oai_tui.core.errors import Problem
from oai_tui.ui.host import Host
from oai_tui.ui.widgets.footer import KeyLine
from oai_tui.ui.widgets.state import StatePane
from oai_tui.ui.widgets.topbar import TopBar, follow

if TYPE_CHECKING:
    from oai_tui.services.session import Session


class DataScreen(Screen[None]):
    """A screen that shows what one session knows.

    Subclasses give `MODE`, `TITLE_TEXT`, `body` (the widgets of the ready state) and `load` (start
    loading; `fresh` asks the platform again). They call `show_loading`, `show_empty`,
    `show_failed` or `show_ready`, and `head` for the line under the top bar.
    """

    MODE: ClassVar[str]
    TITLE_TEXT: ClassVar[str]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "refresh", "refresh", id="screen.refresh", tooltip="Ask the platform again"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._session: Session | None = None

    @property
    def oai(self) -> Host:
        """The app, as ours."""
        return cast(Host, self.app)

    @property
    def session(self) -> Session:
        """The session whose figures are shown."""
        assert self._session is not None
        return self._session

    @abstractmethod
    def body(self) -> Iterable[Widget]:
        """Return the widgets of the ready state."""

    @abstractmethod
    def load(self, *, fresh: bool) -> None:
        """Start loading, without waiting for it."""

    def reset(self) -> None:
        """Forget everything of the session before."""

    def compose(self) -> ComposeResult:
        """Lay out the frame around the body."""
        yield TopBar(self.MODE)
        yield Static(id="head", markup=False)
        with ContentSwitcher(initial="state", id="states"):
            yield StatePane(id="state")
            yield Vertical(*self.body(), id="body")
        yield Static(id="gaps", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Keep the top bar true."""
        follow(self)

    def on_screen_resume(self) -> None:
        """Load when another session was opened since this screen was last seen."""
        if self.oai.session is not None and self.oai.session is not self._session:
            self._session = self.oai.session
            self.reset()
            self.show_gaps(())
            self.load(fresh=False)

    def action_refresh(self) -> None:
        """Ask the platform again."""
        if self._session:
            self.load(fresh=True)

    def head(self, *parts: Content | str) -> None:
        """Write the line under the top bar: the title, then what the view shows."""
        title = Content.styled(f" {self.TITLE_TEXT} ", "bold")
        self.query_one("#head", Static).update(Content("  ").join([title, *map(_content, parts)]))

    def show_gaps(self, gaps: Iterable[str]) -> None:
        """Say what is missing from the figures, a line each, three lines at most."""
        lines = list(gaps)
        if len(lines) > 3:
            lines = [*lines[:2], f"… and {len(lines) - 2} more."]
        pane = self.query_one("#gaps", Static)
        pane.display = bool(lines)
        pane.update(Content.styled("\n".join(f"! {line}" for line in lines), "$text-warning"))

    def show_loading(self, text: str) -> None:
        """Show that the first figures are on their way."""
        self.query_one(StatePane).say_loading(text)
        self._switch("state")

    def show_empty(self, text: str) -> None:
        """Show that there is nothing to show."""
        self.query_one(StatePane).say_empty(text)
        self._switch("state")

    def show_failed(self, problem: Problem) -> None:
        """Show what went wrong instead of the figures."""
        self.query_one(StatePane).say_failed(problem)
        self._switch("state")

    def show_ready(self) -> None:
        """Show the figures."""
        self._switch("body")

    @property
    def is_ready(self) -> bool:
        """Whether the figures are on the screen."""
        return self.query_one("#states", ContentSwitcher).current == "body"

    def _switch(self, to: str) -> None:
        self.query_one("#states", ContentSwitcher).current = to


def _content(part: Content | str) -> Content:
    return part if isinstance(part, Content) else Content(part)
