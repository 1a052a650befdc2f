"""The list of keys: whole, found, fresh or honest about its age, whatever the platform does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from oai_tui.core.estate import EstateRow
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.key_details import KeyDetails
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets.table import Table
from oai_tui.ui.widgets.topbar import TopBar
from tests.journeys.driving import SECONDS
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in, until


def table(app: OaiApp) -> Table[EstateRow]:
    return app.screen.query_one(Table)


def screen(app: OaiApp) -> KeysScreen:
    return cast(KeysScreen, app.screen)


async def type_in_filter(pilot: Pilot[None], text: str) -> None:
    await pilot.press("slash", *text)
    await settle(pilot)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_it_lists_every_key_of_every_project_orphans_and_admin_keys_included(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        await signed_in(pilot)
        listed = {row.id for row in table(app).rows}
        archived = {each.id for each in world.projects.values() if each.archived_at}
        alive = [key for key in world.keys.values() if key.deleted_at is None]
        admin = {key.id for key in world.admin_keys.values() if key.deleted_at is None}
        assert listed == admin | {key.id for key in alive if key.project_id not in archived}
        assert any(row.key.owner_access == "inactive" for row in table(app).rows)
        assert said(app, "#head").split()[:2] == ["Keys", str(len(listed))]
        assert "need attention" in said(app, "#head")
        assert "as of 12:04 UTC" in said(app, "#head")
        await pilot.press("P")
        await settle(pilot)
        assert {row.id for row in table(app).rows} == admin | {key.id for key in alive}
        assert "with archived" in seen(app)


@awaited
async def test_it_is_found_as_it_is_typed_and_escape_shows_all(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        total = len(table(app).rows)
        await type_in_filter(pilot, "stale")
        found = len(table(app).rows)
        assert 0 < found < total
        assert f"{found} of {total}" in said(app, "#head")
        await pilot.press("enter")
        assert table(app).has_focus
        await pilot.press("escape")
        await settle(pilot)
        assert len(table(app).rows) == total
        await type_in_filter(pilot, "zzzz")
        assert "No key matches" in seen(app)


@awaited
async def test_the_footer_tells_the_way_out_of_the_filter(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        assert "/ filter" in seen(app)
        await type_in_filter(pilot, "ci")
        assert "/ filter" not in seen(app)
        assert "esc show all" in seen(app)
        await pilot.press("escape")
        await settle(pilot)
        assert table(app).has_focus
        assert "/ filter" in seen(app)


@awaited
async def test_the_cursor_waits_at_the_top_for_the_first_key_in_order(
    world: World, tmp_path: Path
) -> None:
    faults = Faults(7, world)
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        faults.set("hold@/organization/projects/*/api_keys")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen) and table(app).rows)
        assert table(app).cursor == 0
        faults.clear()
        await settle(pilot)
        assert table(app).cursor == 0
        await pilot.press("down", "s", "r")
        await settle(pilot)
        assert table(app).cursor > 0


@awaited
async def test_digits_and_q_are_letters_while_typing(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        await type_in_filter(pilot, "q2nX")
        assert app.current_mode == "keys"
        assert app.is_running
        assert isinstance(app.screen, KeysScreen)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_the_details_show_everything_known_of_a_key(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        await signed_in(pilot)
        row = table(app).current
        assert row
        key = row.key
        assert key.project
        assert key.owner
        await pilot.press("enter")
        await settle(pilot)
        shown = seen(app)
        for text in (key.name, key.id, key.masked, key.project.id, key.owner.id, key.owner.email):
            assert text in shown
        for label in ("created", "last seen", "expires", "health", "access"):
            assert label in shown
        await pilot.press("escape")
        assert not isinstance(app.screen, KeyDetails)


@awaited
async def test_a_click_goes_to_a_row_and_two_open_it(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        await pilot.click(Table, offset=(6, 3))
        assert table(app).cursor == 2
        await pilot.click(Table, offset=(6, 3), times=2)
        await settle(pilot)
        assert isinstance(app.screen, KeyDetails)


@awaited
async def test_the_id_is_sent_to_the_terminal_and_not_called_copied(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(notifications=True) as pilot:
        await signed_in(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert "Sent to the terminal" in seen(app)
        assert "opied" not in seen(app)


@awaited
async def test_a_refresh_keeps_the_cursor_on_its_key(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        await pilot.press("down", "down", "down")
        key = table(app).current
        await pilot.press("r")
        await settle(pilot)
        again = table(app).current
        assert key
        assert again
        assert again.id == key.id


@awaited
async def test_the_last_list_comes_first_with_its_age_and_then_the_fresh_one(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        world.advance(3 * 3600)
        faults.set("hold")
        await pilot.press("r")
        await until(pilot, lambda: "as of 3 h ago, reading" in said(app, "#head"))
        assert len(table(app).rows) > 40
        faults.clear()
        await settle(pilot)
        assert "as of 15:04 UTC" in said(app, "#head")


@awaited
async def test_a_first_reading_tells_how_far_it_is(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        faults.set("hold@/organization/projects/*/api_keys")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await until(pilot, lambda: "answers" in said(app, "#head"))
        faults.clear()
        await settle(pilot)
        assert "as of 12:04 UTC" in said(app, "#head")


@awaited
async def test_projects_that_cannot_be_read_are_named_beside_the_rest(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        project = next(p for p in world.projects.values() if p.name == "Web app")
        faults.set(f"500@/organization/projects/{project.id}/api_keys")
        await pilot.press("enter")
        await settle(pilot)
        assert "The keys of Web app could not be read" in said(app, "#gaps")
        assert "1 project not read" in said(app, "#head")
        assert len(table(app).rows) > 10


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("503", "failed to answer (503)"),
        ("401-envelope", "To use another key: ctrl+p, Sign in again"),
        ("403-plain", "To use another key: ctrl+p, Sign in again"),
        ("wrong-type", "could not be read"),
        ("429-long", "too many requests"),
    ],
)
@awaited
async def test_a_platform_that_fails_is_told_and_r_tries_again(
    world: World, tmp_path: Path, faults: Faults, fault: str, told: str
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        faults.set(fault)
        await pilot.press("enter")
        await settle(pilot)
        assert told in said(app, "#state")
        assert "r  try again" in said(app, "#state")
        faults.clear()
        await pilot.press("r")
        await settle(pilot)
        assert len(table(app).rows) > 40


@pytest.mark.parametrize("fault", ["503", "401-envelope"])
@awaited
async def test_a_list_that_cannot_be_read_again_stays_with_its_age(
    world: World, tmp_path: Path, faults: Faults, fault: str
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await signed_in(pilot)
        total = len(table(app).rows)
        await pilot.press("space", "down", "space")
        world.advance(600)
        faults.set(fault)
        await pilot.press("r")
        await settle(pilot)
        assert "as of 10 min ago, could not be read again" in seen(app)
        assert "The platform" in said(app, "#gaps")
        assert ("Sign in again" in said(app, "#gaps")) == (fault == "401-envelope")
        assert len(table(app).rows) == total
        faults.clear()
        await pilot.press("r")
        await settle(pilot)
        assert said(app, "#gaps") == ""


@awaited
async def test_a_platform_that_never_answers_leaves_the_keyboard_alive(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        faults.set("hang")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await until(pilot, lambda: "Reading the projects" in said(app, "#state"))
        await pilot.press("n", "2")
        assert app.current_mode == "usage"
        faults.clear()


@awaited
async def test_an_organization_without_keys_says_so(world: World, tmp_path: Path) -> None:
    for key in world.keys.values():
        key.deleted_at = SECONDS - 1
    app = app_on(world, tmp_path, ["403-plain@/organization/admin_api_keys"])
    async with app.run_test() as pilot:
        await signed_in(pilot)
        assert "no keys yet" in said(app, "#state")
        assert "The admin keys could not be read" in said(app, "#gaps")
        await pilot.press("n")
        await until(pilot, lambda: app.screen.query("#name"))


@awaited
async def test_read_only_takes_the_changing_keys_away_and_says_so(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    app.setup = replace(app.setup, read_only=True)
    async with app.run_test(notifications=True) as pilot:
        await signed_in(pilot)
        assert not {"n", "X"} & set(app.screen.active_bindings)
        for key in ("n", "X"):
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(app.screen, KeysScreen)
            assert "Read-only" in seen(app)


@awaited
async def test_read_only_says_so_on_the_keys_of_the_settings(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    app.setup = replace(app.setup, read_only=True, keymap={"keys.revoke": ("B",)})
    async with app.run_test(notifications=True) as pilot:
        await signed_in(pilot)
        await pilot.press("X")
        await settle(pilot)
        assert "Read-only" not in seen(app)
        await pilot.press("B")
        await settle(pilot)
        assert "Read-only" in seen(app)


@awaited
async def test_hostile_names_are_plain_text_everywhere(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    faults.set("hostile-names")
    async with app.run_test() as pilot:
        await signed_in(pilot)
        assert len(table(app).rows) > 40
        await pilot.press("enter")
        await settle(pilot)
        assert "[red]" in seen(app)
        await pilot.press("escape", "X")
        await until(pilot, lambda: app.screen.query("#no"))
        assert "[red]" in seen(app)
        await pilot.press("escape", "n")
        await until(pilot, lambda: app.screen.query("#name"))


@awaited
async def test_another_key_shows_nothing_of_the_organization_before(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        await type_in_filter(pilot, "stale")
        await pilot.press("enter")
        await app.action_sign_in()
        await settle(pilot)
        await pilot.press("escape")
        assert isinstance(app.screen, KeysScreen)
        await app.action_sign_in()
        await settle(pilot)
        app.screen.query_one("#key").value = world.management_only_key  # type: ignore[attr-defined]
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        faults.set("503")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, KeysScreen)
        assert len(table(app).rows) == 0
        assert "failed to answer" in said(app, "#state")


@pytest.mark.parametrize("digit", ["1", "2", "3"])
@awaited
async def test_another_key_can_be_taken_while_something_is_still_read(
    world: World, tmp_path: Path, faults: Faults, digit: str
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        faults.set("hold")
        await pilot.press(digit, "r")
        await app.action_sign_in()
        await pilot.pause()
        faults.clear()
        app.screen.query_one("#key").value = world.management_only_key  # type: ignore[attr-defined]
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: "The key works" in said(app, "#result"))
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, KeysScreen)
        assert len(table(app).rows) > 40


@awaited
async def test_the_names_of_the_screens_stay_when_there_is_no_room_for_the_key(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    app.setup = replace(app.setup, read_only=True)
    async with app.run_test(size=(64, 24)) as pilot:
        await signed_in(pilot)
        first_line = app.screen.query_one(TopBar).render_line(0).text
        assert "READ-ONLY" in first_line
        assert "3 Billing" in first_line


@awaited
async def test_a_wide_window_leaves_room_for_whole_project_names(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(200, 60)) as pilot:
        await signed_in(pilot)
        assert "Default project" in seen(app)
        assert "svc research-agent " in seen(app)


@awaited
async def test_a_long_reason_leaves_the_second_line_under_the_list(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await signed_in(pilot)
        await type_in_filter(pilot, "gone")
        key = table(app).current
        assert key
        assert "no longer has access" in seen(app)
        assert key.id in seen(app)
