"""Seventy-six real hours, served in pages over a socket, give the right sums by every way there is.

They are read through the client into the ledger, and looked at through the desk.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from oai_tui.core.cuts import Step
from oai_tui.core.exact import total
from oai_tui.core.kinds import Dimension
from oai_tui.core.metrics import Metric
from oai_tui.core.period import Period
from oai_tui.core.usage import Pivot
from oai_tui.core.zone import Zone
from oai_tui.services.usage import Question, UsageDesk
from oai_tui.store.ledger import Ledger
from tests.api.talking import client_of, raw_server

RECORDED = Path(__file__).resolve().parents[2] / "../shared/data/recorded"
HOURS = RECORDED / "nbbaier_openai-cost-cli_results.json"
pytestmark = pytest.mark.skipif(not HOURS.exists(), reason="the recorded answers are not here")

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WINTER = Period(date(2025, 12, 31), date(2026, 2, 28))
SIX_WEST = Zone("UTC-06:00")
PAGE = 7


def answer(target: str, hours: list[dict[str, Any]], items: list[str | None]) -> bytes:
    """Return a page of what was recorded in the time asked for, empty pages for other kinds."""
    asked = parse_qs(urlsplit(target).query)
    start, end = int(asked["start_time"][0]), int(asked["end_time"][0])
    found: list[dict[str, Any]] = []
    if "/usage/completions" in target:
        found = [each for each in hours if start <= each["start_time"] < end]
    if "/costs" in target and start <= hours[0]["start_time"]:
        amounts = [
            {"object": "organization.costs.result", "line_item": item, "amount": {"value": value}}
            for item, value in zip(items, _amounts(len(items)), strict=True)
        ]
        found = [{"object": "bucket", "start_time": start, "results": amounts}]
    first = int(asked.get("page", ["0"])[0])
    more = first + PAGE < len(found)
    page = {"object": "page", "data": found[first : first + PAGE], "has_more": more}
    return json.dumps(page | {"next_page": str(first + PAGE) if more else None}).encode()


def _amounts(number: int) -> list[str]:
    return [f"{place}.{'1' * 38}{place % 10}" for place in range(number)]


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[UsageDesk]:
    hours = json.loads(HOURS.read_text())
    items = json.loads((RECORDED / "line_items_observed.json").read_text())["line_items"]
    assert len(hours) == 76

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        body = answer(request.split()[1].decode(), hours, items)
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    async with raw_server(serve) as address, client_of(address=address) as client:
        ledger = Ledger(folder, "work", address)
        yield UsageDesk(client, ledger, lambda: NOW, lambda _, id: id, SIX_WEST)
        ledger.close()


def look(folder: Path, question: Question, columns: int = 400) -> Pivot:
    async def ask() -> Pivot:
        async with desk(folder) as open_desk:
            await open_desk.prepare(question)
            report = open_desk.view(question, columns)
            assert report.gaps == ()
            return report.pivot

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("metric", "figure"),
    [
        (Metric.INPUT, 40_343_881),
        (Metric.OUTPUT, 554_143),
        (Metric.CACHED, 36_715_776),
        (Metric.REQUESTS, 1_268),
    ],
)
@pytest.mark.parametrize("zone", [Zone(), SIX_WEST], ids=lambda zone: zone.name)
def test_the_sums(tmp_path: Path, metric: Metric, figure: int, zone: Zone) -> None:
    assert look(tmp_path, Question(WINTER, metric, zone=zone)).total == figure


@pytest.mark.parametrize(
    ("zone", "day", "figure"),
    [
        (Zone(), date(2026, 1, 15), 22_307_667),
        (SIX_WEST, date(2026, 1, 14), 19_357_444),
    ],
    ids=["UTC", "UTC-6"],
)
def test_the_days(tmp_path: Path, zone: Zone, day: date, figure: int) -> None:
    pivot = look(tmp_path, Question(WINTER, zone=zone))
    by_day = {
        zone.day_of(cut.start): tokens
        for cut, tokens in zip(pivot.cuts, pivot.figures, strict=True)
    }
    assert sum(1 for tokens in by_day.values() if tokens) == 23
    assert max(by_day, key=lambda each: by_day[each]) == day
    assert by_day[day] == figure


def test_every_step_and_the_totals_say_the_same(tmp_path: Path) -> None:
    async def ask() -> None:
        async with desk(tmp_path) as open_desk:
            for step in (Step.HOUR, Step.DAY, Step.WEEK, Step.MONTH):
                question = Question(WINTER, step=step)
                await open_desk.prepare(question)
                assert open_desk.view(question, 2000).pivot.total == 40_343_881 + 554_143
                totals = open_desk.totals(question)
                assert totals[Metric.CACHED] == 36_715_776
                assert totals[Metric.COST] is None
                report = open_desk.view(question, 10)
                assert report.cached_share == Decimal(36_715_776) / 40_343_881

    asyncio.run(ask())


def test_costs_of_recorded_line_items_are_exact(tmp_path: Path) -> None:
    items = json.loads((RECORDED / "line_items_observed.json").read_text())["line_items"]
    wanted = total(map(Decimal, _amounts(len(items))))
    for dimension in (Dimension.LINE_ITEM, Dimension.MODEL):
        pivot = look(tmp_path, Question(WINTER, Metric.COST, dimension))
        assert pivot.total == wanted
