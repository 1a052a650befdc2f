"""What the README shows of the bill, run as it stands there."""

from __future__ import annotations

import shlex

from tests.cli.desk import Desk
from tests.cli.test_readme import BLOCKS

CHANGES = ("limit set", "alerts create", "rates set", "balance set", "budget --")


def test_the_bill_comes_out_and_the_brakes_work_as_it_says(desk: Desk) -> None:
    lines = BLOCKS[3].splitlines()
    assert len(lines) == 10
    for line in lines:
        is_change = any(f"billing {words}" in line for words in CHANGES)
        done = desk.run(*shlex.split(line)[1:], *(["--yes"] if is_change else []))
        assert done.status == 0, (line, done.told)
        assert bool(done.out) is not is_change, line
    limits = desk.world.spend_limits
    web = next(id for id, each in desk.world.projects.items() if each.name == "Web app")
    assert limits[web].cents == 240_000
    assert any(alert.subject_prefix == "Careful" for alert in desk.world.alerts.values())
