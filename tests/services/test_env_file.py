"""A key is put into a .env file: whole or not at all, and nothing else in it changes."""

from __future__ import annotations

import fcntl
import itertools
import os
import re
import resource
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from oai_tui.core.delivery import DeliveryFailed
from oai_tui.core.errors import Problem, StoreProblem, WrongInput
from oai_tui.core.secret import Secret
from oai_tui.services.delivery.env_file import LARGEST, check_env, put_in_env
from tests.canary import CANARY, leaks

SECRET = Secret(CANARY)
KEY = "OPENAI_API_KEY"


@pytest.fixture
def env(tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    path.write_bytes(b"# ours\r\nexport OPENAI_API_KEY='sk-old'  # c\r\nPORT=80")
    path.chmod(0o600)
    return path


def put(path: Path) -> str:
    """Deliver, after a check that must agree; nothing but the receipt may come out."""
    check_env(str(path), KEY)
    receipt = put_in_env(SECRET, str(path), KEY)
    assert not leaks(CANARY, receipt)
    return receipt


def refused(path: Path | str, kind: type[Problem], words: str) -> None:
    """The check before and the delivery itself say the same, and leave no file behind."""
    folder = Path(path).parent
    before = sorted(os.listdir(folder)) if folder.is_dir() else []
    for attempt in (check_env, lambda *args: put_in_env(SECRET, *args)):
        with pytest.raises(kind, match=words) as caught:
            attempt(str(path), KEY)
        assert caught.value.way_out
        assert not leaks(CANARY, repr(caught.value))
        assert "sk-old" not in str(caught.value)
    assert (sorted(os.listdir(folder)) if folder.is_dir() else []) == before


def test_one_variable_is_replaced_and_not_a_byte_beside_it(env: Path) -> None:
    receipt = put(env)
    assert env.read_bytes() == (
        b"# ours\r\nexport OPENAI_API_KEY='" + CANARY.encode() + b"'  # c\r\nPORT=80"
    )
    assert receipt == f"OPENAI_API_KEY replaced in {env}."
    assert os.listdir(env.parent) == [".env"]


def test_bytes_that_are_not_ours_stay(env: Path) -> None:
    env.write_bytes("\ufeffNAME=Zoë\n\n\n\t# ✓\nOPENAI_API_KEY=\nX=1\n\n".encode())
    put(env)
    assert env.read_bytes() == (
        f"\ufeffNAME=Zoë\n\n\n\t# ✓\nOPENAI_API_KEY={CANARY}\nX=1\n\n".encode()
    )


def test_every_place_of_a_variable_is_replaced_and_told(env: Path) -> None:
    env.write_text("OPENAI_API_KEY=a\nOPENAI_API_KEY=b\n")
    assert "2 times" in put(env)
    assert env.read_text() == f"OPENAI_API_KEY={CANARY}\n" * 2


def test_a_missing_variable_is_added(env: Path) -> None:
    env.write_text("export PORT=80\n")
    assert "added to" in put(env)
    assert env.read_text() == f"export PORT=80\nexport OPENAI_API_KEY={CANARY}\n"


def test_a_missing_file_is_made_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        receipt = put(tmp_path / "new.env")
    finally:
        os.umask(before)
    assert "new file" in receipt
    assert (tmp_path / "new.env").read_text() == f"OPENAI_API_KEY={CANARY}\n"
    assert stat.S_IMODE((tmp_path / "new.env").stat().st_mode) == 0o600


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o644, True)])
def test_the_mode_stays_and_readers_are_told(env: Path, mode: int, warned: bool) -> None:
    env.chmod(mode)
    before = os.umask(0o077)
    try:
        receipt = put(env)
    finally:
        os.umask(before)
    assert stat.S_IMODE(env.stat().st_mode) == mode
    assert (f"mode {mode:04o}" in receipt) is warned


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_stays(env: Path) -> None:
    os.chown(env, 12345, 23456)
    put(env)
    assert (env.stat().st_uid, env.stat().st_gid) == (12345, 23456)


