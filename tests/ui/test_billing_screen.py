from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse
from textual.pilot import Pilot
from textual.widgets import Static

from oai_tui.core.secret import Secret
from oai_tui.services.setup import Demo
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import SpendLimit
from oai_tui.simulator.server import build
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.details import Details
from oai_tui.ui.screens.billing import BillingScreen
from oai_tui.ui.widgets.billing_figures import BILLING_PAGE, Figures
from oai_tui.ui.widgets.chart import Chart
from tests.ui.app_under_test import app_on, settle, signed_in

NOON = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
SIZES = [(120, 40), (80, 24)]


def world_at(moment: datetime = NOON) -> World:
    return World.seeded(7, "small", int(moment.timestamp()))


@asynccontextmanager
async def billing(
    world: World,
    folder: Path,
    faults: Any = (),
    *,
    size: tuple[int, int] = (120, 40),
    key: str = "",
) -> AsyncIterator[Pilot[Any]]:
    app = app_on(world, folder, faults, key=key or None)
    async with app.run_test(size=size) as pilot:
        await signed_in(pilot)
        await pilot.press("3")
        await settle(pilot)
        yield pilot


def screen_of(pilot: Pilot[Any]) -> BillingScreen:
    assert isinstance(pilot.app, OaiApp)
    found = next(s for s in pilot.app.screen_stack if isinstance(s, BillingScreen))
    assert isinstance(found, BillingScreen)
    return found


