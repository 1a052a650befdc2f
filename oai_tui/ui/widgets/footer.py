"""The keys that work here, along the last line of a screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

HELP = "app.help"
HELP_CLASS = "-help"
QUIT = "quit"
"""The action whose key has room however many there are."""


class KeyLine(Footer):
    """The footer, with the key for help at its right end however many keys there are.

    Where a narrow terminal has no room for all of them, the last ones are left out whole and help
    is the way to them; the key that ends the program stays.
    """

    DEFAULT_CSS = """
    KeyLine { background: $panel; }
    KeyLine FooterKey.-help { dock: right; padding: 0 1; background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)

    def compose(self) -> ComposeResult:
        """Lay out the keys that there is room for, and the one for help at the end."""
        keys = [each for each in super().compose() if isinstance(each, FooterKey)]
        if not keys:  # the screen is being made
            return
        for _, binding, enabled, _tooltip in self.screen.active_bindings.values():
            if binding.id == HELP and enabled:
                shown = self.app.get_key_display(binding)
                keys.append(
                    FooterKey(
                        binding.key, shown, binding.description, binding.action, classes=HELP_CLASS
                    )
                )
        _fit(keys, self.app.size.width)
        yield from keys

    def on_resize(self) -> None:
        """Show the keys that there is room for now."""
        _fit(list(self.query(FooterKey)), self.app.size.width)


def _fit(keys: Sequence[FooterKey], width: int) -> None:
    """Hide the keys that a line has no room for, from the last one on."""
    for key in sorted(keys, key=lambda key: not _stays(key)):
        width -= _width(key)
        key.display = width >= 0


def _stays(key: FooterKey) -> bool:
    return key.has_class(HELP_CLASS) or key.action == QUIT


def _width(key: FooterKey) -> int:
    """Return the cells of a key: a blank around it, one after its word, and its padding."""
    padding = 2 if key.has_class(HELP_CLASS) else 0
    return cell_len(key.key_display) + cell_len(key.description) + 3 + padding