_AS_SOMEBODY_ELSE = """
import fcntl, os, sys
from oai_tui.core.errors import Problem
from oai_tui.core.secret import Secret
from oai_tui.services.delivery.env_file import check_env, put_in_env
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
for attempt in (check_env, lambda *place: put_in_env(Secret("sk-new"), *place)):
    try:
        print(attempt(sys.argv[1], "OPENAI_API_KEY"))
    except Problem as problem:
        print(problem)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize(
    ("owner", "group", "folder_mode", "words"),
    [
        (0, 65534, 0o777, "belongs to somebody else"),
        (65534, 23456, 0o777, "a group you are not in"),
        (65534, 65534, 0o755, "Nothing can be written in the folder|cannot be written"),
        (65534, 65534, 0o777, "None|replaced in"),
    ],
)
def test_what_would_change_the_owner_is_refused(
    owner: int, group: int, folder_mode: int, words: str
) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        env = Path(name) / ".env"
        env.write_text("OPENAI_API_KEY=sk-old\n")
        env.chmod(0o666)
        os.chown(env, owner, group)
        env.parent.chmod(folder_mode)
        done = subprocess.run(
            [sys.executable, "-c", _AS_SOMEBODY_ELSE, str(env)],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        said = done.stdout.splitlines()
        assert len(said) == 2
        assert all(re.search(words, line) for line in said)
        assert ("sk-new" in env.read_text()) is ("replaced" in words)
        assert (env.stat().st_uid, env.stat().st_gid) == (owner, group)


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="needs extended attributes")
def test_attributes_stay(env: Path) -> None:
    try:
        os.setxattr(env, "user.note", b"ours")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    put(env)
    assert os.getxattr(env, "user.note") == b"ours"


def test_a_link_stays_one_and_its_file_is_written(env: Path, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    link = tmp_path / "app" / ".env"
    link.symlink_to("../.env")
    put(link)
    assert link.is_symlink()
    assert CANARY in env.read_text()
    assert os.listdir(link.parent) == [".env"]


def test_a_path_in_the_home_folder(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(env.parent))
    assert put_in_env(SECRET, "~/.env", KEY) == "OPENAI_API_KEY replaced in ~/.env."
    assert CANARY in env.read_text()


def test_what_is_no_file_is_refused(env: Path, tmp_path: Path) -> None:
    refused(tmp_path, WrongInput, "is a folder")
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "pipe", WrongInput, "no ordinary file")
    refused(tmp_path / "nowhere" / ".env", WrongInput, "folder that does not exist")
    refused(env / ".env", StoreProblem, "cannot be read")
    refused("~nobody-of-that-name/.env", WrongInput, "no path")
    (tmp_path / "round").symlink_to("round")
    refused(tmp_path / "round", WrongInput, "no ordinary file")


def test_what_cannot_be_kept_as_it_is_is_refused(env: Path) -> None:
    os.link(env, env.with_name("other"))
    refused(env, WrongInput, "hard link")
    env.with_name("other").unlink()
    env.chmod(0o400)
    refused(env, WrongInput, "read-only")
    assert b"sk-old" in env.read_bytes()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"OPENAI_API_KEY=\xff\n", "not UTF-8"),
        ("OPENAI_API_KEY=a\n".encode("utf-16"), "no text file"),
        (b"A=1\n" * (LARGEST // 4) + b"B", "larger than"),
        (b"A=1\nB='x\nOPENAI_API_KEY=sk-old\n", "line 2 cannot be changed safely"),
        (b'OPENAI_API_KEY="sk-old\nmore', "line 1 cannot be changed safely"),
    ],
)
def test_what_cannot_be_understood_is_left_as_it_is(env: Path, content: bytes, words: str) -> None:
    env.write_bytes(content)
    refused(env, WrongInput, words)
    assert env.read_bytes() == content


def test_a_value_that_programs_would_read_differently_is_refused(env: Path) -> None:
    with pytest.raises(WrongInput, match="cannot be changed safely") as caught:
        put_in_env(Secret("sk-a$b c#d"), str(env), KEY)
    assert "a$b" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is allowed to root")
def test_a_folder_without_permission(env: Path) -> None:
    env.parent.chmod(0o500)
    for attempt in (check_env, lambda *args: put_in_env(SECRET, *args)):
        with pytest.raises(StoreProblem):
            attempt(str(env), KEY)


def test_what_a_killed_run_left_is_cleared_away(env: Path) -> None:
    left = env.with_name("..env.oai-tui")
    left.symlink_to(env)
    put(env)
    assert os.listdir(env.parent) == [".env"]
    assert not env.is_symlink()


_ON_A_FULL_DISK = """
import resource, sys
from oai_tui.core.errors import StoreProblem
from oai_tui.core.secret import Secret
from oai_tui.services.delivery.env_file import put_in_env
resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))
try:
    put_in_env(Secret(sys.stdin.read()), sys.argv[1], "OPENAI_API_KEY")
