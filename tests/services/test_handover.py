"""A key goes to a command on its standard input, and no part of it anywhere else."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from oai_tui.core.delivery import Command, DeliveryFailed
from oai_tui.core.errors import WrongInput
from oai_tui.core.secret import Secret
from oai_tui.services.delivery.command import MOST_OUTPUT, check_command, hand_over
from tests.canary import CANARY, leaks

SECRET = Secret(CANARY)


def python(script: str, timeout: int = 20) -> Command:
    return Command(run=(sys.executable, "-c", script), timeout=timeout)


def handed(command: Command, secret: Secret = SECRET) -> str:
    return asyncio.run(hand_over("vault-put", command, secret))


def failed(command: Command) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        handed(command)
    assert not leaks(CANARY, f"{caught.value!r} {caught.value} {caught.value.output}")
    assert "still here" in caught.value.way_out
    return caught.value


def gone(read_pid: Callable[[], int]) -> None:
    """Wait until a process has ended; it must not need long."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        state = Path(f"/proc/{read_pid()}/stat")
        try:
            if state.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except (FileNotFoundError, ProcessLookupError):
            return
    pytest.fail("the process still runs")


def test_the_key_and_a_line_end_are_all_it_reads(tmp_path: Path) -> None:
    out = tmp_path / "out"
    receipt = handed(Command(shell=f"cat > {out}; echo stored as version 3"))
    assert out.read_text() == f"{CANARY}\n"
    assert receipt == "vault-put: exit 0\nstored as version 3"


def test_words_go_to_the_program_as_they_are(tmp_path: Path) -> None:
    script = "import sys; sys.stdin.read(); print(sys.argv[1:])"
    command = Command(run=(sys.executable, "-c", script, "$HOME", "a b; ls", "~"))
    assert handed(command) == "vault-put: exit 0\n['$HOME', 'a b; ls', '~']"


def test_a_program_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    program = tmp_path / "put"
    program.write_text("#!/bin/sh\ncat >/dev/null\n")
    program.chmod(0o700)
    check_command("put", Command(run=("~/put",)))
    assert handed(Command(run=("~/put",))) == "vault-put: exit 0"


def test_the_key_is_in_no_argument_and_no_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-of-this-program")
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("COPY_OF_IT", f"x{CANARY}")
    monkeypatch.setenv("VAULT_ADDR", "https://vault.example")
    out = tmp_path / "seen"
    handed(
        python(
            "import os, sys; sys.stdin.read(); seen = b''\n"
            "for pid in (os.getpid(), os.getppid()):\n"
            "    seen += open(f'/proc/{pid}/cmdline', 'rb').read()\n"
            "seen += open('/proc/self/environ', 'rb').read()\n"
            f"open({str(out)!r}, 'wb').write(seen)"
        )
    )
    seen = out.read_bytes()
    assert not leaks(CANARY, seen)
    assert b"sk-admin-of-this" not in seen
    assert b"VAULT_ADDR=https://vault.example" in seen


def test_a_command_has_no_terminal_and_no_core_dumps() -> None:
    script = (
        "import os, resource, sys; sys.stdin.read()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), os.getsid(0) == os.getpid())\n"
        "print(sorted(os.listdir('/proc/self/fd'))[:3], len(os.listdir('/proc/self/fd')) <= 4)"
    )
    limit = resource.getrlimit(resource.RLIMIT_CORE)
    assert handed(python(script)) == (f"vault-put: exit 0\n{limit} True\n['0', '1', '2'] True")


def test_a_failure_is_told_with_its_status_and_its_words() -> None:
    problem = failed(
        Command(shell="cat >/dev/null; echo trying; echo permission denied >&2; exit 3")
    )
    assert problem.what == "vault-put: exit 3 (permission denied)."
    assert problem.status == 3
    assert problem.output == ("trying", "permission denied")


def test_of_many_words_the_first_and_the_last_are_kept() -> None:
    problem = failed(Command(shell="cat >/dev/null; seq 1 5000; exit 1"))
    assert problem.what == "vault-put: exit 1 (5000)."
    assert problem.output[:4] == ("1", "2", "3", "4984")
    assert len(problem.output) == 20


def test_an_end_by_a_signal_is_told() -> None:
    problem = failed(Command(shell="kill -9 $$"))
    assert (problem.what, problem.status) == ("vault-put: ended by signal 9.", -9)


