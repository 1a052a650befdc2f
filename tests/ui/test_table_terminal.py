from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]


def start(rows: int, **env: str) -> Terminal:
    argv = [sys.executable, "-m", "tests.ui.table_app", str(rows)]
    return Terminal(argv, {"COLORTERM": "truecolor", **env}, 120, 40, cwd=ROOT)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.delenv("NO_COLOR", raising=False)
    with start(1000) as terminal:
        terminal.wait_for("ci-laptop-")
        terminal.wait_quiet()
        yield terminal


def sent(terminal: Terminal, *keys: str) -> int:
    terminal.press(*keys)
    return written_after(terminal)


def written_after(terminal: Terminal) -> int:
    """Return the bytes that are written from now on, until no more come."""
    before = terminal.bytes_out
    terminal.wait_for(lambda t: t.bytes_out > before)
    terminal.wait_quiet(0.6)
    return terminal.bytes_out - before


def text_of(terminal: Terminal, *lines: int) -> int:
    return sum(len(terminal.screen[line].ljust(120).encode()) for line in lines)


def test_a_move_costs_two_rows_and_a_page_one_screen(terminal: Terminal) -> None:
    assert terminal.screen[1].startswith("▌")
    first = sent(terminal, "down")
    assert terminal.screen[2].startswith("▌")
    assert not terminal.screen[1].startswith("▌")
    assert first <= 2 * text_of(terminal, 1, 2)
    page = sent(terminal, "pagedown")
    assert page <= 1.6 * 120 * 40
    assert terminal.screen[2].startswith("▌")
    assert terminal.screen[0].split()[0] == "NAME"


def test_what_is_on_the_terminal_is_what_a_full_repaint_would_show(terminal: Terminal) -> None:
    for keys in (("pagedown", "down"), ("s",), ("S",), ("space", "up"), ("end",), ("home",)):
        sent(terminal, *keys)
    shown = terminal.screen
    colours = [[terminal.cells[y][x] for x in range(120)] for y in range(40)]
    for columns in (119, 120):
        terminal.resize(columns, 40)
        assert written_after(terminal) > 0
    assert terminal.screen == shown
    blank = {" "}
    for y in range(40):
        for x in range(120):
            now, then = terminal.cells[y][x], colours[y][x]
            assert now.bg == then.bg
            assert now.data in blank or now.fg == then.fg


def test_idle_sends_nothing(terminal: Terminal) -> None:
    before = terminal.bytes_out
    assert not terminal.read(0.5)
    assert terminal.bytes_out == before


def test_the_cursor_is_seen_without_colours() -> None:
    with start(100, NO_COLOR="1") as terminal:
        terminal.wait_for("ci-laptop-")
        terminal.press("down")
        terminal.wait_for(lambda t: t.screen[2].startswith("▌"))
        assert sum(line.startswith("▌") for line in terminal.screen) == 1


def test_the_terminal_is_left_as_it_was(terminal: Terminal) -> None:
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert b"\x1b[?1049l" in terminal.raw
    assert b"\x1b[?25h" in terminal.raw
