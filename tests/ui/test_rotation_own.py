"""The admin key the app itself is signed in with is exchanged under its feet."""

from __future__ import annotations

from pathlib import Path

import pytest

from oai_tui.core.rotation import Step
from oai_tui.simulator.model import AdminKey
from oai_tui.simulator.world import World
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.screens.rotations import RotationsScreen
from oai_tui.vault.place import Place
from tests.safe import Safe
from tests.ui.app_under_test import app_on, awaited, said, settle, signed_in, until
from tests.ui.rotating import (
    answered,
    app_at,
    asked,
    bar,
    decided,
    line_of,
    opened,
    rested,
    step_of,
    told,
    words,
    write,
)


def own_key(world: World) -> AdminKey:
    (found,) = (key for key in world.admin_keys.values() if key.value == world.admin_key)
    return found


def kept(place: Place) -> dict[str, str]:
    assert isinstance(place, Safe)
    return {name: key for name, (_, key) in place.content().items()}


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_the_session_goes_on_with_the_new_key_before_the_old_one_goes(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_at(world, tmp_path)
    safe = app.setup.places[0]
    async with app.run_test(size=size) as pilot:
        await opened(pilot, world)
        old = own_key(world)
        masked = bar(app)
        await asked(pilot, old)
        assert "It takes the place of your own key in keyring" in words(said(app, ".plan"))
        assert "An admin key made by API has all permissions" in words(said(app, ".plan"))
        assert app.focused
        assert app.focused.id == "rotate", "nothing has to be filled in"
        await pilot.press("enter")
        line = await rested(pilot, old.id)
        assert step_of(line) is Step.WAITING
        new = list(world.admin_keys.values())[-1]
        assert new.id != old.id
        assert app.session
        assert app.session.secret.reveal() == new.value
        assert kept(safe)["demo"] == new.value
        assert old.value in kept(safe).values(), "the way back stays open until the end"
        assert bar(app) != masked
        assert app.session.secret.masked() in bar(app)

        world.advance(20 * 60)
        await decided(pilot, "X")
        await answered(pilot, old, "y")
        assert old.deleted_at is not None
        assert new.deleted_at is None
        assert kept(safe) == {"demo": new.value}
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await pilot.press("r")
        await settle(pilot)
        assert app.screen.query_one("#keys").display
        assert "as of" in said(app, "#head")


@awaited
async def test_going_back_puts_the_former_key_into_the_profile_again(
    world: World, tmp_path: Path
) -> None:
    app = app_at(world, tmp_path)
    safe = app.setup.places[0]
    async with app.run_test() as pilot:
        await opened(pilot, world)
        old = own_key(world)
        await asked(pilot, old)
        await pilot.press("enter")
        await rested(pilot, old.id)
        new = list(world.admin_keys.values())[-1]
        await decided(pilot, "u")
        assert "oai-tui goes back to the old key first" in told(app)
        await answered(pilot, old, "y")
        assert (old.deleted_at, new.deleted_at is None) == (None, False)
        assert app.session
        assert app.session.secret.reveal() == old.value
        assert kept(safe) == {"demo": old.value}
        assert app.session.secret.masked() in bar(app)
        assert step_of(line_of(app, old.id)) is Step.UNDONE


@awaited
async def test_a_key_for_this_run_only_is_asked_a_lasting_place_for(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        await until(pilot, lambda: app.rotations)
        old = own_key(world)
        await asked(pilot, old)
        await write(pilot, "")
        await pilot.press("enter")
        await settle(pilot)
        assert "No place to deliver to is given" in words(said(app, "#told"))
        await write(pilot, f"file:{tmp_path}/admin.key")
        await pilot.press("enter")
        line = await rested(pilot, old.id)
        assert isinstance(app.screen, RotationsScreen)
        assert step_of(line) is Step.WAITING
        new = list(world.admin_keys.values())[-1]
        assert (tmp_path / "admin.key").read_text().strip() == new.value
        assert app.session
        assert app.session.secret.reveal() == new.value
