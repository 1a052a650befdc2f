"""What every key does, read from the bindings themselves so that it cannot be out of date."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

HERE = "This screen"
EVERYWHERE = "Everywhere"


class Help(ModalScreen[None]):
    """The keys that work on a screen, by the part of the screen they belong to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "close", id="help.close"),
    ]

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self._groups = _groups(screen)

    def compose(self) -> ComposeResult:
        """Lay out one block a group."""
        with VerticalScroll(classes="dialog") as box:
            box.border_title = "Help"
            box.border_subtitle = "esc closes"
            yield Static(Content("\n\n").join(map(_block, self._groups.items())), markup=False)


def _groups(screen: Screen[Any]) -> dict[str, list[tuple[str, str]]]:
    """Return keys and what they do by group: the screen's own first, then by nearness."""
    groups: dict[str, list[tuple[str, str]]] = {screen.BINDING_GROUP_TITLE or HERE: []}
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
    return {group: lines for group, lines in groups.items() if lines}


def _block(group: tuple[str, list[tuple[str, str]]]) -> Content:
    title, lines = group
    return Content("\n").join(
        [
            Content.styled(title, "bold"),
            *(
                Content.assemble(Content.styled(f"  {keys:<14}", "$accent"), text)
                for keys, text in lines
            ),
        ]
    )
