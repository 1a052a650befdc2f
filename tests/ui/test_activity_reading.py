"""The audit log is read, read on, and told to be what it is where it cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oai_tui.core.activity import HERE
from oai_tui.core.activity_filter import Kind
from oai_tui.services.activity.silence import SWITCH
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.dialogs.activity_choice import Choice
from oai_tui.ui.screens.keys import KeysScreen
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in, until
from tests.ui.test_key_start import app_with_key
from tests.ui.trail import lines, move_to, noted, opened, record


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_the_newest_lines_are_read_as_sentences(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    key = next(key for key in reversed(world.keys.values()) if key.deleted_at is None)
    record(world, "api_key.created", key.id, data={"scopes": ["api.all.read"]})
    app = app_on(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        text = seen(app)
        for words in ("4 Activity", "WHEN (UTC)", "created key", key.name, "as of 12:04 UTC"):
            assert words in text
        project = world.projects[key.project_id].name
        sentence = f"created key {key.name} in {project}, scopes api.all.read"
        assert sentence in said(app, "#panel")
        moments = [line.event.at for line in lines(app)]
        assert moments == sorted(moments, reverse=True)  # type: ignore[type-var]


@awaited
async def test_older_lines_are_read_when_the_cursor_comes_near_the_end(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        first = len(lines(app))
        assert first < len(world.audit)
        assert "back to" in said(app, "#head")
        for _ in range(20):
            await pilot.press("end")
            await settle(pilot)
        assert {line.id for line in lines(app)} == {event.id for event in world.audit}
        assert f"{len(world.audit)} lines" in said(app, "#head")
        assert "back to" not in said(app, "#head")


@awaited
async def test_older_lines_that_could_not_be_read_are_said_and_asked_for_again(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        first = len(lines(app))
        faults.set("404-envelope@GET /organization/audit_logs")
        await pilot.press("end")
        await settle(pilot)
        assert "Older lines could not be read" in said(app, "#gaps")
        assert len(lines(app)) == first
        faults.clear()
        await pilot.press("end")
        await settle(pilot)
        assert said(app, "#gaps") == ""
        assert len(lines(app)) > first


@awaited
async def test_a_log_that_is_off_says_how_to_switch_it_on(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    faults.set("audit-off")
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        text = seen(app)
        for words in ("does not give the audit log", "Data controls", SWITCH, "r  try again"):
            assert words in text
        await pilot.press("y")
        await until(pilot, lambda: "Sent to the terminal" in seen(app))
        faults.clear()
        await pilot.press("r")
        await settle(pilot)
        assert lines(app)


@awaited
async def test_a_missing_permission_is_named(world: World, tmp_path: Path, faults: Faults) -> None:
    faults.set("403-envelope@GET /organization/audit_logs")
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        text = " ".join(seen(app).split())
        assert "lacks the permission" in text
        assert "api.management.read" in text
        assert "switched off" not in text


@awaited
async def test_an_empty_log_says_so(world: World, tmp_path: Path) -> None:
    world.audit.clear()
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "The audit log has no lines." in seen(app)
        assert SWITCH in seen(app)
        record(world, "scim.enabled")
        await pilot.press("r")
        await settle(pilot)
        assert [line.what for line in lines(app)] == ["enabled SCIM provisioning"]


@awaited
async def test_without_a_connection_what_was_seen_last_stands_with_its_age(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        known = [line.id for line in lines(app)]
    world.advance(2 * 3600)
    app = app_with_key(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, KeysScreen) and app.session)
        await settle(pilot)
        faults.set("reset-before@GET /organization/audit_logs")
        await pilot.press("4")
        await settle(pilot)
        assert [line.id for line in lines(app)] == known
        assert "as of 2 h ago, could not be read again" in said(app, "#head")
        assert "could not be read" in said(app, "#gaps")
        await pilot.press("f")
        await settle(pilot)
        assert {line.event.type for line in lines(app)} <= {
            *Kind.KEYS.types,
            *Kind.KEYS.tenant_types,
        }
        assert lines(app)
        faults.clear()
        await pilot.press("escape", "r")
        await settle(pilot)
        assert "as of 14:04 UTC" in said(app, "#head")
        assert said(app, "#gaps") == ""


@awaited
async def test_a_log_that_is_not_given_at_all_without_anything_known(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    faults.set("reset-before@GET /organization/audit_logs")
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "The audit log could not be read" in seen(app)
        assert "r  try again" in seen(app)


@awaited
async def test_what_is_recorded_here_stands_among_the_lines(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        noted(app, datetime.fromtimestamp(world.now(), UTC))
        await pilot.press("4")
        await settle(pilot)
        line = move_to(app, lambda line: line.event.recorded_here)
        await settle(pilot)
        assert line.who.startswith(HERE)
        panel = said(app, "#panel")
        assert "set the hard limit of the organization, $900.00 → $500.00" in panel
        assert "recorded here" in panel
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press(*"this program", "enter")
        await settle(pilot)
        assert [each.id for each in lines(app)] == [line.id]
        await pilot.press("o")
        await settle(pilot)
        assert app.current_mode == "billing"


@awaited
async def test_what_is_recorded_here_stands_where_the_log_is_off(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    faults.set("audit-off")
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(80, 24)) as pilot:
        await signed_in(pilot)
        noted(app, datetime.fromtimestamp(world.now(), UTC))
        await pilot.press("4")
        await settle(pilot)
        assert [line.event.recorded_here for line in lines(app)] == [True]
        assert "may be switched off" in said(app, "#gaps")


@awaited
async def test_what_happened_meanwhile_is_there_on_coming_back(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("end")
        await settle(pilot)
        before = len(lines(app))
        await pilot.press("1")
        await settle(pilot)
        event = record(world, "scim.enabled")
        await pilot.press("4")
        await settle(pilot)
        assert lines(app)[0].id == event.id
        assert len(lines(app)) == before + 1
