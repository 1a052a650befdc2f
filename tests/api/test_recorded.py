"""Answers recorded from the live service by others, and the official examples."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from oai_tui.api import keys, projects, spend, usage, wire, wire_usage
from oai_tui.core.keys import Project
from oai_tui.core.money import Money
from oai_tui.core.period import Period
from oai_tui.core.usage import UsageRow
from tests.api.talking import Answer, Platform, asking, client_of, raw_server

RECORDED = Path(__file__).resolve().parents[2] / "../shared/data/recorded"
pytestmark = pytest.mark.skipif(not RECORDED.exists(), reason="the recorded answers are not here")
PROJECT = Project("proj_1", "Web")


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


def test_hourly_usage_served_in_pages_over_a_socket_has_the_right_sums() -> None:
    buckets = recorded("nbbaier_openai-cost-cli_results")
    assert len(buckets) == 76
    times = [datetime.fromtimestamp(bucket["start_time"], UTC).date() for bucket in buckets]
    period = Period(min(times), max(times))

    def answer(target: str) -> bytes:
        token = parse_qs(urlsplit(target).query).get("page", ["0"])[0]
        first = int(token)
        more = first + 7 < len(buckets)
        page = {"object": "page", "data": buckets[first : first + 7], "has_more": more}
        return json.dumps(page | {"next_page": str(first + 7) if more else None}).encode()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        body = answer(request.split()[1].decode())
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    async def ask() -> list[UsageRow]:
        async with raw_server(serve) as address, client_of(address=address) as client:
            return await usage.usage(client, "completions", period)

    rows = asyncio.run(ask())
    assert sum(row.input_tokens for row in rows) == 40_343_881
    assert sum(row.output_tokens for row in rows) == 554_143
    assert sum(row.input_cached_tokens for row in rows) == 36_715_776
    assert sum(row.num_model_requests for row in rows) == 1_268
    days: Counter[date] = Counter()
    for row in rows:
        days[row.day] += row.input_tokens + row.output_tokens
    assert len(days) == 23
    assert days.most_common(1) == [(date(2026, 1, 15), 22_307_667)]


def test_a_recorded_list_of_keys() -> None:
    platform = Platform(Answer(body=recorded("lempiji_openai-d_project_api_keys_list")))

    async def read(client: Any) -> list[Any]:
        return [key async for page in keys.project_keys(client, PROJECT) for key in page]

    found = asking(client_of(platform), read)
    assert [key.masked for key in found] == [
        "sk-proj…excA",
        "sk-proj…hWgA",
        "sk-proj…VIcA",
        "sk-svcac…380A",
    ]
    assert [key.owner.label for key in found] == ["lempiji"] * 3 + ["My Service Account Key"]
    assert found[3].owner.is_service_account
    assert found[0].created_at == datetime(2025, 6, 21, 8, 11, 16, tzinfo=UTC)
    assert {key.last_used_at for key in found} == {key.expires_at for key in found} == {None}


def test_a_recorded_admin_key() -> None:
    body = recorded("lempiji_openai-d_admin_api_key")
    found = msgspec.convert(body, wire.Key).to_core(None)
    assert (found.name, found.masked) == ("Example Key", "sk-admin…s1MA")
    assert found.owner
    assert found.owner.label == "user name"
    made = asking(
        client_of(Platform(Answer(body=body))), lambda c: keys.create_admin_key(c, "x", None)
    )
    assert made.secret.reveal() == body["value"]


def test_recorded_empty_days_cost_nothing() -> None:
    platform = Platform(Answer(body=recorded("live_costs_empty_days")))
    period = Period(date(2026, 6, 6), date(2026, 6, 7))
    assert asking(client_of(platform), lambda c: usage.costs(c, period, ["line_item"])) == []


def test_recorded_line_items_are_kept_as_they_are() -> None:
    items = recorded("line_items_observed")["line_items"]
    start = int(Period(date(2026, 11, 1), date(2026, 11, 1)).start.timestamp())
    results = [{"amount": {"value": "0.1"}, "line_item": item} for item in items]
    bucket = msgspec.convert(
        {"start_time": start, "results": results}, wire_usage.Bucket, strict=False
    )
    rows = wire_usage.cost_rows(bucket)
    assert [row.line_item for row in rows] == [item or "" for item in items]
    assert sum(row.amount for row in rows) == Decimal(len(items)) / 10


def example(route: str) -> Platform:
    body = recorded("official_openapi_examples")[f"GET {route}"]
    last = {"has_more": False} if "has_more" in body else {}
    return Platform(Answer(body=body | last))


@pytest.mark.parametrize(
    ("route", "question", "found"),
    [
        ("projects", projects.projects, 1),
        ("admin_api_keys", keys.admin_keys, 1),
        ("users", keys.users, 1),
        ("projects/{project_id}/service_accounts", lambda c: keys.service_accounts(c, "p"), 1),
        ("spend_alerts", spend.spend_alerts, 1),
    ],
)
def test_official_lists(route: str, question: Any, found: int) -> None:
    assert len(asking(client_of(example(f"/organization/{route}")), question)) == found


def test_official_project_keys() -> None:
    async def read(client: Any) -> list[Any]:
        return [key async for page in keys.project_keys(client, PROJECT) for key in page]

    route = "/organization/projects/{project_id}/api_keys"
    key = asking(client_of(example(route)), read)[0]
    assert (key.id, key.masked, key.owner_access) == ("key_abc", "sk-abc…def", "active")


@pytest.mark.parametrize("scope", ["", "/projects/{project_id}"])
def test_official_spend_limits(scope: str) -> None:
    platform = example(f"/organization{scope}/spend_limit")
    limit = asking(client_of(platform), lambda c: spend.spend_limit(c, scope and "proj_1"))
    assert limit
    assert (limit.amount, limit.enforcement) == (Money.of_cents(10_000), "enforcing")


DAY = Period(date(2024, 11, 1), date(2024, 11, 1))


@pytest.mark.parametrize("kind", ["completions", "embeddings", "moderations"])
def test_official_usage(kind: str) -> None:
    route = f"/organization/usage/{kind}"
    body = recorded("official_openapi_examples")[f"GET {route}"]
    start = datetime.fromtimestamp(body["data"][0]["start_time"], UTC).date()
    rows = asking(client_of(example(route)), lambda c: usage.usage(c, kind, Period(start, start)))
    result = body["data"][0]["results"][0]
    assert [(row.input_tokens, row.num_model_requests) for row in rows] == [
        (result["input_tokens"], result["num_model_requests"])
    ]


def test_official_costs() -> None:
    rows = asking(client_of(example("/organization/costs")), lambda c: usage.costs(c, DAY, []))
    assert [(row.day, row.amount) for row in rows] == [(DAY.first, Decimal("0.06"))]
