"""From the command to the first frame, and rest after it, against a Textual hello-world."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import Figure
from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 9
HELLO = (
    "from textual.app import App\nfrom textual.widgets import Static\n"
    "class Hello(App):\n    def compose(self):\n        yield Static('oai-tui')\n"
    "Hello().run()"
)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as home:
        environment = _environment(Path(home))
        hello, login = [], []
        for _ in range(ROUNDS):
            hello.append(_first_frame([sys.executable, "-c", HELLO], environment))
            login.append(_first_frame([sys.executable, "-m", "oai_tui"], environment))
        with _started([sys.executable, "-m", "oai_tui"], environment) as terminal:
            sent, share = _rest(terminal)
    return [
        Figure(
            "first frame, login screen, of a Textual hello-world",
            statistics.median(login) / statistics.median(hello),
            1.35,
        ),
        Figure("bytes sent in two idle seconds", float(sent), 0.0),
        Figure("CPU in two idle seconds, of 0.5 %", share / 0.005, 1.0),
    ]


def _environment(home: Path) -> dict[str, str]:
    quiet = {
        "TEXTUAL_ANIMATIONS": "none",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    return {"HOME": str(home), "PYTHONPATH": str(ROOT), **quiet}


@contextmanager
def _started(argv: list[str], environment: dict[str, str]) -> Iterator[Terminal]:
    with Terminal(argv, environment) as terminal:
        terminal.wait_for("oai-tui")
        yield terminal


def _first_frame(argv: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    with _started(argv, environment):
        return time.perf_counter() - begun


def _rest(terminal: Terminal) -> tuple[int, float]:
    terminal.wait_quiet(1.0)
    bytes_before, cpu_before = terminal.bytes_out, _cpu(terminal.process.pid)
    end = time.monotonic() + 2
    while (left := end - time.monotonic()) > 0:
        terminal.read(left)
    return terminal.bytes_out - bytes_before, (_cpu(terminal.process.pid) - cpu_before) / 2


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