def text(pilot: Pilot[Any]) -> str:
    """Return the characters on the terminal, a line each."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def line_of(pilot: Pilot[Any], label: str) -> str:
    return next(line for line in text(pilot).splitlines() if line.strip().startswith(label))


def spent_over_http(world: World, first: datetime) -> Decimal:
    async def ask() -> Decimal:
        transport = httpx.ASGITransport(build(world))
        headers = {"authorization": f"Bearer {world.admin_key}"}
        async with httpx.AsyncClient(transport=transport, headers=headers) as http:
            asked = {"start_time": int(first.timestamp()), "limit": 31}
            answer = await http.get("http://localhost/v1/organization/costs", params=asked)
        page = json.loads(answer.text, parse_float=Decimal)
        rows = [row for bucket in page["data"] for row in bucket["results"]]
        return sum((Decimal(row["amount"]["value"]) for row in rows), Decimal(0))

    return asyncio.run(ask())


def dollars(amount: Decimal) -> str:
    return f"${amount.quantize(Decimal('0.01')):,}"


@pytest.mark.parametrize("size", SIZES)
def test_the_bill_at_a_glance(tmp_path: Path, size: tuple[int, int]) -> None:
    world = world_at()
    spent = spent_over_http(world, datetime(2026, 11, 1, tzinfo=UTC))
    today = spent_over_http(world, datetime(2026, 11, 22, tzinfo=UTC))

    async def look() -> None:
        async with billing(world, tmp_path, size=size) as pilot:
            head = line_of(pilot, "Billing")
            assert "November 2026 (UTC)" in head
            assert "day 22 of 30" in head
            assert "as of 12:20 UTC" in head
            percent = (spent / 25).quantize(Decimal(1))
            assert dollars(spent) in line_of(pilot, "SPENT")
            assert f"{percent} % of $2,500.00 hard limit · enforcing" in line_of(pilot, "SPENT")
            assert f"{dollars(today)}  provisional · yesterday $" in line_of(pilot, "TODAY")
            assert dollars(Decimal(2500) - spent) in line_of(pilot, "LEFT")
            tokens = line_of(pilot, "≈")
            assert "tokens at your $2.08 per million (30 days" in tokens
            assert tokens.rstrip().endswith("estimated")
            assert "mail at $2,000.00 to 1 person" in line_of(pilot, "ALERTS")
            assert "Costs arrive some hours late; today is provisional." in text(pilot)
            assert "The prepaid balance and invoices are not in the API:" in text(pilot)
            assert BILLING_PAGE in text(pilot)
            assert "Data pipeline" in text(pilot)
            assert "so far" in line_of_month(pilot)
            for label in ("SPENT", "TODAY", "LEFT", "ALERTS"):
                assert line_of(pilot, label).rstrip().endswith("reported")

    asyncio.run(look())


def line_of_month(pilot: Pilot[Any]) -> str:
    return next(line for line in text(pilot).splitlines() if "Nov 2026" in line)


def test_the_page_for_what_is_not_told_is_a_link(tmp_path: Path) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path) as pilot:
            figures = screen_of(pilot).query_one(Figures).render()
            links = {span.style.link for span in figures.spans if hasattr(span.style, "link")}
            assert BILLING_PAGE in links

    asyncio.run(look())


def test_a_low_screen_shows_tables_or_the_picture(tmp_path: Path) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, size=(80, 24)) as pilot:
            screen = screen_of(pilot)
            assert "PROJECT" in text(pilot)
            assert "added up by UTC day" not in text(pilot)
            await pilot.press("c")
            await settle(pilot)
            assert "PROJECT" not in text(pilot)
            assert "added up by UTC day" in text(pilot)
            assert "limit $2,500" in screen.query_one(Chart).picture.plain
            await pilot.press("c")
            await settle(pilot)
            assert screen.focused is screen.projects

    asyncio.run(look())


def test_the_picture_holds_limit_alerts_and_a_provisional_today(tmp_path: Path) -> None:
    world = world_at()
    spent = spent_over_http(world, datetime(2026, 11, 1, tzinfo=UTC))

    async def look() -> None:
        async with billing(world, tmp_path) as pilot:
            drawing: Any = screen_of(pilot).query_one(Chart).drawing
            month, today = drawing.series
            assert len(month.values) == len(today.values) == 30
            assert month.values[20] == today.values[20]
            assert month.values[21] is None
            assert dollars(today.values[21]) == dollars(spent)
            assert today.values[19] is None
            assert len(drawing.behind.values) == 31
            assert [name for _, name in drawing.marks] == [
                "alert $2,000",
                "alert $2,375",
                "limit $2,500",
            ]
            assert "today, provisional" in text(pilot)

    asyncio.run(look())


def test_tab_moves_between_the_tables_and_enter_tells_more(tmp_path: Path) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path) as pilot:
            screen = screen_of(pilot)
            assert screen.focused is screen.projects
            assert screen.active_bindings["tab"].binding.description == "other list"
            await pilot.press("down", "enter")
            await settle(pilot)
            assert isinstance(pilot.app.screen, Details)
            assert "$1,000.00 a month · enforcing" in text(pilot)
            await pilot.press("escape", "tab")
            assert screen.focused is screen.months
            await pilot.press("down", "enter")
            await settle(pilot)
            assert "October 2026 (UTC)" in text(pilot)
            assert "over 31 days" in text(pilot)
            await pilot.press("escape", "tab")
            assert screen.focused is screen.projects
            await pilot.resize_terminal(80, 24)
            await pilot.press("c")
            await settle(pilot)
            assert "tab" not in screen.active_bindings or (
                screen.active_bindings["tab"].binding.description != "other list"
            )

    asyncio.run(look())


@pytest.mark.parametrize(
    ("over", "word", "state"), [(0, "enforcing", "reached"), (12, "inactive", "over by $12.00")]
)
def test_a_spent_limit_is_told_in_words(tmp_path: Path, over: int, word: str, state: str) -> None:
    world = world_at()
    spent = spent_over_http(world, datetime(2026, 11, 1, tzinfo=UTC))
    world.spend_limits[None] = SpendLimit(int(spent * 100) - over * 100, word)

    async def look() -> None:
        async with billing(world, tmp_path) as pilot:
            told = f"$0.00  {state}; the platform refuses requests while it enforces"
            assert told in line_of(pilot, "LEFT")
            assert f"hard limit · {word}" in line_of(pilot, "SPENT")
            assert "≈" not in text(pilot)

    asyncio.run(look())


@pytest.mark.parametrize("shape", ["missing", "zero"])
def test_no_limit_is_said_and_nothing_is_left_of_it(tmp_path: Path, shape: Any) -> None:
    world = world_at()
    world.no_limit_shape = shape
    world.spend_limits.clear()
    world.alerts.clear()

    async def look() -> None:
        async with billing(world, tmp_path) as pilot:
            assert "no hard limit is set" in line_of(pilot, "SPENT")
            left = line_of(pilot, "LEFT")
            assert "—  no hard limit is set" in left
            assert left.rstrip().endswith("unknown")
            assert "no spend alert is set" in line_of(pilot, "ALERTS")
            assert "≈" not in text(pilot)

    asyncio.run(look())


@pytest.mark.parametrize("size", SIZES)
def test_a_key_that_may_not_manage_sees_costs_and_why_no_limits(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    world = world_at()

    async def look() -> None:
        async with billing(world, tmp_path, size=size, key=world.usage_only_key) as pilot:
            shown = " ".join(text(pilot).split())
            assert "the hard limit is not known" in line_of(pilot, "SPENT")
            assert "no hard limit" not in shown
            assert "—  the hard limit could not be read" in line_of(pilot, "LEFT")
            assert "—  the spend alerts could not be read" in line_of(pilot, "ALERTS")
            assert "This key lacks the permission api.management.read." in shown
            assert "none" not in shown

    asyncio.run(look())


def test_a_key_that_may_not_read_usage_gets_the_sentence(tmp_path: Path) -> None:
    world = world_at()

    async def look() -> None:
        async with billing(world, tmp_path, key=world.management_only_key) as pilot:
            assert "This key lacks the permission api.usage.read." in text(pilot)
            assert "picture" not in text(pilot)

    asyncio.run(look())


def test_costs_not_reported_yet_are_not_zero(tmp_path: Path) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, ["late-costs"]) as pilot:
            today = line_of(pilot, "TODAY")
            assert "—  nothing reported yet · yesterday — · average $" in today
            assert today.rstrip().endswith("unknown")
            assert "30 days to 20 Nov" in text(pilot)

    asyncio.run(look())


def test_the_first_hour_of_a_month(tmp_path: Path) -> None:
    first = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)

    async def look() -> None:
        async with billing(world_at(first), tmp_path) as pilot:
            assert "December 2026 (UTC)" in line_of(pilot, "Billing")
            assert "day 1 of 31" in line_of(pilot, "Billing")
            assert "—  nothing reported yet this month" in line_of(pilot, "SPENT")
            assert "$2,500.00  the whole hard limit" in line_of(pilot, "LEFT")
            assert "—  mail at $2,000.00 to 1 person" in line_of(pilot, "ALERTS")
            assert "$0.00" not in text(pilot)
            assert " 0 %" not in text(pilot)

    asyncio.run(look())


def test_an_organization_without_costs_is_empty_and_not_zero(tmp_path: Path) -> None:
    world = world_at()
    platform = build(world)

    async def without_costs(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"].endswith("/costs"):
            await JSONResponse({"data": [], "has_more": False})(scope, receive, send)
        else:
            await platform(scope, receive, send)

    async def look() -> None:
        app = app_on(world, tmp_path)
        demo = Demo(without_costs, Secret(world.admin_key))
        async with OaiApp(replace(app.setup, demo=demo)).run_test(size=(80, 24)) as pilot:
            await signed_in(pilot)
            await pilot.press("3")
            await settle(pilot)
            assert "No cost was reported in the last 12 months." in text(pilot)
            assert "Hard limit: $2,500.00 · enforcing." in text(pilot)
            assert BILLING_PAGE in text(pilot)
            assert "$0.00" not in text(pilot)

    asyncio.run(look())


def test_a_failure_is_told_and_refreshed_away_and_later_figures_say_their_age(
    tmp_path: Path,
) -> None:
    world = world_at()
    faults = Faults(7, world)

    async def look() -> None:
        app = app_on(world, tmp_path, faults)
        async with app.run_test(size=(120, 40)) as pilot:
            await signed_in(pilot)
            faults.set("403-plain@GET /v1/organization/costs")
            await pilot.press("3")
            await settle(pilot)
            assert "r  try again" in text(pilot)
            faults.clear()
            await pilot.press("r")
            await settle(pilot)
            assert "$2,500.00 hard limit" in line_of(pilot, "SPENT")
            faults.set("404-envelope@GET /v1/organization/costs")
            world.advance(2 * 86_400)
            await pilot.press("r")
            await settle(pilot)
            assert "as of 22 Nov 12:20 UTC, 2 d ago" in line_of(pilot, "Billing")
            assert "22 NOV" in text(pilot)
            assert "TODAY" not in text(pilot)
            gaps = screen_of(pilot).query_one("#gaps", Static)
            assert gaps.display
            assert "These figures are as last seen." in text(pilot)

    asyncio.run(look())
