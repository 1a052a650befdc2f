"""Signing in and out without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from oai_tui.core.base_url import BaseUrl
from oai_tui.core.errors import KeyRefused, RateLimited, VaultMissing, VaultProblem, WrongInput
from oai_tui.core.secret import Secret
from oai_tui.services.setup import Demo, Setup
from oai_tui.services.signing_in import sign_in, sign_out
from oai_tui.services.start import setup_of
from oai_tui.store.cache import Cache
from oai_tui.store.paths import Folders
from oai_tui.vault.environment import EnvironmentPlace
from oai_tui.vault.keyring_place import KeyringPlace
from tests.canary import CANARY, leaks
from tests.services.estate import Estate, run
from tests.vault import stores


@pytest.fixture(autouse=True)
def _empty_store() -> Iterator[None]:
    stores.Good.kept.clear()
    yield
    stores.Good.kept.clear()


def setup_at(estate: Estate, folder: Path, store: type = stores.Good) -> Setup:
    """A setup that talks to an estate and keeps keys in a store of the tests."""
    setup = setup_of({}, Folders.under(folder), profile="work")
    demo = Demo(estate.app, Secret(estate.world.admin_key))
    place = KeyringPlace(f"{stores.__name__}.{store.__name__}")
    here = BaseUrl.parse("http://localhost/v1")
    return replace(setup, demo=demo, base_url=here, places=(place,), clock=estate.clock)


def kept() -> list[str]:
    return list(stores.Good.kept.values())


def test_signing_in_keeps_the_key_and_says_what_it_may(tmp_path: Path) -> None:
    estate = Estate()
    key = estate.world.admin_key
    lines = run(sign_in(setup_at(estate, tmp_path), f' "{key}"\n'))
    assert lines == (
        f"Signed in to {estate.world.slug} with sk-admin…{key[-4:]}.",
        "It may manage keys, projects and limits.",
        "It may read usage and costs.",
        "Kept in keyring for profile work.",
    )
    assert not leaks(key, "\n".join(lines))
    assert kept() == [f"http://localhost {key}"]


def test_a_restricted_key_is_kept_and_told(tmp_path: Path) -> None:
    estate = Estate()
    lines = run(sign_in(setup_at(estate, tmp_path), estate.world.usage_only_key))
    assert lines[1].startswith("It may not manage keys, projects and limits: ")
    assert "api.management.read" in lines[1]
    assert kept()


def test_what_another_key_saw_is_forgotten(tmp_path: Path) -> None:
    estate = Estate()
    setup = setup_at(estate, tmp_path)
    for step in (sign_in(setup, estate.world.admin_key), sign_out(setup)):
        remember(setup)
        run(step)
        assert remembered(setup) is None


def remember(setup: Setup) -> None:
    cache = Cache(setup.folders.cache, setup.profile, setup.base_url.origin)
    cache.put("inventory", b"of another organization", setup.clock())
    cache.close()


def remembered(setup: Setup) -> object:
    cache = Cache(setup.folders.cache, setup.profile, setup.base_url.origin)
    found = cache.get("inventory")
    cache.close()
    return found


def test_signing_out_forgets_the_key_and_does_not_claim_more(tmp_path: Path) -> None:
    estate = Estate()
    setup = setup_at(estate, tmp_path)
    run(sign_in(setup, estate.world.admin_key))
    assert "The key itself still works" in run(sign_out(setup))
    assert kept() == []
    run(sign_out(setup))


def test_nobody_is_signed_out_while_the_environment_gives_a_key(tmp_path: Path) -> None:
    estate = Estate()
    setup = setup_at(estate, tmp_path)
    run(sign_in(setup, estate.world.admin_key))
    environment = EnvironmentPlace({"OPENAI_ADMIN_KEY": CANARY})
    with pytest.raises(VaultProblem, match="OPENAI_ADMIN_KEY") as caught:
        run(sign_out(replace(setup, places=(environment, *setup.places))))
    assert not leaks(CANARY, str(caught.value))
    assert kept() == []


@pytest.mark.parametrize(
    ("text", "fault", "kind"),
    [
        ("", "", WrongInput),
        ("sk-admin-***abcd", "", WrongInput),
        ("sess-" + "x" * 40, "", KeyRefused),
        (CANARY, "", KeyRefused),
        (CANARY, "429-long", RateLimited),
    ],
)
def test_a_key_that_is_not_proved_is_not_kept(
    text: str, fault: str, kind: type[Exception], tmp_path: Path
) -> None:
    setup = setup_at(Estate(*filter(None, [fault])), tmp_path)
    remember(setup)
    with pytest.raises(kind) as caught:
        run(sign_in(setup, text))
    assert not leaks(CANARY, str(caught.value))
    assert kept() == []
    assert remembered(setup)


@pytest.mark.parametrize("store", [stores.Forgetful, stores.Talkative])
def test_a_store_that_does_not_keep_is_told(store: type, tmp_path: Path) -> None:
    estate = Estate()
    with pytest.raises(VaultProblem) as caught:
        run(sign_in(setup_at(estate, tmp_path, store), estate.world.admin_key))
    assert not leaks(estate.world.admin_key, str(caught.value))


def test_without_a_store_there_is_the_environment(tmp_path: Path) -> None:
    estate = Estate()
    setup = replace(setup_at(estate, tmp_path), places=(KeyringPlace(),))
    with pytest.raises(VaultMissing) as caught:
        run(sign_in(setup, estate.world.admin_key))
    assert "OPENAI_ADMIN_KEY" in caught.value.way_out
