"""A key is brought where the person wants it, and never lost on the way."""

from __future__ import annotations

import asyncio
import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from oai_tui.core.delivery import Command, Destination
from oai_tui.core.errors import Problem, StoreProblem, WrongInput
from oai_tui.core.secret import Secret
from oai_tui.services.delivery import anchored, check, deliver, save_to_file
from tests.canary import CANARY, leaks

SECRET = Secret(CANARY)


def test_a_key_is_written_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = save_to_file(SECRET, f"  {tmp_path}/ops.key ")
    finally:
        os.umask(before)
    assert path == tmp_path / "ops.key"
    assert path.read_text() == f"{CANARY}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_path_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert save_to_file(SECRET, "~/ops.key") == tmp_path / "ops.key"


def test_nothing_is_written_over_or_through(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("old")
    (tmp_path / "link").symlink_to(there)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("there", "link", "dangling", "."):
        with pytest.raises(WrongInput, match="there already"):
            save_to_file(SECRET, str(tmp_path / name))
    assert there.read_text() == "old"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("typed", ["", "  "])
def test_a_file_has_a_name(typed: str) -> None:
    with pytest.raises(WrongInput, match="No file"):
        save_to_file(SECRET, typed)


@pytest.mark.parametrize(
    "typed",
    ["nowhere/ops.key", "there/ops.key", "a\x00b", "x" * 300, "~nobody-of-that-name/ops.key"],
)
def test_what_cannot_be_written_says_why(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").write_text("a file, no folder")
    with pytest.raises(StoreProblem, match="could not be written") as caught:
        save_to_file(SECRET, typed)
    assert "the key is still here" in caught.value.way_out
    assert "\x00" not in str(caught.value)
    assert not leaks(CANARY, repr(caught.value))


_ON_A_FULL_DISK = """
import resource, sys
from oai_tui.core.errors import StoreProblem
from oai_tui.core.secret import Secret
from oai_tui.services.delivery import save_to_file
resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))
try:
    save_to_file(Secret(sys.stdin.read()), sys.argv[1])
except StoreProblem as problem:
    print(problem)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs a limit on file sizes")
def test_a_disk_that_fills_up_leaves_no_half_a_key(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ON_A_FULL_DISK, str(tmp_path / "ops.key")],
        input=CANARY,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "could not be written" in done.stdout
    assert not leaks(CANARY, done.stdout + done.stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is allowed to root")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Problem, match="ermission"):
        save_to_file(SECRET, str(tmp_path / "ops.key"))


def test_each_destination_gets_the_key(tmp_path: Path) -> None:
    out = tmp_path / "out"
    commands = {"put": Command(shell=f"cat > {out}")}
    receipts = []
    for text in (f"file:{tmp_path}/a.key", f"env:{tmp_path}/.env:KEY", "command:put"):
        destination = Destination.parse(text)
        check(destination, commands)
        receipts.append(asyncio.run(deliver(destination, SECRET, commands)))
    assert receipts == [
        f"Saved to {tmp_path}/a.key, readable by you only.",
        f"KEY written to the new file {tmp_path}/.env, readable by you only.",
        "put: exit 0",
    ]
    assert (tmp_path / "a.key").read_text() == out.read_text() == f"{CANARY}\n"
    assert (tmp_path / ".env").read_text() == f"KEY={CANARY}\n"


@pytest.mark.parametrize("text", ["show", "clipboard"])
def test_what_a_screen_does_is_not_done_here(text: str) -> None:
    check(Destination.parse(text), {})
    with pytest.raises(WrongInput, match="Only a person"):
        asyncio.run(deliver(Destination.parse(text), SECRET, {}))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("file:there", "is there already"),
        ("file:nowhere/a.key", "no such folder"),
        ("file:there/a.key", "cannot be written|no such folder"),
        ("file:~nobody-of-that-name/a.key", "not a path"),
        ("env:nowhere/.env:KEY", "does not exist"),
        ("command:put", "no command put"),
        ("command:broken", "no program"),
    ],
)
def test_what_cannot_be_is_known_before_a_key_is_made(
    text: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").write_text("old")
    commands = {"broken": Command(run=("no-such-program-here",))}
    with pytest.raises(Problem, match=words) as caught:
        check(Destination.parse(text), commands)
    assert caught.value.way_out
    with pytest.raises(Problem):
        asyncio.run(deliver(Destination.parse(text), SECRET, commands))
    assert os.listdir(tmp_path) == ["there"]


def test_a_remembered_path_means_the_same_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for text, anchor in (
        ("env:app/.env:KEY", f"env:{tmp_path}/app/.env:KEY"),
        ("file:/a.key", "file:/a.key"),
        ("file:~/a.key", "file:~/a.key"),
        ("command:put", "command:put"),
        ("show", "show"),
    ):
        assert anchored(Destination.parse(text)).text == anchor
