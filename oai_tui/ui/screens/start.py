"""The first thing seen: one line, while the places for keys are asked."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.screen import Screen

from oai_tui.services.kept import Kept, kept
from oai_tui.ui.host import Host
from oai_tui.ui.widgets.state import StatePane
from oai_tui.ui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from oai_tui.ui.screens.keys import KeysScreen


class StartScreen(Screen[None]):
    """Signs in with a key that is kept, or goes on to asking for one."""

    @property
    def oai(self) -> Host:
        """The app, as ours."""
        return cast(Host, self.app)

    def compose(self) -> ComposeResult:
        """Lay out next to nothing: this is what the first frame waits for."""
        yield TopBar()
        yield StatePane()

    def on_mount(self) -> None:
        """Begin once the first frame is out."""
        self.query_one(StatePane).say_loading("Looking for a key that is kept already …")
        # Key store and network libraries would hold it up.
        self.app.call_later(self._begin)

    @work
    async def _begin(self) -> None:
        setup = self.oai.setup
        found, self.oai.key_troubles = await kept(setup.places, setup.profile, setup.base_url)
        if found:
            await self._open(found)
        else:
            with self.app.batch_update():
                await self.oai.switch_mode("login")
        self.oai.starting = False
        gc.enable()

    async def _open(self, found: Kept) -> None:
        seen = await self._recall(found)
        from oai_tui.services.session import connect, open_session

        setup = self.oai.setup
        client = connect(setup, found.credential.secret)
        session = open_session(setup, found.credential, found.place.name, client)
        await self.oai.signed_in(session)
        if seen:
            seen.on_screen_resume()

    async def _recall(self, found: Kept) -> KeysScreen | None:
        """Show the keys as they were last seen; whatever signing in takes is loaded after that."""
        from oai_tui.services.recalling import recalled
        from oai_tui.ui.screens.keys import KeysScreen

        known = recalled(self.oai.setup, found.credential)
        if known is None:
            return None
        mounted = self.oai.switch_mode("keys")
        screen = cast(KeysScreen, self.app.screen)
        screen.remembered = known
        await mounted
        await screen.painted()
        return screen
