"""The whole app on a simulated organization, for the tests of its screens."""

from __future__ import annotations

import asyncio
import functools
import html
import re
from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from oai_tui.api.exchange import AsgiApp
from oai_tui.core.secret import Secret
from oai_tui.services.setup import Demo
from oai_tui.services.start import demo_setup
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.platform import build
from oai_tui.simulator.world import World
from oai_tui.store.paths import Folders
from oai_tui.ui.app import OaiApp

P = ParamSpec("P")


def awaited(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test that is a coroutine, for four minutes at most."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), 240))

    return run


def app_on(
    world: World,
    tmp_path: Path,
    faults: Faults | Iterable[str] = (),
    *,
    key: str | None = None,
    app: AsgiApp | None = None,
) -> OaiApp:
    """Build the app for a world with a fixed clock; `key` is another key than its first.

    `app` is a platform that answers for the world in its own way.
    """
    demo = Demo(app or build(world, faults), Secret(key or world.admin_key))

    def clock() -> datetime:
        return datetime.fromtimestamp(world.now(), UTC)

    return OaiApp(demo_setup(Folders.under(tmp_path), demo, clock))


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until nothing is loading and everything is drawn; a question may still be open."""
    quiet = 0
    while quiet < 2:
        await pilot.pause()
        loading = [w for w in pilot.app.workers if w.group != "change" and not w.is_finished]
        quiet = 0 if loading else quiet + 1
        if loading:
            await pilot.app.workers.wait_for_complete(loading)


async def signed_in(pilot: Pilot[Any]) -> None:
    """Sign in with the key that is filled in."""
    await settle(pilot)
    await pilot.press("enter")
    await settle(pilot)
    await pilot.press("enter")
    await settle(pilot)


def said(app: App[Any], selector: str) -> str:
    """Return what a line or block of the screen says, without its styles."""
    return str(app.screen.query_one(selector, Static).content)


def seen(app: App[Any]) -> str:
    """Return everything on the terminal as text; rows that lie side by side are run together."""
    parts = re.findall(r"<text[^>]*>(.*?)</text>", app.export_screenshot())
    return html.unescape("".join(parts)).replace("\xa0", " ")


async def until(pilot: Pilot[Any], condition: Callable[[], object]) -> None:
    """Wait until something is so; the time a test has is the limit."""
    while not condition():
        await pilot.pause(0.01)
    await pilot.pause()
