from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oai_tui.api.client import Client
from oai_tui.api.exchange import AsgiApp
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.billing import SpendLimit
from oai_tui.core.errors import MissingScope, PlatformDown
from oai_tui.core.period import Period
from oai_tui.core.secret import Secret
from oai_tui.services import billing_former as billing
from oai_tui.services.billing_former import Statement
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import SpendLimit as Set
from oai_tui.simulator.server import build
from oai_tui.simulator.world import World

NOON = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
DAY = timedelta(days=1)


class Memory:
    """Remembers answers for the length of a test."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[bytes, datetime]] = {}

    def put(self, name: str, payload: bytes, at: datetime) -> None:
        self._kept[name] = payload, at

    def get(self, name: str) -> tuple[bytes, datetime] | None:
        return self._kept.get(name)


def world_at(moment: datetime) -> World:
    return World.seeded(7, "small", int(moment.timestamp()))


def load(app: AsgiApp, key: str, now: datetime = NOON, memory: Memory | None = None) -> Statement:
    async def ask() -> Statement:
        async def no_wait(seconds: float) -> None:
            return None

        address = BaseUrl.parse("http://localhost/v1")
        async with Client(address, Secret(key), app=app, sleep=no_wait) as client:
            return await billing.load(client, memory or Memory(), lambda: now)

    return asyncio.run(ask())


def load_world(world: World, key: str = "", faults: Any = (), **more: Any) -> Statement:
    now = datetime.fromtimestamp(world.now(), UTC)
    return load(build(world, faults), key or world.admin_key, now, **more)


def told_over_http(world: World, path: str, first: date, **params: Any) -> list[dict[str, Any]]:
    """Return the buckets of a report from a day to now, read without any code of the client."""

    async def read() -> list[dict[str, Any]]:
        start = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
        asked = {"start_time": start, "bucket_width": "1d", **params}
        found: list[dict[str, Any]] = []
        transport = httpx.ASGITransport(build(world))
        headers = {"authorization": f"Bearer {world.admin_key}"}
        async with httpx.AsyncClient(transport=transport, headers=headers) as http:
            while True:
                answer = await http.get(f"http://localhost/v1/organization/{path}", params=asked)
                page = json.loads(answer.text, parse_float=Decimal)
                found += page["data"]
                if not page["has_more"]:
                    return found
                asked["page"] = page["next_page"]

    return asyncio.run(read())


def day_of(bucket: dict[str, Any]) -> date:
    return datetime.fromtimestamp(bucket["start_time"], UTC).date()


def spend_by(buckets: list[dict[str, Any]], name_of: Any) -> dict[Any, Decimal]:
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    for bucket in buckets:
        for row in bucket["results"]:
            sums[name_of(bucket, row)] += Decimal(row["amount"]["value"])
    return sums


@pytest.mark.parametrize(
    "now",
    [
        NOON,
        datetime(2026, 11, 22, 23, 59, 30, tzinfo=UTC),
        datetime(2026, 11, 1, 0, 30, tzinfo=UTC),
        datetime(2027, 2, 28, 9, tzinfo=UTC),
        datetime(2028, 2, 29, 9, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_figures_are_the_platforms_own(now: datetime) -> None:
    world = world_at(now)
    statement = load_world(world)
    year_ago = min(month.first for month in statement.months)
    told = told_over_http(world, "costs", year_ago, limit=180, **{"group_by[]": "project_id"})
    by_month = spend_by(told, lambda bucket, row: day_of(bucket).replace(day=1))
    assert {m.first: m.spent for m in statement.months if m.spent} == by_month
    this = [bucket for bucket in told if day_of(bucket) >= now.date().replace(day=1)]
    by_project = spend_by(this, lambda bucket, row: row["project_id"] or "")
    assert {p.project_id: p.spent for p in statement.projects if p.spent} == by_project
    assert statement.cycle.spent == sum(by_project.values())
    by_day = spend_by(told, lambda bucket, row: day_of(bucket))
    for day, spent in zip(statement.cycle.month, statement.cycle.daily, strict=False):
        assert by_day.get(day) == spent
    assert statement.cycle.today == now.date()
    assert statement.gaps == ()


def test_the_price_is_what_was_paid_for_the_tokens_of_thirty_days() -> None:
    world = world_at(NOON)
    statement = load_world(world)
    period = statement.price_period
    assert period == Period(date(2026, 10, 23), date(2026, 11, 21))
    tokens = Decimal(0)
    for kind in ("completions", "decisions", "embeddings", "moderations"):
        for bucket in told_over_http(world, f"usage/{kind}", period.first, limit=31):
            if day_of(bucket) in period:
                tokens += sum(
                    row["input_tokens"] + row.get("output_tokens", 0) for row in bucket["results"]
                )
    costs = told_over_http(world, "costs", period.first, limit=180)
    paid = sum(
        Decimal(row["amount"]["value"])
        for bucket in costs
        if day_of(bucket) in period
        for row in bucket["results"]
    )
    assert statement.per_million is not None
    assert abs(statement.per_million - paid / tokens * 1_000_000) < Decimal("1e-9")
    assert statement.left == 2500 - statement.cycle.spent


def test_costs_two_days_late_are_unknown_and_left_out_of_the_price() -> None:
    world = world_at(NOON)
    on_time = load_world(world)
    late = load_world(world_at(NOON), faults=["late-costs"])
    assert late.cycle.spent_today is None
    assert late.cycle.spent_yesterday is None
    assert late.price_period.last == date(2026, 11, 20)
    assert late.price_period.days == 30
    assert on_time.per_million is not None
    assert late.per_million is not None
    assert abs(late.per_million / on_time.per_million - 1) < Decimal("0.03")


def test_amounts_as_strings_give_the_same_sums() -> None:
    plain = load_world(world_at(NOON))
    strings = load_world(world_at(NOON), faults=["string-amounts"])
    assert strings.cycle.spent == plain.cycle.spent
    assert strings.months == plain.months


@pytest.mark.parametrize("shape", ["missing", "zero"])
def test_no_limit_is_known_to_be_none(shape: Any) -> None:
    world = world_at(NOON)
    world.no_limit_shape = shape
    world.spend_limits.clear()
    world.alerts.clear()
    statement = load_world(world)
    assert (statement.limit, statement.limit_known, statement.left) == (None, True, None)
    assert (statement.alerts, statement.alerts_known) == ((), True)
    assert all(p.limit is None and p.limit_known for p in statement.projects if p.project_id)
    assert statement.gaps == ()


def test_projects_have_their_own_limits() -> None:
    world = world_at(NOON)
    ids = [id for id in world.spend_limits if id]
    assert ids
    statement = load_world(world)
    found = {p.project_id: p.limit for p in statement.projects if p.limit}
    assert found == {
        id: SpendLimit(Decimal(world.spend_limits[id].cents) / 100, "enforcing") for id in ids
    }


def test_an_unreadable_limit_is_not_no_limit() -> None:
    world = world_at(NOON)
    faults = ["500@GET /v1/organization/spend_limit"]
    statement = load_world(world, faults=faults)
    assert (statement.limit, statement.limit_known) == (None, False)
    assert statement.gaps[0].startswith("Could not be read: the spend limit")
    assert statement.left is None


@pytest.mark.parametrize("fault", ["null-fields", "missing-fields", "unknown-fields"])
def test_an_answer_with_holes_is_never_taken_for_no_limit(fault: str) -> None:
    world = world_at(NOON)
    statement = load_world(world, faults=[f"{fault}@GET /v1/organization/spend_*"])
    assert statement.limit or not statement.limit_known
    assert statement.alerts or not statement.alerts_known


def test_a_key_that_may_not_manage_gets_costs_without_limits() -> None:
    world = world_at(NOON)
    statement = load_world(world, world.usage_only_key)
    whole = load_world(world)
    assert statement.cycle == whole.cycle
    assert statement.months == whole.months
    assert statement.per_million == whole.per_million
    assert not statement.limit_known
    assert not statement.alerts_known
    assert not any(project.limit_known for project in statement.projects)
    assert statement.gaps == (
        "Could not be read: the spend limit, the spend alerts, the names of the projects, "
        "the limits of the projects. This key lacks the permission api.management.read.",
    )


def test_a_key_that_may_not_read_usage_is_told_so() -> None:
    world = world_at(NOON)
    memory = Memory()
    load_world(world, memory=memory)
    with pytest.raises(MissingScope, match=r"api\.usage\.read"):
        load_world(world, world.management_only_key, memory=memory)


def test_what_was_seen_last_stands_in_for_a_platform_that_is_down() -> None:
    world, memory = world_at(NOON), Memory()
    faults = Faults(7, world)
    app = build(world, faults)
    faults.set("500")
    with pytest.raises(PlatformDown):
        load(app, world.admin_key, memory=memory)
    faults.clear()
    seen = load(app, world.admin_key, memory=memory)
    faults.set("500")
    again = load(app, world.admin_key, NOON + 3 * DAY, memory)
    assert again.from_cache
    assert again.as_of == NOON
    assert again.cycle == seen.cycle
    assert again.gaps[-1].endswith("These figures are as last seen.")


def test_a_snapshot_that_cannot_be_read_is_forgotten() -> None:
    memory = Memory()
    memory.put("billing", b'{"cycle": 3}', NOON)
    assert billing.remembered(memory) is None


def platform(costs: dict[date, str]) -> AsgiApp:
    """Serve these costs, a row a day, and an organization with nothing else in it."""

    async def answer(request: Request) -> Response:
        path = request.url.path
        if path.endswith("/organization/costs"):
            body: object = {"data": [_bucket(day, costs[day]) for day in costs]}
        elif "spend_limit" in path:
            body = {"threshold_amount": 10_000, "enforcement": {"status": "inactive"}}
        else:
            body = {"data": []}
        return Response(json.dumps(body), media_type="application/json")

    return Starlette(routes=[Route("/{path:path}", answer)])


def _bucket(day: date, amount: str) -> dict[str, object]:
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    row = {"object": "organization.costs.result", "amount": {"value": amount, "currency": "usd"}}
    return {"start_time": start, "end_time": start + 86_400, "results": [row]}


def test_credits_may_outweigh_the_spend() -> None:
    statement = load(platform({date(2026, 11, 3): "4.5", date(2026, 11, 4): "-40"}), "sk-admin-x")
    assert statement.cycle.spent == Decimal("-35.5")
    assert statement.left == Decimal("135.5")
    assert statement.per_million is None
    assert statement.left_tokens is None
    assert statement.limit == SpendLimit(Decimal("100.00"), "inactive")


@pytest.mark.parametrize("amount", ["0", "0E-6176"])
def test_a_month_of_zeros_costs_nothing_and_a_limit_stays_whole(amount: str) -> None:
    month = Period(date(2026, 11, 1), date(2026, 11, 22))
    statement = load(platform(dict.fromkeys(month, amount)), "sk-admin-x")
    assert statement.cycle.spent == 0
    assert statement.left == 100
    assert not statement.has_costs


def test_days_are_utc_whatever_zone_the_clock_speaks() -> None:
    elsewhere = datetime.fromisoformat("2026-12-01T01:30:00+02:00")
    statement = load(platform({date(2026, 11, 30): "2"}), "sk-admin-x", elsewhere)
    assert statement.cycle.today == date(2026, 11, 30)
    assert statement.cycle.spent == 2


def test_a_reached_limit_leaves_nothing() -> None:
    world = world_at(NOON)
    spent = load_world(world).cycle.spent
    world.spend_limits[None] = Set(int(spent * 100))
    assert load_world(world).left == 0
