"""Draws the pictures of the README from the simulator: `make screenshots`."""

from __future__ import annotations

import asyncio
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from oai_tui.core.secret import Secret
from oai_tui.services.setup import Demo
from oai_tui.services.start import demo_setup
from oai_tui.simulator.platform import build
from oai_tui.simulator.world import World
from oai_tui.store.paths import Folders
from oai_tui.ui.app import OaiApp

HERE = Path(__file__).parent
SIZE = (120, 36)
SMALL = (80, 24)
NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)


PICTURES: dict[str, tuple[str, ...]] = {
    "login": (),
    "keys": ("enter", "enter"),
    "usage": ("enter", "enter", "2"),
    "billing": ("enter", "enter", "3"),
    "billing-limits": ("enter", "enter", "3", "a"),
    "billing-rates": ("enter", "enter", "3", "t"),
    "billing-history": ("enter", "enter", "3", "w"),
    "activity": ("enter", "enter", "4"),
    "small-billing": ("enter", "enter", "3"),
    "small-billing-picture": ("enter", "enter", "3", "c"),
    "small-billing-limits": ("enter", "enter", "3", "a"),
    "small-billing-limit": ("enter", "enter", "3", "L", "9"),
    "small-billing-rates": ("enter", "enter", "3", "t"),
    "small-billing-history": ("enter", "enter", "3", "w"),
    "small-activity": ("enter", "enter", "4"),
}
"""The keys that lead to each picture; small ones are of the smallest usual terminal."""


def main() -> None:
    """Draw every picture anew."""
    for name in PICTURES:
        path_of(name).write_text(asyncio.run(drawn(name)))


def path_of(name: str) -> Path:
    """Return where a picture lies."""
    return HERE / f"{name}.svg"


async def drawn(name: str) -> str:
    """Return a picture of the demo's organization, the same at every time."""
    with tempfile.TemporaryDirectory() as folder:
        world = World.seeded(now=int(NOW.timestamp()))
        demo = Demo(build(world), Secret(world.admin_key))
        app = OaiApp(demo_setup(Folders.under(Path(folder)), demo, lambda: NOW))
        size = SMALL if name.startswith("small-") else SIZE
        async with app.run_test(size=size) as pilot:
            await _settled(pilot)
            for key in PICTURES[name]:
                await pilot.press(key)
                await _settled(pilot)
            picture = app.export_screenshot(title="oai-tui")
    # Rich names the styles of every picture by chance; a fixed name keeps pictures comparable.
    return re.sub(r"terminal-\d+", f"terminal-{name}", picture)


async def _settled(pilot: Pilot[None]) -> None:
    quiet = 0
    while quiet < 3:
        await pilot.pause()
        # An open question is a worker of this group, and ends with its answer.
        workers = [worker for worker in pilot.app.workers if worker.group != "change"]
        busy = [worker for worker in workers if not worker.is_finished]
        quiet = 0 if busy else quiet + 1
        if busy:
            await pilot.app.workers.wait_for_complete(busy)


if __name__ == "__main__":
    main()
