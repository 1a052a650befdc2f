"""The keys that work here, along the last line of a screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

HELP = "app.help"


class KeyLine(Footer):
    """The footer, with the key for help at its right end however many keys there are.

    Where a narrow terminal has no room for all of them, help is the way to the others.
    """

    DEFAULT_CSS = """
    KeyLine { background: $panel; }
    KeyLine FooterKey.-help { dock: right; padding: 0 1; background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)

    def compose(self) -> ComposeResult:
        """Lay out the keys, and the one for help over what has no room beside it."""
        keys = list(super().compose())
        yield from keys
        if not keys:  # the screen is being made
            return
        for _, binding, enabled, _tooltip in self.screen.active_bindings.values():
            if binding.id == HELP and enabled:
                shown = self.app.get_key_display(binding)
                yield FooterKey(
                    binding.key, shown, binding.description, binding.action, classes="-help"
                )
