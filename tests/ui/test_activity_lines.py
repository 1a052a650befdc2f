"""A line of activity: read whole, followed to what it is about, written to a file."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from oai_tui.simulator.world import World
from oai_tui.ui.dialogs.activity_details import LineDetails
from oai_tui.ui.dialogs.export import Export
from oai_tui.ui.screens.activity import ActivityScreen
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets.table import Table
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in, until
from tests.ui.trail import is_live, lines, move_to, opened, record

DAY = 86400
LIMIT = "max_requests_per_1_minute"


@awaited
async def test_everything_known_of_a_line_and_what_was_there_before(
    world: World, tmp_path: Path
) -> None:
    before = record(world, "rate_limit.updated", "rl_1", changes_requested={LIMIT: 300})
    before.at -= 9 * DAY
    record(world, "rate_limit.updated", "rl_1", changes_requested={LIMIT: 500})
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LineDetails))
        await settle(pilot)
        assert said(app, "#details") == "requests a minute: 300 → 500"
        assert said(app, "#trail").count("changed rate limit") == 2
        assert "this line" in said(app, "#trail")
        text = seen(app)
        for words in ("203.0.113.9", "rl_1", "rate_limit.updated", "2026-11-22 12:04:00 UTC"):
            assert words in text
        await pilot.press("escape")
        assert isinstance(app.screen, ActivityScreen)


@awaited
async def test_an_expiry_and_scopes_are_read_as_people_say_them(
    world: World, tmp_path: Path
) -> None:
    record(world, "api_key.created", "key_1", data={"scopes": []}).at -= 2 * DAY
    asked = {"expires_in_seconds": 10 * DAY}
    record(world, "api_key.updated", "key_1", changes_requested=asked).at -= DAY
    asked = {"expires_in_seconds": 3 * DAY}
    record(world, "api_key.updated", "key_1", changes_requested={**asked, "scopes": ["a.read"]})
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        move_to(app, lambda line: line.event.resource_id == "key_1")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LineDetails))
        await settle(pilot)
        details = said(app, "#details").splitlines()
        assert details == ["expires: 1 Dec 2026 → 25 Nov 2026", "scopes: all permissions → a.read"]


@awaited
async def test_from_a_line_to_its_key_behind_a_filter(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        await pilot.press("slash", *"nothing has this", "enter", "4")
        await settle(pilot)
        line = move_to(app, lambda line: line.what == "created key" and is_live(world, line))
        await pilot.press("o")
        await settle(pilot)
        assert isinstance(app.screen, KeysScreen)
        row = app.screen.query_one(Table).current
        assert row is not None
        assert row.id == line.event.resource_id


@awaited
async def test_from_the_details_of_a_line_to_its_key(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        line = move_to(app, lambda line: line.what == "created key" and is_live(world, line))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LineDetails))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        row = app.screen.query_one(Table).current
        assert row is not None
        assert row.id == line.event.resource_id


@awaited
async def test_a_key_that_is_deleted_is_said_to_be(world: World, tmp_path: Path) -> None:
    gone = record(world, "api_key.deleted", "key_long_gone")
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        move_to(app, lambda line: line.id == gone.id)
        await pilot.press("o")
        await until(pilot, lambda: "was deleted on 22 Nov by" in " ".join(seen(app).split()))
        assert isinstance(app.screen, ActivityScreen)


@awaited
async def test_from_a_line_to_a_project_a_person_and_nowhere(world: World, tmp_path: Path) -> None:
    web = next(each for each in world.projects.values() if each.name == "Web app")
    bob = next(each for each in world.people.values() if each.name == "Bob Okafor")
    record(world, "project.updated", web.id, changes_requested={"title": "Web app"})
    record(world, "user.updated", bob.id, changes_requested={"role": "owner"})
    record(world, "scim.enabled", "scim_1")
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("o")
        await until(pilot, lambda: "nothing to go to" in seen(app))
        assert isinstance(app.screen, ActivityScreen)
        for type, owns in (
            ("project.updated", lambda row: row.key.project.id == web.id),
            ("user.updated", lambda row: row.key.owner.id == bob.id),
        ):
            move_to(app, lambda line, type=type: line.event.type == type)  # type: ignore[misc]
            await pilot.press("o")
            await settle(pilot)
            assert isinstance(app.screen, KeysScreen)
            rows = app.screen.query_one(Table).rows
            assert rows
            assert all(map(owns, app.screen.query_one(Table).shown_rows))
            await pilot.press("4")
            await settle(pilot)


@pytest.mark.parametrize("format", ["csv", "json"])
@awaited
async def test_the_lines_shown_are_written_to_a_file(
    world: World, tmp_path: Path, format: str
) -> None:
    record(world, "project.created", "proj_x", data={"title": "=cmd()"})
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Export))
        field = app.screen.query_one("#path", Input)
        field.value = str(tmp_path / f"log.{format}")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ActivityScreen))
        number = len(lines(app))
    text = (tmp_path / f"log.{format}").read_text()
    if format == "csv":
        rows = list(csv.DictReader(text.splitlines()))
        assert rows[0]["resource"] == "'=cmd()"
    else:
        rows = json.loads(text)
        assert rows[0]["resource"] == "=cmd()"
    assert len(rows) == number
    assert (tmp_path / f"log.{format}").stat().st_mode & 0o777 == 0o600


@awaited
async def test_hostile_text_does_no_harm(world: World, tmp_path: Path) -> None:
    evil = "\x1b]52;c;x\x07[/] [bold]\u202e"
    event = record(world, "odd.thing", evil, name=evil)
    world.audit[-1] = replace(event, type="odd.thing")
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "odd.thing" in seen(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LineDetails))
        await settle(pilot)
        assert "\x1b]52" not in app.export_screenshot()
        assert "\u202e" not in app.export_screenshot()


@awaited
async def test_an_id_goes_to_the_terminal(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        line = move_to(app, lambda line: line.what == "created key")
        await pilot.press("y")
        sent = f"Sent to the terminal: {line.event.resource_id}"
        await until(pilot, lambda: sent in seen(app))


@awaited
async def test_help_tells_the_keys(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 50)) as pilot:
        await opened(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        text = seen(app)
        for words in (
            "Only what one person did",
            "Go to the key, project or person",
            "The next kind",
        ):
            assert words in text
