"""One page of the bill: what every page has, and the line that names them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import RenderResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement
    from oai_tui.services.session import Session
    from oai_tui.ui.screens.billing import BillingScreen


class BillingPage(Vertical, can_focus=True):
    """A page of the bill.

    The screen hands every statement to every page with `tell`, and calls `on_shown` each time a
    page comes to be seen. A page draws what it is told at once; what it asks for itself it asks
    for from `on_shown` on, and again in `refresh_page`. Its own keys are its `BINDINGS`: they work
    because the focus is always inside the page that is shown.
    """

    KEY: ClassVar[str]
    """The letter that leads here, for the line of names."""

    LABEL: ClassVar[str]
    """The name of the page, in one word."""

    FIRST: ClassVar[str] = "Table"
    """A selector of what takes the focus; where nothing of it is seen, the page itself does."""

    DEFAULT_CSS = """
    BillingPage { height: 1fr; width: 1fr; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)

    @property
    def bill(self) -> BillingScreen:
        """The screen the page is on: the statement, the head, the dialogs of every page."""
        return cast("BillingScreen", self.screen)

    @property
    def session(self) -> Session:
        """The session whose bill it is."""
        return self.bill.session

    @property
    def is_shown(self) -> bool:
        """Whether this is the page that is seen."""
        return self.bill.page is self

    @property
    def project_id(self) -> str:
        """The project under the cursor, which a limit is asked for first; "" where none is."""
        return ""

    def reset(self) -> None:
        """Forget everything of the session before."""

    def tell(self, statement: Statement) -> None:
        """Draw a statement; it may be one from memory, and the page may not be seen."""

    def on_shown(self) -> None:
        """Come to be seen: the place to begin with what only this page needs."""

    def refresh_page(self) -> None:
        """Ask again for what only this page shows; the screen asks for the statement itself."""

    def head(self) -> Sequence[Content | str]:
        """Return what the line under the top bar says instead of month and age, if anything."""
        return ()

    def gaps(self) -> Sequence[str]:
        """Return what is missing on this page beyond the gaps of the statement."""
        return ()

    def take_focus(self) -> None:
        """Put the focus where the keys of the page work."""
        for widget in self.query(self.FIRST):
            if widget.focusable and all(each.display for each in widget.ancestors_with_self):
                widget.focus()
                return
        self.focus()


class PageBar(Widget):
    """The names of the pages in one line, each after the letter that leads there."""

    DEFAULT_CSS = """
    PageBar { height: 1; }
    """

    current: reactive[str] = reactive("")

    class Chosen(Message):
        """A name was clicked."""

        def __init__(self, page: str) -> None:
            super().__init__()
            self.page = page

    def __init__(self, pages: Sequence[BillingPage]) -> None:
        super().__init__(id="pages")
        self._names = [(page.id or "", page.KEY, page.LABEL) for page in pages]

    def render(self) -> RenderResult:
        """Return the names, the present one set off."""
        return Content("").join(self._parts())

    def on_click(self, event: events.Click) -> None:
        """Go to the page whose name is clicked."""
        right = 0
        for (page, _, _), part in zip(self._names, self._parts(), strict=True):
            right += part.cell_length
            if event.x < right:
                self.post_message(self.Chosen(page))
                return

    def _parts(self) -> list[Content]:
        return [
            Content.styled(f" {key} {label} ", "bold $text-accent on $accent-muted")
            if page == self.current
            else Content.styled(f" {key} {label} ", "$text-muted")
            for page, key, label in self._names
        ]
