"""A platform on a socket, the processes that are killed, and the figures at the end of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from oai_tui.simulator.server import Running, running
from oai_tui.simulator.world import World
from tests.kills.driving import NOW, Driver


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
    """Have a line printed at the end of the run, whichever process found it out."""
    return lambda line: record_property("kills", line)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, said in getattr(report, "user_properties", ()):
                if name == "kills":
                    terminalreporter.write_line(said)
