"""A seeded organization in this process, with a clock that moves when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from oai_tui.api import keys
from oai_tui.api.client import AsgiApp, Client
from oai_tui.core.keys import ApiKey
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.server import build
from oai_tui.simulator.world import Scale, World
from tests.api.talking import client_of

T = TypeVar("T")
NOW = 1_795_350_000  # 22 November 2026


class Clock:
    """The time as a test wants it."""

    def __init__(self) -> None:
        self.now = datetime.fromtimestamp(NOW, UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


class Estate:
    """A world, its faults, and clients for it."""

    def __init__(self, *faults: str, scale: Scale = "small") -> None:
        self.world = World.seeded(7, scale, NOW)
        self.faults = Faults(7, self.world)
        self.faults.set(*faults)
        self.app: AsgiApp = build(self.world, self.faults)
        self.clock = Clock()

    def client(self, key: str | None = None) -> Client:
        return client_of(self.app, key=key or self.world.admin_key, deadline=0.3)

    def project_with_account(self) -> tuple[str, str]:
        account = next(iter(self.world.service_accounts.values()))
        return account.project_id, account.id

    async def listed(self, client: Client) -> list[ApiKey]:
        """Return every key as the platform lists it, whatever faults are switched on."""
        active, self.faults.active = self.faults.active, []
        found = await keys.admin_keys(client)
        for project in await keys.projects(client):
            async for page in keys.project_keys(client, project):
                found += page
        self.faults.active = active
        return found


def run(question: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(question)


class Memory:
    """Remembers answers in this process."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, datetime]] = {}

    def put(self, name: str, payload: bytes, at: datetime) -> None:
        self.kept[name] = (payload, at)

    def get(self, name: str) -> tuple[bytes, datetime] | None:
        return self.kept.get(name)
