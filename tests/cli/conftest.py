"""What the tests of the commands share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from oai_tui.simulator.server import running
from tests.cli.desk import Desk
from tests.journeys.driving import SECONDS


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Serve an organization, and have somebody at a shell who is its owner."""
    with running(now=SECONDS) as served:
        monkeypatch.chdir(tmp_path)
        yield Desk(served, tmp_path)
