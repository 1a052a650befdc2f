"""Rate limits arrive while they are looked at, and what came is kept when the page is left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.vault.environment import EnvironmentPlace
from tests.ui.app_under_test import app_on, awaited, settle, until
from tests.ui.braking import (
    RESEARCH,
    billing,
    closed,
    done,
    press,
    project_named,
    question,
    table,
    text,
    typed,
)
from tests.ui.test_billing_rates import NEAR, shown

REQUESTS = "max_requests_per_1_minute"


@asynccontextmanager
async def later(
    world: World, folder: Path, faults: Faults, seconds: int
) -> AsyncIterator[Pilot[Any]]:
    """Open the rate limits in another run with the same key, when some time went by."""
    world.advance(seconds)
    app = app_on(world, folder, faults)
    environ = {"OPENAI_ADMIN_KEY": world.admin_key, "OPENAI_BASE_URL": app.setup.base_url.url}
    app.setup = replace(app.setup, places=(EnvironmentPlace(environ),))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await settle(pilot)
        await press(pilot, "3", "t")
        yield pilot


def silent(world: World, faults: Faults) -> None:
    """Have the rate limits of one project never come."""
    project = project_named(world, RESEARCH)
    faults.set(f"hang@GET /v1/organization/projects/{project}/rate_limits")


async def opened(pilot: Pilot[Any], world: World) -> None:
    """Turn to the rate limits, and wait for all that come."""
    await pilot.press("t")
    most = shown(world) - len(world.rate_limits_of(project_named(world, RESEARCH)))
    await until(pilot, lambda: len(table(pilot).rows) == most)


@awaited
async def test_the_next_run_shows_what_was_seen_last_and_how_long_ago(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    async with billing(world, tmp_path, faults, "t") as pilot:
        assert "as of 12:04 UTC" in text(pilot)
    faults.set("500@GET /v1/organization/projects/*/rate_limits")
    async with later(world, tmp_path, faults, 3 * 3600) as pilot:
        assert len(table(pilot).rows) == shown(world)
        assert f"{shown(world)} rate limits as last seen 3 h ago" in text(pilot)
        assert "ceilings as seen 3 h ago" in text(pilot)
        assert "could not be read" in text(pilot)
        faults.clear()
        await press(pilot, "r")
        assert "as of 15:04 UTC" in text(pilot)


@awaited
async def test_rows_can_be_used_while_others_are_on_their_way(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    silent(world, faults)
    async with billing(world, tmp_path, faults) as pilot:
        await opened(pilot, world)
        living = sum(each.archived_at is None for each in world.projects.values())
        assert f"reading, {living - 1} of {living} projects …" in text(pilot)
        await pilot.press("down", "down", "slash", *"whisper", "enter")
        await until(pilot, lambda: len(table(pilot).rows) == living - 1)
        await pilot.press("p")


@pytest.mark.parametrize("ways", [("p", "t"), ("1", "3")])
@awaited
async def test_leaving_breaks_the_reading_off_and_coming_back_goes_on(
    world: World, tmp_path: Path, faults: Faults, ways: tuple[str, str]
) -> None:
    leave, come_back = ways
    silent(world, faults)
    async with billing(world, tmp_path, faults) as pilot:
        await opened(pilot, world)
        await press(pilot, leave)  # which waits until nothing is asked for any more
        faults.clear()
        await press(pilot, come_back)
        assert len(table(pilot).rows) == shown(world)
        assert "reading" not in text(pilot)
        await press(pilot, "home")
        assert NEAR in text(pilot)


@awaited
async def test_what_was_changed_is_shown_though_nothing_can_be_read_again(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    project = project_named(world, RESEARCH)
    limit = next(e for e in world.rate_limits_of(project).values() if e.model == "whisper-1")
    async with billing(world, tmp_path, faults, "t") as pilot:
        assert table(pilot).move_to_id(f"{project}/{limit.id}")
        await press(pilot, "e")
        question(pilot).query_one(f"#{REQUESTS}", Input).focus()
        await typed(pilot, "777")
        await press(pilot, "enter", "y")
        await done(pilot)
        faults.set("500@GET /v1/organization")
        await closed(pilot)
        row = table(pilot).current
        assert row
        assert (row.limit.id, row.limit.ceilings[REQUESTS]) == (limit.id, 777)


@awaited
async def test_an_edit_of_what_was_remembered_looks_at_what_is_there_now(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    async with billing(world, tmp_path, faults, "t"):
        pass
    project = project_named(world, RESEARCH)
    limit = next(e for e in world.rate_limits_of(project).values() if e.model == "whisper-1")
    limit.max_requests_per_1_minute = 5
    async with later(world, tmp_path, faults, 30 * 60) as pilot:
        assert table(pilot).move_to_id(f"{project}/{limit.id}")
        await press(pilot, "e")
        question(pilot).query_one(f"#{REQUESTS}", Input).focus()
        await typed(pilot, "x2")
        await press(pilot, "enter", "y")
        await done(pilot)
        assert limit.max_requests_per_1_minute == 5
        await settle(pilot)
        assert "5 → 10" in text(pilot)
        await closed(pilot)
        row = table(pilot).current
        assert row
        assert row.limit.ceilings[REQUESTS] == 5


@awaited
async def test_a_change_that_the_program_ended_in_is_not_told_from_memory(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    project = project_named(world, RESEARCH)
    limit = next(e for e in world.rate_limits_of(project).values() if e.model == "whisper-1")
    async with billing(world, tmp_path, faults, "t") as pilot:
        assert table(pilot).move_to_id(f"{project}/{limit.id}")
        await press(pilot, "e")
        question(pilot).query_one(f"#{REQUESTS}", Input).focus()
        await typed(pilot, "777")
        faults.set("hang@POST /v1/organization")
        await pilot.press("enter", "y")
        await until(pilot, lambda: "1 sent" in text(pilot) or "Changing whisper-1" in text(pilot))
    limit.max_requests_per_1_minute = 777
    faults.clear()
    async with later(world, tmp_path, faults, 30 * 60) as pilot:
        shown_now = {row.limit.id: row.limit for row in table(pilot).rows}
        assert shown_now[limit.id].ceilings[REQUESTS] == 777
