"""The list of keys: a thousand projects over a network, and ten thousand keys from memory."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from bench import Figure
from oai_tui.api.client import Client
from oai_tui.api.exchange import SIDE_BY_SIDE, Params
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.estate import EstateRow
from oai_tui.core.key_filter import parse
from oai_tui.core.keys import ApiKey, KeyKind, Owner, Project
from oai_tui.core.period import last_days
from oai_tui.core.secret import Secret
from oai_tui.services.inventory import load, remembered
from oai_tui.services.inventory.ledgers import Costs, Ledgers, Requests
from oai_tui.services.inventory.memory import Memory, Part, keep
from oai_tui.store.cache import Cache

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[1]
LATENCY_MS = 50
TICK = 0.005
STALL = 0.050
FRAME = 0.060
FILTERING = 0.030
ROUNDS = 15
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class CountingClient(Client):
    """Counts what it asks."""

    asked = 0

    async def get(self, into: type[T], path: str, params: Params | None = None) -> T:
        self.asked += 1
        return await super().get(into, path, params)


@dataclass
class Ticker:
    """Keeps how late the event loop was for a tick of five milliseconds, in seconds."""

    late: list[float] = field(default_factory=list)

    async def run(self) -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(TICK)
            self.late.append(time.perf_counter() - begun - TICK)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, _platform() as (address, key):
        cache = Cache(Path(folder), "bench", "bench")
        requests, seconds, stall, rows = asyncio.run(_cold(address, key, cache))
    ideal = requests / SIDE_BY_SIDE * LATENCY_MS / 1000
    print(f"{requests} requests, {seconds:.1f} s, {rows} rows", file=sys.stderr)
    return [
        Figure(
            "cold list of 1,000 projects, of requests / parallel × latency", seconds / ideal, 1.5
        ),
        Figure("longest stall while it loads, of 50 ms", stall / STALL, 1.0),
        *_from_memory(),
    ]


async def _cold(address: str, key: str, cache: Cache) -> tuple[int, float, float, int]:
    ticker, rows = Ticker(), 0
    async with CountingClient(BaseUrl.parse(address), Secret(key)) as client:
        ticking = asyncio.create_task(ticker.run())
        begun = time.perf_counter()
        async for known in load(client, cache, lambda: datetime.now(UTC)):
            rows = len(known.rows(datetime.now(UTC)))
            await asyncio.sleep(0)
        seconds = time.perf_counter() - begun
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
        assert known.is_complete, known.gaps
        assert not known.gaps, known.gaps
        return client.asked, seconds, max(ticker.late), rows


@contextmanager
def _platform() -> Iterator[tuple[str, str]]:
    """Serve the large organization from another process; gives its address and its key."""
    command = [sys.executable, "-m", "oai_tui", "simulate", "--scale", "large"]
    command += ["--latency", str(LATENCY_MS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout
            address, key = (process.stdout.readline().split()[-1] for _ in range(2))
            yield address, key
        finally:
            process.terminate()


def _from_memory() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        caches = {}
        for keys in (100, 10_000):
            caches[keys] = Cache(Path(folder) / str(keys), "bench", "bench")
            keep(caches[keys], _remembered(keys))
        took: dict[int, list[float]] = {keys: [] for keys in caches}
        joined: list[float] = []
        filtered: list[float] = []
        for _ in range(ROUNDS):
            for keys, cache in caches.items():
                begun = time.perf_counter()
                known = remembered(cache)
                assert known
                decoded = time.perf_counter()
                rows = known.rows(NOW)
                took[keys].append(decoded - begun)
                if keys > 100:
                    joined.append(time.perf_counter() - decoded)
                    filtered.append(_filter(rows))
    few, many = (statistics.median(found) for found in took.values())
    # A hundred times the keys may take no more than a hundred times as long.
    return [
        Figure("reading 10,000 remembered keys, of 100 × 100 of them", many / few / 100, 1.0),
        Figure("reading 10,000 remembered keys, of 60 ms", many / FRAME, 1.0),
        Figure("joining 10,000 rows, of 50 ms", statistics.median(joined) / STALL, 1.0),
        Figure(
            "filtering 10,000 rows for the first time, of 30 ms",
            statistics.median(filtered) / FILTERING,
            1.0,
        ),
    ]


def _filter(rows: list[EstateRow]) -> float:
    wanted = parse("worker !stale project:web")
    begun = time.perf_counter()
    found = sum(map(wanted.matches, rows))
    took = time.perf_counter() - begun
    assert 0 < found < len(rows)
    return took


def _remembered(count: int) -> Memory:
    parts: dict[str, Part] = {}
    projects = []
    for number in range(count // 10):
        project = Project(f"proj_{number:024}", f"web-{number}")
        projects.append(project)
        keys = tuple(_key(number * 10 + place, project) for place in range(10))
        parts[project.id] = Part(NOW, keys)
    used = [key.id for part in parts.values() for key in part.keys[:1]]
    period = last_days(30, NOW.date())
    ledgers = Ledgers(
        Requests(NOW, period, {id: tuple(range(30)) for id in used}),
        Costs(NOW, {id: Decimal("12.3456") for id in used}),
    )
    return Memory(NOW, tuple(projects), parts, ledgers=ledgers)


def _key(number: int, project: Project) -> ApiKey:
    return ApiKey(
        f"key_{number:020}",
        f"worker-{number % 40}",
        KeyKind.PROJECT,
        f"sk-proj…{number % 10_000:04}",
        NOW - timedelta(days=number % 400),
        NOW - timedelta(days=number % 300, hours=3) if number % 3 else None,
        NOW + timedelta(days=number % 300 - 30) if number % 5 == 0 else None,
        Owner("user", f"user_{number % 200}", f"Alice {number % 200}", f"a{number % 200}@acme.io"),
        "inactive" if number % 50 == 0 else "active",
        project,
    )
