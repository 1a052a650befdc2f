"""Somebody at a shell, with an organization of their own."""

from __future__ import annotations

import json
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from oai_tui.cli import cli
from oai_tui.core.base_url import BaseUrl
from oai_tui.simulator.model import AdminKey, Key
from oai_tui.simulator.server import Running
from tests.canary import leaks
from tests.cli.file_keyring import SETTING
from tests.journeys.driving import NOW, PROGRAM, SECONDS, person
from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    """What a command wrote, and its exit status."""

    status: int
    out: str
    told: str


class Desk:
    """Runs commands at an organization, and looks at it from behind.

    No command writes a part of a key unless that was asked for, and none a traceback.
    """

    def __init__(self, served: Running, home: Path) -> None:
        self.world = served.world
        self.faults = served.faults
        self.home = home
        self.base_url = served.base_url
        self.environment = person(
            home,
            OAI_TUI_NOW=NOW,
            OPENAI_BASE_URL=served.base_url,
            OPENAI_ADMIN_KEY=served.admin_key,
            PYTHONPATH=str(ROOT),
        )

    def run(self, *arguments: str, shows: bool = False, **more: str) -> Done:
        """Run a command in this process, with nobody at its terminal."""
        ended = CliRunner().invoke(
            cli, arguments, env={**self.environment, **more}, prog_name="oai-tui"
        )
        if ended.exception and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        done = Done(ended.exit_code, ended.stdout, ended.stderr)
        self._inspect(done.told + ("" if shows else done.out))
        return done

    def shell(self, line: str, **more: str) -> Done:
        """Run a line in a shell that knows the program as `oai-tui`."""
        program = self.home / "bin" / "oai-tui"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\nexec {shlex.join(PROGRAM)} "$@"\n')
        program.chmod(0o700)
        ended = subprocess.run(
            ["bash", "-c", line],
            env={**self.environment, "PATH": f"{program.parent}:/usr/bin:/bin", **more},
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
        )
        return Done(ended.returncode, ended.stdout.decode(errors="replace"), ended.stderr.decode())

    def terminal(self, *arguments: str, cols: int = 120, rows: int = 50) -> Terminal:
        """Run a command in a terminal of its own."""
        return Terminal([*PROGRAM, *arguments], self.environment, cols, rows, self.home)

    def sign_in_for_good(self) -> None:
        """Put the admin key into a key store in place of the environment."""
        folder = self.home / ".config" / "oai-tui"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "settings.toml").write_text(SETTING)
        origin = BaseUrl.parse(self.base_url).origin
        entry = {"oai-tui/default": f"{origin} {self.world.admin_key}"}
        (self.home / "safe.json").write_text(json.dumps(entry))
        self.environment["OPENAI_ADMIN_KEY"] = ""

    @property
    def in_a_month(self) -> int:
        """The time thirty days from now, in Unix seconds."""
        return SECONDS + 30 * 86400

    def settings(self, text: str) -> None:
        """Add to the settings."""
        folder = self.home / ".config" / "oai-tui"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "settings.toml").open("a") as file:
            file.write(text)

    def named(self, start: str) -> list[AdminKey | Key]:
        """Return the living keys whose names begin like this, oldest first."""
        return [
            key for key in self._keys() if key.name.startswith(start) and key.deleted_at is None
        ]

    def one(self, start: str) -> AdminKey | Key:
        """Return the only living key whose name begins like this."""
        (found,) = self.named(start)
        return found

    def account_key(self) -> Key:
        """Return a living key of a service account that no other has the name of."""
        return next(
            key
            for key in self.world.keys.values()
            if key.owner_id in self.world.service_accounts
            and key.deleted_at is None
            and len(self.named(key.name)) == 1
            and self.world.projects[key.project_id].archived_at is None
        )

    def new_of(self, old: Key | AdminKey) -> Key | AdminKey:
        """Return the living key made in the place of another, named itself or by its account."""
        accounts = {id: account.name for id, account in self.world.service_accounts.items()}
        return next(
            key
            for key in self.named("")
            if key.id != old.id
            and f"{old.name}-"
            in (f"{name[:-5]}" for name in (key.name, accounts.get(key.owner_id, "")))
        )

    def lives(self, id: str) -> bool:
        """Whether a key still works."""
        found = self.world.keys.get(id) or self.world.admin_keys[id]
        return found.deleted_at is None

    def events(self, *types: str) -> list[str]:
        """Return the types of what the audit log has of these, oldest first."""
        return [event.type for event in self.world.audit if event.type in types]

    def _keys(self) -> list[AdminKey | Key]:
        return [*self.world.keys.values(), *self.world.admin_keys.values()]

    def _inspect(self, told: str) -> None:
        assert "Traceback" not in told
        for key in self._keys():
            assert not leaks(key.value, told)
