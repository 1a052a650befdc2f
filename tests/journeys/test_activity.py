"""The activity by keyboard, in a terminal: find who made a key, go to it, write the lines down."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.journeys.driving import SIZES, person, platform, started
from tests.terminal import Terminal
from tests.vault.canary import CANARY, in_text


def to_the_activity(terminal: Terminal) -> None:
    terminal.press("4")
    terminal.wait_for("WHEN (UTC)")
    terminal.wait_for("as of 12:04 UTC")


@pytest.mark.parametrize("size", SIZES)
def test_from_everything_to_one_key(tmp_path: Path, size: tuple[int, int]) -> None:
    with started(person(tmp_path), "demo", size=size) as terminal:
        terminal.wait_for("The demo's own key is filled in")
        terminal.press("enter")
        terminal.wait_for("read usage and costs")
        terminal.press("enter")
        terminal.wait_for("as of 12:04 UTC")
        to_the_activity(terminal)
        terminal.press("f")
        terminal.wait_for("66 lines")
        terminal.press("w")
        terminal.wait_for("Who did it")
        terminal.type("alice@")
        terminal.wait_quiet()
        terminal.press("enter")
        terminal.wait_for("by alice@acme-research.example")
        terminal.press("/")
        terminal.wait_for("to the list")
        terminal.type("ci-deploy created")
        terminal.wait_for("2 of 22 lines")
        terminal.press("enter")
        terminal.wait_for("created key ci-deploy in Web app")
        terminal.press("enter")
        terminal.wait_for("api_key.created")
        terminal.wait_for("this line")
        terminal.press("esc")
        terminal.wait_for(lambda t: "this line" not in t.text)
        write_down(terminal, tmp_path / "log.csv")
        terminal.press("o")
        terminal.wait_for("need attention")
        terminal.wait_for(
            lambda t: any(line.startswith("▌") and "ci-deploy" in line for line in t.screen)
        )
        terminal.press("4")
        terminal.wait_for("2 of 22 lines")
        for _ in range(3):
            terminal.press("esc")
            terminal.wait_quiet()
        terminal.wait_for(lambda t: "takes one back" not in t.text)
        terminal.press("q")
        assert terminal.wait_exit() == 0


def write_down(terminal: Terminal, path: Path) -> None:
    """Export what is shown, from a key press to the file."""
    terminal.press("x")
    terminal.wait_for("to a new file that only you can read")
    terminal.press("ctrl+u")
    terminal.type(str(path))
    terminal.wait_quiet()
    terminal.press("enter")
    terminal.wait_for("2 lines written to")
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert [row["resource"] for row in rows] == ["ci-deploy", "ci-deploy"]
    assert {row["type"] for row in rows} == {"api_key.created"}


@pytest.mark.parametrize("size", SIZES)
def test_a_log_that_is_switched_off_and_then_on(tmp_path: Path, size: tuple[int, int]) -> None:
    with platform() as served:
        served.faults.set("audit-off")
        environment = person(tmp_path, OPENAI_BASE_URL=served.base_url, OPENAI_ADMIN_KEY=CANARY)
        with started(environment, size=size) as terminal:
            terminal.wait_for("need attention")
            terminal.press("4")
            terminal.wait_for("does not give the audit log")
            terminal.wait_for("Data controls")
            served.faults.clear()
            terminal.press("r")
            terminal.wait_for("signed in")
            terminal.press("end")
            terminal.wait_quiet()
            terminal.press("q")
            assert terminal.wait_exit() == 0
            assert not in_text(terminal.raw.decode())
