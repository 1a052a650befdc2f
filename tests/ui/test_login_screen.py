"""Signing in: what a key is, what it may do, where it is kept, and that nothing of it stays."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button, Static

from oai_tui.core.errors import VaultLocked, VaultSilent
from oai_tui.core.secret import Secret
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.screens.login import ADMIN_KEYS_PAGE, NOT_KEPT
from oai_tui.ui.widgets.places import PlacePicker
from oai_tui.ui.widgets.secret_input import SecretInput
from oai_tui.vault import (
    Condition,
    Credential,
    EnvironmentPlace,
    MemoryPlace,
    Place,
    PlaceState,
)
from tests.ui.app_under_test import app_on, awaited, seen, settle, signed_in


class Breaking(MemoryPlace):
    """A key store that takes no key."""

    name = "keyring"

    async def save(self, profile: str, credential: Credential) -> None:
        raise VaultSilent("Secret Service failed without saying why.", "Try again.")


class Locked(MemoryPlace):
    """A key store that nobody has unlocked."""

    name = "keyring"

    async def state(self) -> PlaceState:
        return PlaceState(Condition.LOCKED, "x", "Secret Service is locked.", "Unlock it.")


def with_places(app: OaiApp, *places: Place) -> OaiApp:
    app.setup = replace(app.setup, places=places)
    return app


def as_if_real(app: OaiApp) -> OaiApp:
    """Take the demo's key away from the screen, and leave its platform."""
    assert app.setup.demo
    app.setup = replace(app.setup, demo=replace(app.setup.demo, admin_key=Secret("")))
    return app


def text(app: OaiApp, name: str) -> str:
    return str(app.screen.query_one(name, Static).content)


def paste(app: OaiApp, key: str) -> None:
    app.screen.query_one(SecretInput).value = key


@awaited
async def test_it_says_what_an_admin_key_is_and_links_to_where_one_is_made(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await settle(pilot)
        assert "admin key" in text(app, "#what")
        where = app.screen.query_one("#where", Static).visual
        assert ADMIN_KEYS_PAGE in str(where)
        assert ADMIN_KEYS_PAGE in repr(getattr(where, "spans", ""))


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("sk-proj-" + "a" * 40, "Project key."),
        ("sk-svcacct-" + "a" * 40, "Service account key."),
        ("sess-" + "a" * 40, "Browser session key."),
        ("sk-" + "a" * 48, "Legacy user key."),
        ("sk-admin-" + "a" * 40, "Admin key."),
        ("sk-admin-****cdef", "masked key"),
        ("sk-admin-abc def", "no blanks"),
    ],
)
@awaited
async def test_it_tells_the_kind_of_a_key_before_it_is_sent(
    world: World, tmp_path: Path, key: str, told: str
) -> None:
    app = as_if_real(app_on(world, tmp_path))
    async with app.run_test() as pilot:
        await settle(pilot)
        paste(app, key)
        await settle(pilot)
        assert told in text(app, "#kind")


@pytest.mark.parametrize(
    ("key_of", "told"),
    [
        (lambda world: next(iter(world.keys.values())).value, "This is a project key"),
        (lambda world: "sess-" + "a" * 40, "it was not sent anywhere"),
        (lambda world: "sk-admin-" + "a" * 80, "revoked, has expired or was cut short"),
        (lambda world: "something-else", "does not accept this as a key"),
        (lambda world: "", "No key was given"),
    ],
)
@awaited
async def test_a_key_that_cannot_be_used_gets_its_own_sentence_and_stays_in_the_field(
    world: World, tmp_path: Path, key_of: Callable[[World], str], told: str
) -> None:
    app = as_if_real(app_on(world, tmp_path))
    async with app.run_test() as pilot:
        await settle(pilot)
        paste(app, key_of(world))
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert told in text(app, "#result")
        assert app.screen.query_one(SecretInput).value == key_of(world)
        assert app.session is None


@pytest.mark.parametrize(
    ("key_of", "lines"),
    [
        (
            lambda world: world.usage_only_key,
            ("✗ it may not manage keys, projects and limits", "✓ it may read usage and costs"),
        ),
        (
            lambda world: world.management_only_key,
            ("✓ it may manage keys, projects and limits", "✗ it may not read usage and costs"),
        ),
    ],
)
@awaited
async def test_a_restricted_key_is_told_what_will_not_work_and_goes_on(
    world: World, tmp_path: Path, key_of: Callable[[World], str], lines: tuple[str, ...]
) -> None:
    app = app_on(world, tmp_path, key=key_of(world))
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        for line in lines:
            assert line in text(app, "#result")
        assert "lacks the permission" in text(app, "#result")
        await pilot.press("enter")
        await settle(pilot)
        assert app.current_mode == "keys"


