"""A platform on a socket, the processes that are killed, and the figures at the end of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from typing import Any

import pytest

from oai_tui.simulator.server import Running, running
from oai_tui.simulator.world import World
from tests.kills.driving import NOW, Driver
from tests.kills.evidence import Figures


@pytest.fixture
def platform() -> Iterator[Running]:
    with running(world=World.seeded(7, "small", int(NOW.timestamp()))) as found:
        yield found


@pytest.fixture(scope="module")
def drive() -> Iterator[Driver]:
    with closing(Driver()) as found:
        yield found


@pytest.fixture(scope="module")
def drive_too() -> Iterator[Driver]:
    with closing(Driver()) as found:
        yield found


@pytest.fixture
def tell(record_property: Any) -> Any:
    """Have figures printed at the end of the run, whichever process counted them."""
    return lambda what, figures: record_property("kills", {"what": what, **asdict(figures)})


def pytest_terminal_summary(terminalreporter: Any) -> None:
    total = Figures()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, said in getattr(report, "user_properties", ()):
                if name == "kills":
                    figures = Figures(**{each: said[each] for each in asdict(total)})
                    terminalreporter.write_line(figures.words(said["what"]))
                    total += figures
    if total.points:
        terminalreporter.write_line(total.words("all of them"))
