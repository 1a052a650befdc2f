"""What the tests of screens share: one organization at one moment, and asyncio."""

from __future__ import annotations

import pytest

from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from tests.journeys.driving import SECONDS


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def world() -> World:
    return World.seeded(now=SECONDS)


@pytest.fixture
def faults(world: World) -> Faults:
    return Faults(world=world)