@pytest.mark.parametrize("fault", ["503", "502-html", "wrong-type", "429-long"])
@awaited
async def test_a_platform_that_fails_is_told_and_asked_again(
    world: World, tmp_path: Path, fault: str
) -> None:
    faults = Faults(world=world)
    app = app_on(world, tmp_path, faults)
    faults.set(fault)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "The platform" in text(app, "#result")
        faults.clear()
        await pilot.press("enter")
        await settle(pilot)
        assert "The key works" in text(app, "#result")


@awaited
async def test_a_place_that_fails_loses_nothing_and_another_takes_the_same_key(
    world: World, tmp_path: Path
) -> None:
    memory = MemoryPlace()
    app = with_places(app_on(world, tmp_path), Breaking(), memory)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        assert "Secret Service failed" in text(app, "#result")
        assert "The key is still here" in text(app, "#result")
        await pilot.press("down", "enter")
        await settle(pilot)
        assert app.current_mode == "keys"
        assert app.session
        assert app.session.place == "this run only"
        kept = await memory.load("demo", app.setup.base_url.origin)
        assert kept
        assert kept.secret == Secret(world.admin_key)


@awaited
async def test_the_arrows_choose_a_place_and_only_one_is_chosen(
    world: World, tmp_path: Path
) -> None:
    first, second = Breaking(), MemoryPlace()
    app = with_places(app_on(world, tmp_path), first, second)
    async with app.run_test() as pilot:
        await settle(pilot)
        picker = app.screen.query_one(PlacePicker)
        assert picker.place is first
        picker.focus()
        await pilot.press("down")
        assert picker.place is second
        assert sum(button.value for button in picker.query("RadioButton").results()) == 1  # type: ignore[attr-defined]
        await pilot.press("up")
        assert picker.place is first


@awaited
async def test_a_click_chooses_a_place_and_signs_in(world: World, tmp_path: Path) -> None:
    app = with_places(app_on(world, tmp_path), Breaking(), MemoryPlace())
    async with app.run_test() as pilot:
        await settle(pilot)
        # A button takes no second click while it shows the first.
        app.screen.query_one("#sign-in", Button).active_effect_duration = 0
        second = list(app.screen.query("PlacePicker RadioButton"))[1]
        assert await pilot.click(second, offset=(6, 0))
        await settle(pilot)
        assert await pilot.click("#sign-in")
        await settle(pilot)
        assert await pilot.click("#sign-in")
        await settle(pilot)
        assert app.session
        assert app.session.place == "this run only"


@awaited
async def test_it_says_why_the_other_places_cannot_keep_a_key(world: World, tmp_path: Path) -> None:
    environment = EnvironmentPlace({"OPENAI_ADMIN_KEY": "a b"})
    app = with_places(app_on(world, tmp_path), environment, Locked(), MemoryPlace())
    async with app.run_test() as pilot:
        await settle(pilot)
        assert "keyring: Secret Service is locked. Unlock it." in text(app, "#elsewhere")
        assert "OPENAI_ADMIN_KEY holds no key" in text(app, "#elsewhere")


@awaited
async def test_the_key_of_the_environment_that_cannot_be_used_is_told(
    world: World, tmp_path: Path
) -> None:
    environment = EnvironmentPlace({"OPENAI_ADMIN_KEY": "sk-admin-" + "a" * 40})
    app = as_if_real(with_places(app_on(world, tmp_path), environment, MemoryPlace()))
    app.setup = replace(app.setup, demo=None)
    async with app.run_test() as pilot:
        await settle(pilot)
        assert "is not sent to http://localhost" in text(app, "#result")
        assert "comes first at every start" in text(app, "#elsewhere")


@awaited
async def test_without_any_place_the_key_works_until_the_program_ends(
    world: World, tmp_path: Path
) -> None:
    app = with_places(app_on(world, tmp_path), Locked())
    async with app.run_test() as pilot:
        await settle(pilot)
        assert "used until oai-tui ends" in text(app, "#elsewhere")
        await signed_in(pilot)
        assert app.current_mode == "keys"
        assert app.identity.place == NOT_KEPT


