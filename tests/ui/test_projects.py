"""Projects: found, made, renamed and archived, with what the platform refuses said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from oai_tui.core.keys import Project
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.project_questions import ProjectQuestion
from oai_tui.ui.dialogs.projects import Projects
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets.table import Table
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in, until


async def opened(pilot: Pilot[None]) -> None:
    await signed_in(pilot)
    await pilot.press("p")
    await until(pilot, lambda: isinstance(pilot.app.screen, Projects))
    await settle(pilot)


def table(app: OaiApp) -> Table[Project]:
    return app.screen.query_one(Table)


async def asked(pilot: Pilot[None], key: str) -> None:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, ProjectQuestion))
    await settle(pilot)


async def back(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, Projects))
    await settle(pilot)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_every_project_is_listed_with_its_keys_the_archived_last(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert {row.id for row in table(app).rows} == set(world.projects)
        shown = seen(app)
        for word in ("NAME", "ID", "STATUS", "KEYS", "Web app", "archived"):
            assert word in shown
        assert table(app).shown_rows[-1].is_archived
        # Keys that were not asked for are not known, which is not none.
        line = table(app).render_line(len(world.projects)).text
        assert line.split()[-1] == "—"
        await pilot.press("slash", *"web", "enter")
        await settle(pilot)
        assert [row.name for row in table(app).rows] == ["Web app"]
        await pilot.press("escape")
        assert len(table(app).rows) == len(world.projects)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))


@awaited
async def test_a_project_is_made_renamed_and_archived(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    before = set(world.projects)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await asked(pilot, "n")
        await pilot.press("enter")
        await until(pilot, lambda: "1 to 100 characters" in said(app, "#told"))
        await pilot.press(*"Night shift", "enter")
        await back(pilot)
        (made,) = set(world.projects) - before
        assert "Night shift is made" in said(app, "#told")
        current = table(app).current
        assert current
        assert current.id == made
        await asked(pilot, "e")
        await pilot.press("end", *" two", "enter")
        await back(pilot)
        assert world.projects[made].name == "Night shift two"
        await asked(pilot, "X")
        assert "no API brings it back" in " ".join(seen(app).split())
        await pilot.press(*"Night shift", "enter")
        assert app.screen.query_one("#yes", Button).disabled
        assert world.projects[made].archived_at is None
        await pilot.press(*" two", "enter")
        await back(pilot)
        assert world.projects[made].archived_at is not None
        await pilot.press("e")
        await settle(pilot)
        assert "cannot be changed" in said(app, "#told")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))


@pytest.mark.parametrize("key", ["e", "X"])
@awaited
async def test_the_default_project_cannot_be_changed_and_says_so(
    world: World, tmp_path: Path, key: str
) -> None:
    default = next(each for each in world.projects.values() if each.is_default)
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert table(app).move_to_id(default.id)
        await asked(pilot, key)
        app.screen.query_one("#typed", Input).value = "Other" if key == "e" else default.name
        await pilot.press("enter")
        await until(pilot, lambda: "default project" in said(app, "#told"))
        assert isinstance(app.screen, ProjectQuestion)
        await pilot.press("escape")
        await back(pilot)


@awaited
async def test_a_project_that_may_have_been_made_is_looked_for_and_not_made_again(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    before = len(world.projects)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await asked(pilot, "n")
        faults.set("reset-after*1@POST /organization")
        await pilot.press(*"Night shift", "enter")
        await until(pilot, lambda: "Look for Night shift" in said(app, "#told"))
        assert app.screen.query_one("#yes", Button).disabled
        await pilot.press("escape")
        await back(pilot)
        assert len(world.projects) == before + 1
        assert "Night shift" in {row.name for row in table(app).rows}
        assert "Look for Night shift" in said(app, "#told")


@awaited
async def test_a_list_that_cannot_be_read_again_stays(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        faults.set("403-plain")
        await pilot.press("r")
        await settle(pilot)
        assert "lacks the permission" in said(app, "#told")
        assert len(table(app).rows) == len(world.projects)


@awaited
async def test_it_is_only_looked_at_where_it_is_read_only(world: World, tmp_path: Path) -> None:
    app = OaiApp(replace(app_on(world, tmp_path).setup, read_only=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "Read-only" in said(app, "#told")
        await pilot.press("n", "e", "X")
        await settle(pilot)
        assert isinstance(app.screen, Projects)
