"""The first line: who is signed in where, which screens there are, and what is being waited for."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

MODES = (
    ("1", "Keys", "keys"),
    ("2", "Usage", "usage"),
    ("3", "Billing", "billing"),
    ("4", "Activity", "activity"),
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What the first line says of the session. `address` is empty when it is OpenAI's own."""

    profile: str = ""
    key: str = ""
    place: str = ""
    address: str = ""
    is_demo: bool = False
    read_only: bool = False


class TopBar(Widget):
    """One line: who is signed in gives way to the screens where there is no room for both."""

    DEFAULT_CSS = """
    TopBar { height: 1; background: $panel; }
    """

    identity: reactive[Identity] = reactive(Identity())
    notice: reactive[str] = reactive("")
    rotating: reactive[int] = reactive(0)

    def __init__(self, mode: str = "") -> None:
        super().__init__()
        self._mode = mode

    def render(self) -> RenderResult:
        """Return the line for the width there is."""
        for cut, brief in ((0, 0), (1, 0), (1, 1), (2, 1), (3, 1), (3, 2)):
            left, right = self._who(cut), self._where(brief)
            if self.notice:
                right = Content.styled(f" {self.notice} ", "$text-warning")
            space = self.size.width - left.cell_length - right.cell_length
            if space >= 0:
                return Content.assemble(left, " " * space, right)
        return Content.assemble(
            left.truncate(max(1, self.size.width - right.cell_length), ellipsis=True), right
        )

    def _who(self, cut: int = 0) -> Content:
        """Return who is signed in where.

        First profile and place are left out, then the key, then the name of the program.
        """
        it = self.identity
        parts: list[Content] = []
        if cut < 3:
            parts.append(Content.styled(" oai-tui ", "bold $accent"))
        if it.is_demo:
            parts.append(Content.styled(" DEMO ", "bold $text-accent on $accent-muted"))
        if it.read_only:
            parts.append(Content.styled(" READ-ONLY ", "bold $text-warning on $warning-muted"))
        if it.address:
            parts.append(Content.styled(f" {it.address} ", "bold $text-warning"))
        if it.profile and cut < 1:
            parts.append(Content(f" {it.profile} "))
        if it.key and cut < 2:
            parts.append(Content.styled(f" {it.key} ", "$text-muted"))
        if it.place and cut < 1:
            parts.append(Content.styled(f" {it.place} ", "$text-muted"))
        return Content("").join(parts)

    def _where(self, brief: int) -> Content:
        """Return the ways to the screens, and to the rotations under way.

        Briefly the rotations are a number; more briefly the other screens are digits too.
        """
        if not self.identity.key:
            return Content("")
        parts = [
            Content.styled(f" {digit} {label} ", "bold $text-accent on $accent-muted")
            if mode == self._mode
            else Content.styled(f" {digit} " if brief > 1 else f" {digit} {label} ", "$text-muted")
            for digit, label, mode in MODES
        ]
        if self.rotating:
            word = "" if brief else " rotation" if self.rotating == 1 else " rotations"
            parts.insert(0, Content.styled(f" ⟳ {self.rotating}{word} (0) ", "$text-warning"))
        return Content("").join(parts)


def follow(screen: Screen[None]) -> None:
    """Let the top bar of a screen follow who is signed in and what is waited for."""
    bar = screen.query_one(TopBar)
    screen.watch(screen.app, "identity", lambda identity: setattr(bar, "identity", identity))
    screen.watch(screen.app, "rotating", lambda number: setattr(bar, "rotating", number))
    screen.watch(screen.app, "notice", lambda notice: setattr(bar, "notice", notice))
