"""An app at an organization whose keys are rotated, with a key store in a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, Static

from oai_tui.api import keys as api
from oai_tui.core.rotation import Step
from oai_tui.core.secret import Secret
from oai_tui.services.rotation.queue import Line
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import AdminKey, Key
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.decide import Decide
from oai_tui.ui.dialogs.hand_over import HandOver
from oai_tui.ui.dialogs.rotate import RotateMany, RotateOne
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.screens.rotations import RotationsScreen
from oai_tui.ui.widgets.table import Table
from oai_tui.ui.widgets.topbar import TopBar
from oai_tui.vault.credential import Credential
from oai_tui.vault.memory import MemoryPlace
from tests.api.talking import client_of
from tests.safe import Safe
from tests.ui.app_under_test import app_on, settle, until

BATCH = "batch-nightly"
IDLE = "idle-one"


def app_at(
    world: World, folder: Path, faults: Faults | Iterable[str] = (), **changes: Any
) -> OaiApp:
    """Build an app whose key store lasts; `changes` are made to its setup."""
    app = app_on(world, folder, faults)
    app.setup = replace(app.setup, places=(Safe(folder), MemoryPlace()), **changes)
    return app


async def opened(pilot: Pilot[None], world: World) -> OaiApp:
    """Have the app find its key in the store and come to the list of keys."""
    app = pilot.app
    assert isinstance(app, OaiApp)
    if app.session is None:
        setup = app.setup
        kept = Credential(Secret(world.admin_key), setup.base_url.origin)
        await setup.places[0].save(setup.profile, kept)
        await settle(pilot)
        if app.session is None:  # no key was there yet when it began
            await pilot.press("enter")
            await settle(pilot)
            await pilot.press("enter")
    await until(pilot, lambda: app.session and isinstance(app.screen, KeysScreen))
    await settle(pilot)
    if app.session and app.session.rotator:
        await until(pilot, lambda: app.rotations)
    await settle(pilot)
    return app


def named(world: World, name: str) -> Key:
    """Return the living key of this name."""
    (found,) = (k for k in world.keys.values() if k.name == name and k.deleted_at is None)
    return found


async def idle(app: OaiApp, world: World) -> Key:
    """Make a key of a service account that nobody uses, however late it gets."""
    assert app.setup.demo
    account = next(
        each
        for each in world.service_accounts.values()
        if world.projects[each.project_id].archived_at is None
    )
    async with client_of(app.setup.demo.app, key=world.admin_key) as client:
        made = await api.create_account_key(client, account.project_id, account.id, IDLE, None)
    return world.keys[made.id]


def newest(world: World) -> Key:
    return list(world.keys.values())[-1]


def account_keys(world: World, number: int) -> list[Key]:
    """Return living keys of service accounts, each of another project."""
    found = {
        key.project_id: key
        for key in world.keys.values()
        if key.owner_type == "service_account"
        and key.deleted_at is None
        and world.projects[key.project_id].archived_at is None
    }
    return list(found.values())[:number]


async def point(pilot: Pilot[None], *ids: str) -> None:
    """Put the cursor on a key, or mark several."""
    table = pilot.app.screen.query_one(Table)
    for id in ids:
        assert table.move_to_id(id)
        if len(ids) > 1:
            await pilot.press("space")


async def asked(pilot: Pilot[None], *keys: Key | AdminKey) -> RotateOne | RotateMany:
    """Press R on a key, or on several marked ones, and see the plan."""
    await point(pilot, *(key.id for key in keys))
    await pilot.press("R")
    await until(pilot, lambda: isinstance(pilot.app.screen, RotateOne | RotateMany))
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, RotateOne | RotateMany)
    return screen


async def rotated(pilot: Pilot[None], key: Key | AdminKey, places: str | None = None) -> Line:
    """Rotate a key to places, and come to where a person is needed."""
    await asked(pilot, key)
    if places is not None:
        await write(pilot, places)
    await pilot.press("enter")
    return await rested(pilot, key.id)


async def write(pilot: Pilot[None], places: str) -> None:
    """Write where the new key goes, and stay in that line."""
    field = pilot.app.screen.query_one("#deliver", Input)
    field.focus()
    field.value = places
    await pilot.pause()


def line_of(app: OaiApp, old_id: str) -> Line:
    assert app.rotations
    return [line for line in app.rotations.lines if line.old_id == old_id][-1]


async def rested(pilot: Pilot[None], old_id: str) -> Line:
    """Wait until nobody works on the rotation of a key, and its queue is on the screen."""
    app = pilot.app
    assert isinstance(app, OaiApp)
    queue = app.rotations
    assert queue
    await until(pilot, lambda: any(line.old_id == old_id for line in queue.lines))
    line = line_of(app, old_id)
    await until(
        pilot,
        lambda: (
            not app.is_changing
            and not line.is_working
            and isinstance(app.screen, RotationsScreen | HandOver)
        ),
    )
    await settle(pilot)
    return line


async def waited(pilot: Pilot[None], key: Key | AdminKey, folder: Path) -> Line:
    """Rotate a key into a file and come to the waiting for its old one."""
    line = await rotated(pilot, key, f"file:{folder}/{key.id}.key")
    assert step_of(line) is Step.WAITING
    return line


def bar(app: OaiApp) -> str:
    return str(app.screen.query_one(TopBar).render())


async def decided(pilot: Pilot[None], key: str) -> Decide:
    """Press a key that ends a rotation, and see the question."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, Decide))
    await settle(pilot)
    assert isinstance(pilot.app.screen, Decide)
    return pilot.app.screen


async def answered(pilot: Pilot[None], old: Key | AdminKey, *keys: str) -> None:
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(pilot.app.screen, RotationsScreen))
    app = pilot.app
    assert isinstance(app, OaiApp)
    await rested(pilot, old.id)


def told(app: OaiApp) -> str:
    """Return every sentence of the screen in front, without what breaks it."""
    return words(" ".join(str(each.content) for each in app.screen.query(Static)))


def words(text: str) -> str:
    """Return a text with its blanks and line ends made one."""
    return " ".join(text.split())


def step_of(line: Line) -> Step | None:
    return line.rotation.step if line.rotation else None
