"""The commands without a screen."""

from __future__ import annotations

from pathlib import Path

from tests.canary import CANARY, leaks
from tests.journeys.driving import PROGRAM, person
from tests.terminal import Terminal


def test_a_typed_key_is_not_seen_where_only_the_output_goes_elsewhere(tmp_path: Path) -> None:
    nowhere = person(tmp_path, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    told = tmp_path / "told"
    command = ["sh", "-c", f'"$@" > {told}', "sh", *PROGRAM, "login"]
    with Terminal(command, nowhere) as terminal:
        terminal.wait_for("Admin key")
        terminal.type(CANARY)
        terminal.press("enter")
        terminal.wait_for("cannot be reached")
        assert not leaks(CANARY, terminal.raw)
    assert told.read_text() == ""
