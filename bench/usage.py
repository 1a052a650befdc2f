"""A year of every kind of usage and of costs: cold, warm, and grouped anew."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from openai import OpenAI

from bench import Figure
from oai_tui.api.client import Client
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.cuts import Grain
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.metrics import Metric
from oai_tui.core.period import last_days
from oai_tui.core.secret import Secret
from oai_tui.core.usage import COUNTED_BY, NUMBERS, Counted
from oai_tui.core.zone import Zone
from oai_tui.services.usage import Question, UsageDesk
from oai_tui.store.ledger import Ledger

ROOT = Path(__file__).resolve().parents[1]
LATENCY_MS = 100
NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
YEAR = Question(last_days(365, NOW.date()))
COLUMNS = 60
COLD_ROUNDS = 3
ROUNDS = 7
ROWS_A_DAY = 1_000
HELLO = (
    "from textual.app import App\nfrom textual.widgets import Static\n"
    "class Hello(App):\n    def compose(self):\n        yield Static('oai-tui')\n"
    "    def on_ready(self):\n        self.exit()\n"
    "Hello().run(headless=True)"
)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, _platform() as (address, key):
        # What the platform works out it keeps; so neither of the two waits for it to do so.
        _by_the_official_client(address, key)
        official = _by_the_official_client(address, key)
        colds = [_cold(address, key, Path(folder) / str(number)) for number in range(COLD_ROUNDS)]
        cold, requests = sorted(map(asyncio.run, colds))[COLD_ROUNDS // 2]
        warm = asyncio.run(_warm(address, key, Path(folder) / "0"))
    hello = _hello()
    print(
        f"official client {official:.2f} s, cold {cold:.2f} s for {requests} requests, "
        f"warm {warm * 1000:.0f} ms, hello-world {hello:.2f} s",
        file=sys.stderr,
    )
    return [
        Figure(
            "a cold year of everything, of a sixth of the official client", cold * 6 / official, 1.0
        ),
        Figure(
            "the same year, warm, until it is summed, of a Textual hello-world", warm / hello, 1.0
        ),
        *_regrouped(),
    ]


def _by_the_official_client(address: str, key: str) -> float:
    """Return the seconds it takes to page through the same year, one page after another."""
    span = YEAR.span
    start, end = int(span.start.timestamp()), int(span.end.timestamp())
    begun = time.perf_counter()
    with OpenAI(admin_api_key=key, api_key="unused", base_url=address) as client:
        usage = client.admin.organization.usage
        for kind in Kind:
            ask: Callable[..., object] = getattr(usage, kind)
            by = [str(each) for each in kind.dimensions]
            _paged(ask, start_time=start, end_time=end, limit=31, bucket_width="1d", group_by=by)
        by = ["project_id", "api_key_id", "line_item", "api_source"]
        _paged(usage.costs, start_time=start, end_time=end, limit=180, group_by=by)
    return time.perf_counter() - begun


def _paged(ask: Callable[..., object], **query: object) -> None:
    page = ask(**query)
    while page.has_more:  # type: ignore[attr-defined]
        page = ask(**query, page=page.next_page)  # type: ignore[attr-defined]


async def _cold(address: str, key: str, folder: Path) -> tuple[float, int]:
    requests = 0

    def count(done: int, of: int) -> None:
        nonlocal requests
        requests = of

    async with Client(BaseUrl.parse(address), Secret(key)) as client:
        begun = time.perf_counter()
        desk, ledger = _desk(client, folder)
        await desk.prepare_all(YEAR, on_progress=count)
        assert desk.view(YEAR, COLUMNS).gaps == ()
        seconds = time.perf_counter() - begun
        for metric in Metric:
            assert desk.view(replace(YEAR, metric=metric), COLUMNS).gaps == (), metric
        ledger.close()
    return seconds, requests


async def _warm(address: str, key: str, folder: Path) -> float:
    """Return the middle of the seconds until a year that is kept is summed up again."""
    took = []
    async with Client(BaseUrl.parse(address), Secret(key)) as client:
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            desk, ledger = _desk(client, folder)
            await desk.prepare(YEAR)
            assert desk.view(YEAR, COLUMNS).pivot.total
            took.append(time.perf_counter() - begun)
            ledger.close()
    return statistics.median(took)


def _desk(client: Client, folder: Path) -> tuple[UsageDesk, Ledger]:
    ledger = Ledger(folder, "bench", "bench")
    return UsageDesk(client, ledger, lambda: NOW, lambda _, id: id, Zone()), ledger


def _hello() -> float:
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", HELLO], check=True, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


def _regrouped() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder), "bench", "bench")
        _fill(ledger)
        asked = replace(YEAR, dimension=Dimension.KEY)
        client = Client(BaseUrl.parse("http://localhost/v1"), Secret("sk-none"))
        desk = UsageDesk(client, ledger, lambda: NOW, lambda _, id: id, Zone())
        connection = sqlite3.connect(ledger.path)
        raw, ours = [], []
        for number in range(ROUNDS):
            begun = time.perf_counter()
            connection.execute(
                "SELECT at, api_key_id, sum(input_tokens + ifnull(output_tokens, 0)) "
                "FROM usage GROUP BY at, api_key_id"
            ).fetchall()
            between = time.perf_counter()
            dimension = (Dimension.KEY, Dimension.MODEL)[number % 2]
            report = desk.view(replace(asked, dimension=dimension), COLUMNS)
            ours.append(time.perf_counter() - between)
            raw.append(between - begun)
            assert report.pivot.total
        connection.close()
        ledger.close()
    one, other = statistics.median(ours), statistics.median(raw)
    print(f"regrouped {one * 1000:.0f} ms, raw {other * 1000:.0f} ms", file=sys.stderr)
    return [Figure("365,000 rows grouped anew, of one raw GROUP BY", one / other, 2.0)]


def _fill(ledger: Ledger) -> None:
    since = YEAR.span.start
    while since < YEAR.span.end:
        until = min(YEAR.span.end, since + timedelta(days=31))
        days = range(int(since.timestamp()), int(until.timestamp()), 86400)
        rows = [_row(at, n) for at in days for n in range(ROWS_A_DAY)]
        ledger.put(Kind.COMPLETIONS, Grain.DAY, since, until, rows, NOW + timedelta(days=9))
        since = until


def _row(at: int, n: int) -> Counted:
    names = {
        Dimension.MODEL: f"gpt-{n % 10}",
        Dimension.PROJECT: f"proj_{n % 25}",
        Dimension.KEY: f"key_{n % 100}",
        Dimension.USER: f"user-{n % 50}",
        Dimension.TIER: "default",
        Dimension.BATCH: "false",
    }
    numbers = {"input_tokens": n * 1009, "output_tokens": n * 31, "num_model_requests": n}
    return Counted(
        at,
        tuple(names.get(dimension, "") for dimension in COUNTED_BY),
        tuple(numbers.get(name) for name in NUMBERS),
    )


@contextmanager
def _platform() -> Iterator[tuple[str, str]]:
    """Serve an organization from another process; gives its address and its key."""
    command = [sys.executable, "-m", "oai_tui", "simulate", "--now", NOW.isoformat()]
    command += ["--latency", str(LATENCY_MS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout
            address, key = (process.stdout.readline().split()[-1] for _ in range(2))
            yield address, key
        finally:
            process.terminate()
