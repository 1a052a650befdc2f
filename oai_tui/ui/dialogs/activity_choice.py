"""Choosing one of many by typing a part of its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.widgets.field import Field

T = TypeVar("T")

MOST_SHOWN = 200
"""Of more nobody reads the list; typing finds the others."""


class Choice(Dialog[T | None], Generic[T]):
    """Returns what was chosen, or None. The first of the choices is offered first."""

    AUTO_FOCUS = "#typed-name"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", id="choice.cancel"),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Choice {
        #choices {
            height: auto; max-height: 14; border: none; padding: 0; margin-top: 1;
            background: transparent;
        }
        #typed-name { background: $panel; }
        #told { height: 1; margin-top: 1; }
    }
    """

    def __init__(
        self,
        title: str,
        choices: Sequence[tuple[str, T]],
        *,
        hint: str = "",
        typed: Callable[[str], T | None] = lambda text: None,
    ) -> None:
        """Offer `choices` by name; `typed` makes one of a text that is none of them, if it can."""
        super().__init__()
        self._title = title
        self._choices = choices
        self._hint = hint
        self._typed = typed
        self._found: list[tuple[str, T]] = []

    def compose(self) -> ComposeResult:
        """Lay out the line to type in and the list."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "enter chooses · ↑ ↓ · esc cancels"
            yield Field(placeholder="type a part of the name", id="typed-name", compact=True)
            yield OptionList(id="choices", markup=False)
            yield Static(id="told", markup=False)

    def on_mount(self) -> None:
        """Offer everything."""
        self.query_one(OptionList).can_focus = False
        self._offer("")

    def action_move(self, step: int) -> None:
        """Go up or down the list while the cursor stays where it types."""
        choices = self.query_one(OptionList)
        if step > 0:
            choices.action_cursor_down()
        else:
            choices.action_cursor_up()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self._offer(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        place = self.query_one(OptionList).highlighted
        if place is not None:
            self.dismiss(self._found[place][1])
        elif (made := self._typed(event.value.strip())) is not None:
            self.dismiss(made)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index][1])

    def _offer(self, text: str) -> None:
        words = text.casefold().split()
        found = [each for each in self._choices if all(w in each[0].casefold() for w in words)]
        self._found = found[:MOST_SHOWN]
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options([Option(Content(name)) for name, _ in self._found])
        choices.highlighted = 0 if self._found else None
        more = len(found) - len(self._found)
        told = f"{more} more: type on" if more else self._hint
        if not found:
            can = self._typed(text.strip()) is not None
            told = f"enter takes “{text.strip()}” as it is" if can else "Nothing has that name."
        self.say(told, "$text-muted")
