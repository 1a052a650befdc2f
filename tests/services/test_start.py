"""What decides how a run works: flag, environment, profile, default, in this order."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oai_tui.core.base_url import OFFICIAL
from oai_tui.core.delivery import Command
from oai_tui.core.errors import VaultProblem, WrongInput
from oai_tui.core.secret import Secret
from oai_tui.core.thresholds import Thresholds
from oai_tui.services.setup import Demo, Setup
from oai_tui.services.start import clock_of, demo_setup, moment_of, setup_of
from oai_tui.store.paths import Folders
from oai_tui.vault.credential import Credential
from tests.api.talking import Answer, Platform
from tests.canary import CANARY, leaks
from tests.services.estate import run

SETTINGS = """
default_profile = "work"
[profiles.work]
base_url = "https://work.example/v1"
read_only = true
[profiles.home]
"""
FLAG, ENVIRON = "https://flag.example/v1", "https://environ.example/v1"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    found = Folders.under(tmp_path)
    found.make()
    (found.config / "settings.toml").write_text(SETTINGS)
    return found


@pytest.mark.parametrize(
    ("flag", "environ", "expected"),
    [
        ("home", {"OAI_TUI_PROFILE": "other"}, "home"),
        (None, {"OAI_TUI_PROFILE": "other"}, "other"),
        (None, {"OAI_TUI_PROFILE": ""}, "work"),
        (None, {}, "work"),
    ],
)
def test_profiles(
    folders: Folders, flag: str | None, environ: dict[str, str], expected: str
) -> None:
    assert setup_of(environ, folders, profile=flag).profile == expected


def test_commands_and_thresholds_come_from_the_settings(folders: Folders) -> None:
    (folders.config / "settings.toml").write_text(
        "[commands.put]\nrun = ['vault']\n[health]\nstale_days = 30\n"
    )
    setup = setup_of({}, folders)
    assert setup.commands == {"put": Command(run=("vault",))}
    assert setup.thresholds == Thresholds(stale_days=30)


@pytest.mark.parametrize("name", ["x" * 41, "work\x1b[2J", " work", CANARY])
def test_a_name_that_would_be_shown_or_kept_as_another_is_refused(
    folders: Folders, name: str
) -> None:
    with pytest.raises(WrongInput) as caught:
        setup_of({}, folders, profile=name)
    assert not leaks(CANARY, str(caught.value))
    assert "\x1b" not in str(caught.value)
    assert setup_of({}, folders, profile="x" * 40).profile == "x" * 40


def test_a_first_run_has_the_first_profile(tmp_path: Path) -> None:
    setup = setup_of({}, Folders.under(tmp_path))
    assert (setup.profile, setup.base_url.url, setup.base_url_from) == ("default", OFFICIAL, "")
    assert not setup.read_only


@pytest.mark.parametrize(
    ("flag", "environ", "profile", "url", "source"),
    [
        (FLAG, {"OPENAI_BASE_URL": ENVIRON}, "work", FLAG, "--base-url"),
        (None, {"OPENAI_BASE_URL": ENVIRON}, "work", ENVIRON, "OPENAI_BASE_URL"),
        (None, {"OPENAI_BASE_URL": ""}, "work", "https://work.example/v1", "the profile"),
        (None, {}, "work", "https://work.example/v1", "the profile"),
        (None, {}, "home", OFFICIAL, ""),
        (None, {}, "unknown", OFFICIAL, ""),
    ],
)
def test_addresses(
    folders: Folders,
    flag: str | None,
    environ: dict[str, str],
    profile: str,
    url: str,
    source: str,
) -> None:
    setup = setup_of(environ, folders, profile=profile, base_url=flag)
    assert (setup.base_url.url, setup.base_url_from) == (url, source)


def test_read_only_by_flag_or_profile(folders: Folders) -> None:
    assert setup_of({}, folders, profile="work").read_only
    assert not setup_of({}, folders, profile="home").read_only
    assert setup_of({}, folders, profile="home", read_only=True).read_only


@pytest.mark.parametrize(
    ("flag", "environ"),
    [
        ("http://far.example/v1", {}),
        (None, {"OPENAI_BASE_URL": "http://far.example/v1"}),
        (None, {"OPENAI_BASE_URL": "nonsense"}),
        (None, {"OAI_TUI_NOW": "yesterday"}),
    ],
)
def test_bad_values_are_told(folders: Folders, flag: str | None, environ: dict[str, str]) -> None:
    with pytest.raises(WrongInput) as caught:
        setup_of(environ, folders, base_url=flag)
    assert caught.value.way_out


@pytest.mark.parametrize("text", ["profiles = 7", "[profiles.work]\nbase_url = 'http://far/'", "["])
def test_bad_settings_are_told(folders: Folders, text: str) -> None:
    (folders.config / "settings.toml").write_text(text)
    with pytest.raises(WrongInput, match="settings"):
        setup_of({}, folders)


def key_in(setup: Setup) -> Credential | None:
    return run(setup.places[0].load(setup.profile, setup.base_url.origin))


@pytest.mark.parametrize(
    ("flag", "environ"), [(None, {}), (FLAG, {}), (None, {"OPENAI_BASE_URL": ENVIRON})]
)
def test_the_key_of_the_environment_goes_where_flag_or_environment_say(
    folders: Folders, flag: str | None, environ: dict[str, str]
) -> None:
    environ = {"OPENAI_ADMIN_KEY": CANARY, **environ}
    setup = setup_of(environ, folders, profile="home", base_url=flag)
    assert key_in(setup) == Credential(Secret(CANARY), setup.base_url.origin)


def test_a_profile_takes_the_key_of_the_environment_nowhere(folders: Folders) -> None:
    setup = setup_of({"OPENAI_ADMIN_KEY": CANARY}, folders, profile="work")
    with pytest.raises(VaultProblem, match=r"is for https://api\.openai\.com"):
        key_in(setup)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-22T12:00", 12),
        ("2026-11-22T12:00:00Z", 12),
        ("2026-11-22T12:00+03:00", 9),
        ("2026-11-22", 0),
    ],
)
def test_moments(text: str, hour: int) -> None:
    moment = moment_of(text)
    assert moment == datetime(2026, 11, 22, hour, tzinfo=UTC)
    assert moment.utcoffset() == datetime.now(UTC).utcoffset()


def test_a_day_is_a_day_of_utc() -> None:
    clock = clock_of({"OAI_TUI_NOW": "2026-11-22T01:00+03:00"})
    assert clock().date().day == 21
    assert clock() == clock()


def test_the_clock_of_the_system_moves() -> None:
    assert abs((clock_of({})() - datetime.now(UTC)).total_seconds()) < 60


def test_a_demo_keeps_nothing(tmp_path: Path) -> None:
    demo = Demo(Platform(Answer()), Secret(CANARY))
    setup = demo_setup(Folders.under(tmp_path), demo, clock_of({}))
    assert setup.demo is demo
    assert [place.name for place in setup.places] == ["this run only"]
    assert list(tmp_path.iterdir()) == []
