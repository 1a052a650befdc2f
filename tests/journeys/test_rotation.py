"""A rotation by keyboard, over a connection that is lost while the old key is still waited for."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oai_tui.simulator.model import Key
from oai_tui.simulator.server import Running
from oai_tui.simulator.world import World
from tests.journeys.driving import SIZES, person, platform, sign_in, started
from tests.secret_service import secret_service
from tests.terminal import Terminal
from tests.vault.canary import CANARY, files_with_it, in_text

OLD = "batch-nightly"
ENV = "# the app\nDEBUG=1\nexport OPENAI_API_KEY='old'  # by hand\n\nOTHER=\"a b\"\n"
KEEP = """
import os, sys
handle = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
os.write(handle, sys.stdin.buffer.read())
"""
LETTERS = 12
"""How much of a key in a row counts as a part of it."""


@dataclass
class Place:
    """Somebody's machine: a key store, a command in the settings, and an app with a .env file."""

    served: Running
    folder: Path
    environment: dict[str, str]

    @property
    def world(self) -> World:
        return self.served.world

    @property
    def env_file(self) -> Path:
        return self.folder / "app.env"

    @property
    def vault_file(self) -> Path:
        return self.folder / "vault"

    @property
    def destinations(self) -> str:
        return f"env:{self.env_file}:OPENAI_API_KEY command:vault-put"

    def keys(self) -> list[Key]:
        """Return the keys of the account whose key is rotated, the oldest first."""
        keys = self.world.keys.values()
        (account,) = {key.owner_id for key in keys if key.name == OLD}
        return [key for key in keys if key.owner_id == account]

    def audited(self, *ids: str) -> list[tuple[str, str]]:
        """Return what the platform wrote down of making and deleting these keys, in its order."""
        kinds = ("api_key.created", "api_key.deleted")
        return [
            (event.type, event.resource_id)
            for event in self.world.audit
            if event.type in kinds and event.resource_id in ids
        ]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with platform() as served, secret_service(tmp_path) as store:
        environment = person(tmp_path, **store, OPENAI_BASE_URL=served.base_url)
        environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.SecretService.Keyring"
        here = Place(served, tmp_path, environment)
        here.env_file.write_text(ENV)
        settings = tmp_path / ".config" / "oai-tui" / "settings.toml"
        settings.parent.mkdir(parents=True, mode=0o700)
        words = ", ".join(f"'''{each}'''" for each in (sys.executable, "-c", KEEP))
        settings.write_text(f"[commands.vault-put]\nrun = [{words}, '{here.vault_file}']\n")
        settings.chmod(0o600)
        yield here


def parts_in(text: str, key: str) -> list[str]:
    """Return the parts of a key that are in a text."""
    starts = range(len("sk-svcacct-"), len(key) - LETTERS + 1)
    return [part for part in (key[at : at + LETTERS] for at in starts) if part in text]


def files_with(folder: Path, key: str, but: tuple[Path, ...]) -> list[Path]:
    """Return the files below a folder with a part of a key, but for where it was delivered."""
    files = [path for path in folder.rglob("*") if path.is_file() and path not in but]
    return [path for path in files if parts_in(path.read_bytes().decode("latin-1"), key)]


def said(terminal: Terminal) -> str:
    """Return what the screen says, without the frames and line ends that break its sentences."""
    return " ".join(re.sub(r"[│▌▐▁-█]", " ", terminal.text).split())


def go_to(terminal: Terminal, name: str) -> None:
    """Show one key alone, with the cursor on it."""
    terminal.press("/")
    terminal.wait_for("to the list")
    terminal.type(name)
    terminal.wait_for(lambda t: re.search(r"Keys   1 of \d+", t.text) is not None)
    terminal.press("enter")
    terminal.wait_quiet()


