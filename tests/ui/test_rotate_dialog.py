"""The plan of a rotation: what it says, what it asks, and what it refuses before it is begun."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from oai_tui.api import keys as api
from oai_tui.core.delivery import Command
from oai_tui.core.rotation import Step
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.dialogs.rotate import RotateMany, RotateOne
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.screens.rotations import RotationsScreen
from oai_tui.ui.widgets.scopes_field import ScopesField
from tests.api.talking import client_of
from tests.ui.app_under_test import awaited, said, seen, settle, until
from tests.ui.rotating import (
    BATCH,
    account_keys,
    app_at,
    asked,
    line_of,
    named,
    newest,
    opened,
    point,
    rested,
    rotated,
    step_of,
    told,
    words,
    write,
)

SCOPES = ("api.model.read", "api.model.request")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_the_plan_says_what_will_and_will_not_carry_over(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, world)
        old, before = named(world, BATCH), len(world.keys)
        await asked(pilot, old)
        shown = told(app)
        for text in (
            old.id,
            "A second key is made for the service account batch.",
            "until then it stays as it is",
            "waits in keyring",
            "another id",
            "scopes",
            "goes to the screen",
        ):
            assert text in shown
        assert app.screen.query_one(".rotate").max_scroll_y == 0, "nothing is out of sight"
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, KeysScreen)
        assert len(world.keys) == before


@awaited
async def test_a_key_of_a_person_gets_a_new_service_account_which_the_plan_says(
    world: World, tmp_path: Path
) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, world)
        old = named(world, "priya-notebook")
        await asked(pilot, old)
        shown = words(said(app, ".plan"))
        assert app.screen.query_one(".rotate").max_scroll_y == 0, "nothing is out of sight"
        assert "A new service account is made in the project" in shown
        assert "It does not belong to Priya" in shown
        assert "in the dashboard" in shown
        await write(pilot, f"file:{tmp_path}/new.key")
        await pilot.press("enter")
        line = await rested(pilot, old.id)
        assert step_of(line) is Step.WAITING
        new = newest(world)
        assert new.owner_type == "service_account"
        assert (tmp_path / "new.key").read_text().strip() == new.value


@awaited
async def test_scopes_that_the_audit_log_knows_are_filled_in_and_carried_over(
    world: World, tmp_path: Path
) -> None:
    app = app_at(world, tmp_path)
    assert app.setup.demo
    account = next(iter(world.service_accounts.values()))
    async with client_of(app.setup.demo.app, key=world.admin_key) as client:
        made = await api.create_account_key(
            client, account.project_id, account.id, "narrow", None, SCOPES
        )
    async with app.run_test() as pilot:
        await opened(pilot, world)
        dialog = await asked(pilot, world.keys[made.id])
        assert dialog.query_one(ScopesField).scopes == SCOPES
        assert "last seen in the audit log" in words(said(app, ".plan"))
        await write(pilot, f"file:{tmp_path}/new.key")
        await pilot.press("enter")
        await rested(pilot, made.id)
        assert tuple(newest(world).scopes) == SCOPES


@awaited
async def test_an_odd_length_of_life_is_told_in_days(world: World, tmp_path: Path) -> None:
    app = app_at(world, tmp_path)
    key = named(world, BATCH)
    key.expires_at = key.created_at + 90 * 86400 + 1234
    async with app.run_test() as pilot:
        await opened(pilot, world)
        dialog = await asked(pilot, key)
        assert dialog.query_one("#expires", Input).value == "90d"


@pytest.mark.parametrize(
    ("places", "why"),
    [
        ("nowhere", "is no place to deliver a key to"),
        ("", "No place to deliver to is given"),
        ("env:.env:1BAD", "is no name of a variable"),
        ("file:a 'b", "A quote is not closed"),
        ("show sk-proj-abcdefghijklmnop", "looks like a key"),
    ],
)
@awaited
async def test_a_place_that_is_none_is_told_and_nothing_is_sent(
    world: World, tmp_path: Path, places: str, why: str
) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        before = len(world.audit)
        await asked(pilot, named(world, BATCH))
        await write(pilot, places)
        assert why in words(said(app, "#goes"))
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, RotateOne)
        assert why in words(said(app, "#told"))
        assert len(world.audit) == before
        assert app.rotations
        assert app.rotations.lines == ()


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("command:none", "no command none"),
        ("file:{0}/no/such/folder/k", "no such folder"),
        ("file:{0}/there", "is there already"),
    ],
)
@awaited
async def test_a_place_that_cannot_be_written_is_found_before_a_key_is_made(
    world: World, tmp_path: Path, place: str, why: str
) -> None:
    (tmp_path / "there").write_text("mine")
    app = app_at(world, tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        keys = len(world.keys)
        old = named(world, BATCH)
        line = await rotated(pilot, old, place.format(tmp_path))
        assert step_of(line) is None
        assert "not begun" in seen(app)
        assert why in words(said(app, "#story"))
        assert "Nothing was made" in said(app, "#story")
        assert len(world.keys) == keys
        assert app.rotating == 0
        assert (tmp_path / "there").read_text() == "mine"


@awaited
async def test_what_could_not_be_begun_is_tried_again_with_enter(
    world: World, tmp_path: Path
) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        old = named(world, BATCH)
        line = await rotated(pilot, old, f"file:{tmp_path}/folder/k")
        assert step_of(line) is None
        (tmp_path / "folder").mkdir()
        await pilot.press("enter")
        line = await rested(pilot, old.id)
        assert step_of(line) is Step.WAITING
        assert line.problem is None


@awaited
async def test_a_key_of_an_archived_project_is_refused_with_the_way_out(
    world: World, tmp_path: Path
) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test(notifications=True) as pilot:
        await opened(pilot, world)
        await pilot.press("P")
        await settle(pilot)
        await point(pilot, named(world, "chatbot").id)
        await pilot.press("R")
        await until(pilot, lambda: "Its project is archived" in seen(app))
        assert isinstance(app.screen, KeysScreen)


@awaited
async def test_remembered_places_are_filled_in_and_one_enter_rotates(
    world: World, tmp_path: Path
) -> None:
    env = tmp_path / "app.env"
    env.write_text("A=1\nKEY=old\n")
    taken = tmp_path / "taken"
    commands = {"put": Command(run=("tee", str(taken)))}
    app = app_at(world, tmp_path, commands=commands)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        old = named(world, BATCH)
        await rotated(pilot, old, f"env:{env}:KEY command:put")
        first = newest(world)
        await pilot.press("K")
        await until(pilot, lambda: not isinstance(app.screen, RotationsScreen))
        await pilot.press("y")
        await rested(pilot, old.id)
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await settle(pilot)
        await asked(pilot, first)
        assert app.focused
        assert app.focused.id == "rotate"
        assert f"goes to variable KEY in {env}, then command put" in words(said(app, "#goes"))
        await pilot.press("enter")
        line = await rested(pilot, first.id)
        assert step_of(line) is Step.WAITING
        second = newest(world)
        assert second.id != first.id
        assert env.read_text() == f"A=1\nKEY={second.value}\n"
        assert taken.read_text().strip() == second.value


@awaited
async def test_the_arrows_offer_the_usual_places(world: World, tmp_path: Path) -> None:
    app = app_at(world, tmp_path, commands={"put": Command(run=("true",))})
    async with app.run_test() as pilot:
        await opened(pilot, world)
        dialog = await asked(pilot, named(world, BATCH))
        field = dialog.query_one("#deliver", Input)
        offered = [field.value]
        for _ in range(5):
            await pilot.press("down")
            offered.append(field.value)
        file = f"file:~/{BATCH}.key"
        assert [each.strip("'") for each in offered] == [
            "show",
            "clipboard",
            "command:put",
            "env:.env:OPENAI_API_KEY",
            file,
            "show",
        ]


@awaited
async def test_several_keys_are_asked_about_once_and_never_put_into_one_place(
    world: World, tmp_path: Path
) -> None:
    env = tmp_path / "app.env"
    env.write_text("KEY=old\n")
    app = app_at(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, world)
        before = len(world.keys)
        keys = account_keys(world, 3)
        await asked(pilot, *keys)
        assert isinstance(app.screen, RotateMany)
        for key in keys:
            assert key.name in said(app, ".plan")
        await write(pilot, f"env:{env}:KEY")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, RotateMany)
        assert "Several keys cannot go to one place" in words(said(app, "#told"))
        assert len(world.keys) == before
        assert env.read_text() == "KEY=old\n"


@awaited
async def test_one_of_several_that_fails_does_not_stop_the_rest(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    taken = tmp_path / "taken"
    app = app_at(world, tmp_path, faults, commands={"put": Command(run=("tee", "-a", str(taken)))})
    async with app.run_test() as pilot:
        await opened(pilot, world)
        first, second, third = account_keys(world, 3)
        faults.set(f"403-envelope@POST /organization/projects/{second.project_id}/")
        await asked(pilot, first, second, third)
        await write(pilot, "command:put")
        await pilot.press("enter")
        for key in (first, second, third):
            await rested(pilot, key.id)
        assert step_of(line_of(app, first.id)) is Step.WAITING
        assert step_of(line_of(app, third.id)) is Step.WAITING
        failed = line_of(app, second.id)
        assert step_of(failed) is None
        assert failed.problem
        assert failed.problem.request_id
        await point(pilot, failed.id)
        await settle(pilot)
        assert failed.problem.request_id in said(app, "#story")
        assert words(failed.problem.what) in words(said(app, "#story"))
        faults.clear()
        await pilot.press("enter")
        assert step_of(await rested(pilot, second.id)) is Step.WAITING
        assert len(taken.read_text().split()) == 3


@awaited
async def test_a_key_that_is_being_rotated_leads_to_its_rotation(
    world: World, tmp_path: Path
) -> None:
    app = app_at(world, tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        first, second, _ = account_keys(world, 3)
        await rotated(pilot, first, f"file:{tmp_path}/a.key")
        new = newest(world)
        await pilot.press("1")
        await settle(pilot)
        await rotated(pilot, second, f"file:{tmp_path}/b.key")
        for key in (first, new):
            await pilot.press("1")
            await settle(pilot)
            await point(pilot, key.id)
            await pilot.press("R")
            await until(pilot, lambda: isinstance(app.screen, RotationsScreen))
            await settle(pilot)
            assert isinstance(app.screen, RotationsScreen)
            current = app.screen.table.current
            assert current
            assert current.old_id == first.id
        assert len(app.rotations.lines if app.rotations else ()) == 2
