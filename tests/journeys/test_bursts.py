"""Keys that arrive all at once, as they do over a slow line, mean what they mean one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.driving import person, started
from tests.terminal import Terminal


@contextmanager
def at_the_keys(folder: Path) -> Iterator[Terminal]:
    """Run the demo, signed in, with its keys on the screen."""
    with started(person(folder), "demo") as terminal:
        terminal.wait_for("The demo's own key is filled in")
        terminal.press("enter")
        terminal.wait_for("read usage and costs")
        terminal.press("enter")
        terminal.wait_for("as of 12:04 UTC")
        yield terminal


def test_a_burst_opens_the_filter_and_types_in_it(tmp_path: Path) -> None:
    with at_the_keys(tmp_path) as terminal:
        terminal.type("/xsrve\x7f\x7f\x7f\x7f\x7fweb-bXX\x7f\x7fackend\r")
        terminal.wait_for("1 of 48")
        assert "web-backend" in terminal.text
        terminal.type("\x1b")
        terminal.wait_for("Keys   48")


def test_a_line_taken_back_in_a_burst_is_taken_back_before_the_next(tmp_path: Path) -> None:
    with at_the_keys(tmp_path) as terminal:
        terminal.type("/nothing at all\x15kiosk")
        terminal.wait_for("1 of 48")
        assert "kiosk" in terminal.text


def test_what_is_entered_in_a_burst_is_taken_before_the_next_key_counts(tmp_path: Path) -> None:
    with at_the_keys(tmp_path) as terminal:
        terminal.press("2")
        terminal.wait_for("gpt-5.6-mini")
        terminal.type("dlast-month\r3")
        terminal.wait_for("hard limit")
        terminal.type("2")
        terminal.wait_for("October 2026")
        terminal.type("3L3,333\ry")
        terminal.wait_for("no limit → $3,333.00 a month")
