"""Looking at everything the program depends on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oai_tui.core.secret import Secret
from oai_tui.services.doctor import Finding, Flags, Mark, examine, examine_setup, size
from oai_tui.services.setup import Setup
from oai_tui.services.start import setup_of
from oai_tui.simulator.server import Running, running
from oai_tui.store.paths import Folders
from oai_tui.vault.credential import Credential
from oai_tui.vault.environment import EnvironmentPlace
from oai_tui.vault.keyring_place import KeyringPlace
from oai_tui.vault.place import Condition, PlaceState
from tests.canary import leaks
from tests.services.estate import run


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running() as platform:
        yield platform


class Told(KeyringPlace):
    """A key store in a condition, with no key of anybody."""

    def __init__(self, condition: Condition) -> None:
        super().__init__()
        self._condition = condition

    async def state(self) -> PlaceState:
        return PlaceState(self._condition, "Store", "It is so.", "Do this.")

    async def load(self, profile: str, origin: str) -> Credential | None:
        return None


def found(
    environ: Mapping[str, str], folder: Path, flags: Flags | None = None
) -> dict[str, Finding]:
    async def look() -> list[Finding]:
        everything = examine(environ, Folders.under(folder), flags or Flags())
        return [finding async for finding in everything]

    return {finding.subject: finding for finding in run(look())}


def access(setup: Setup) -> dict[str, Finding]:
    async def look() -> list[Finding]:
        return [finding async for finding in examine_setup(setup, is_clock_fixed=False)]

    return {finding.subject: finding for finding in run(look())}


def environment(served: Running, **more: str) -> dict[str, str]:
    return {"OPENAI_BASE_URL": served.base_url, "OPENAI_ADMIN_KEY": served.admin_key, **more}


def setup_with(
    served: Running,
    folder: Path,
    *places: KeyringPlace,
    clock: Callable[[], datetime] | None = None,
) -> Setup:
    environ = environment(served)
    setup = setup_of(environ, Folders.under(folder))
    return replace(setup, places=(EnvironmentPlace(environ), *places), clock=clock or setup.clock)


def test_all_is_well_line_by_line_and_no_key_is_shown(served: Running, tmp_path: Path) -> None:
    lines = found(environment(served), tmp_path)
    assert list(lines) == [
        *("version", "profile", "base URL", "settings", "key store", "key"),
        *("management", "usage", "clock", "journal", "cache", "ledger"),
    ]
    wrong = [line for line in lines.values() if line.mark is Mark.WRONG]
    assert wrong == []
    assert lines["base URL"].words == f"{served.base_url} (by OPENAI_BASE_URL)"
    assert lines["key"].words.startswith(Secret(served.admin_key).masked())
    assert "OPENAI_ADMIN_KEY" in lines["key"].words
    for name in ("management", "usage"):
        assert "request req_" in lines[name].words
    assert lines["clock"].mark is Mark.OK
    assert not leaks(served.admin_key, str(lines))
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("condition", list(Condition))
def test_a_key_store_is_in_one_of_four_states(
    served: Running, tmp_path: Path, condition: Condition
) -> None:
    line = access(setup_with(served, tmp_path, Told(condition)))["key store"]
    assert line.words.startswith(f"{condition.value}: ")
    assert (line.mark is Mark.OK) == (condition is Condition.WORKING)
    assert line.way_out == "Do this."


@pytest.mark.parametrize(("minutes", "words"), [(7, "ahead of"), (-7, "behind")])
def test_a_clock_that_is_off_is_told_with_how_much(
    served: Running, tmp_path: Path, minutes: int, words: str
) -> None:
    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(minutes=minutes)

    line = access(setup_with(served, tmp_path, clock=clock))["clock"]
    assert line.mark is Mark.LOOK
    assert f" {words} the platform's" in line.words
    assert re.match(r"(6 min 5\d|7 min \d) s ", line.words)


def test_a_clock_that_stands_is_no_skew(served: Running, tmp_path: Path) -> None:
    line = found(environment(served, OAI_TUI_NOW="2020-06-01T12:00"), tmp_path)["clock"]
    assert "it stands at 2020-06-01 12:00 UTC" in line.words
    assert "OAI_TUI_NOW" in line.way_out


def test_nobody_signed_in_is_wrong_and_asks_nothing(served: Running, tmp_path: Path) -> None:
    lines = found(environment(served, OPENAI_ADMIN_KEY=""), tmp_path)
    assert lines["key"].mark is Mark.WRONG
    assert "oai-tui login" in lines["key"].way_out
    assert "management" not in lines
    assert "journal" in lines


def test_a_key_for_another_address_is_told_as_such(served: Running, tmp_path: Path) -> None:
    flags = Flags(base_url="http://127.0.0.1:9/v1")
    lines = found(environment(served), tmp_path, flags)
    assert lines["base URL"].words.endswith("(by --base-url)")
    assert lines["management"].mark is lines["usage"].mark is Mark.WRONG
    assert "cannot be reached" in lines["usage"].words


def test_half_a_key_is_something_to_look_at_and_a_useless_one_is_wrong(
    served: Running, tmp_path: Path
) -> None:
    served.faults.set("403-envelope@/organization/costs")
    try:
        lines = found(environment(served), tmp_path)
    finally:
        served.faults.clear()
    assert (lines["management"].mark, lines["usage"].mark) == (Mark.OK, Mark.LOOK)
    assert "request req_" in lines["usage"].words
    key = next(key.value for key in served.world.keys.values() if key.deleted_at is None)
    lines = found(environment(served, OPENAI_ADMIN_KEY=key), tmp_path)
    assert lines["management"].mark is lines["usage"].mark is Mark.WRONG
    assert lines["key"].mark is Mark.LOOK
    assert "takes an admin key" in lines["key"].way_out
    assert not leaks(key, str(lines))


def test_a_browsers_key_is_sent_nowhere(tmp_path: Path) -> None:
    key = "sess-0123456789abcdefghijklmnopqrstuvwxyz"
    nowhere = "http://127.0.0.1:9/v1"
    lines = found({"OPENAI_ADMIN_KEY": key, "OPENAI_BASE_URL": nowhere}, tmp_path)
    assert lines["platform"].mark is Mark.WRONG
    assert "not sent anywhere" in lines["platform"].words


def test_what_decided_the_profile_is_told(served: Running, tmp_path: Path) -> None:
    def words(flags: Flags | None = None, **more: str) -> str:
        return found(environment(served, OPENAI_ADMIN_KEY="", **more), tmp_path, flags)[
            "profile"
        ].words

    assert words() == "default (by the default)"
    settings = tmp_path / "config" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text('default_profile = "work"\n[profiles.work]\nread_only = true\n')
    assert words() == "work, read-only (by default_profile of the settings)"
    assert words(OAI_TUI_PROFILE="home") == "home (by OAI_TUI_PROFILE)"
    assert words(Flags(profile="other"), OAI_TUI_PROFILE="home") == "other (by --profile)"


def test_settings_that_cannot_be_read_are_told_with_their_line(tmp_path: Path) -> None:
    settings = tmp_path / "config" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text("theme = 3\n")
    lines = found({}, tmp_path)
    assert list(lines) == ["version", "setup"]
    assert lines["setup"].mark is Mark.WRONG
    assert "settings.toml" in lines["setup"].words


def test_a_damaged_journal_is_told_with_where_it_is_kept(served: Running, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    (folder / "journal.sqlite3").write_bytes(b"no database at all" * 400)
    line = found(environment(served), tmp_path)["journal"]
    assert line.mark is Mark.LOOK
    assert "journal-damaged-1.sqlite3" in line.words


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1536, "1.5 KB"),
        (64 << 20, "64 MB"),
        (5 << 30, "5 GB"),
    ],
)
def test_sizes_are_written_as_people_do(number: int, text: str) -> None:
    assert size(number) == text