@pytest.mark.parametrize("shell", ["true", "exit 0", "head -c 0; echo fine", "dd bs=1 count=9"])
def test_a_command_that_leaves_the_key_unread_has_not_got_it(shell: str) -> None:
    problem = failed(Command(shell=shell))
    assert "did not read the key" in problem.what
    assert problem.status == 0


def test_the_line_end_may_be_left() -> None:
    assert handed(Command(shell=f"dd bs=1 count={len(CANARY)} >/dev/null 2>&1")).endswith("exit 0")


@pytest.mark.parametrize(
    "shell",
    [
        "cat",
        "tee /dev/stderr",
        "sed 's/./&/;s/^/key=/'",
        "fold -w 30",
        "cut -c 5-40",
        "base64 -w 0",
        "base64",
        "od -An -tx1 | tr -d ' \\n'",
        "read k; printf '\\033[31m%s\\033[0m\\n' \"$k\"",
        'read k; yes "$k" | head -c 300000',
    ],
)
def test_a_command_that_says_the_key_is_not_repeated(shell: str) -> None:
    for command in (Command(shell=shell), Command(shell=f"{shell}; exit 1")):
        try:
            said = handed(command)
        except DeliveryFailed as problem:
            said = f"{problem} {problem!r} {problem.output}"
        assert not leaks(CANARY, said)
        assert "<key removed>" in said


def test_other_keys_and_controls_are_not_repeated_either() -> None:
    said = handed(
        Command(
            shell="cat >/dev/null; printf 'old sk-proj-abcdefgh\\033]52;c;eA==\\007\\r\\ntwo\\n'"
        )
    )
    assert "sk-proj-abc" not in said
    assert "\x1b" not in said
    assert said.splitlines()[-1] == "two"


def test_colors_are_left_out() -> None:
    said = handed(Command(shell="cat >/dev/null; printf '\\033[1;32mstored\\033[0m\\n'"))
    assert said == "vault-put: exit 0\nstored"


def test_much_output_is_read_and_let_go() -> None:
    script = f"import sys; sys.stdin.read(); print('x\\n' * {MOST_OUTPUT} * 4)"
    assert handed(python(script)) == "vault-put: exit 0\nx\nx\nx"


def test_what_takes_too_long_is_killed_with_all_it_started(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    command = Command(shell=f"cat; sleep 600 & echo $! > {pid}; echo waiting; wait", timeout=1)
    problem = failed(command)
    assert "after 1 s" in problem.what
    assert "waiting" in problem.what
    assert problem.status == -signal.SIGKILL
    gone(lambda: int(pid.read_text()))


def test_cancelling_kills_it(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    command = Command(shell=f"cat >/dev/null; sleep 600 & echo $! > {pid}; wait", timeout=60)

    async def cancel() -> None:
        task = asyncio.create_task(hand_over("vault-put", command, SECRET))
        while not (pid.exists() and pid.read_text().strip()):
            await asyncio.wait({task}, timeout=0.01)
        task.cancel()
        (ended,) = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(ended, asyncio.CancelledError)

    open_before = len(os.listdir("/proc/self/fd"))
    asyncio.run(cancel())
    gone(lambda: int(pid.read_text()))
    assert len(os.listdir("/proc/self/fd")) == open_before


def test_something_left_running_is_not_waited_for(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    command = Command(shell=f"cat >/dev/null; echo done; sleep 600 & echo $! > {pid}", timeout=120)
    start = time.monotonic()
    assert handed(command) == "vault-put: exit 0\ndone"
    assert time.monotonic() - start < 60
    os.kill(int(pid.read_text()), signal.SIGKILL)


def test_a_program_that_cannot_be_run_is_told_before_and_after(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("no program")
    for run in (("no-such-program-here",), (str(plain),), (str(tmp_path),), ("",)):
        with pytest.raises(WrongInput, match="cannot be run"):
            check_command("vault-put", Command(run=run))
        assert "could not be started" in failed(Command(run=run)).what
    check_command("vault-put", Command(shell="anything at all"))


def test_no_key_is_so_long() -> None:
    with pytest.raises(WrongInput):
        handed(Command(shell="cat"), Secret("x" * 5000))
