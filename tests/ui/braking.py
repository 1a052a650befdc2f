"""An app at an organization with limits and alerts, for the tests of the hands on them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.events import Paste
from textual.pilot import Pilot

from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.brake import BrakeDialog
from oai_tui.ui.screens.billing import BillingScreen
from oai_tui.ui.widgets.table import Table
from tests.ui.app_under_test import app_on, settle, signed_in, until

SIZES = [(120, 40), (80, 24)]
RESEARCH = "Research"
WEB = "Web app"


def project_named(world: World, name: str) -> str:
    """Return the id of a project."""
    return next(each.id for each in world.projects.values() if each.name == name)


@asynccontextmanager
async def billing(
    world: World,
    folder: Path,
    faults: Faults | Iterable[str] = (),
    *keys: str,
    size: tuple[int, int] = (120, 40),
    read_only: bool = False,
) -> AsyncIterator[Pilot[Any]]:
    """Sign in and turn to a page of the bill with `keys`."""
    app = app_on(world, folder, faults)
    app = OaiApp(replace(app.setup, read_only=read_only))
    async with app.run_test(size=size, notifications=True) as pilot:
        await signed_in(pilot)
        await press(pilot, "3", *keys)
        yield pilot


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, each when everything before it is drawn."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def typed(pilot: Pilot[Any], text: str) -> None:
    """Write where the focus is, in place of what is there."""
    await pilot.press("end", "ctrl+u")
    pilot.app.post_message(Paste(text))
    await settle(pilot)


async def done(pilot: Pilot[Any]) -> None:
    """Wait until a change is over, one way or the other."""
    await until(pilot, lambda: not question(pilot).is_doing)
    await settle(pilot)


async def closed(pilot: Pilot[Any]) -> None:
    """Leave the question and wait for the page behind it."""
    while not isinstance(pilot.app.screen, BillingScreen):
        await press(pilot, "escape")
    await settle(pilot)


def question(pilot: Pilot[Any]) -> BrakeDialog:
    """Return the question on the screen."""
    found = pilot.app.screen
    assert isinstance(found, BrakeDialog)
    return found


def bill(pilot: Pilot[Any]) -> BillingScreen:
    """Return the bill, which may be behind a question."""
    return next(each for each in pilot.app.screen_stack if isinstance(each, BillingScreen))


def table(pilot: Pilot[Any]) -> Table[Any]:
    """Return the table of the page that is seen."""
    return bill(pilot).page.query_one(Table)


def lines(pilot: Pilot[Any]) -> list[str]:
    """Return what is on the terminal, a line each; of a question only what is in its frame."""
    screen = pilot.app.screen
    strips = screen._compositor.render_strips()
    for box in screen.query(".dialog"):
        seen = box.region
        strips = [each.crop(seen.x, seen.right) for each in strips[seen.y : seen.bottom]]
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def text(pilot: Pilot[Any]) -> str:
    """Return the same as one run of words."""
    return " ".join(" ".join(lines(pilot)).replace("│", " ").split())
