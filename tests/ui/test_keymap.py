"""Keys given by the settings file do what they say, and those they replace no longer do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.new_key import NewKeyForm
from oai_tui.ui.screens.keys import KeysScreen
from tests.ui.app_under_test import app_on, awaited, seen, settle, signed_in, until


@awaited
async def test_an_action_answers_to_the_key_it_was_given(world: World, tmp_path: Path) -> None:
    setup = replace(app_on(world, tmp_path).setup, keymap={"keys.new": ("N", "f5")})
    app = OaiApp(setup)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert isinstance(app.screen, KeysScreen)
        for key in ("N", "f5"):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, NewKeyForm))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, KeysScreen))


@awaited
async def test_one_key_for_two_actions_is_told(world: World, tmp_path: Path) -> None:
    keymap = {"keys.new": ("f5",), "keys.filter": ("f5",)}
    setup = replace(app_on(world, tmp_path).setup, keymap=keymap)
    app = OaiApp(setup)
    async with app.run_test(notifications=True) as pilot:
        await signed_in(pilot)
        assert "The keymap gives a key of keys.new" in seen(app)
