"""The app: which screens there are, who is signed in, what every screen can do."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from oai_tui.core.errors import Problem
from oai_tui.services.session import Session, Setup
from oai_tui.ui.dialogs.help import Help
from oai_tui.ui.guard import GuardedApp
from oai_tui.ui.screens.billing import BillingScreen
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.screens.login import LoginScreen
from oai_tui.ui.screens.usage import UsageScreen
from oai_tui.ui.theme import DARK, LIGHT
from oai_tui.ui.widgets.topbar import Identity

T = TypeVar("T")

QUIT_WAITS = 35.0
"""Seconds that quitting waits for a change under way: a little more than a request may take."""


class OaiApp(GuardedApp):
    """The whole program on a terminal."""

    TITLE = "oai-tui"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    MODES = {
        "login": LoginScreen,
        "keys": KeysScreen,
        "usage": UsageScreen,
        "billing": BillingScreen,
    }
    DEFAULT_MODE = "login"
    BINDING_GROUP_TITLE = "Everywhere"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "go('keys')", "keys", id="app.keys", show=False, tooltip="The API keys"),
        Binding("2", "go('usage')", "usage", id="app.usage", show=False, tooltip="The usage"),
        Binding("3", "go('billing')", "billing", id="app.billing", show=False, tooltip="The bill"),
        Binding(
            "question_mark",
            "help",
            "help",
            id="app.help",
            key_display="?",
            tooltip="What every key does here",
        ),
        Binding("q", "quit", "quit", id="app.quit", tooltip="End the program"),
        Binding(
            "ctrl+z",
            "suspend_process",
            "suspend",
            id="app.suspend",
            show=False,
            tooltip="Back to the shell; fg returns",
        ),
    ]

    notice: reactive[str] = reactive("")
    identity: reactive[Identity] = reactive(Identity())

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self.setup = setup
        self.session: Session | None = None
        self._changes: set[asyncio.Task[Any]] = set()
        self._waiting_until = 0.0
        self._waiting_why = ""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.set_keymap({action: ",".join(keys) for action, keys in setup.keymap.items()})
        self.theme = setup.theme if setup.theme in self.available_themes else DARK.name

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Return what the palette offers: no picture of the screen, which could hold a key."""
        if self.session:
            yield SystemCommand("Keys", "Show the API keys", lambda: self.action_go("keys"))
            yield SystemCommand("Usage", "Show the usage", lambda: self.action_go("usage"))
            yield SystemCommand("Billing", "Show the bill", lambda: self.action_go("billing"))
            yield SystemCommand("Sign in again", "Use another key", self.action_sign_in)
        yield SystemCommand("Dark", "Use the dark theme", lambda: self._use_theme(DARK.name))
        yield SystemCommand("Light", "Use the light theme", lambda: self._use_theme(LIGHT.name))
        yield SystemCommand("Help", "Show what every key does", self.action_help)
        yield SystemCommand("Quit", "End the program", self.action_quit)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the ways to the screens while nobody is signed in."""
        return self.session is not None if action == "go" else True

    async def signed_in(self, session: Session) -> None:
        """Go on with a session, in place of the one before."""
        before, self.session = self.session, session
        session.client.on_wait = self._announce_wait
        self.identity = Identity(
            profile=session.setup.profile,
            key=session.secret.masked(),
            place=session.place,
            address="" if self._is_usual_place() else session.client.base_url.origin,
            is_demo=session.setup.demo is not None,
            read_only=session.setup.read_only,
        )
        if before:
            await before.close()
        await self.switch_mode("keys")
        if session.trouble:
            self.notify(session.trouble, severity="warning", timeout=20, markup=False)

    def change(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Run a change of the organization to its end, whatever happens to the screen it is of."""
        task = asyncio.create_task(work)
        self._changes.add(task)
        task.add_done_callback(self._changes.discard)
        return asyncio.shield(task)

    @property
    def is_changing(self) -> bool:
        """Whether a change of the organization is under way."""
        return bool(self._changes)

    def tell(self, problem: Problem) -> None:
        """Say in a corner that something did not work."""
        request = f"\nrequest {problem.request_id}" if problem.request_id else ""
        self.notify(f"{problem}{request}", severity="error", timeout=15, markup=False)

    async def action_go(self, mode: str) -> None:
        """Show another screen."""
        if self.current_mode != mode:
            await self.switch_mode(mode)

    async def action_sign_in(self) -> None:
        """Ask for another key."""
        await self.switch_mode("login")

    def action_help(self) -> None:
        """Show what every key does on this screen."""
        self.push_screen(Help(self.screen))

    async def action_quit(self) -> None:
        """End the program, once the changes under way have their answer."""
        if self._changes:
            self.notify("A change is under way; leaving as soon as it is answered.", markup=False)
            await asyncio.wait(self._changes, timeout=QUIT_WAITS)
        self.exit()

    async def on_unmount(self) -> None:
        """Let go of connections and files."""
        if self.session:
            await self.session.close()

    def _use_theme(self, name: str) -> None:
        self.theme = name
        try:
            self.setup.settings.update(lambda settings: replace(settings, theme=name))
        except Problem as problem:
            self.tell(problem)

    def _is_usual_place(self) -> bool:
        return self.setup.base_url.is_official or self.setup.demo is not None

    def _announce_wait(self, seconds: float, why: str) -> None:
        if seconds < 1:
            return
        self._waiting_until = self._loop_time() + seconds
        self._waiting_why = why.rstrip(".")
        self._count_down()

    def _count_down(self) -> None:
        left = round(self._waiting_until - self._loop_time())
        if left <= 0:
            self.notice = ""
            return
        self.notice = f"{self._waiting_why} · again in {left} s"
        self.set_timer(1, self._count_down)

    @staticmethod
    def _loop_time() -> float:
        return asyncio.get_running_loop().time()


def run(setup: Setup) -> int:
    """Open the app and return the exit status of the process."""
    app = OaiApp(setup)
    app.run()
    return app.return_code or 0
