"""The app: which screens there are, and what can be done on every one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen

from oai_tui.core.errors import Problem
from oai_tui.ui.host import Host
from oai_tui.ui.screens.start import StartScreen
from oai_tui.ui.theme import DARK, LIGHT, THEMES

if TYPE_CHECKING:
    from oai_tui.services.setup import Setup


# Imported late: none of these is needed for the first frame.
def _login() -> Screen[Any]:
    from oai_tui.ui.screens.login import LoginScreen

    return LoginScreen()


def _keys() -> Screen[Any]:
    from oai_tui.ui.screens.keys import KeysScreen

    return KeysScreen()


def _usage() -> Screen[Any]:
    from oai_tui.ui.screens.usage import UsageScreen

    return UsageScreen()


def _billing() -> Screen[Any]:
    from oai_tui.ui.screens.billing import BillingScreen

    return BillingScreen()


def _activity() -> Screen[Any]:
    from oai_tui.ui.screens.activity import ActivityScreen

    return ActivityScreen()


def _rotations() -> Screen[Any]:
    from oai_tui.ui.screens.rotations import RotationsScreen

    return RotationsScreen()


class OaiApp(Host):
    """The whole program on a terminal."""

    TITLE = "oai-tui"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    MODES = {
        "start": StartScreen,
        "login": _login,
        "keys": _keys,
        "usage": _usage,
        "billing": _billing,
        "activity": _activity,
        "rotations": _rotations,
    }
    DEFAULT_MODE = "start"
    BINDING_GROUP_TITLE = "Everywhere"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "go('keys')", "keys", id="app.keys", show=False, tooltip="The API keys"),
        Binding("2", "go('usage')", "usage", id="app.usage", show=False, tooltip="The usage"),
        Binding("3", "go('billing')", "billing", id="app.billing", show=False, tooltip="The bill"),
        Binding(
            "4",
            "go('activity')",
            "activity",
            id="app.activity",
            show=False,
            tooltip="What was done, by whom and when",
        ),
        Binding(
            "0",
            "go('rotations')",
            "rotations",
            id="app.rotations",
            show=False,
            tooltip="The rotations under way",
        ),
        Binding(
            "question_mark",
            "help",
            "help",
            id="app.help",
            show=False,
            key_display="?",
            tooltip="What every key does here",
        ),
        Binding("q", "quit", "quit", id="app.quit", show=False, tooltip="End the program"),
        Binding(
            "ctrl+q",
            "quit",
            "quit",
            id="app.quit-typing",
            priority=True,
            tooltip="End the program, also while typing",
        ),
        Binding(
            "ctrl+z",
            "suspend_process",
            "suspend",
            id="app.suspend",
            show=False,
            tooltip="Back to the shell; fg returns",
        ),
    ]

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        for theme in THEMES:
            self.register_theme(theme)
        self.set_keymap({action: ",".join(keys) for action, keys in setup.keymap.items()})
        self.theme = setup.theme if setup.theme in self.available_themes else DARK.name

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Return what the palette offers: no picture of the screen, which could hold a key."""
        if self.session:
            yield SystemCommand("Keys", "Show the API keys", lambda: self.action_go("keys"))
            yield SystemCommand("Usage", "Show the usage", lambda: self.action_go("usage"))
            yield SystemCommand("Billing", "Show the bill", lambda: self.action_go("billing"))
            yield SystemCommand(
                "Activity",
                "Show what was done, by whom and when",
                lambda: self.action_go("activity"),
            )
            yield SystemCommand(
                "Rotations", "Show the rotations under way", lambda: self.action_go("rotations")
            )
            yield SystemCommand("Sign in again", "Use another key", self.action_sign_in)
        yield SystemCommand("Dark", "Use the dark theme", lambda: self._use_theme(DARK.name))
        yield SystemCommand("Light", "Use the light theme", lambda: self._use_theme(LIGHT.name))
        yield SystemCommand("Help", "Show what every key does", self.action_help)
        yield SystemCommand("Quit", "End the program", self.action_quit)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the ways to the screens while nobody is signed in."""
        return self.session is not None if action == "go" else True

    def handle_bindings_clash(self, clashed_bindings: set[Binding], node: DOMNode) -> None:
        """Say which actions the settings' keymap gives one and the same key."""
        named = " and ".join(sorted(binding.id or binding.action for binding in clashed_bindings))
        self.hint(f"The keymap gives a key of {named} to something else as well.")

    async def action_sign_in(self) -> None:
        """Ask for another key."""
        await self.switch_mode("login")

    def action_help(self) -> None:
        """Show what every key does on this screen."""
        from oai_tui.ui.dialogs.help import Help

        self.push_screen(Help(self.screen))

    def _use_theme(self, name: str) -> None:
        self.theme = name
        try:
            self.setup.settings.update(lambda settings: replace(settings, theme=name))
        except Problem as problem:
            self.tell(problem)


def run(setup: Setup) -> int:
    """Open the app and return the exit status of the process."""
    app = OaiApp(setup)
    app.run()
    return app.return_code or 0
