"""Making a key: asked once, made once, shown once, and never lost without a word."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Button, Input, Select

from oai_tui.core.creation import CreationKind
from oai_tui.core.delivery import Command
from oai_tui.core.secret import Secret
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.help import Help
from oai_tui.ui.dialogs.new_key import NewKeyForm
from oai_tui.ui.dialogs.scopes import ScopesDialog
from oai_tui.ui.dialogs.show_key import ShowKey
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets import handover
from oai_tui.ui.widgets.scopes_field import ScopesField
from oai_tui.ui.widgets.table import Table
from tests.journeys.driving import SECONDS
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in, until

_KEEP = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"
_FAILS = Command(run=("false",))


async def opened(pilot: Pilot[None]) -> None:
    await signed_in(pilot)
    await pilot.press("n")
    await until(pilot, lambda: isinstance(pilot.app.screen, NewKeyForm))
    await settle(pilot)


async def made(pilot: Pilot[None]) -> str:
    """Make a key and return its value."""
    world: World = pilot.world  # type: ignore[attr-defined]
    before = set(world.keys)
    await opened(pilot)
    await pilot.press(*"night", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, ShowKey))
    (new,) = set(world.keys) - before
    return world.keys[new].value


def choose(app: OaiApp, field: str, value: object) -> None:
    app.screen.query_one(f"#{field}", Select).value = value


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [
        (CreationKind.SERVICE_ACCOUNT_KEY, "sk-svcacct-"),
        (CreationKind.SERVICE_ACCOUNT, "sk-svcacct-"),
        (CreationKind.ADMIN_KEY, "sk-admin-"),
    ],
)
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_every_kind_of_key_is_made_and_shown_masked_first(
    world: World, tmp_path: Path, kind: CreationKind, prefix: str, size: tuple[int, int]
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        choose(app, "kind", kind)
        await settle(pilot)
        await pilot.press(*"night", "enter")
        await until(pilot, lambda: isinstance(app.screen, ShowKey))
        assert "night-" in seen(app)
        masked = said(app, "#value")
        assert masked.startswith(prefix.rstrip("-") + "…")
        await pilot.press("v")
        assert said(app, "#value").startswith(prefix)
        await pilot.press("v")
        assert said(app, "#value") == masked


@awaited
async def test_the_cursor_goes_to_the_key_just_made(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press(*"night", "enter")
        await until(pilot, lambda: isinstance(app.screen, ShowKey))
        await pilot.press("v", "escape")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await settle(pilot)
        current = app.screen.query_one(Table).current
        assert current
        assert current.key.name.startswith("night-")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda app: None, "A name has 1 to 100 characters"),
        (lambda app: choose(app, "project", Select.NULL), "No project is chosen"),
        (lambda app: choose(app, "account", Select.NULL), "No service account is chosen"),
    ],
)
@awaited
async def test_what_is_missing_is_said_in_the_form(
    world: World, tmp_path: Path, change: object, told: str
) -> None:
    app = app_on(world, tmp_path)
    before = len(world.keys)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert callable(change)
        change(app)
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert told in said(app, "#told")
        assert told.split()[0] in seen(app)
        assert len(world.keys) == before


@awaited
async def test_a_project_without_service_accounts_says_what_to_choose(
    world: World, tmp_path: Path
) -> None:
    for account in world.service_accounts.values():
        account.deleted_at = SECONDS - 1
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot)
        assert "no service account yet; choose a new one" in said(app, "#told")
        choose(app, "kind", CreationKind.SERVICE_ACCOUNT)
        await settle(pilot)
        assert said(app, "#told") == ""


@awaited
async def test_enter_twice_makes_one_key(world: World, tmp_path: Path, faults: Faults) -> None:
    app = app_on(world, tmp_path, faults)
    before = len(world.keys)
    async with app.run_test() as pilot:
        await opened(pilot)
        field = app.screen.query_one("#name", Input)
        field.value = "night"
        faults.set("hold@POST")
        for _ in range(3):
            field.post_message(Input.Submitted(field, field.value))
        await pilot.pause()
        faults.clear()
        await until(pilot, lambda: isinstance(app.screen, ShowKey))
        assert len(world.keys) == before + 1


@awaited
async def test_escape_while_a_key_is_made_waits_for_it(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await opened(pilot)
        faults.set("hold@POST")
        await pilot.press(*"night", "enter", "escape")
        await until(pilot, lambda: "answer is waited for" in said(app, "#told"))
        assert not isinstance(app.screen, ShowKey)
        faults.clear()
        await until(pilot, lambda: isinstance(app.screen, ShowKey))


@awaited
async def test_a_rule_of_the_organization_is_explained_and_what_was_typed_stays(
    world: World, tmp_path: Path
) -> None:
    world.policy_max_key_lifetime = 86400
    app = app_on(world, tmp_path)
    before = len(world.keys)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press(*"night", "enter")
        await until(pilot, lambda: "keys live 1 d at most" in said(app, "#told"))
        assert "within 1 d" in said(app, "#told")
        assert app.screen.query_one("#name", Input).value == "night"
        assert not app.screen.query_one("#make", Button).disabled
        app.screen.query_one("#expires", Input).value = "12h"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ShowKey))
        assert len(world.keys) == before + 1


@awaited
async def test_the_full_name_and_the_end_are_shown_as_they_will_be(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press(*"night")
        await settle(pilot)
        assert said(app, "#full").startswith("night-?????")
        assert said(app, "#ends") == "expires 20 Feb 2027 12:04 UTC, in 90 d"
        field = app.screen.query_one("#expires", Input)
        field.focus()
        await pilot.press("up")
        assert field.value == "30d"
        await pilot.press("down", "down", "down", "down")
        assert field.value == "never"
        await settle(pilot)
        assert "until somebody revokes it" in said(app, "#ends")
        field.value = "2028-01-01"
        await pilot.press("enter")
        await settle(pilot)
        assert "more than a year" in said(app, "#told")
        assert isinstance(app.screen, NewKeyForm)


@pytest.mark.parametrize("kind", [CreationKind.SERVICE_ACCOUNT_KEY, CreationKind.SERVICE_ACCOUNT])
@awaited
async def test_scopes_are_marked_in_a_list_or_typed(
    world: World, tmp_path: Path, kind: CreationKind
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        choose(app, "kind", kind)
        await settle(pilot)
        app.screen.query_one("#name", Input).value = "night"
        app.screen.query_one(ScopesField).focus()
        await pilot.press("down")
        assert app.screen.query_one(ScopesField).scopes == ("api.all.read",)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ScopesDialog))
        await pilot.press("space", *"files", "space", *"api.moon.walk", "space", "enter")
        await until(pilot, lambda: isinstance(app.screen, NewKeyForm))
        await settle(pilot)
        assert "Unchecked: api.moon.walk" in said(app, "#allows")
        made_first = "account is made first" in said(app, "#allows")
        assert made_first == (kind is CreationKind.SERVICE_ACCOUNT)
        before = set(world.keys)
        await pilot.click("#make")
        await until(pilot, lambda: isinstance(app.screen, ShowKey))
        (new,) = set(world.keys) - before
        assert set(world.keys[new].scopes) == {"api.files.read", "api.moon.walk"}


@awaited
async def test_what_is_no_scope_is_refused_in_the_list(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        app.screen.query_one(ScopesField).focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ScopesDialog))
        await pilot.press("enter")
        assert "Nothing is marked" in said(app, "#told")
        await pilot.press(*"api..x", "enter")
        assert "no name of a scope" in said(app, "#told")
        await pilot.press("escape", *"audit", "enter")
        assert "No scope is found" in said(app, "#told")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, NewKeyForm))
        assert app.screen.query_one(ScopesField).scopes == ()


@awaited
async def test_what_the_api_cannot_make_is_said_where_it_is_looked_for(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    before = len(world.keys)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        choose(app, "kind", "person")
        await settle(pilot)
        assert "platform.openai.com/api-keys" in seen(app)
        assert "service account instead" in seen(app)
        await pilot.press(*"night", "enter")
        await settle(pilot)
        assert said(app, "#told") == ""
        assert isinstance(app.screen, NewKeyForm)
        assert len(world.keys) == before
        choose(app, "kind", CreationKind.ADMIN_KEY)
        await settle(pilot)
        assert app.screen.query_one(ScopesField).disabled
        assert "may do everything" in said(app, "#allows")


@awaited
async def test_the_dialog_tells_its_own_keys(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        pilot.world = world  # type: ignore[attr-defined]
        await made(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        for words in ("Show or hide the key", "variable of a .env file", "private file"):
            assert words in seen(app)
        assert "command of the settings" not in seen(app)


@pytest.mark.parametrize("fault", ["reset-after", "500", "empty-body"])
@awaited
async def test_a_lost_answer_is_told_and_no_second_key_is_made(
    world: World, tmp_path: Path, faults: Faults, fault: str
) -> None:
    app = app_on(world, tmp_path, faults)
    before = len(world.keys)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        faults.set(f"{fault}@POST /organization")
        await pilot.press(*"night", "enter")
        await until(pilot, lambda: "not known whether" in said(app, "#told"))
        assert "unfinished" in said(app, "#told")
        faults.clear()
        await pilot.click("#make")
        await settle(pilot)
        assert len(world.keys) <= before + 1
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await settle(pilot)
        assert "1 unfinished (o)" in said(app, "#head")


@awaited
async def test_the_key_is_sent_to_the_terminal_and_kept_nowhere(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        pilot.world = world  # type: ignore[attr-defined]
        value = await made(pilot)
        await pilot.press("c")
        assert "Sent to the terminal" in said(app, "#told")
        assert "opied" not in seen(app)
        assert app.clipboard == ""
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, KeysScreen)
        assert "unfinished" not in said(app, "#head")
        assert value not in seen(app)
        gc.collect()
        assert not [x for x in gc.get_objects() if type(x) is Secret and x.reveal() == value]


@awaited
async def test_the_key_is_saved_for_its_owner_only_and_never_over_a_file(
    world: World, tmp_path: Path
) -> None:
    there = tmp_path / "there.key"
    there.write_text("mine")
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        pilot.world = world  # type: ignore[attr-defined]
        value = await made(pilot)
        await pilot.press("f")
        app.screen.query_one("#path", Input).value = str(there)
        await pilot.press("enter")
        await until(pilot, lambda: "is there already" in said(app, "#told"))
        assert there.read_text() == "mine"
        app.screen.query_one("#path", Input).value = str(tmp_path / "new.key")
        await pilot.press("enter")
        await until(pilot, lambda: "readable by you only" in said(app, "#told"))
        assert (tmp_path / "new.key").read_text().strip() == value
        assert (tmp_path / "new.key").stat().st_mode & 0o777 == 0o600
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))


@awaited
async def test_the_key_goes_into_a_variable_and_to_a_command(world: World, tmp_path: Path) -> None:
    into, env = tmp_path / "taken", tmp_path / ".env"
    env.write_text("A=1\nOPENAI_API_KEY=old\n")
    command = Command(run=(sys.executable, "-c", _KEEP, str(into)))
    setup = replace(app_on(world, tmp_path).setup, commands={"keep": command, "not": _FAILS})
    app = OaiApp(setup)
    async with app.run_test(size=(80, 24)) as pilot:
        pilot.world = world  # type: ignore[attr-defined]
        value = await made(pilot)
        await pilot.press("m", "down", "enter")
        await until(pilot, lambda: "The key is still here" in said(app, "#told"))
        await pilot.press("escape")
        await pilot.press("e")
        app.screen.query_one("#path", Input).value = str(env)
        await pilot.press("enter")
        await until(pilot, lambda: "OPENAI_API_KEY" in said(app, "#told"))
        assert env.read_text() == f"A=1\nOPENAI_API_KEY={value}\n"
        await pilot.press("m")
        assert app.screen.query_one("#path", Input).value == "keep"
        await pilot.press("enter")
        await until(pilot, lambda: "keep: exit 0" in said(app, "#told"))
        assert into.read_text().strip() == value
        assert value[:20] not in seen(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await settle(pilot)
        assert "unfinished" not in said(app, "#head")


@awaited
async def test_a_revealed_key_hides_by_itself(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "SHOWN_FOR", 0.05)
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        pilot.world = world  # type: ignore[attr-defined]
        value = await made(pilot)
        await pilot.press("v")
        await until(pilot, lambda: said(app, "#value") != value)


@pytest.mark.parametrize(
    "cover",
    [
        lambda app: app.post_message(events.AppBlur()),
        lambda app: app.app_suspend_signal.publish(app),
        lambda app: app.switch_mode("usage"),
        lambda app: app.action_help(),
    ],
)
@awaited
async def test_a_revealed_key_hides_when_nobody_may_be_looking(
    world: World, tmp_path: Path, cover: object
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        pilot.world = world  # type: ignore[attr-defined]
        value = await made(pilot)
        dialog = app.screen
        await pilot.press("v")
        assert str(dialog.query_one("#value").content) == value  # type: ignore[attr-defined]
        assert callable(cover)
        cover(app)
        await pilot.pause()
        assert "…" in str(dialog.query_one("#value").content)  # type: ignore[attr-defined]
        assert value[:40] not in seen(app)


@awaited
async def test_a_revealed_key_cannot_be_selected(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        pilot.world = world  # type: ignore[attr-defined]
        value = await made(pilot)
        await pilot.press("v")
        app.screen.text_select_all()
        assert value[:12] not in (app.screen.get_selected_text() or "")


@awaited
async def test_leaving_a_key_untaken_needs_the_button_and_is_remembered(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        pilot.world = world  # type: ignore[attr-defined]
        await made(pilot)
        await pilot.press("escape", "escape", "escape")
        assert isinstance(app.screen, ShowKey)
        assert "You have not taken the key" in said(app, "#told")
        await pilot.click("#done")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await settle(pilot)
        assert "1 unfinished (o)" in said(app, "#head")


@awaited
async def test_a_key_taken_after_the_warning_is_done_with(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        pilot.world = world  # type: ignore[attr-defined]
        await made(pilot)
        await pilot.press("escape", "c")
        assert str(app.screen.query_one("#done", Button).label) == "Done"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await settle(pilot)
        assert "unfinished" not in said(app, "#head")


@awaited
async def test_without_a_journal_no_key_is_made(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    state = app.setup.folders.state
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_text("in the way")
    async with app.run_test(notifications=True) as pilot:
        await signed_in(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert isinstance(app.screen, KeysScreen)
        assert "No key can be made here" in seen(app)
