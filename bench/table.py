"""The table of keys: bytes and time for a key press, few rows against many."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from bench import Figure
from tests.terminal import Terminal
from tests.ui.table_app import TableApp, keys

ROOT = Path(__file__).resolve().parents[1]
COLS, ROWS = 120, 40
ROUNDS = 40
WALK = ("down", "pagedown", "up", "pageup", "end", "home")


class KeyListApp(TableApp):
    """The table between the lines that stand around it in the key list."""

    BINDINGS = [Binding("o", "open")]

    def compose(self) -> ComposeResult:
        yield Static("oai-tui\nKeys", markup=False)
        with Vertical():
            yield from super().compose()
        yield Static("ready\n\n\n\nkeys", markup=False)

    def action_open(self) -> None:
        rows = [] if self.table.rows else self._rows
        self.table.set_rows(rows, lambda key: key.id)


def measure() -> list[Figure]:
    with ExitStack() as stack:
        few, many = (stack.enter_context(_start(count)) for count in (100, 10_000))
        move, move_limit = _sent(many, "down"), _row_text(many)
        page = _sent(many, "pagedown")
        times = _press_times([few, many], lambda n: WALK[n % len(WALK)])
        opened = _open_times([few, many])
    p95 = statistics.quantiles(times[1], n=20)[-1]
    return [
        Figure("bytes of a cursor move, of the two rows' text", move / move_limit, 2.0),
        Figure("bytes of a page down, of the screen's characters", page / (COLS * ROWS), 1.5),
        Figure("key press to quiet, 10,000 rows of 100", _median_ratio(times), 1.3),
        Figure("key press to quiet, 10,000 rows, p95 of 50 ms", p95 / 0.050, 1.0),
        Figure("open 10,000 rows of 100, median", _median_ratio(opened), 1.5),
    ]


def _start(count: int) -> Terminal:
    argv = [sys.executable, "-m", "bench.table", str(count)]
    terminal = Terminal(argv, {"COLORTERM": "truecolor"}, COLS, ROWS, cwd=ROOT)
    terminal.wait_for("LAST SEEN")
    terminal.wait_for("● ok")
    terminal.wait_quiet(0.3)
    return terminal


def _sent(terminal: Terminal, key: str) -> int:
    before = terminal.bytes_out
    _press(terminal, key)
    return terminal.bytes_out - before


def _row_text(terminal: Terminal) -> int:
    lines = terminal.screen
    at = next(y for y, line in enumerate(lines) if line.startswith("▌"))
    return sum(len(line.ljust(COLS).encode()) for line in lines[at - 1 : at + 1])


def _press(terminal: Terminal, key: str) -> float:
    terminal.read(0)
    start, before = time.monotonic(), terminal.bytes_out
    terminal.press(key)
    terminal.wait_for(lambda t: t.bytes_out > before)
    terminal.wait_quiet(0.05)
    return terminal.last_output - start


def _press_times(terminals: list[Terminal], key: Callable[[int], str]) -> list[list[float]]:
    # One after the other in every round, so that a busy machine is as busy for both.
    rounds = [[_press(t, key(n)) for t in terminals] for n in range(ROUNDS)]
    return [list(times) for times in zip(*rounds, strict=True)]


def _open_times(terminals: list[Terminal]) -> list[list[float]]:
    rounds = _press_times(terminals, lambda _: "o")
    return [times[1::2] for times in rounds]


def _median_ratio(times: list[list[float]]) -> float:
    return statistics.median(times[1]) / statistics.median(times[0])


if __name__ == "__main__":
    KeyListApp(keys(int(sys.argv[1]))).run()
