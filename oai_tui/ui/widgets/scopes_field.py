"""Where it is said what a key may do: the usual answers with the arrows, the rest from a list."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from oai_tui.core.scopes import ALL, READ_ONLY, in_words

UNCHANGED = "as they are"


class ScopesField(Static, can_focus=True):
    """One line with the scopes. Up and down change between the usual answers; enter opens a list.

    `scopes` None stands for leaving them as they are, which is only offered to keys that live.
    """

    BINDING_GROUP_TITLE = "Scopes"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,right", "turn(1)", "next", id="scopes.next", tooltip="The next answer"),
        Binding("up,left", "turn(-1)", "before", id="scopes.before", tooltip="The answer before"),
        Binding(
            "enter,space", "choose", "choose", id="scopes.choose", tooltip="Choose from a list"
        ),
    ]
    DEFAULT_CSS = """
    ScopesField {
        height: 1; background: $panel;
        text-wrap: nowrap; text-overflow: ellipsis;
        &:focus { background: $accent-muted; }
        &:disabled { background: transparent; color: $text-muted; }
    }
    """

    scopes: reactive[tuple[str, ...] | None] = reactive(ALL)

    class Asked(Message):
        """Somebody wants to choose from the list."""

        def __init__(self, field: ScopesField) -> None:
            super().__init__()
            self.field = field

    class Changed(Message):
        """Other scopes stand there now."""

    def __init__(self, *, may_stay: bool = False, id: str = "scopes") -> None:
        super().__init__(markup=False, id=id)
        self._usual: list[tuple[str, ...] | None] = [ALL, READ_ONLY]
        if may_stay:
            self._usual.insert(0, None)
        self._chosen: tuple[str, ...] | None = None
        self.set_reactive(ScopesField.scopes, self._usual[0])

    def choose(self, scopes: tuple[str, ...] | None) -> None:
        """Take what was chosen from the list, if anything was."""
        if scopes is None:
            return
        if scopes not in (ALL, READ_ONLY):
            self._chosen = scopes
        self.scopes = scopes

    def watch_scopes(self) -> None:
        """Tell the form."""
        self.post_message(self.Changed())

    def render(self) -> Content:
        """Return the answer, and how it is changed."""
        words = UNCHANGED if self.scopes is None else in_words(self.scopes)
        if self.disabled:
            return Content(words)
        more = "↑↓ change, enter: choose from a list" if self.has_focus else ""
        return Content.assemble(f"{words}  ", Content.styled(more, "$text-muted"))

    def action_turn(self, step: int) -> None:
        """Take the next of the usual answers, or what was chosen before."""
        answers = [*self._usual, *([self._chosen] if self._chosen else [])]
        now = answers.index(self.scopes) if self.scopes in answers else 0
        self.scopes = answers[(now + step) % len(answers)]

    def action_choose(self) -> None:
        """Ask for the list."""
        self.post_message(self.Asked(self))

    def on_click(self) -> None:
        """A click does what enter does."""
        self.action_choose()
