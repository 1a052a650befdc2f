"""A billing desk at a simulated platform, with a clock that can be turned and requests counted."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec

from oai_tui.api.client import Client
from oai_tui.api.exchange import AsgiApp
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.secret import Secret
from oai_tui.core.zone import Zone
from oai_tui.services.billing import BillingDesk
from oai_tui.services.billing.own_figures import OwnFigures
from oai_tui.services.directory import Directory
from oai_tui.services.usage import UsageDesk
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.platform import build
from oai_tui.simulator.world import World
from oai_tui.store.balance import BalanceFile
from oai_tui.store.cache import Cache
from oai_tui.store.changes import ChangeLog
from oai_tui.store.ledger import Ledger
from oai_tui.store.settings import SettingsFile

P = ParamSpec("P")
NOW = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
ORIGIN = "http://localhost"


class Office:
    """A world, its faults, and desks that share one set of files."""

    def __init__(self, folder: Path, now: datetime = NOW, app: AsgiApp | None = None) -> None:
        self.world = World.seeded(7, "small", int(now.timestamp()))
        self.faults = Faults(7, self.world)
        self.folder, self.now = folder, now
        self.asked: list[tuple[str, str]] = []
        self.app = app or build(self.world, self.faults)
        self.settings = SettingsFile(folder / "config")
        self.changes = ChangeLog(folder / "state", "work", ORIGIN)
        self.desk = self.new_desk()

    def new_desk(self, key: str = "") -> BillingDesk:
        """Open the desk as the next run would, with another key where one is given."""
        key = key or self.world.admin_key
        seen_with = Secret(key).masked()
        client = Client(
            BaseUrl.parse(f"{ORIGIN}/v1"), Secret(key), app=self._listening, sleep=_at_once
        )
        ledger = Ledger(self.folder, "work", ORIGIN, seen_with)
        self.directory = directory = Directory()
        usage = UsageDesk(client, ledger, lambda: self.now, directory.name_of, Zone())
        self.own = OwnFigures(
            BalanceFile(self.folder / "state", "work", ORIGIN),
            self.settings,
            "work",
            lambda: self.now,
            self.changes,
            lambda: seen_with,
        )
        return BillingDesk(
            client,
            usage,
            Cache(self.folder, "work", ORIGIN, seen_with),
            directory,
            self.own,
            lambda: self.now,
        )

    def new_cache(self) -> Cache:
        """Open what the answers are remembered in, as a desk does."""
        return Cache(self.folder, "work", ORIGIN, Secret(self.world.admin_key).masked())

    def asked_for(self, part: str) -> int:
        """Return how many requests had this in their path."""
        return sum(part in path for path, _ in self.asked)

    async def _listening(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append((scope["path"], scope["query_string"].decode()))
        await self.app(scope, receive, send)


async def _at_once(seconds: float) -> None:
    """Wait for nothing."""


def awaited(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test that waits for requests."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), 240))

    return run
