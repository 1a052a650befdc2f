"""The months of the bill: what each cost, on what, and its days."""

from __future__ import annotations

import asyncio
import csv
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from oai_tui.core.pages import INVOICES_PAGE
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.platform import build
from oai_tui.ui.dialogs.details import Details
from oai_tui.ui.dialogs.export import Export
from oai_tui.ui.widgets.billing_history_page import HistoryPage
from oai_tui.ui.widgets.billing_month import MonthView
from oai_tui.ui.widgets.chart import Bars, Chart
from tests.ui.app_under_test import app_on, awaited, said, signed_in, until
from tests.ui.bill import (
    SIZES,
    billing,
    dollars,
    footer_of,
    line_of,
    press,
    screen_of,
    spent_over_http,
    text,
    type_in,
    world_at,
)

NOVEMBER, OCTOBER = (datetime(2026, month, 1, tzinfo=UTC) for month in (11, 10))


def page_of(pilot: Any) -> HistoryPage:
    page = screen_of(pilot).page
    assert isinstance(page, HistoryPage)
    return page


@pytest.mark.parametrize("size", SIZES)
def test_months_stand_beside_what_they_were_spent_on(tmp_path: Path, size: tuple[int, int]) -> None:
    world = world_at()
    open_, closed = spent_over_http(world, NOVEMBER), spent_over_http(world, OCTOBER)
    research = next(each.id for each in world.projects.values() if each.name == "Research")
    part = spent_over_http(world, OCTOBER, project=research)

    async def look() -> None:
        async with billing(world, tmp_path, size=size, pages="w") as pilot:
            assert dollars(open_) in line_of(pilot, "▌ Nov 2026")
            assert "+12 %*" in line_of(pilot, "▌ Nov 2026")
            assert "by project   * 1 – 21 Nov against 1 – 21 Oct" in line_of(pilot, "by")
            assert "costs go back to 22 Dec 2024" in line_of(pilot, "by")
            assert f"Invoices{'' if size[0] < 100 else ' are in no API'}: {INVOICES_PAGE}" in text(
                pilot
            )
            assert "█" in line_of(pilot, "▌ Nov 2026")
            assert "›" not in text(pilot)
            await press(pilot, "down")
            october = line_of(pilot, "▌ Oct 2026")
            assert dollars(closed) in october
            assert "+4 %" in october
            row = next(line for line in text(pilot).splitlines() if "Research" in line)
            assert dollars(part) in row
            assert f"{(part / closed * 100).quantize(Decimal(1))} %" in row
            assert row.rstrip().endswith("+4 %")

    asyncio.run(look())


def test_g_tells_them_apart_by_line_item_and_back(tmp_path: Path) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, pages="w") as pilot:
            whole = line_of(pilot, "▌ Nov 2026").split()[3]
            await press(pilot, "g")
            assert "by line item" in line_of(pilot, "by")
            assert "LINE ITEM" in text(pilot)
            assert "gpt-5.6-mini, output" in text(pilot)
            assert line_of(pilot, "▌ Nov 2026").split()[3] == whole
            await press(pilot, "g")
            assert "Data pipeline" in text(pilot)

    asyncio.run(look())


@pytest.mark.parametrize("size", SIZES)
def test_a_month_opens_into_its_days(tmp_path: Path, size: tuple[int, int]) -> None:
    world = world_at()
    closed = spent_over_http(world, OCTOBER)
    second = spent_over_http(world, datetime(2026, 10, 2, tzinfo=UTC), 1)

    async def look() -> None:
        async with billing(world, tmp_path, size=size, pages="w") as pilot:
            assert "esc months" not in footer_of(pilot)
            await press(pilot, "down", "enter")
            assert "esc months" in footer_of(pilot)
            title = line_of(pilot, "October 2026")
            assert dollars(closed) in title
            assert "31 days · +4 % on the month before · UTC" in title
            await press(pilot, "down")
            assert dollars(second) in line_of(pilot, "▌  2 Fri")
            bars = page_of(pilot).query_one(MonthView).query_one(Chart).drawing
            assert isinstance(bars, Bars)
            assert bars.selected == 1
            assert sum(Decimal(each or 0) for each in bars.series[0].values) == pytest.approx(
                closed
            )
            await press(pilot, "right_square_bracket")
            told = "+12 % on 1 – 21 Oct · 21 – 22 Nov provisional · UTC"
            assert told in line_of(pilot, "November 2026")
            assert line_of(pilot, "▌ 22 Sun")
            await press(pilot, "right_square_bracket", "left_square_bracket")
            assert line_of(pilot, "October 2026")
            await press(pilot, "g")
            assert "LINE ITEM" in text(pilot)
            assert line_of(pilot, "October 2026")
            await press(pilot, "escape")
            assert line_of(pilot, "▌ Oct 2026")
            assert page_of(pilot).all.months.has_focus

    asyncio.run(look())


