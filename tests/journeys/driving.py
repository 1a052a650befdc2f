"""What the journeys share: the surroundings of a person, a platform, and signing in."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from oai_tui.simulator.model import AdminKey
from oai_tui.simulator.server import Running, running
from oai_tui.simulator.world import World
from tests.terminal import Terminal
from tests.vault.canary import CANARY

NOW = "2026-11-22T12:04"
SECONDS = int(datetime.fromisoformat(NOW).replace(tzinfo=UTC).timestamp())
SIZES = [(120, 40), (80, 24)]
PROGRAM = (sys.executable, "-m", "oai_tui")


def person(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of somebody with an empty home and a stopped clock."""
    folders = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), "")
    return {**folders, "OAI_TUI_NOW": NOW, **more, "HOME": str(home)}


@contextmanager
def platform() -> Iterator[Running]:
    """Serve an organization that knows the canary as an admin key."""
    world = World.seeded(now=SECONDS)
    owner = next(iter(world.people))
    world.add_admin_key(AdminKey("key_canary", "canary", owner, CANARY, SECONDS - 86400))
    with running(world=world) as served:
        yield served


@contextmanager
def started(
    environment: Mapping[str, str],
    *arguments: str,
    size: tuple[int, int] = (120, 40),
    program: tuple[str, ...] = PROGRAM,
) -> Iterator[Terminal]:
    """Run the program in a terminal."""
    with Terminal([*program, *arguments], environment, *size) as terminal:
        yield terminal


def sign_in(terminal: Terminal, key: str) -> None:
    """Paste a key, see it proved, keep it in the first place offered, and come to the keys."""
    terminal.wait_for("Keep it in")
    terminal.wait_for("this run only")
    terminal.type(key)
    terminal.wait_for("•••")
    terminal.press("enter")
    terminal.wait_for("read usage and costs")
    terminal.press("enter")
    terminal.wait_for("need attention")
