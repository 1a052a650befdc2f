"""Keys whose making was interrupted: told, found again, and settled by a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.dialogs.new_key import NewKeyForm
from oai_tui.ui.dialogs.orphan import OrphanDialog
from oai_tui.ui.screens.keys import KeysScreen
from tests.journeys.driving import SECONDS
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in, until


async def interrupted(pilot: Pilot[None], faults: Faults, fault: str) -> None:
    """Have the answer to the making of a key get lost, and open the dialog about it."""
    await signed_in(pilot)
    await pilot.press("n")
    await until(pilot, lambda: isinstance(pilot.app.screen, NewKeyForm))
    await settle(pilot)
    faults.set(f"{fault}@POST /organization")
    await pilot.press(*"night", "enter")
    await until(pilot, lambda: "not known whether" in said(pilot.app, "#told"))
    faults.clear()
    await pilot.press("escape")
    await until(pilot, lambda: isinstance(pilot.app.screen, KeysScreen))
    await settle(pilot)
    assert "1 unfinished (o)" in said(pilot.app, "#head")
    await pilot.press("o")
    await until(pilot, lambda: isinstance(pilot.app.screen, OrphanDialog))


async def closed(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, KeysScreen))
    await settle(pilot)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_a_key_nobody_has_is_found_again_and_revoked(
    world: World, tmp_path: Path, faults: Faults, size: tuple[int, int]
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=size) as pilot:
        before = set(world.keys)
        await interrupted(pilot, faults, "reset-after")
        (made,) = set(world.keys) - before
        assert made in seen(app)
        assert "night-" in seen(app)
        await pilot.click("#revoke")
        await closed(pilot)
        assert world.keys[made].deleted_at is not None
        assert "unfinished" not in said(app, "#head")
        assert "o" not in app.screen.active_bindings


@awaited
async def test_enter_leaves_it_for_later(world: World, tmp_path: Path, faults: Faults) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await interrupted(pilot, faults, "reset-after")
        await pilot.press("enter")
        await closed(pilot)
        assert "1 unfinished (o)" in said(app, "#head")
        assert not any(key.deleted_at == SECONDS for key in world.keys.values())


@awaited
async def test_a_person_may_take_it_upon_themselves(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await interrupted(pilot, faults, "reset-after")
        await pilot.click("#forget")
        await closed(pilot)
        assert "unfinished" not in said(app, "#head")


@awaited
async def test_a_key_that_was_never_made_is_closed_after_ten_minutes(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await interrupted(pilot, faults, "reset-before")
        assert "not listed so far" in seen(app)
        assert not app.screen.query("#revoke")
        await pilot.press("escape")
        await closed(pilot)
        world.advance(601)
        await pilot.press("r")
        await settle(pilot)
        assert "unfinished" not in said(app, "#head")


@awaited
async def test_a_revocation_that_fails_leaves_it_unfinished(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await interrupted(pilot, faults, "reset-after")
        faults.set("403-plain@DELETE /organization")
        await pilot.click("#revoke")
        await closed(pilot)
        assert "1 unfinished (o)" in said(app, "#head")


@awaited
async def test_it_is_still_there_when_the_program_is_started_again(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await interrupted(pilot, faults, "reset-after")
    again = app_on(world, tmp_path, faults)
    async with again.run_test() as pilot:
        await signed_in(pilot)
        assert "1 unfinished (o)" in said(again, "#head")


@awaited
async def test_a_key_asked_for_in_another_organization_is_told_as_that(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await interrupted(pilot, faults, "reset-before")
        first, world.slug = world.slug, "another"
        await pilot.press("escape")
        await closed(pilot)
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrphanDialog))
        assert f"asked for in {first}" in " ".join(seen(app).split())
