"""However the program ends, the terminal works again and no key is left anywhere."""

from __future__ import annotations

import shlex
import signal
import sys
from pathlib import Path

import pytest

from tests.journeys.driving import person, platform, sign_in, started
from tests.terminal import Terminal
from tests.vault.canary import CANARY, files_with_it, in_text

CRASHING = (sys.executable, "-m", "tests.journeys.crashing_app")


def is_given_back(terminal: Terminal) -> bool:
    """Whether the alternate screen, the mouse and the hidden cursor are all undone."""
    out = terminal.raw
    pairs = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?1000h", b"\x1b[?1000l"))
    shown = out.rfind(b"\x1b[?25h") > out.rfind(b"\x1b[?25l")
    return shown and all(out.rfind(off) > out.rfind(on) >= 0 for on, off in pairs)


def test_nothing_of_the_key_is_left_after_the_whole_journey(tmp_path: Path) -> None:
    with platform() as served:
        environment = person(tmp_path, OPENAI_BASE_URL=served.base_url)
        with started(environment, size=(120, 40)) as terminal:
            sign_in(terminal, CANARY)
            for key in ("enter", "esc", "/", "zzz", "esc", "2", "3", "?", "esc", "r", "1"):
                terminal.press(key)
                terminal.wait_quiet()
            terminal.press("q")
            assert terminal.wait_exit() == 0
    assert not in_text(terminal.raw.decode())
    assert files_with_it(tmp_path) == []
    assert is_given_back(terminal)


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143), (signal.SIGINT, 130)]
)
def test_a_signal_ends_it_tidily_even_with_a_key_revealed(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    with platform() as served:
        environment = person(tmp_path, OPENAI_BASE_URL=served.base_url)
        with started(environment) as terminal:
            sign_in(terminal, CANARY)
            terminal.wait_for("as of 12:04 UTC")
            terminal.press("n")
            terminal.wait_for("research-agent")
            terminal.type("night-shift")
            terminal.press("enter")
            terminal.wait_for("is made")
            terminal.press("v")
            terminal.wait_for("sk-svcacct-")
            terminal.signal(number)
            assert terminal.wait_exit() == status
            assert "sk-svcacct-" not in terminal.text
    assert is_given_back(terminal)
    assert not in_text(terminal.raw.decode())
    assert files_with_it(tmp_path) == []


@pytest.mark.parametrize("screen", ["login", "1", "2", "3"])
def test_a_crash_tells_where_and_no_secrets(tmp_path: Path, screen: str) -> None:
    with platform() as served:
        environment = person(tmp_path, OPENAI_BASE_URL=served.base_url)
        with started(environment, program=CRASHING) as terminal:
            if screen == "login":
                terminal.wait_for("this run only")
                terminal.type(CANARY)
                terminal.wait_for("•••")
            else:
                sign_in(terminal, CANARY)
                terminal.press(screen)
                terminal.wait_quiet()
            terminal.press("f2")
            assert terminal.wait_exit() == 1
            assert "RuntimeError" in terminal.text
            assert "crashing_app.py" in terminal.text
    assert not in_text(terminal.raw.decode())
    assert files_with_it(tmp_path) == []
    assert is_given_back(terminal)


def is_stopped(terminal: Terminal) -> bool:
    """Whether the program sleeps until it is told to go on."""
    status = Path(f"/proc/{terminal.process.pid}/stat").read_text()
    return status.rpartition(")")[2].split()[0] == "T"


def test_suspending_and_coming_back_shows_the_screen_again(tmp_path: Path) -> None:
    with started(person(tmp_path), "demo") as terminal:
        terminal.wait_for("The demo's own key is filled in")
        terminal.press("ctrl+z")
        terminal.wait_for(lambda t: t.raw.rfind(b"\x1b[?1049l") > t.raw.rfind(b"\x1b[?1049h"))
        terminal.wait_for(is_stopped)
        terminal.signal(signal.SIGCONT)
        terminal.wait_for(lambda t: t.raw.rfind(b"\x1b[?1049h") > t.raw.rfind(b"\x1b[?1049l"))
        terminal.wait_for("The demo's own key is filled in")
        terminal.press("q", "ctrl+q")
        assert terminal.wait_exit() == 0


def test_without_a_terminal_to_draw_on_it_says_so_and_ends(tmp_path: Path) -> None:
    said = tmp_path / "said"
    command = f"{shlex.quote(sys.executable)} -m oai_tui demo 2>{shlex.quote(str(said))}"
    with started(person(tmp_path), program=("sh", "-c", command)) as terminal:
        assert terminal.wait_exit() == 1
    assert "needs a terminal" in said.read_text()