@pytest.mark.parametrize("size", SIZES)
def test_the_list_beside_the_days_says_what_each_was_spent_on(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    world, day = world_at(), datetime(2026, 11, 13, tzinfo=UTC)
    data = next(each.id for each in world.projects.values() if each.name == "Data pipeline")
    whole, part = (spent_over_http(world, day, 1, project) for project in ("", data))

    async def look() -> None:
        async with billing(world, tmp_path, size=size, pages="w") as pilot:
            await press(pilot, "enter")
            view = page_of(pilot).view
            assert "PROJECT, 22 NOV SO FAR  " in text(pilot)
            await press(pilot, *["up"] * 9)
            assert "PROJECT, 13 NOV  " in text(pilot)
            assert dollars(whole) in line_of(pilot, "▌ 13 Fri")
            row = next(line for line in text(pilot).splitlines() if "Data pipeline" in line)
            assert f"{dollars(part)}   64 %" in row
            assert sum(each.amount for each in view.parts.rows) == whole
            await press(pilot, "g")
            assert "LINE ITEM, 13 NOV  " in text(pilot)
            assert sum(each.amount for each in view.parts.rows) == whole
            assert "›" not in text(pilot)
            await press(pilot, "o", "enter")
            assert isinstance(pilot.app.screen, Details)
            assert "Nov 2026" in text(pilot)

    asyncio.run(look())


def test_a_month_that_is_a_minute_old_has_nothing_yet_and_the_one_before_is_not_whole(
    tmp_path: Path,
) -> None:
    async def look() -> None:
        first = datetime(2026, 12, 1, 0, 1, tzinfo=UTC)
        async with billing(world_at(first), tmp_path, size=(80, 24), pages="w") as pilot:
            assert line_of(pilot, "▌ Dec 2026").split()[3:6] == ["—", "so", "far"]
            assert "Nothing is reported yet." in text(pilot)
            assert "* 1 – 29 Nov against 1 – 29 Oct" in line_of(pilot, "by")
            await press(pilot, "down", "enter")
            assert line_of(pilot, "November 2026").rstrip().endswith("30 Nov provisional · UTC")

    asyncio.run(look())


def test_a_month_opens_on_its_last_told_day_and_one_that_is_not_known_is_not_split(
    tmp_path: Path,
) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, ["late-costs"], pages="w") as pilot:
            await press(pilot, "enter")
            assert "PROJECT, 20 NOV SO FAR" in text(pilot)
            await press(pilot, "down", "down")
            assert line_of(pilot, "▌ 22 Sun").split()[3] == "—"
            assert "Nothing is reported yet." in text(pilot)

    asyncio.run(look())


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (120, [f" Invoices are in no API: {INVOICES_PAGE}"]),
        (70, [" Invoices:", f" {INVOICES_PAGE}"]),
        (60, [" Invoices:", f" {INVOICES_PAGE.removeprefix('https://')}"]),
    ],
)
def test_the_address_of_the_invoices_is_never_cut(
    tmp_path: Path, width: int, told: list[str]
) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, size=(width, 24), pages="w") as pilot:
            assert "$368.38" in line_of(pilot, "▌ Nov 2026")
            lines = [line.rstrip() for line in text(pilot).splitlines()]
            assert lines[-1 - len(told) : -1] == told

    asyncio.run(look())


