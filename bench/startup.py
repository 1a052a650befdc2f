"""From the command to the first frame, and rest after it, against a Textual hello-world."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench import Figure
from oai_tui.simulator.server import running
from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 9
PROGRAM = [sys.executable, "-m", "oai_tui"]
HELLO = (
    "from textual.app import App\nfrom textual.widgets import Static\n"
    "class Hello(App):\n    def compose(self):\n        yield Static('oai-tui')\n"
    "Hello().run()"
)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as home, running() as served:
        environment = _environment(Path(home))
        with_key = {
            **environment,
            "OPENAI_ADMIN_KEY": served.admin_key,
            "OPENAI_BASE_URL": served.base_url,
        }
        with Terminal(PROGRAM, with_key) as terminal:
            terminal.wait_for("as of")
            terminal.wait_quiet()
        times: dict[str, list[float]] = {"hello": [], "frame": [], "login": [], "list": []}
        for _ in range(ROUNDS):
            times["hello"].append(_until([sys.executable, "-c", HELLO], environment, "oai-tui"))
            times["frame"].append(_until(PROGRAM, environment, "oai-tui"))
            times["login"].append(_until(PROGRAM, environment, "Keep it in"))
            times["list"].append(_until(PROGRAM, with_key, "LAST SEEN"))
        with Terminal(PROGRAM, environment) as terminal:
            terminal.wait_for("Keep it in")
            sent, share = _rest(terminal)
    middle = {name: statistics.median(found) for name, found in times.items()}
    return [
        Figure("first frame, of a Textual hello-world", middle["frame"] / middle["hello"], 1.35),
        Figure("form to sign in, of the same", middle["login"] / middle["hello"], 2.5),
        Figure("list of keys from the cache, of the same", middle["list"] / middle["hello"], 1.8),
        Figure("bytes sent in two idle seconds", float(sent), 0.0),
        Figure("CPU in two idle seconds, of 0.5 %", share / 0.005, 1.0),
    ]


def _environment(home: Path) -> dict[str, str]:
    quiet = {
        "TEXTUAL_ANIMATIONS": "none",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    return {"HOME": str(home), "PYTHONPATH": str(ROOT), **quiet}


def _until(argv: list[str], environment: dict[str, str], text: str) -> float:
    """Return the seconds from the command to a text among what it writes.

    The screen is not drawn meanwhile: that would be the time of our terminal, not of the program.
    """
    begun = time.perf_counter()
    with Terminal(argv, environment) as terminal:
        terminal.wait_for(lambda seen: text.encode() in seen.raw)
        return time.perf_counter() - begun


def _rest(terminal: Terminal) -> tuple[int, float]:
    terminal.wait_quiet(1.0)
    bytes_before, cpu_before = terminal.bytes_out, _cpu(terminal.process.pid)
    end = time.monotonic() + 2
    while (left := end - time.monotonic()) > 0:
        terminal.read(left)
    return terminal.bytes_out - bytes_before, (_cpu(terminal.process.pid) - cpu_before) / 2


def _cpu(pid: int) -> float:
    """Return the seconds of CPU that all threads of a process have had."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
