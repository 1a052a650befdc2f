"""Revoking: asked with everything named, No unless said otherwise, and told as it went."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from oai_tui.core.estate import EstateRow
from oai_tui.core.keys import ApiKey, Project
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import Key
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.delete_account import DeleteAccount
from oai_tui.ui.dialogs.key_lines import use_lines
from oai_tui.ui.dialogs.revoke import Revoke
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets.table import Table
from tests.core.test_estate import row
from tests.core.test_health import NOW
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in, until

LONG = timedelta(days=40)


async def asked(pilot: Pilot[None]) -> ApiKey:
    """Sign in and ask to revoke a key that nobody used for long."""
    await signed_in(pilot)
    table: Table[EstateRow] = pilot.app.screen.query_one(Table)
    now = pilot.app.session.setup.clock()  # type: ignore[attr-defined]
    row = next(
        row
        for row in table.shown_rows
        if row.key.project and row.key.last_used_at and now - row.key.last_used_at > LONG
    )
    assert table.move_to_id(row.id)
    await pilot.press("X")
    await until(pilot, lambda: isinstance(pilot.app.screen, Revoke))
    return row.key


async def asked_for(pilot: Pilot[None], *ids: str) -> None:
    """Sign in, mark keys and ask to revoke them."""
    await signed_in(pilot)
    table = pilot.app.screen.query_one(Table)
    for id in ids:
        assert table.move_to_id(id)
        if len(ids) > 1:
            await pilot.press("space")
    await pilot.press("X")
    await until(pilot, lambda: isinstance(pilot.app.screen, Revoke))
    await settle(pilot)


def is_over(app: OaiApp) -> bool:
    """Whether the dialog stays to tell how it went."""
    return app.screen.has_class("-done")


def busy_key(world: World) -> Key:
    """Return a key of a service account that was used minutes ago."""
    found = (key for key in world.keys.values() if key.deleted_at is None)
    return next(key for key in found if key.name == "web-backend")


def idle(world: World, number: int) -> list[Key]:
    """Return keys that nobody used for long."""
    long_ago = world.now() - int(LONG.total_seconds())
    found = [
        key
        for key in world.keys.values()
        if key.deleted_at is None
        and (key.last_used_at or 0) < long_ago
        and world.projects[key.project_id].archived_at is None
    ]
    return found[:number]


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
        busy = next(row.key for row in table.rows if row.key.name == "web-backend")
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
async def test_a_failure_stays_on_the_screen_and_is_tried_again_on_wish(
    world: World, tmp_path: Path, faults: Faults, fault: str, told: str
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        key = await asked(pilot)
        faults.set(f"{fault}@DELETE /organization")
        await pilot.press("y")
        await until(pilot, lambda: is_over(app))
        assert told in said(app, "#rows")
        assert world.keys[key.id].deleted_at is None
        assert "Revoked" not in seen(app)
        faults.clear()
        await pilot.click("#again")
        await answered(pilot)
        assert not is_listed(app, key)
        assert "Revoked" in seen(app)


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
async def test_a_key_the_platform_keeps_goes_with_its_account_once_that_is_named(
    world: World, tmp_path: Path
) -> None:
    world.service_account_key_delete = "refused"
    key = busy_key(world)
    account = world.service_accounts[key.owner_id]
    world.add_key(replace(key, id="key_second", name="web-second", value="sk-svcacct-second0"))
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked_for(pilot, key.id)
        await pilot.press(*"web-backend", "enter")
        await until(pilot, lambda: is_over(app))
        assert "The platform refused" in said(app, "#rows")
        await pilot.press("tab", "tab", "enter")
        await until(pilot, lambda: isinstance(app.screen, DeleteAccount))
        await settle(pilot)
        assert "web-second" in said(app, "#keys-of")
        await pilot.press("enter")
        assert account.deleted_at is None
        await pilot.press(*account.name, "enter")
        await answered(pilot)
        assert account.deleted_at is not None
        assert world.keys["key_second"].deleted_at is not None


@awaited
async def test_an_account_whose_keys_cannot_be_listed_is_not_deleted(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    world.service_account_key_delete = "refused"
    key = busy_key(world)
    account = world.service_accounts[key.owner_id]
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked_for(pilot, key.id)
        await pilot.press(*"web-backend", "enter")
        await until(pilot, lambda: is_over(app))
        faults.set("403-plain@GET /organization/projects")
        await pilot.press("tab", "tab", "enter")
        await until(pilot, lambda: isinstance(app.screen, DeleteAccount))
        await settle(pilot)
        assert "lacks the permission" in said(app, "#told")
        await pilot.press(*account.name, "enter", "escape")
        await until(pilot, lambda: isinstance(app.screen, Revoke))
        assert account.deleted_at is None


def test_a_long_project_name_takes_no_further_line() -> None:
    home = Project("proj_1", "Everything that never found a home of its own " * 2)
    lines = str(use_lines([row(project=home)], NOW)).splitlines()
    assert len(lines) == 3
    assert len({cell_len(line) for line in lines}) == 1


@awaited
async def test_several_idle_keys_are_listed_with_what_they_did_and_revoked_one_by_one(
    world: World, tmp_path: Path
) -> None:
    going = idle(world, 3)
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked_for(pilot, *(key.id for key in going))
        shown = said(app, "#rows")
        assert all(key.name[:15] in shown for key in going)
        assert "LAST SEEN" in shown
        assert "30 DAYS" in shown
        await pilot.press("enter")
        await answered(pilot)
        assert all(key.deleted_at is None for key in going)
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, Revoke))
        await pilot.press("y")
        await until(pilot, lambda: is_over(app))
        assert "All 3 done" in said(app, "#told")
        assert str(app.screen.query_one(".dialog").border_title) == "Revoking 3 keys"
        assert said(app, "#rows").count("✔") == 3
        assert all(key.deleted_at is not None for key in going)
        await pilot.press("enter")
        await answered(pilot)
        table = app.screen.query_one(Table)
        assert not {key.id for key in going} & {row.id for row in table.rows}


@awaited
async def test_several_keys_with_one_in_use_need_words_typed(world: World, tmp_path: Path) -> None:
    busy = busy_key(world)
    going = [busy, *idle(world, 1)]
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked_for(pilot, *(key.id for key in going))
        assert "1 of them used within a day" in said(app, "#warning")
        await pilot.press(*"revoke 3", "enter")
        assert busy.deleted_at is None
        await pilot.press("backspace", "2", "enter")
        await until(pilot, lambda: is_over(app))
        assert all(key.deleted_at is not None for key in going)


@awaited
async def test_one_failure_does_not_stop_the_rest(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    going = idle(world, 3)
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked_for(pilot, *(key.id for key in going))
        bad = going[1]
        faults.set(f"403-plain@DELETE /organization/projects/*/api_keys/{bad.id}")
        await pilot.press("y")
        await until(pilot, lambda: is_over(app))
        assert "2 of 3 done" in said(app, "#told")
        assert [key.deleted_at is None for key in going] == [False, True, False]
        done = going[0].id
        faults.set(f"403-plain@DELETE /organization/projects/*/api_keys/{done}")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: bad.deleted_at is not None and is_over(app))
        assert "All 3 done" in said(app, "#told")


@awaited
async def test_escape_stops_after_the_one_under_way(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    going = idle(world, 3)
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked_for(pilot, *(key.id for key in going))
        faults.set("hold@DELETE /organization")
        await pilot.press("y")
        await until(pilot, lambda: app.screen.has_class("-doing"))
        await pilot.press("escape")
        assert "Stopping once this one is answered" in said(app, "#told")
        faults.clear()
        await until(pilot, lambda: is_over(app))
        assert sum(key.deleted_at is not None for key in going) == 1
        assert said(app, "#rows").count("not done yet") == 2
        await pilot.press("escape")
        await answered(pilot)


@awaited
async def test_the_key_signed_in_with_is_left_out_of_several(world: World, tmp_path: Path) -> None:
    own = next(iter(world.admin_keys.values()))
    (other,) = idle(world, 1)
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked_for(pilot, own.id, other.id)
        assert "rotate it (R)" in said(app, "#warning")
        assert own.name not in said(app, "#rows")
        await pilot.press("y")
        await answered(pilot)
        assert own.deleted_at is None
        assert other.deleted_at is not None