def test_o_goes_from_list_to_list_and_enter_tells_a_part_month_by_month(tmp_path: Path) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, pages="w") as pilot:
            page = page_of(pilot)
            await press(pilot, "o")
            assert page.all.parts.has_focus
            assert page.project_id
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, Details)
            assert "Nov 2026" in text(pilot)
            assert "+41 % on 1 – 21 Oct" in text(pilot)
            assert "Dec 2024" in text(pilot)
            await press(pilot, "escape", "o")
            assert page.all.months.has_focus
            assert page.project_id == ""
            await press(pilot, "y")
            said = [each.message for each in pilot.app._notifications]
            assert said == ["Sent to the terminal: the address of the invoices."]

    asyncio.run(look())


def test_months_and_days_go_to_files(tmp_path: Path) -> None:
    world = world_at()
    closed = spent_over_http(world, OCTOBER)
    months, days = tmp_path / "months.csv", tmp_path / "days.json"

    async def look() -> None:
        async with billing(world, tmp_path / "app", pages="w") as pilot:
            for keys, path in ((("x",), months), (("down", "enter", "x"), days)):
                await pilot.press(*keys)
                await until(pilot, lambda: isinstance(pilot.app.screen, Export))
                await type_in(pilot, str(path))
                await pilot.press("enter")
                await until(pilot, lambda: not isinstance(pilot.app.screen, Export))

    asyncio.run(look())
    rows = [row for row in csv.DictReader(months.open()) if row["month"] == "2026-10"]
    (whole,) = (row for row in rows if row["project_name"] == "total")
    parts = [Decimal(row["amount"]) for row in rows if row is not whole]
    assert Decimal(whole["amount"]) == sum(parts) == closed
    assert months.stat().st_mode & 0o777 == 0o600
    told = json.loads(days.read_text())
    wholes = [row for row in told if row["project_name"] == "total"]
    assert len(wholes) == 31
    parts = [Decimal(row["amount"]) for row in told if row["project_name"] != "total"]
    assert sum(Decimal(row["amount"]) for row in wholes) == sum(parts) == closed


def test_a_key_without_the_usage_scope_is_told_and_r_tries_again(tmp_path: Path) -> None:
    world = world_at()

    async def look() -> None:
        async with billing(world, tmp_path, key=world.management_only_key, pages="w") as pilot:
            assert "This key lacks the permission api.usage.read." in text(pilot)
            assert "r  try again" in text(pilot)
            assert "g group" not in footer_of(pilot)
            await press(pilot, "r")
            assert "r  try again" in text(pilot)

    asyncio.run(look())


def test_an_organization_that_never_paid_has_no_months(tmp_path: Path) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, ["idle=3000"], pages="w") as pilot:
            assert "No cost was reported in any month." in text(pilot)

    asyncio.run(look())


@awaited
async def test_older_months_come_after_the_last_year_and_a_failure_leaves_what_came(
    tmp_path: Path,
) -> None:
    world = world_at()
    faults, gate = Faults(7, world), asyncio.Event()
    through, year = build(world, faults), datetime(2025, 12, 1, tzinfo=UTC).timestamp()

    async def held(scope: Any, receive: Any, send: Any) -> None:
        query = parse_qs(scope["query_string"].decode())
        if scope["path"].endswith("/costs") and int(query["start_time"][0]) < year:
            await gate.wait()
        await through(scope, receive, send)

    app = app_on(world, tmp_path, app=held)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        await press(pilot, "3")
        await pilot.press("w")
        page = page_of(pilot)
        await until(pilot, lambda: page.history)
        assert page.history is not None
        assert len(page.history.months) == 12
        assert "reading older months, " in line_of(pilot, "by")
        faults.set("404-envelope@GET /v1/organization/costs")
        gate.set()
        await until(pilot, lambda: "reading" not in line_of(pilot, "by"))
        assert line_of(pilot, "▌ Nov 2026")
        assert "could not be read" in text(pilot)
        faults.clear()
        await press(pilot, "r")
        assert len(page.history.months) == 24
        assert "Dec 2024" in text(pilot)
        assert "could not be read" not in text(pilot)


@awaited
async def test_one_reason_is_told_once_for_the_bill_and_its_months(tmp_path: Path) -> None:
    world = world_at()
    faults = Faults(7, world)
    async with billing(world, tmp_path, faults, pages="w") as pilot:
        faults.set("429-long")
        world.advance(3600)
        await press(pilot, "r")
        gaps = said(pilot.app, "#gaps")
        assert gaps.count("as last seen") == 1
        assert "Request req_" in gaps
