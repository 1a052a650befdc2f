"""Revoking: asked with everything named, No unless said otherwise, and told as it went."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from oai_tui.core.keys import ApiKey
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.revoke import Revoke
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets.table import Table
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in, until


async def asked(pilot: Pilot[None]) -> ApiKey:
    """Sign in and ask to revoke the key under the cursor."""
    await signed_in(pilot)
    key: ApiKey | None = pilot.app.screen.query_one(Table).current
    assert key
    await pilot.press("X")
    await until(pilot, lambda: isinstance(pilot.app.screen, Revoke))
    return key


async def answered(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, KeysScreen))
    await settle(pilot)


def is_listed(app: OaiApp, key: ApiKey) -> bool:
    return key.id in {row.id for row in app.screen.query_one(Table).rows}


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_the_question_names_key_id_owner_project_and_last_use(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        key = await asked(pilot)
        assert key.owner
        assert key.project
        for text in (key.name, key.id, key.masked, key.owner.label, key.project.name, "last seen"):
            assert text in seen(app)
        assert "cannot be undone" in seen(app)


@pytest.mark.parametrize(
    ("keys", "revoked"),
    [
        (["enter"], False),
        (["escape"], False),
        (["n"], False),
        (["right", "left", "enter"], False),
        (["y"], True),
        (["right", "enter"], True),
        (["tab", "enter"], True),
    ],
)
@awaited
async def test_only_a_yes_revokes(
    world: World, tmp_path: Path, keys: list[str], revoked: bool
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        key = await asked(pilot)
        await pilot.press(*keys)
        await answered(pilot)
        assert (world.keys[key.id].deleted_at is not None) == revoked
        assert is_listed(app, key) != revoked


@awaited
async def test_a_key_that_is_in_use_needs_its_name_typed(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        table = app.screen.query_one(Table)
        busy = next(key for key in table.rows if key.name == "web-backend")
        table.move_to_id(busy.id)
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, Revoke))
        assert "it is in use" in seen(app)
        await settle(pilot)
        await pilot.press("enter", "y", "enter", "backspace", *"web-back", "enter")
        await settle(pilot)
        assert isinstance(app.screen, Revoke)
        assert world.keys[busy.id].deleted_at is None
        await pilot.press(*"end", "enter")
        await answered(pilot)
        assert world.keys[busy.id].deleted_at is not None


@pytest.mark.parametrize(("button", "revoked"), [("#no", False), ("#yes", True)])
@awaited
async def test_the_mouse_answers_too(
    world: World, tmp_path: Path, button: str, revoked: bool
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        key = await asked(pilot)
        await pilot.click(button)
        await answered(pilot)
        assert (world.keys[key.id].deleted_at is not None) == revoked


@awaited
async def test_the_key_in_use_is_refused_with_the_way_out(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    own = next(iter(world.admin_keys.values()))
    async with app.run_test(notifications=True) as pilot:
        await signed_in(pilot)
        assert app.screen.query_one(Table).move_to_id(own.id)
        await pilot.press("X")
        await settle(pilot)
        assert isinstance(app.screen, KeysScreen)
        assert "the key you are signed in with" in seen(app)
        assert own.deleted_at is None


@awaited
async def test_another_admin_key_can_be_revoked(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    other = next(key for key in world.admin_keys.values() if key.name == "audit 2025")
    async with app.run_test() as pilot:
        await signed_in(pilot)
        assert app.screen.query_one(Table).move_to_id(other.id)
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, Revoke))
        assert "the whole organization" in seen(app)
        await pilot.press("y")
        await answered(pilot)
        assert other.deleted_at is not None


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("403-plain", "lacks the permission"),
        ("429-long", "too many requests"),
        ("503", "It is not known"),
        ("reset-before", "It is not known"),
    ],
)
@awaited
async def test_a_failure_is_told_and_the_key_stays_listed(
    world: World, tmp_path: Path, faults: Faults, fault: str, told: str
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(notifications=True, size=(120, 40)) as pilot:
        key = await asked(pilot)
        faults.set(f"{fault}@DELETE /organization")
        await pilot.press("y")
        await until(pilot, lambda: told in seen(app))
        await answered(pilot)
        assert is_listed(app, key)
        assert world.keys[key.id].deleted_at is None
        assert "Revoked" not in seen(app)


@awaited
async def test_a_lost_answer_is_made_sure_of(world: World, tmp_path: Path, faults: Faults) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(notifications=True) as pilot:
        key = await asked(pilot)
        faults.set("reset-after*1@DELETE /organization")
        await pilot.press("y")
        await until(pilot, lambda: "Revoked" in seen(app))
        await answered(pilot)
        assert not is_listed(app, key)


@awaited
async def test_the_platform_that_keeps_service_account_keys_says_the_way_out(
    world: World, tmp_path: Path
) -> None:
    world.service_account_key_delete = "refused"
    app = app_on(world, tmp_path)
    key = next(
        key
        for key in world.keys.values()
        if key.owner_type == "service_account" and key.deleted_at is None
    )
    async with app.run_test(notifications=True) as pilot:
        await signed_in(pilot)
        assert app.screen.query_one(Table).move_to_id(key.id)
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, Revoke))
        await pilot.press("y")
        await until(pilot, lambda: "The platform refused" in seen(app))
        assert key.deleted_at is None


@awaited
async def test_no_second_question_while_a_key_is_being_revoked(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(notifications=True) as pilot:
        await asked(pilot)
        faults.set("latency=500@DELETE /organization")
        await pilot.press("y")
        await until(pilot, lambda: "revoking" in said(app, "#head"))
        await pilot.press("X", "n")
        await until(pilot, lambda: "A change is under way" in seen(app))
        assert isinstance(app.screen, KeysScreen)