except StoreProblem as problem:
    print(problem)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs a limit on file sizes")
def test_a_disk_that_fills_up_leaves_the_file_as_it_was(env: Path) -> None:
    before = env.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", _ON_A_FULL_DISK, str(env)],
        input=CANARY,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "cannot be written" in done.stdout
    assert not leaks(CANARY, done.stdout + done.stderr)
    assert env.read_bytes() == before
    assert os.listdir(env.parent) == [".env"]


def test_deliveries_into_one_file_do_not_undo_each_other(env: Path) -> None:
    names = [f"KEY_{number}" for number in range(12)]
    threads = [threading.Thread(target=put_in_env, args=(SECRET, str(env), name)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    text = env.read_text()
    assert all(f"{name}={CANARY}" in text for name in names)
    assert "PORT=80" in text


def test_a_folder_that_is_held_is_waited_for(env: Path) -> None:
    descriptor = os.open(env.parent, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    thread = threading.Thread(target=put_in_env, args=(SECRET, str(env), KEY))
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()
    assert b"sk-old" in env.read_bytes()
    os.close(descriptor)
    thread.join(20)
    assert CANARY in env.read_text()


class Meddling(Secret):
    """A key during whose delivery something else happens."""

    __slots__ = ("_happens",)

    def __init__(self, happens: Callable[[], str]) -> None:
        super().__init__(CANARY)
        self._happens = happens

    def reveal(self) -> str:
        return self._happens()


def test_what_another_program_writes_meanwhile_is_kept(env: Path) -> None:
    others = iter([b"OTHER=1\nOPENAI_API_KEY=a\n"])

    def happens() -> str:
        for content in others:
            env.write_bytes(content)
        return CANARY

    put_in_env(Meddling(happens), str(env), KEY)
    assert env.read_text() == f"OTHER=1\nOPENAI_API_KEY={CANARY}\n"


def test_a_file_that_keeps_changing_is_left_alone(env: Path) -> None:
    sizes = itertools.count(1)

    def happens() -> str:
        env.write_text("#" * next(sizes))
        return CANARY

    with pytest.raises(StoreProblem, match="keeps changing"):
        put_in_env(Meddling(happens), str(env), KEY)
    assert set(env.read_text()) == {"#"}
    assert os.listdir(env.parent) == [".env"]


@pytest.mark.parametrize("content", ["", "OPENAI_API_KEY=other\n", "OPENAI_API_KEY='open\n", None])
def test_what_is_not_there_when_it_is_read_again_is_told(env: Path, content: str | None) -> None:
    steps = iter(range(9))

    def happens() -> str:
        if next(steps) == 1:  # the second time: it was written, and is about to be compared
            env.unlink()
            if content is not None:
                env.write_text(content)
        return CANARY

    with pytest.raises(DeliveryFailed, match="does not hold the key") as caught:
        put_in_env(Meddling(happens), str(env), KEY)
    assert not leaks(CANARY, repr(caught.value))


def test_a_reader_never_sees_half_a_file(env: Path) -> None:
    allowed = {env.read_bytes()}
    put(env)
    allowed.add(env.read_bytes())
    env.write_bytes(min(allowed, key=len))
    seen: set[bytes] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            seen.add(env.read_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(20):
        put_in_env(SECRET, str(env), KEY)
    over.set()
    watcher.join(20)
    assert seen <= allowed
