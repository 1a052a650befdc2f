"""The main job, by keyboard, in a terminal: sign in, see, make, revoke, look at use and bill."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal

NOW = "2026-11-22T12:04"
SIZES = [(120, 40), (80, 24)]


def environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "", "OAI_TUI_NOW": NOW}


@pytest.mark.parametrize(("cols", "rows"), SIZES)
def test_the_demo_does_the_main_job(tmp_path: Path, cols: int, rows: int) -> None:
    argv = [sys.executable, "-m", "oai_tui", "demo"]
    with Terminal(argv, environment(tmp_path), cols, rows) as terminal:
        terminal.wait_for("The demo's own key is filled in")
        terminal.press("enter")
        terminal.wait_for("read usage and costs")
        terminal.press("enter")
        terminal.wait_for("checkout-copy")
        terminal.press("q")
        assert terminal.wait_exit() == 0
