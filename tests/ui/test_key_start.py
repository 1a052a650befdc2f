"""The start with a key that is kept: the keys as they were seen last come before the network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets.table import Table
from oai_tui.vault.environment import EnvironmentPlace
from tests.ui.app_under_test import app_on, awaited, said, settle, signed_in, until


def app_with_key(world: World, tmp_path: Path, faults: Faults) -> OaiApp:
    app = app_on(world, tmp_path, faults)
    environ = {"OPENAI_ADMIN_KEY": world.admin_key, "OPENAI_BASE_URL": app.setup.base_url.url}
    place = EnvironmentPlace(environ)
    app.setup = replace(app.setup, places=(place,))
    return app


@awaited
async def test_the_keys_seen_last_are_there_while_the_platform_is_silent(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    first = app_on(world, tmp_path, faults)
    async with first.run_test() as pilot:
        await signed_in(pilot)
        number = len(first.screen.query_one(Table).rows)
    faults.set("hang")
    app = app_with_key(world, tmp_path, faults)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, KeysScreen) and app.session)
        assert len(app.screen.query_one(Table).rows) == number
        await until(pilot, lambda: "reading" in said(app, "#head"))
        await pilot.press("slash", *"stale", "enter")
        assert 0 < len(app.screen.query_one(Table).rows) < number
        faults.clear()
        await pilot.press("escape", "r")
        await settle(pilot)
        assert "as of 12:04 UTC" in said(app, "#head")
        assert len(app.screen.query_one(Table).rows) == number


@awaited
async def test_without_anything_remembered_the_list_is_read(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_with_key(world, tmp_path, faults)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await settle(pilot)
        assert len(app.screen.query_one(Table).rows) > 40
