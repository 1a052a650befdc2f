"""The keyring place against a real gnome-keyring, and against broken ones."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.secret_service import require, secret_service, session
from tests.vault.canary import CANARY, files_with_it, in_text

pytestmark = pytest.mark.secret_service

ORIGIN = "https://api.openai.com"
WORK = {"profile": "work", "origin": ORIGIN}


class Program:
    """The code under test in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        assert self._line() == {"keyring imported": False}

    def order(self, verb: str, **details: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"verb": verb, **WORK, **details}) + "\n")
        self.process.stdin.flush()
        return self._line()

    def quit(self) -> float:
        """Ask it to end; return the seconds that took."""
        assert self.process.stdin is not None
        begun = time.monotonic()
        self.process.stdin.close()
        self.process.stdin = None
        assert self.process.wait(60) == 0
        return time.monotonic() - begun

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        self.said.append(self.process.stdout.readline())
        answer: dict[str, Any] = json.loads(self.said[-1])
        return answer


@contextlib.contextmanager
def program(env: dict[str, str], deadline: float = 5.0) -> Iterator[Program]:
    command = [sys.executable, str(Path(__file__).with_name("probe.py")), str(deadline)]
    process = subprocess.Popen(
        command,
        env=env,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield Program(process)
    finally:
        process.kill()
        _, complaint = process.communicate(timeout=60)
        assert "Traceback" not in complaint
        assert not in_text(complaint)


def store_canary(env: dict[str, str]) -> None:
    with program(env) as app:
        assert app.order("save", key=CANARY)["saved"]


def test_a_key_comes_back_in_another_process_and_goes_when_deleted(tmp_path: Path) -> None:
    with secret_service(tmp_path) as env:
        with program(env) as app:
            state = app.order("state")
            assert (state["condition"], state["detail"]) == ("working", "Secret Service")
            assert app.order("load")["key"] is None
            assert app.order("save", key="sk-admin-former")["saved"]
            assert app.order("save", key=CANARY)["saved"]
        with program(env) as app:
            assert app.order("load")["key"] == CANARY
            assert app.order("load", profile="home")["key"] is None
            assert app.order("delete")["deleted"]
            assert app.order("delete")["deleted"]
            assert app.order("load")["key"] is None


def test_a_key_is_not_given_for_another_origin(tmp_path: Path) -> None:
    with secret_service(tmp_path) as env, program(env) as app:
        app.order("save", key=CANARY)
        refused = app.order("load", origin="https://proxy.example")
        assert refused["problem"] == "VaultProblem"
        assert ORIGIN in refused["text"]
        assert "https://proxy.example" in refused["text"]
        assert not in_text(refused["text"])


def test_a_key_survives_a_restart_and_is_in_no_file_in_the_clear(tmp_path: Path) -> None:
    with secret_service(tmp_path) as env:
        store_canary(env)
    assert list(tmp_path.rglob("login.keyring")), "the keyring was not written"
    assert files_with_it(tmp_path) == []
    with secret_service(tmp_path) as env, program(env) as app:
        assert app.order("load")["key"] == CANARY


@pytest.mark.parametrize("password", [None, "another password"])
def test_a_locked_store_never_reads_as_no_key(tmp_path: Path, password: str | None) -> None:
    with secret_service(tmp_path) as env:
        store_canary(env)
    with secret_service(tmp_path, unlock=password) as env, program(env) as app:
        assert app.order("state")["condition"] == "locked"
        for verb in ("load", "save", "delete"):
            answer = app.order(verb, key=CANARY)
            assert answer["problem"] == "VaultLocked"
            assert not in_text(answer["text"])
    with secret_service(tmp_path) as env, program(env) as app:
        assert app.order("load")["key"] == CANARY


def test_a_store_that_was_never_set_up_counts_as_locked(tmp_path: Path) -> None:
    with secret_service(tmp_path, unlock=None) as env, program(env) as app:
        assert app.order("state")["condition"] == "locked"


def test_a_daemon_that_dies_and_comes_back(tmp_path: Path) -> None:
    with session(tmp_path) as here, program(here.env) as app:
        assert app.order("state")["condition"] == "missing"
        daemon = here.start_keyring("test-password")
        assert app.order("save", key=CANARY)["saved"]
        daemon.kill()
        daemon.wait(5)
        assert app.order("state")["condition"] == "missing"
        assert app.order("load")["problem"] == "VaultMissing"
        here.start_keyring("test-password")
        assert app.order("load")["key"] == CANARY


def test_a_bus_that_goes_away(tmp_path: Path) -> None:
    with session(tmp_path) as here, program(here.env) as app:
        here.start_keyring("test-password")
        app.order("save", key=CANARY)
        here.stop()
        (here.run / "bus").unlink(missing_ok=True)
        assert app.order("load")["problem"] == "VaultMissing"
        state = app.order("state")
        assert (state["condition"], bool(state["way_out"])) == ("missing", True)


def test_no_bus_at_all(tmp_path: Path) -> None:
    require()
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    with program(env) as app:
        state = app.order("state")
        assert (state["condition"], bool(state["way_out"])) == ("missing", True)
        assert app.order("save", key=CANARY)["problem"] == "VaultMissing"


def test_a_store_that_never_answers_holds_neither_the_call_nor_the_exit(tmp_path: Path) -> None:
    with session(tmp_path) as here:
        here.start_mute()
        with program(here.env, deadline=0.8) as app:
            state = app.order("state")
            assert (state["condition"], bool(state["way_out"])) == ("silent", True)
            assert 0.7 < state["seconds"] < 8
            saved = app.order("save", key=CANARY)
            assert saved["problem"] == "VaultSilent"
            assert "not known" in saved["text"]
            assert not in_text(saved["text"])
            assert app.quit() < 8
