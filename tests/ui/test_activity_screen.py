"""What was done, by whom and when: found, read, followed to the key it was done to."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from oai_tui.core.activity import HERE
from oai_tui.core.activity_filter import Kind
from oai_tui.services.activity import Line
from oai_tui.services.activity.silence import SWITCH
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import AuditEvent, Key
from oai_tui.simulator.world import World
from oai_tui.store.changes import Action, Change, Outcome
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.activity_choice import Choice
from oai_tui.ui.dialogs.activity_details import LineDetails
from oai_tui.ui.dialogs.dates import DatesDialog
from oai_tui.ui.dialogs.export import Export
from oai_tui.ui.screens.activity import ActivityScreen, LogTable
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets.activity_filters import FilterLine
from oai_tui.ui.widgets.table import Table
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in, until
from tests.ui.test_key_start import app_with_key

DAY = 86400


async def opened(pilot: Pilot[None]) -> None:
    """Sign in and go to the activity."""
    await signed_in(pilot)
    await pilot.press("4")
    await settle(pilot)
    assert isinstance(pilot.app.screen, ActivityScreen)


def lines(app: OaiApp) -> list[Line]:
    """Return the lines that are shown."""
    return list(app.screen.query_one(LogTable).rows)


def filters(app: OaiApp) -> str:
    """Return what the line of filters says."""
    return str(app.screen.query_one(FilterLine).render())


def move_to(app: OaiApp, wanted: Callable[[Line], bool]) -> Line:
    """Put the cursor on the first line that is wanted."""
    line = next(each for each in lines(app) if wanted(each))
    assert app.screen.query_one(LogTable).move_to_id(line.id)
    return line


def record(world: World, type: str, resource: str = "", **details: object) -> AuditEvent:
    """Write a line at the end of the log, as an owner in the dashboard."""
    owner = next(person for person in world.people.values() if person.role == "owner")
    session = {"user": {"id": owner.id, "email": owner.email}, "ip_address": "203.0.113.9"}
    actor: dict[str, object] = {"type": "session", "session": session}
    told = {"id": resource, **details} if resource else details
    event = AuditEvent(f"log_{len(world.audit)}", type, world.now(), actor, None, resource, told)
    world.audit.append(event)
    return event


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
async def test_kinds_follow_one_another(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        for kind in list(Kind)[1:]:
            await pilot.press("f")
            await settle(pilot)
            types = {line.event.type for line in lines(app)}
            assert types
            assert types <= {*kind.types, *kind.tenant_types}
        await pilot.press("F", "F")
        await settle(pilot)
        assert {line.event.type for line in lines(app)} <= {
            *Kind.LIMITS.types,
            *Kind.LIMITS.tenant_types,
        }


@awaited
async def test_filters_add_up_and_are_taken_back_one_by_one(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        everything = [line.id for line in lines(app)]
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press(*"bob@", "enter")
        await settle(pilot)
        bobs = [line.id for line in lines(app)]
        assert {line.who.partition("@")[0] for line in lines(app)} == {"bob"}
        await pilot.press("f")
        await settle(pilot)
        keys = {*Kind.KEYS.types, *Kind.KEYS.tenant_types}
        assert {line.event.type for line in lines(app)} <= keys
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, DatesDialog))
        await pilot.press(*"2026", "enter")
        await settle(pilot)
        this_year = [line.id for line in lines(app)]
        assert all(line.event.at and line.event.at.year == 2026 for line in lines(app))
        await pilot.press("slash", *"created", "enter")
        await settle(pilot)
        assert all(line.event.type.endswith("api_key.created") for line in lines(app))
        shown = filters(app)
        assert app.screen.query_one("#filter", Input).value == "created"
        for words in ("by bob@", "days 2026 UTC", "esc takes one back"):
            assert words in shown.replace("1 Jan – 31 Dec 2026", "2026")
        await pilot.press("escape")
        await settle(pilot)
        assert [line.id for line in lines(app)] == this_year
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert [line.id for line in lines(app)] == bobs
        await pilot.press("escape")
        await settle(pilot)
        assert [line.id for line in lines(app)] == everything
        assert "esc takes" not in filters(app)
        await pilot.press("escape")
        assert isinstance(app.screen, ActivityScreen)


@awaited
async def test_a_project_is_found_by_a_part_of_its_name(world: World, tmp_path: Path) -> None:
    web = next(each for each in world.projects.values() if each.name == "Web app")
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press(*"web a", "enter")
        await settle(pilot)
        assert {line.project for line in lines(app)} == {"Web app"}
        assert "project Web app" in filters(app)
        assert "under the default project" in said(app, "#gaps")
        assert any(line.event.project_id == web.id for line in lines(app))


@awaited
async def test_somebody_who_is_not_listed_is_looked_for_as_typed(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press(*"zoe")
        assert "Nothing has that name" in said(app, "#told")
        await pilot.press("enter")
        assert isinstance(app.screen, Choice)
        await pilot.press(*"@acme.io", "enter")
        await settle(pilot)
        assert lines(app) == []
        assert "No line passes these filters.  esc takes the last one back." in seen(app)


@awaited
async def test_the_person_under_the_cursor_is_offered_first(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        line = move_to(app, lambda line: line.who != lines(app)[0].who)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        first = app.screen.query_one(OptionList).get_option_at_index(0)
        assert str(first.prompt) == line.who
        await pilot.press("escape")
        assert isinstance(app.screen, ActivityScreen)


@awaited
async def test_a_text_is_looked_for_further_back_than_what_is_read(
    world: World, tmp_path: Path
) -> None:
    oldest = min(world.audit, key=lambda event: event.at)
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert oldest.id not in {line.id for line in lines(app)}
        await pilot.press("slash")
        app.screen.query_one("#filter", Input).value = oldest.id
        await settle(pilot)
        assert [line.id for line in lines(app)] == [oldest.id]
        assert f"1 of {len(world.audit)} lines" in said(app, "#head")


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


LIMIT = "max_requests_per_1_minute"


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


def noted(app: OaiApp, at: datetime) -> Change:
    """Write a change of a hard limit into our own record."""
    changes = app.session and app.session.changes
    assert changes
    made = Change(Action.SET_LIMIT, "the organization", "$900.00", "$500.00", at)
    return changes.tell(changes.ask(made), Outcome.DONE, at, "$500.00")


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
        assert "hard limit set for the organization, $900.00 → $500.00" in panel
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


def is_live(world: World, line: Line) -> bool:
    key: Key | None = world.keys.get(line.event.resource_id)
    if key is None or key.deleted_at is not None:
        return False
    return world.projects[key.project_id].archived_at is None