def rotate(terminal: Terminal, place: Place) -> str:
    """Rotate the key under the cursor to where it is needed; return the name of the new one."""
    terminal.press("R")
    terminal.wait_for(f"Rotate {OLD}")
    terminal.wait_for("goes to the screen")
    terminal.press("ctrl+u")
    terminal.wait_for("No place to deliver to is given")
    terminal.type(place.destinations)
    terminal.wait_for(lambda t: "vault-put" in said(t).split(", then")[-1])
    terminal.press("enter")
    terminal.wait_for("● waiting  ○ revoked")
    terminal.wait_for("Not seen used since the switch")
    return place.keys()[-1].name


def is_on_the_queue(terminal: Terminal) -> bool:
    return "Rotations   1 unfinished" in terminal.text and "revoke the old key" in terminal.text


@pytest.mark.secret_service
@pytest.mark.parametrize("size", SIZES)
def test_a_rotation_survives_the_loss_of_its_terminal(place: Place, size: tuple[int, int]) -> None:
    (old,) = place.keys()
    written: list[bytes] = []
    with started(place.environment, size=size) as terminal:
        sign_in(terminal, CANARY)
        go_to(terminal, OLD)
        new_name = rotate(terminal, place)
        terminal.signal(signal.SIGHUP)
        assert terminal.wait_exit() == 128 + signal.SIGHUP
        written.append(terminal.raw)
    old, new = place.keys()
    assert new.name == new_name
    assert old.deleted_at is None
    assert new.deleted_at is None

    with started(place.environment, size=size) as terminal:
        terminal.wait_for("need attention")
        terminal.wait_for("⟳ 1 ")
        terminal.press("0")
        terminal.wait_for(is_on_the_queue)
        terminal.wait_for("Not seen used since the switch")
        terminal.press("enter")
        terminal.wait_for("Revoke the old key?")
        terminal.wait_for(f"type {OLD}")
        terminal.press("enter")
        terminal.type("y")
        terminal.wait_quiet()
        assert old.deleted_at is None, "one letter has to be too little right after the switch"
        terminal.press("backspace")
        terminal.wait_for(f"type {OLD}")
        terminal.type(OLD)
        terminal.wait_quiet()
        terminal.press("enter")
        terminal.wait_for("✓ revoked")
        terminal.wait_for(lambda t: "1 rotation" not in t.text)
        terminal.press("1")
        terminal.wait_for("need attention")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        written.append(terminal.raw)

    assert old.deleted_at is not None
    assert new.deleted_at is None
    assert place.audited(old.id, new.id)[-2:] == [
        ("api_key.created", new.id),
        ("api_key.deleted", old.id),
    ]
    assert [id for kind, id in place.audited(old.id, new.id)].count(new.id) == 1

    assert place.env_file.read_text() == ENV.replace("old", new.value, 1)
    assert place.vault_file.read_text() == f"{new.value}\n"
    assert place.vault_file.stat().st_mode & 0o777 == 0o600

    on_the_terminal = b"".join(written).decode()
    assert not in_text(on_the_terminal)
    assert parts_in(on_the_terminal, new.value) == []
    assert files_with_it(place.folder) == []
    assert files_with(place.folder, new.value, (place.env_file, place.vault_file)) == []


@pytest.mark.secret_service
def test_the_next_rotation_of_a_key_is_one_confirmation(place: Place) -> None:
    with started(place.environment) as terminal:
        sign_in(terminal, CANARY)
        go_to(terminal, OLD)
        first = rotate(terminal, place)
        terminal.press("K")
        terminal.wait_for("Keep the old key?")
        terminal.press("y")
        terminal.wait_for("✓ kept")
        terminal.press("1")
        terminal.wait_for(lambda t: re.search(r"Keys   2 of \d+", t.text) is not None)
        terminal.press("end")
        terminal.wait_for(f"─ {first} ─")
        terminal.press("R")
        terminal.wait_for(f"Rotate {first}")
        terminal.wait_for("goes to variable OPENAI_API_KEY in")
        terminal.press("enter")
        terminal.wait_for("● waiting  ○ revoked")
    *_, second, third = place.keys()
    assert second.name == first
    assert third.name.startswith(f"{OLD}-")
    assert not third.name.startswith(f"{first}-")
    assert place.env_file.read_text() == ENV.replace("old", third.value, 1)
    assert place.vault_file.read_text() == f"{third.value}\n"