@awaited
async def test_an_edited_key_is_proved_again(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        button = app.screen.query_one("#sign-in", Button)
        assert str(button.label) == "Continue"
        paste(app, "sk-admin-" + "b" * 80)
        await settle(pilot)
        assert str(button.label) == "Sign in"
        assert text(app, "#result") == ""
        await pilot.click("#sign-in")
        await settle(pilot)
        assert "revoked, has expired or was cut short" in text(app, "#result")
        assert app.session is None


@awaited
async def test_a_key_edited_while_it_is_proved_is_not_the_one_that_is_kept(
    world: World, tmp_path: Path
) -> None:
    faults = Faults(world=world)
    app = app_on(world, tmp_path, faults)
    async with app.run_test() as pilot:
        await settle(pilot)
        faults.set("hold")
        await pilot.press("enter")
        await pilot.pause()
        paste(app, "sk-admin-" + "b" * 80)
        await pilot.pause()
        faults.clear()
        await settle(pilot)
        assert str(app.screen.query_one("#sign-in", Button).label) == "Sign in"


@awaited
async def test_enter_twice_in_a_hurry_signs_in_once(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        button = app.screen.query_one("#sign-in", Button)
        button.post_message(Button.Pressed(button))
        button.post_message(Button.Pressed(button))
        await settle(pilot)
        assert app.current_mode == "keys"
        assert app.screen.query_one("#head")


@awaited
async def test_leaving_lets_go_of_a_pasted_key(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        await app.action_sign_in()
        await settle(pilot)
        other = world.management_only_key
        paste(app, other)
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert app.current_mode == "keys"
        await app.action_sign_in()
        await settle(pilot)
        assert app.screen.query_one(SecretInput).value != other
        gc.collect()
        assert not [x for x in gc.get_objects() if type(x) is Secret and x.reveal() == other]


@awaited
async def test_help_over_the_screen_keeps_what_was_pasted(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("question_mark", "escape")
        await settle(pilot)
        assert "The key works" in text(app, "#result")
        await pilot.press("enter")
        await settle(pilot)
        assert app.current_mode == "keys"


@awaited
async def test_signing_in_again_after_a_remembered_key_offers_the_places(
    world: World, tmp_path: Path
) -> None:
    memory = MemoryPlace()
    app = with_places(app_on(world, tmp_path), memory)
    origin = app.setup.base_url.origin
    await memory.save("demo", Credential(Secret(world.admin_key), origin))
    async with app.run_test() as pilot:
        await settle(pilot)
        assert app.current_mode == "keys"
        first = app.session
        await app.action_sign_in()
        await settle(pilot)
        assert app.screen.query_one(PlacePicker).place is memory
        paste(app, world.management_only_key)
        await settle(pilot)
        await signed_in(pilot)
        assert app.session is not first
        assert app.session
        assert app.session.secret == Secret(world.management_only_key)


@awaited
async def test_the_first_line_says_demo_read_only_and_masks_the_key(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    app.setup = replace(app.setup, read_only=True)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        assert app.identity.is_demo
        assert app.identity.read_only
        assert world.admin_key not in app.identity.key


class Unlocking(MemoryPlace):
    """A key store that is locked until somebody unlocks it."""

    name = "keyring"
    is_locked = True

    async def state(self) -> PlaceState:
        if self.is_locked:
            return await Locked().state()
        return await super().state()

    async def load(self, profile: str, origin: str) -> Credential | None:
        if self.is_locked:
            raise VaultLocked("Secret Service is locked.", "Unlock it.")
        return await super().load(profile, origin)


@awaited
async def test_a_key_store_unlocked_meanwhile_signs_in_when_looked_at_again(
    world: World, tmp_path: Path
) -> None:
    store = Unlocking()
    app = with_places(app_on(world, tmp_path), store, MemoryPlace())
    await store.save("demo", Credential(Secret(world.admin_key), app.setup.base_url.origin))
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)
        assert seen(app).count("Secret Service is locked.") == 1
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert app.session is None
        assert len(app.screen.query("PlacePicker RadioButton")) == 1
        store.is_locked = False
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert app.session
        assert app.session.place == "keyring"


@awaited
async def test_the_key_of_the_demo_comes_back_after_another_was_typed(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("question_mark", "enter")
        await settle(pilot)
        assert "The demo's own key comes back" in text(app, "#result")
        await pilot.press("backspace", "enter")
        await settle(pilot)
        assert app.screen.query_one(SecretInput).value == world.admin_key
        await pilot.press("enter")
        await settle(pilot)
        assert "The key works" in text(app, "#result")


@awaited
async def test_whoever_comes_back_for_another_key_is_not_asked_to_continue(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test() as pilot:
        await signed_in(pilot)
        await app.action_sign_in()
        await settle(pilot)
        assert str(app.screen.query_one("#sign-in", Button).label) == "Sign in"
