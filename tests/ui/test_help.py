"""The help: read from the bindings themselves, the screen's own first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Static

from oai_tui.simulator.world import World
from oai_tui.ui.dialogs.help import Help
from oai_tui.ui.widgets.signs import SIGNS
from tests.ui.app_under_test import app_on, awaited, seen, settle, signed_in
from tests.ui.bill import billing, press, text, world_at
from tests.ui.test_names_of_widgets import widgets_of_ours


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_it_begins_with_what_the_screen_does(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        await signed_in(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        assert isinstance(app.screen, Help)
        assert "Make a key" in seen(app)
        told = str(app.screen.query_one(Static).content)
        assert told.index("Make a key") < told.index("Go one row down")
        assert "Focus Next" not in told
        await pilot.press("end")
        await pilot.pause()
        assert "Sign in again" in seen(app)
        await pilot.press("escape")
        assert not isinstance(app.screen, Help)


@awaited
async def test_it_names_only_what_can_be_done_now(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    app.setup = replace(app.setup, read_only=True)
    async with app.run_test(size=(120, 50)) as pilot:
        await signed_in(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        assert "Make a key" not in seen(app)
        assert "interrupted" not in seen(app)


@awaited
async def test_a_key_given_to_another_is_shown_as_it_is_now(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    app.set_keymap({"keys.new": "w"})
    async with app.run_test(size=(120, 50)) as pilot:
        await signed_in(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        line = seen(app).partition("Make a key")[0].split()
        assert line[-1] == "w"


@awaited
async def test_the_way_to_help_has_room_on_every_screen(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await signed_in(pilot)
        for key in "12340":
            await pilot.press(key)
            await settle(pilot)
            assert seen(app).rstrip().endswith("? help"), key


@awaited
async def test_it_says_what_the_signs_of_a_page_mean(tmp_path: Path) -> None:
    async with billing(world_at(), tmp_path) as pilot:
        for page, sign in (("p", "estimated"), ("t", "▲"), ("w", "*"), ("4", "here")):
            await press(pilot, page, "question_mark")
            told = str(pilot.app.screen.query_one(Static).content).partition("Signs\n")[2]
            signs = [line[2:16].strip() for line in told.splitlines()]
            assert sign in signs
            assert signs.index(sign) < signs.index("▐")
            await press(pilot, "escape")


def test_signs_are_of_widgets_that_exist() -> None:
    assert set(SIGNS) <= widgets_of_ours()


@awaited
async def test_what_a_key_does_goes_on_below_its_beginning(tmp_path: Path) -> None:
    async with billing(world_at(), tmp_path, size=(60, 20)) as pilot:
        await press(pilot, "question_mark")
        lines = text(pilot).splitlines()
        place = next(y for y, line in enumerate(lines) if "Set, change or remove" in line)
        assert lines[place + 1].index("limit") == lines[place].index("Set, change")
        await pilot.resize_terminal(120, 40)
        await settle(pilot)
        assert "Set, change or remove a hard limit" in text(pilot)
