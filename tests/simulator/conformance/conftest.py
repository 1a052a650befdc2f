"""What the tests of conformance share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oai_tui.simulator.server import Running, running
from tests.simulator.conformance.serving import NOW, Platform, names, platform

pytest.register_assert_rewrite(
    f"{__package__}.scenarios_of_access", f"{__package__}.scenarios_of_figures"
)


@pytest.fixture
def service() -> Iterator[Platform]:
    with platform() as made:
        yield made


@pytest.fixture
def project(service: Platform) -> str:
    return names(service.world, "{project_id}")["project_id"]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(now=NOW) as made:
        yield made
