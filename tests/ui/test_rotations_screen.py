"""The queue of rotations: what is next, what it would mean, and what keeps one from it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Footer, Input

from oai_tui.core.delivery import Command
from oai_tui.core.rotation import Step
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import Key
from oai_tui.simulator.world import World
from oai_tui.ui.dialogs.decide import Decide
from oai_tui.ui.dialogs.hand_over import HandOver
from oai_tui.ui.dialogs.help import Help
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.screens.rotations import RotationsScreen
from oai_tui.ui.widgets.table import Table
from tests.ui.app_under_test import awaited, said, seen, settle, until
from tests.ui.rotating import (
    BATCH,
    account_keys,
    answered,
    app_at,
    asked,
    bar,
    decided,
    idle,
    line_of,
    named,
    newest,
    opened,
    rested,
    rotated,
    step_of,
    told,
    waited,
    words,
    write,
)

QUARTER = int(timedelta(minutes=20).total_seconds())
SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24)])


def lives(world: World, key: Key) -> bool:
    return world.keys[key.id].deleted_at is None


@SIZES
@awaited
async def test_to_show_it_hands_it_over_at_once_and_reveals_only_when_asked(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, world)
        old = named(world, BATCH)
        await rotated(pilot, old, "show")
        assert isinstance(app.screen, HandOver)
        value = newest(world).value
        assert value[20:40] not in seen(app)
        assert "Nobody has taken the new key yet" in words(said(app, "#told"))
        await answered(pilot, old, "escape")
        assert step_of(line_of(app, old.id)) is Step.STORED
        assert "deliver" in seen(app)

        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HandOver))
        await settle(pilot)
        assert value[20:40] not in seen(app)
        await pilot.press("v")
        await settle(pilot)
        assert value[20:40] in seen(app)
        await answered(pilot, old, "escape")
        assert value[20:40] not in seen(app)
        assert step_of(line_of(app, old.id)) is Step.WAITING


@awaited
async def test_it_can_be_delivered_in_a_way_that_was_not_planned(
    world: World, tmp_path: Path
) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, world)
        old = named(world, BATCH)
        await rotated(pilot, old, "show")
        await pilot.press("f")
        await settle(pilot)
        app.screen.query_one("#path", Input).value = str(tmp_path / "taken")
        await pilot.press("enter")
        await until(pilot, lambda: "readable by you only" in words(said(app, "#told")))
        await answered(pilot, old, "escape")
        assert (tmp_path / "taken").read_text().strip() == newest(world).value
        assert step_of(line_of(app, old.id)) is Step.WAITING


@SIZES
@awaited
async def test_what_is_next_is_always_told_and_no_line_is_cut(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    env = tmp_path / ("a-folder-with-quite-a-long-name-" * 3)
    env.mkdir()
    (env / ".env").write_text("KEY=old\n")
    app = app_at(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, world)
        old = named(world, BATCH)
        await rotated(pilot, old, f"env:{env}/.env:KEY file:{tmp_path}/b.key")
        shown = words(seen(app))
        assert "next Revoke the old key once nobody uses it any more." in shown
        assert "Not seen used since the switch" in shown
        story = said(app, "#story").splitlines()
        assert "next" in story[1]
        assert max(map(len, story)) <= size[0] - 2
        assert not any(line[0].isalnum() and line[12:13] == "" for line in story[1:])
        footer = app.screen.query_one(Footer)
        assert footer.max_scroll_x == 0
        assert "? help" in words(seen(app))


@awaited
async def test_the_top_bar_tells_of_what_is_unfinished_on_every_screen(
    world: World, tmp_path: Path
) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, world)
        assert "⟳" not in bar(app)
        first, second = account_keys(world, 2)
        await waited(pilot, first, tmp_path)
        for key in ("1", "2", "3", "4"):
            await pilot.press(key)
            await settle(pilot)
            assert "⟳ 1 (0)" in bar(app)
            assert "sk-admin" in bar(app)
        await pilot.press("1")
        await settle(pilot)
        await waited(pilot, second, tmp_path)
        assert "⟳ 2 " in bar(app)
        await decided(pilot, "K")
        await pilot.press("y")
        await until(pilot, lambda: "⟳ 1 " in bar(app))


@awaited
async def test_undo_revokes_the_new_key_only_and_tells_where_a_dead_key_is_left(
    world: World, tmp_path: Path
) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, world)
        old = named(world, BATCH)
        await waited(pilot, old, tmp_path)
        new = newest(world)
        await decided(pilot, "u")
        shown = told(app)
        assert "goes on as before" in shown
        assert f"A dead key is left in: file {tmp_path}" in shown
        await answered(pilot, old, "enter")
        assert lives(world, new), "No is the answer that is given"
        await decided(pilot, "u")
        await answered(pilot, old, "y")
        assert (lives(world, old), lives(world, new)) == (True, False)
        assert step_of(line_of(app, old.id)) is Step.UNDONE
        assert app.rotating == 0


@awaited
async def test_keeping_leaves_both_keys_alive(world: World, tmp_path: Path) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        old = named(world, BATCH)
        await waited(pilot, old, tmp_path)
        await decided(pilot, "K")
        assert "goes on working beside" in told(app)
        await answered(pilot, old, "y")
        assert (lives(world, old), lives(world, newest(world))) == (True, True)
        assert step_of(line_of(app, old.id)) is Step.KEPT
        await pilot.press("enter")
        await settle(pilot)
        assert "Nothing is being rotated" in seen(app)


@awaited
async def test_forgetting_tells_what_that_leaves_behind(world: World, tmp_path: Path) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, world)
        old = named(world, BATCH)
        await rotated(pilot, old, "show")
        await answered(pilot, old, "escape")
        await decided(pilot, "f")
        shown = told(app)
        for text in ("Both keys go on living", old.id, newest(world).id, "thrown away"):
            assert text in shown
        await answered(pilot, old, "y")
        assert (lives(world, old), lives(world, newest(world))) == (True, True)
        assert app.rotating == 0
        assert "⟳" not in bar(app)


@SIZES
@awaited
async def test_right_after_the_switch_the_name_has_to_be_typed(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, world)
        old = named(world, BATCH)
        await waited(pilot, old, tmp_path)
        await decided(pilot, "X")
        for text in (old.id, "that was just now", "cannot be undone", f"type {BATCH}"):
            assert text in told(app) or text in words(seen(app))
        await pilot.press("y", "enter", "tab", "y")
        await settle(pilot)
        assert isinstance(app.screen, Decide)
        assert lives(world, old)
        field = app.screen.query_one("#typed", Input)
        field.focus()
        field.value = BATCH
        await answered(pilot, old, "enter")
        assert not lives(world, old)
        assert lives(world, newest(world))
        assert step_of(line_of(app, old.id)) is Step.REVOKED


@awaited
async def test_once_it_is_quiet_a_yes_is_enough(world: World, tmp_path: Path) -> None:
    app = app_at(world, tmp_path)
    old = await idle(app, world)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        await waited(pilot, old, tmp_path)
        world.advance(QUARTER)
        await decided(pilot, "enter")
        assert "Not seen used since the switch." in told(app)
        await answered(pilot, old, "y")
        assert not lives(world, old)


@awaited
async def test_an_old_key_in_use_is_told_and_needs_its_name(world: World, tmp_path: Path) -> None:
    app = app_at(world, tmp_path)
    old = await idle(app, world)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        await waited(pilot, old, tmp_path)
        world.advance(QUARTER)
        world.keys[old.id].last_used_at = world.now() - 90
        await pilot.press("r")
        await settle(pilot)
        await until(pilot, lambda: "still in use" in seen(app))
        await decided(pilot, "X")
        assert "Still in use: last seen 1 min ago" in told(app)
        await pilot.press("y", "escape")
        await until(pilot, lambda: isinstance(app.screen, RotationsScreen))
        assert lives(world, old)


@awaited
async def test_several_old_keys_are_revoked_at_once(world: World, tmp_path: Path) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, world)
        keys = account_keys(world, 2)
        for key in keys:
            await waited(pilot, key, tmp_path)
            await pilot.press("1")
            await settle(pilot)
        await pilot.press("0")
        await settle(pilot)
        await pilot.press("home", "space", "down", "space")
        await decided(pilot, "X")
        assert "Revoke 2 old keys?" in seen(app)
        assert all(key.id in told(app) for key in keys)
        app.screen.query_one("#typed", Input).value = "revoke 2"
        await answered(pilot, keys[0], "enter")
        await until(pilot, lambda: app.rotating == 0)
        assert not any(lives(world, key) for key in keys)


@awaited
async def test_a_platform_that_keeps_service_account_keys_is_told_with_the_ways_out(
    world: World, tmp_path: Path
) -> None:
    world.service_account_key_delete = "refused"
    app = app_at(world, tmp_path)
    old = await idle(app, world)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, world)
        await waited(pilot, old, tmp_path)
        world.advance(QUARTER)
        await decided(pilot, "X")
        await answered(pilot, old, "y")
        said_of_it = words(said(app, "#story"))
        assert "Its service account has the new key as well" in said_of_it
        assert "let it expire soon" in said_of_it
        assert "request req_" in said_of_it
        assert lives(world, old)
        assert step_of(line_of(app, old.id)) is Step.WAITING


@awaited
async def test_what_a_command_said_is_told_and_the_value_still_waits(
    world: World, tmp_path: Path
) -> None:
    failing = Command(run=("sh", "-c", "cat >/dev/null; echo the vault is sealed; exit 3"))
    app = app_at(world, tmp_path, commands={"put": failing})
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, world)
        old = named(world, BATCH)
        line = await rotated(pilot, old, "command:put")
        assert isinstance(app.screen, RotationsScreen)
        said_of_it = words(said(app, "#story"))
        assert "the vault is sealed" in said_of_it
        assert "3" in said_of_it
        assert "not certain that command put has the value" in said_of_it
        assert step_of(line) is Step.STORED
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HandOver))
        await pilot.press("c")
        await settle(pilot)
        await answered(pilot, old, "escape")
        assert step_of(line_of(app, old.id)) is Step.WAITING


@awaited
async def test_an_unknown_outcome_is_looked_into_and_undone(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_at(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, world)
        faults.set("reset-after@POST /organization/projects")
        old = named(world, BATCH)
        line = await rotated(pilot, old, f"file:{tmp_path}/new.key")
        faults.clear()
        assert step_of(line) is Step.PLANNED
        assert "⟳ 1 " in bar(app)
        assert "? after planned" in seen(app)
        assert "It is not known whether the new key was made" in words(said(app, "#story"))
        await pilot.press("enter")
        line = await rested(pilot, old.id)
        assert step_of(line) is Step.CREATED
        assert "its value was lost on the way" in words(said(app, "#story"))
        new = newest(world)
        await decided(pilot, "enter")
        await answered(pilot, old, "y")
        assert (lives(world, old), lives(world, new)) == (True, False)
        assert not (tmp_path / "new.key").exists()
        assert app.rotating == 0


@awaited
async def test_the_next_start_offers_what_is_unfinished(world: World, tmp_path: Path) -> None:
    first = app_at(world, tmp_path)
    old = named(world, BATCH)
    async with first.run_test() as pilot:
        await opened(pilot, world)
        await rotated(pilot, old, "show")
        await answered(pilot, old, "escape")
    second = app_at(world, tmp_path)
    async with second.run_test(size=(80, 24)) as pilot:
        await opened(pilot, world)
        await until(pilot, lambda: "⟳ 1 " in bar(second))
        await pilot.press("0")
        await until(pilot, lambda: isinstance(second.screen, RotationsScreen))
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(second.screen, HandOver))
        await pilot.press("v")
        await settle(pilot)
        assert newest(world).value[20:40] in seen(second)
        await answered(pilot, old, "escape")
        assert step_of(line_of(second, old.id)) is Step.WAITING
        await decided(pilot, "u")
        assert "Whoever took it from the screen or the clipboard has a dead key" in told(second)
        assert "left in" not in told(second)


@awaited
async def test_two_apps_share_the_journal_without_harm(world: World, tmp_path: Path) -> None:
    """While one delivers, the other sees that; afterwards the other can go on."""
    gate = tmp_path / "gate"
    held = Command(run=("sh", "-c", f"cat >{tmp_path}/taken; while ! [ -e {gate} ]; do :; done"))
    first, second = app_at(world, tmp_path, commands={"put": held}), app_at(world, tmp_path)
    old = named(world, BATCH)
    async with first.run_test() as one:
        await opened(one, world)
        await asked(one, old)
        await write(one, "command:put")
        await one.press("enter")
        await until(one, (tmp_path / "taken").exists)
        async with second.run_test(size=(80, 24)) as two:
            await opened(two, world)
            await until(two, lambda: "⟳ 1 " in bar(second))
            await two.press("0")
            await until(two, lambda: isinstance(second.screen, RotationsScreen))
            await settle(two)
            assert "stored, elsewhere" in seen(second)
            assert "Another oai-tui is working on it." in told(second)
            for key in ("enter", "X", "K", "u", "f", "d"):
                await two.press(key)
                await settle(two)
                assert isinstance(second.screen, RotationsScreen)
            gate.touch()
            await rested(one, old.id)
            assert step_of(line_of(first, old.id)) is Step.WAITING
            await two.press("r")
            await until(two, lambda: "elsewhere" not in seen(second))
            await decided(two, "K")
            await answered(two, old, "y")
            await until(two, lambda: second.rotating == 0)
        await one.press("r")
        await until(one, lambda: first.rotating == 0)
        assert step_of(line_of(first, old.id)) is Step.KEPT
    assert lives(world, old)


@awaited
async def test_nothing_to_do_says_how_to_begin(world: World, tmp_path: Path) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        await pilot.press("0")
        await settle(pilot)
        assert "Nothing is being rotated" in seen(app)
        assert "R on a key of the list rotates it" in seen(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))


@awaited
async def test_read_only_shows_the_queue_and_says_why_nothing_can_be_done(
    world: World, tmp_path: Path
) -> None:
    first = app_at(world, tmp_path)
    old = named(world, BATCH)
    async with first.run_test() as pilot:
        await opened(pilot, world)
        await waited(pilot, old, tmp_path)
    app = app_at(world, tmp_path, read_only=True)
    async with app.run_test(notifications=True) as pilot:
        await opened(pilot, world)
        await pilot.press("R")
        await settle(pilot)
        assert isinstance(app.screen, KeysScreen)
        await pilot.press("0")
        await until(pilot, lambda: isinstance(app.screen, RotationsScreen))
        await settle(pilot)
        for key in ("X", "K", "u", "f", "d", "enter"):
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(app.screen, RotationsScreen)
        await until(pilot, lambda: "Read-only: nothing" in seen(app))
        assert "revoke old" not in seen(app)
        assert lives(world, old)


@awaited
async def test_without_a_journal_nothing_is_rotated_and_that_is_said(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("in the way")
    app = app_at(world, tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        keys = len(world.keys)
        assert app.session
        await pilot.press("R")
        await settle(pilot)
        assert isinstance(app.screen, KeysScreen)
        await pilot.press("0")
        await settle(pilot)
        assert words(app.session.trouble) in told(app)
        assert len(world.keys) == keys


@awaited
async def test_the_list_of_keys_is_read_again_after_a_change(world: World, tmp_path: Path) -> None:
    app = app_at(world, tmp_path)
    old = await idle(app, world)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        await waited(pilot, old, tmp_path)
        new = newest(world)
        world.advance(QUARTER)
        await decided(pilot, "X")
        await answered(pilot, old, "y")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        table = app.screen.query_one(Table)
        await until(pilot, lambda: old.id not in {row.id for row in table.rows})
        assert new.id in {row.id for row in table.rows}


@awaited
async def test_the_help_lists_every_key_of_the_screen(world: World, tmp_path: Path) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        await waited(pilot, named(world, BATCH), tmp_path)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        await settle(pilot)
        shown = told(app)
        for text in (
            "Do what is next, as the last column says",
            "Revoke the old keys of the marked, or of this",
            "End the rotation with the old key alive",
            "Revoke the new key; the old one stays",
            "Follow the rotation no more",
            "Take back marks, then to the keys",
        ):
            assert text in shown
