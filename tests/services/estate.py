"""A seeded organization in this process, with a clock that moves when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from oai_tui.api import keys, projects
from oai_tui.api.client import Client
from oai_tui.api.exchange import AsgiApp
from oai_tui.core.estate import EstateRow
from oai_tui.core.keys import ApiKey
from oai_tui.services.inventory import Inventory, Wants, load
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import AdminKey, Key
from oai_tui.simulator.platform import build
from oai_tui.simulator.world import Scale, World
from tests.api.talking import client_of

T = TypeVar("T")
NOW = 1_795_350_000  # 22 November 2026
EVERYTHING = Wants(archived=True)

SILENT = {"hang", "timeout-after"}
"""Faults whose answer never comes, so that a test waits as long as a client does."""


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
        """Return a client that is patient, but where an answer is known not to come."""
        is_silent = any(fault.name in SILENT for fault in self.faults.active)
        deadline = 0.8 if is_silent else 10
        return client_of(self.app, key=key or self.world.admin_key, deadline=deadline)

    def project_with_account(self) -> tuple[str, str]:
        account = next(iter(self.world.service_accounts.values()))
        return account.project_id, account.id

    async def listed(self, client: Client) -> list[ApiKey]:
        """Return every key as the platform lists it, whatever faults are switched on."""
        active, self.faults.active = self.faults.active, []
        found = await keys.admin_keys(client)
        for project in await projects.projects(client):
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


def pictures(
    estate: Estate, memory: Memory, *, address: str = "", wants: Wants = EVERYTHING
) -> list[Inventory]:
    """Return every picture of one reading."""
    found: list[Inventory] = []

    async def read() -> None:
        client = client_of(address=address) if address else estate.client()
        async with client:
            async for picture in load(client, memory, estate.clock, wants=wants):
                found.append(picture)

    run(read())
    return found


def living(estate: Estate) -> set[str]:
    world = estate.world
    everything: list[AdminKey | Key] = [*world.admin_keys.values(), *world.keys.values()]
    return {key.id for key in everything if key.deleted_at is None}


def row_of(known: Inventory, id: str, *, deleted: bool = False) -> EstateRow:
    return next(
        row
        for row in known.rows(known.as_of or datetime.fromtimestamp(NOW, UTC), deleted=deleted)
        if row.id == id
    )
