"""The commands without a screen."""

from __future__ import annotations

import subprocess
import sys
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


def test_a_profile_called_something_harmful_is_listed_harmlessly(tmp_path: Path) -> None:
    settings = tmp_path / ".config" / "oai-tui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[profiles."ev\\u001b]52;c;eA==\\u0007il"]\n')
    done = subprocess.run([*PROGRAM, "profiles"], env=person(tmp_path), capture_output=True)
    assert done.returncode == 0
    assert b"il  https://api.openai.com/v1" in done.stdout
    assert b"\x1b" not in done.stdout


def test_a_mistake_of_ours_is_told_without_a_key_and_without_control_characters() -> None:
    program = f"""
import sys
import oai_tui.cli as cli

def fail(**_: object) -> None:
    raise ValueError("{CANARY} \\x1b[2J")

cli.cli = fail
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert done.returncode == 1
    assert b"ValueError" in done.stderr
    assert not leaks(CANARY, done.stderr)
    assert b"\x1b" not in done.stderr
