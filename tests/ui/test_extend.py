"""Another expiry and other scopes: shown first, asked once more, given one after another."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import Key
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.extend import Extend
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets.scopes_field import ScopesField
from oai_tui.ui.widgets.table import Table
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in, until

DAY = 86400


def living(world: World, number: int) -> list[Key]:
    found = [
        key
        for key in world.keys.values()
        if key.deleted_at is None
        and not world.is_expired(key)
        and world.projects[key.project_id].archived_at is None
    ]
    return found[:number]


async def opened(pilot: Pilot[None], *ids: str) -> None:
    """Sign in, mark keys and ask to change them."""
    await signed_in(pilot)
    table = pilot.app.screen.query_one(Table)
    for id in ids:
        assert table.move_to_id(id)
        if len(ids) > 1:
            await pilot.press("space")
    await pilot.press("e")
    await until(pilot, lambda: isinstance(pilot.app.screen, Extend))
    await settle(pilot)


async def closed(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, KeysScreen))
    await settle(pilot)


def is_over(app: OaiApp) -> bool:
    return app.screen.has_class("-done")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_what_can_be_done_is_said_beside_what_is_now(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    (key,) = living(world, 1)
    key.expires_at = world.now() + 5 * DAY
    app = app_on(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, key.id)
        assert "27 Nov, in 5 d" in said(app, "#rows")
        shown = " ".join(seen(app).split())
        for words in ("counts from now", "cannot be taken away", "never tells them", "as it is"):
            assert words in shown


@awaited
async def test_several_keys_get_an_expiry_and_scopes_once_it_is_sure(
    world: World, tmp_path: Path
) -> None:
    keys = living(world, 3)
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, *(key.id for key in keys))
        await pilot.press("down", "down")
        assert app.screen.query_one("#expires", Input).value == "90d"
        app.screen.query_one(ScopesField).choose(("api.all.read",))
        await pilot.press("enter")
        await settle(pilot)
        question = said(app, "#told")
        for words in ("these 3 keys", "20 Feb 2027", "read only", "calls no model", "Sooner"):
            assert words in question
        assert all(key.expires_at != world.now() + 90 * DAY for key in keys)
        await pilot.press("enter")
        assert not app.screen.has_class("-sure")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("y")
        await until(pilot, lambda: is_over(app))
        assert said(app, "#rows").count("✔") == 3
        assert all(key.expires_at == world.now() + 90 * DAY for key in keys)
        assert all(key.scopes == ("api.all.read",) for key in keys)
        await pilot.press("escape")
        await closed(pilot)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Nothing is to be changed"),
        ("never", "takes no expiry away"),
        ("2 years", "more than a year"),
        ("soon", "no length of time"),
    ],
)
@awaited
async def test_what_cannot_be_is_said_and_nothing_is_sent(
    world: World, tmp_path: Path, typed: str, told: str
) -> None:
    (key,) = living(world, 1)
    before = len(world.audit)
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, key.id)
        await pilot.press(*typed, "enter")
        await settle(pilot)
        assert told in said(app, "#told")
        await pilot.press("escape")
        await closed(pilot)
        assert len(world.audit) == before


@awaited
async def test_keys_that_cannot_be_changed_are_left_out_with_the_way_out(
    world: World, tmp_path: Path
) -> None:
    admin = list(world.admin_keys.values())[1]
    expired = next(
        key for key in world.keys.values() if world.is_expired(key) and key.deleted_at is None
    )
    (key,) = living(world, 1)
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, admin.id, expired.id, key.id)
        notes = said(app, "#notes")
        assert f"{admin.name}: admin keys cannot be changed by API; rotate it (R)" in notes
        assert f"{expired.name}: expired keys cannot be changed" in notes
        await pilot.press("escape")
        await closed(pilot)
        table = app.screen.query_one(Table)
        table.clear_marks()
        assert table.move_to_id(admin.id)
        await pilot.press("e")
        await until(pilot, lambda: "rotate it (R)" in seen(app))
        assert isinstance(app.screen, KeysScreen)


@awaited
async def test_a_rule_of_the_organization_is_explained_and_tried_again(
    world: World, tmp_path: Path
) -> None:
    (key,) = living(world, 1)
    world.policy_max_key_lifetime = 7 * DAY
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, key.id)
        await pilot.press(*"90d", "enter")
        await settle(pilot)
        await pilot.press("y")
        await until(pilot, lambda: is_over(app))
        assert "keys live 7 d at most" in said(app, "#rows")
        world.policy_max_key_lifetime = None
        await pilot.click("#again")
        await closed(pilot)
        assert key.expires_at == world.now() + 90 * DAY


@awaited
async def test_a_lost_answer_says_that_again_is_safe(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    (key,) = living(world, 1)
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, key.id)
        await pilot.press(*"30d", "enter")
        await settle(pilot)
        faults.set("reset-after*1@POST /organization")
        await pilot.press("y")
        await until(pilot, lambda: is_over(app))
        assert "does no harm" in said(app, "#rows")


@awaited
async def test_nothing_can_be_changed_where_it_is_read_only(world: World, tmp_path: Path) -> None:
    from dataclasses import replace

    app = OaiApp(replace(app_on(world, tmp_path).setup, read_only=True))
    async with app.run_test(notifications=True) as pilot:
        await signed_in(pilot)
        await pilot.press("e")
        await settle(pilot)
        assert isinstance(app.screen, KeysScreen)
        assert "Read-only" in seen(app)
