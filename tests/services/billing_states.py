"""The bill of a seeded organization in any state at any fixed time, and what the platform itself
says of it, read without any code of ours."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from oai_tui.core.balance import EntryKind
from oai_tui.core.budget import Budget
from oai_tui.core.money import Money
from oai_tui.core.zone import Zone
from oai_tui.services.billing import BillingDesk, Statement
from oai_tui.services.billing.own_figures import OwnFigures
from oai_tui.services.billing.words import Line, lines
from oai_tui.services.directory import Directory
from oai_tui.services.usage import UsageDesk
from oai_tui.simulator.platform import build
from oai_tui.simulator.world import World
from oai_tui.store.balance import BalanceFile
from oai_tui.store.ledger import Ledger
from oai_tui.store.settings import SettingsFile
from tests.api.talking import client_of
from tests.services.estate import Memory

ORIGIN = "http://localhost"
NOON = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)


def as_seeded(world: World) -> None:
    """Leave a world as it is."""


def whole_key(world: World) -> str:
    """Return the key that may do everything."""
    return world.admin_key


@dataclass(frozen=True)
class State:
    """A world at a time, the key it is seen with, and what a person typed."""

    now: datetime = NOON
    arrange: Callable[[World], None] = as_seeded
    faults: tuple[str, ...] = ()
    key: Callable[[World], str] = whole_key
    budget: Budget = field(default_factory=Budget)
    typed: tuple[tuple[EntryKind, datetime, str], ...] = ()


@dataclass(frozen=True)
class Bill:
    """The statement of a state, and its lines as they are read."""

    statement: Statement
    lines: tuple[Line, ...]

    def text(self, label: str) -> list[str]:
        """Return the lines from a label to the next one: `$220.00 · 9 % of … [reported]`."""
        found, inside = [], False
        for line in self.lines:
            inside = line.label == label if line.label else inside
            if inside:
                words = " · ".join(part for part in (line.figure, line.words[0]) if part)
                found.append(f"{words} [{line.origin}]")
        return found

    @property
    def verdict(self) -> str:
        """The one line of the check."""
        return self.statement.verdict.line()


def world_of(state: State) -> World:
    """Found the world of a state, its clock stopped."""
    world = World.seeded(7, "small", int(state.now.timestamp()))
    state.arrange(world)
    return world


@asynccontextmanager
async def desk_of(
    state: State, world: World, folder: Path, clock: Callable[[], datetime] | None = None
) -> AsyncIterator[BillingDesk]:
    """Open the desk of a state, with what a person typed on it; its time stands still by itself."""
    app = build(world, state.faults)
    directory = Directory()
    clock = clock or (lambda: state.now)
    ledger = Ledger(folder, "work", ORIGIN)
    async with client_of(app, key=state.key(world), deadline=5) as client:
        usage = UsageDesk(client, ledger, clock, directory.name_of, Zone())
        balances = BalanceFile(folder, "work", ORIGIN)
        own = OwnFigures(balances, SettingsFile(folder), "work", clock)
        desk = BillingDesk(client, usage, Memory(), directory, own, clock)
        if state.budget != Budget():
            await own.set_budget(state.budget)
        for kind, at, amount in state.typed:
            await own.add_balance(kind, at, Money.parse(amount))
        yield desk
    ledger.close()


def bill_of(state: State) -> Bill:
    """Load the bill of a state as a person would see it."""

    async def load() -> Bill:
        with tempfile.TemporaryDirectory() as folder:
            async with desk_of(state, world_of(state), Path(folder)) as desk:
                statement = await desk.load()
                return Bill(statement, tuple(lines(statement)))

    return asyncio.run(load())


@dataclass(frozen=True)
class Told:
    """The costs of a state as the platform answers them, by day and by project and day.

    `charged` are those by day without the line items below zero.
    """

    by_day: dict[date, Decimal]
    by_project: dict[tuple[str, date], Decimal]
    charged: dict[date, Decimal]

    def total(self, first: date, last: date, project_id: str | None = None) -> Decimal:
        """Sum the costs of some days, of one project or of everything."""
        return sum(
            (
                amount
                for (id, day), amount in self.by_project.items()
                if first <= day <= last and project_id in (None, id)
            ),
            Decimal(0),
        )


def told_by_the_platform(state: State, days: int = 70) -> Told:
    """Ask the simulator over HTTP, with no code of the client, for the costs before a state."""
    world = world_of(state)
    day = state.now.replace(hour=0, minute=0) - timedelta(days=days)
    by = ["project_id", "line_item", "api_key_id"]
    asked: dict[str, int | list[str]] = {
        "start_time": int(day.timestamp()),
        "limit": 180,
        "group_by[]": by,
    }

    async def ask() -> dict[str, Any]:
        headers = {"authorization": f"Bearer {world.admin_key}"}
        transport = httpx.ASGITransport(build(world, state.faults))
        async with httpx.AsyncClient(transport=transport, headers=headers) as http:
            answer = await http.get(f"{ORIGIN}/v1/organization/costs", params=asked)
            found: dict[str, Any] = json.loads(answer.text, parse_float=Decimal)
            return found

    by_day: dict[date, Decimal] = {}
    by_project: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    charged: dict[date, Decimal] = defaultdict(Decimal)
    for bucket in asyncio.run(ask())["data"]:
        when = datetime.fromtimestamp(bucket["start_time"], UTC).date()
        for row in bucket["results"]:
            amount = Decimal(row["amount"]["value"])
            by_day[when] = by_day.get(when, Decimal(0)) + amount
            by_project[row["project_id"] or "", when] += amount
            charged[when] += max(amount, Decimal(0))
    return Told(by_day, dict(by_project), dict(charged))
