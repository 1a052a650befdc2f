"""The commands that the README shows, run as they stand there."""

from __future__ import annotations

import re

from tests.cli.desk import Desk
from tests.readme import README

BLOCKS = re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)


def test_a_key_is_rotated_as_it_says(desk: Desk) -> None:
    old = desk.one("batch-nightly")
    for line in BLOCKS[0].splitlines():
        if "--resume" in line:
            new = desk.new_of(old)
            assert (desk.home / ".env").read_text() == f"OPENAI_API_KEY={new.value}\n"
            assert desk.lives(old.id)
        is_change = "--" in line
        done = desk.shell(f"{line} --yes" if is_change else line)
        assert done.status == 0, done.told
        assert is_change or "batch-nightly" in done.out
    assert not desk.lives(old.id)
    assert desk.lives(new.id)


def test_completion_works_as_it_says(desk: Desk) -> None:
    asks = "COMP_WORDS=(oai-tui keys rotat); COMP_CWORD=2; _oai_tui_completion oai-tui"
    done = desk.shell(f"{BLOCKS[1]}{asks}; echo ${{COMPREPLY[*]}}; complete -p oai-tui")
    words, registered = done.out.splitlines()
    assert words.split() == ["rotate", "rotations"], done.told
    assert "_oai_tui_completion" in registered


def test_figures_come_out_as_it_says(desk: Desk) -> None:
    for line in BLOCKS[2].splitlines():
        done = desk.shell(line, TZ="America/New_York")
        assert (done.status, done.told) == (0, ""), done.told
        assert len(done.out.splitlines()) > 3
