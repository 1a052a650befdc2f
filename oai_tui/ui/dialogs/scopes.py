"""What a key may do, chosen from a list that is found as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.core.errors import WrongInput
from oai_tui.core.scopes import checked, matching, unchecked, words_of
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.widgets.field import Field

NOTE = (
    "No endpoint lists the scopes. These are known from the platform's own pages and errors; any "
    "other can be typed and is sent unchecked. Calling models may need model.request as well."
)
WIDTH = 30


class _Filter(Field):
    """The line that is typed in; space marks in the list, as no scope has a blank in it."""

    BINDING_GROUP_TITLE = "Scopes"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.move(1)", "down", id="scopes.down", tooltip="Down in the list"),
        Binding("up", "screen.move(-1)", "up", id="scopes.up", tooltip="Up in the list"),
        Binding("pagedown", "screen.move(8)", "page down", show=False),
        Binding("pageup", "screen.move(-8)", "page up", show=False),
        Binding(
            "space",
            "screen.mark",
            "mark",
            id="scopes.mark",
            priority=True,
            tooltip="Mark or unmark",
        ),
    ]


class ScopesDialog(Dialog[tuple[str, ...] | None]):
    """Returns the scopes marked, or None; at least one is marked when it is not left."""

    AUTO_FOCUS = "#find"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel", id="scopes.cancel", tooltip="Leave them as they were"),
    ]
    DEFAULT_CSS = """
    ScopesDialog #offered {
        height: 10; border: none; padding: 0; background: transparent; margin-top: 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    ScopesDialog #find { background: $panel; }
    """

    def __init__(self, marked: Sequence[str]) -> None:
        super().__init__()
        self._marked = list(dict.fromkeys(marked))
        self._offered: list[str] = []

    def compose(self) -> ComposeResult:
        """Lay out the line, the list and what is marked."""
        with Vertical(classes="dialog") as box:
            box.border_title = "What the key may do"
            box.border_subtitle = "space marks · enter takes the marked · esc cancels"
            yield _Filter(placeholder="type to find, or any scope by name", compact=True, id="find")
            yield OptionList(id="offered", markup=False)
            yield Static(id="marked", markup=False)
            yield Static(Content.styled(NOTE, "$text-muted"), markup=False)
            yield Static(id="told", markup=False)

    def on_mount(self) -> None:
        """Offer everything, what is marked first."""
        self.query_one(OptionList).can_focus = False
        self._offer("")
        self.say("")

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        self.say("")
        self._offer(event.value)

    @on(Input.Submitted, "#find")
    def _entered(self, event: Input.Submitted) -> None:
        """Take the marked; what was typed and is no marked one is marked first."""
        if event.value.strip() and not self._offered:
            self.say("No scope is found by this. One of your own has a dot in it.", "$text-warning")
        elif event.value.strip():
            self.action_mark()
        elif self._marked:
            self.dismiss(tuple(self._marked))
        else:
            self.say("Nothing is marked. Space marks; esc leaves it as it was.", "$text-warning")

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._toggle(event.option_id or "")

    def action_move(self, step: int) -> None:
        """Move in the list while the line keeps the focus."""
        offered = self.query_one(OptionList)
        if offered.option_count:
            place = (offered.highlighted or 0) + step
            offered.highlighted = max(0, min(place, offered.option_count - 1))

    def action_mark(self) -> None:
        """Mark or unmark what the list stands on, and start the line afresh."""
        place = self.query_one(OptionList).highlighted
        if place is not None and place < len(self._offered):
            self._toggle(self._offered[place])

    def action_leave(self) -> None:
        """Go one step back: empty the line, then close."""
        field = self.query_one("#find", Input)
        if field.value:
            field.value = ""
        else:
            self.dismiss(None)

    def _toggle(self, id: str) -> None:
        try:
            checked((*self._marked, id))
        except WrongInput as problem:
            self.say(str(problem), "$text-error")
            return
        if id in self._marked:
            self._marked.remove(id)
        else:
            self._marked.append(id)
        field = self.query_one("#find", Input)
        if field.value:
            field.value = ""
        else:
            self._offer("")

    def _offer(self, text: str) -> None:
        """Fill the list: what matches, and what was typed itself where it is no known one."""
        offered = self.query_one(OptionList)
        before = offered.highlighted or 0
        found = [scope.id for scope in matching(text)]
        own = [id for id in unchecked(self._marked) if text.casefold() in id]
        typed = text.strip().casefold()
        new = [typed] if "." in typed and typed not in (*found, *own) else []
        self._offered = [*own, *found, *new]
        offered.clear_options()
        offered.add_options([Option(self._line(id), id=id) for id in self._offered])
        if self._offered:
            offered.highlighted = 0 if text else min(before, len(self._offered) - 1)
        words = ", ".join(self._marked) or "nothing yet"
        self.query_one("#marked", Static).update(Content(f"marked: {words}"))

    def _line(self, id: str) -> Content:
        sign = "[x]" if id in self._marked else "[ ]"
        tone = "$text-warning" if unchecked([id]) else "$text-muted"
        return Content.assemble(f"{sign} {id:<{WIDTH}} ", Content.styled(words_of(id), tone))
