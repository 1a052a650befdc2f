"""What every key does and what the signs mean, as the screen itself has them at the moment."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from oai_tui.ui.widgets.signs import signs_on

HERE = "This screen"
EVERYWHERE = "Everywhere"
SIGNS = "Signs"

KEYS = 16
"""Cells before what a key does."""
LEAST = 20
"""Cells that what a key does has at least."""

Lines = list[tuple[str, str]]
"""Keys, or a sign, and what they do or mean."""


class Help(ModalScreen[None]):
    """The keys that work on a screen, by the part of the screen they belong to, and its signs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "close", id="help.close"),
    ]

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        focused = screen.focused
        # Those of the screen come before those that every list has.
        nodes = reversed(focused.ancestors_with_self) if focused else [screen]
        self._groups = _groups(screen) | {SIGNS: list(signs_on(nodes))}

    def compose(self) -> ComposeResult:
        """Lay out one block a group."""
        with VerticalScroll(classes="dialog") as box:
            box.border_title = "Help"
            box.border_subtitle = "↑ ↓ pgdn scroll · esc closes"
            yield _Blocks(self._groups.items())


class _Blocks(Static):
    """Groups below each other; what does not fit into a line goes on below its own beginning."""

    def __init__(self, groups: Iterable[tuple[str, Lines]]) -> None:
        super().__init__(markup=False)
        self._told = [group for group in groups if group[1]]

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines for the room there is."""
        room = max(LEAST, event.size.width - KEYS)
        self.update(Content("\n\n").join(_block(*group, room) for group in self._told))


def _groups(screen: Screen[Any]) -> dict[str, Lines]:
    """Return keys and what they do by group: the screen's own first, then by nearness."""
    groups: dict[str, Lines] = {screen.BINDING_GROUP_TITLE or HERE: []}
    described: dict[tuple[str, str], list[str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if active.enabled and binding.id and binding.description:
            group = active.node.BINDING_GROUP_TITLE or HERE
            text = active.tooltip or binding.description
            described.setdefault((group, text), []).append(screen.app.get_key_display(binding))
    described[EVERYWHERE, "Everything by name: screens, themes, Sign in again"] = ["^p"]
    for (group, text), keys in described.items():
        groups.setdefault(group, []).append((" ".join(keys), text))
    return groups


def _block(title: str, lines: Lines, room: int) -> Content:
    parts = [Content.styled(title, "bold")]
    for keys, text in lines:
        first, *rest = wrap(text, room)
        parts.append(Content.assemble(Content.styled(f"  {keys:<{KEYS - 2}}", "$accent"), first))
        parts += [Content(f"{'':{KEYS}}{each}") for each in rest]
    return Content("\n").join(parts)
