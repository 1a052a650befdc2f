from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content
from textual.widgets import Static

from oai_tui.core.pages import BILLING_PAGE
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import SpendLimit
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.details import Details
from oai_tui.ui.host import READ_ONLY
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets.billing_figures import Figures
from oai_tui.ui.widgets.billing_overview_page import OverviewPage
from oai_tui.ui.widgets.billing_page import PageBar
from oai_tui.ui.widgets.chart import Chart, Lines
from oai_tui.vault.environment import EnvironmentPlace
from tests.ui.app_under_test import app_on, awaited, settle, signed_in, until
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
    world_at,
)

NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)
TODAY = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("size", SIZES)
def test_the_bill_at_a_glance(tmp_path: Path, size: tuple[int, int]) -> None:
    world = world_at()
    spent, today = spent_over_http(world, NOVEMBER), spent_over_http(world, TODAY)

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
            assert "tokens at your $2.09 per million" in tokens
            assert tokens.rstrip().endswith("estimated")
            assert "by 30 Nov" in line_of(pilot, "PACE")
            assert "not reached this month" in line_of(pilot, "PACE")
            assert line_of(pilot, "BALANCE").rstrip().endswith("unknown")
            assert "mail at $2,000.00 to 1 person" in line_of(pilot, "ALERTS")
            assert "Data pipeline" in text(pilot)
            for label in ("SPENT", "TODAY", "LEFT", "ALERTS"):
                assert line_of(pilot, label).rstrip().endswith("reported")

    asyncio.run(look())


def test_the_billing_page_of_the_platform_is_a_link(tmp_path: Path) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path) as pilot:
            assert BILLING_PAGE in text(pilot)
            assert "Costs arrive late; today is provisional." in text(pilot)
            figures = screen_of(pilot).query_one(Figures).render()
            assert isinstance(figures, Content)
            links = {span.style.link for span in figures.spans if hasattr(span.style, "link")}
            assert BILLING_PAGE in links

    asyncio.run(look())


def test_a_low_screen_shows_figures_and_projects_or_the_picture(tmp_path: Path) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, size=(80, 24)) as pilot:
            screen = screen_of(pilot)
            assert "PROJECT" in text(pilot)
            assert "LEFT" in text(pilot)
            assert "UTC days" not in text(pilot)
            await press(pilot, "c")
            assert "PROJECT" not in text(pilot)
            assert "LEFT" not in text(pilot)
            assert "forecast $" in line_of(pilot, "UTC days")
            assert "by 30 Nov" in line_of(pilot, "PACE")
            assert "limit $2,500" in screen.query_one("#chart", Chart).picture.plain
            await press(pilot, "c")
            assert screen.focused is screen.query_one("#projects")
            assert "LEFT" in text(pilot)

    asyncio.run(look())


def test_more_room_gives_more_figures_and_less_takes_only_what_goes_on_with_a_subject(
    tmp_path: Path,
) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, size=(80, 24)) as pilot:
            assert "gpt-5.6-mini alone" in text(pilot)
            await pilot.resize_terminal(80, 19)
            await settle(pilot)
            shown = text(pilot)
            assert "gpt-5.6-mini alone" not in shown
            for label in ("SPENT", "TODAY", "LEFT", "≈", "PACE", "BALANCE", "ALERTS"):
                assert line_of(pilot, label)
            assert "Data pipeline" in shown

    asyncio.run(look())


def drawing_of(pilot: Any) -> Lines:
    drawing = screen_of(pilot).query_one("#chart", Chart).drawing
    assert isinstance(drawing, Lines)
    return drawing


def test_the_picture_has_the_month_the_last_one_limit_alerts_and_what_may_come(
    tmp_path: Path,
) -> None:
    world = world_at()
    spent = spent_over_http(world, NOVEMBER)
    sure = spent_over_http(world, NOVEMBER, 20)

    async def look() -> None:
        async with billing(world, tmp_path) as pilot:
            drawing = drawing_of(pilot)
            month, young = drawing.series
            assert len(month.values) == len(young.values) == 30
            assert dollars(Decimal(month.values[19] or 0)) == dollars(sure)
            assert month.values[20:] == (None,) * 10
            assert young.values[:19] == (None,) * 19
            assert young.values[19] == month.values[19]
            assert dollars(Decimal(young.values[21] or 0)) == dollars(spent)
            assert drawing.behind is not None
            assert len(drawing.behind.values) == 31
            assert [name for _, name in drawing.marks] == [
                "alert $2,000",
                "alert $2,375",
                "limit $2,500",
            ]
            fan = drawing.fan
            assert fan is not None
            assert len(fan.usual) == 30
            assert fan.usual[19] is None
            assert fan.low[20] == fan.usual[20] == fan.high[20] == young.values[20]
            ends = [Decimal(each[29] or 0) for each in (fan.low, fan.usual, fan.high)]
            assert ends == sorted(ends)
            assert ends[0] < ends[2]
            assert "November   ━ provisional   ┈ October   ╍ forecast $" in text(pilot)

    asyncio.run(look())


def test_letters_tabs_and_clicks_turn_the_pages_and_their_keys_are_in_the_footer(
    tmp_path: Path,
) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, size=(80, 24)) as pilot:
            screen = screen_of(pilot)
            assert "c picture" in footer_of(pilot)
            turned = []
            for _ in range(4):
                await press(pilot, "tab")
                turned.append(screen.page.id)
                assert "c picture" in footer_of(pilot) or screen.page.id != "overview"
                assert screen.page.has_focus_within
            assert turned == ["limits", "rates", "history", "overview"]
            await press(pilot, "shift+tab")
            assert screen.page.id == "history"
            assert "g group" in footer_of(pilot)
            assert "c picture" not in footer_of(pilot)
            for letter, page in zip("patw", ["overview", *turned[:3]], strict=True):
                await press(pilot, letter)
                assert screen.page.id == page
            await pilot.click(PageBar, offset=(3, 0))
            await settle(pilot)
            assert screen.page.id == "overview"
            assert isinstance(screen.page, OverviewPage)
            for page in ("overview", "limits", "rates", "history"):
                screen.show_page(page)
                await settle(pilot)
                assert footer_of(pilot).rstrip().endswith("help")

    asyncio.run(look())


def test_enter_tells_the_figures_of_a_project_and_y_sends_its_id(tmp_path: Path) -> None:
    world = world_at()
    research = next(each.id for each in world.projects.values() if each.name == "Research")
    spent = spent_over_http(world, NOVEMBER, project=research)

    async def look() -> None:
        async with billing(world, tmp_path) as pilot:
            await press(pilot, "down", "y")
            assert [said.message for said in pilot.app._notifications] == [
                f"Sent to the terminal: {research}"
            ]
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, Details)
            shown = text(pilot)
            assert research in shown
            assert dollars(spent) in shown
            assert "$1,000.00 a month · enforcing" in shown
            assert f"left      {dollars(Decimal(1000) - spent)}" in shown
            assert "by 30 Nov by the last 7 days  estimated" in shown
            assert "limit not reached this month" in shown
            await press(pilot, "escape")
            assert screen_of(pilot).focused is screen_of(pilot).query_one("#projects")

    asyncio.run(look())


@pytest.mark.parametrize(
    ("over", "word", "state"), [(0, "enforcing", "reached"), (12, "inactive", "over by $12.00")]
)
def test_a_spent_limit_is_told_in_words(tmp_path: Path, over: int, word: str, state: str) -> None:
    world = world_at()
    spent = spent_over_http(world, NOVEMBER)
    world.spend_limits[None] = SpendLimit(int(spent * 100) - over * 100, word)

    async def look() -> None:
        async with billing(world, tmp_path) as pilot:
            assert f"$0.00  {state}; the platform refuses" in line_of(pilot, "LEFT")
            assert f"hard limit · {word}" in line_of(pilot, "SPENT")
            assert "≈" not in line_of(pilot, "LEFT")

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
            assert drawing_of(pilot).marks == ()

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


@pytest.mark.parametrize("size", SIZES)
def test_a_key_that_may_not_read_usage_still_sees_the_limits(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    world = world_at()

    async def look() -> None:
        key = world.management_only_key
        async with billing(world, tmp_path, size=size, key=key) as pilot:
            shown = " ".join(text(pilot).split())
            assert "This key lacks the permission api.usage.read." in shown
            spent = line_of(pilot, "SPENT")
            assert "· $2,500.00 hard limit · enforcing" in spent
            assert spent.rstrip().endswith("unknown")
            assert "$1,000.00" in next(x for x in text(pilot).splitlines() if "Research" in x)
            assert "$0.00" not in shown
            await press(pilot, *("c" if size == (80, 24) else ""))
            assert "No picture: the costs are not known." in text(pilot)
            await press(pilot, "w")
            assert "r  try again" in text(pilot)

    asyncio.run(look())


def test_costs_not_reported_yet_are_not_zero(tmp_path: Path) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, ["late-costs"]) as pilot:
            today = line_of(pilot, "TODAY")
            assert "—  nothing reported yet · yesterday — · average $" in today
            assert today.rstrip().endswith("unknown")
            drawing = drawing_of(pilot)
            assert all(row.values[21] is None for row in drawing.series)
            assert drawing.fan is not None
            assert drawing.fan.usual[21] is not None

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
            fan = drawing_of(pilot).fan
            assert fan is not None
            assert len(fan.usual) == 31
            assert fan.usual[0] is not None

    asyncio.run(look())


def test_months_without_any_cost_are_no_picture(tmp_path: Path) -> None:
    async def look() -> None:
        async with billing(world_at(), tmp_path, ["idle=800"]) as pilot:
            assert "No picture: nothing was spent this month or last." in text(pilot)
            assert "$2,500.00" in line_of(pilot, "LEFT")

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
            faults.set("reset-before")
            await press(pilot, "3")
            assert "r  try again" in text(pilot)
            assert "c picture" not in footer_of(pilot)
            faults.clear()
            await press(pilot, "r")
            assert "$2,500.00 hard limit" in line_of(pilot, "SPENT")
            faults.set("404-envelope@GET /v1/organization/costs")
            world.advance(2 * 86_400)
            await press(pilot, "r")
            assert "as of 22 Nov 12:20 UTC, 2 d ago" in line_of(pilot, "Billing")
            assert "22 NOV" in text(pilot)
            assert "TODAY" not in text(pilot)
            assert screen_of(pilot).query_one("#gaps", Static).display

    asyncio.run(look())


@awaited
async def test_what_is_remembered_is_seen_before_anything_answers(tmp_path: Path) -> None:
    world = world_at()
    faults = Faults(7, world)
    async with billing(world, tmp_path, faults) as pilot:
        spent = line_of(pilot, "SPENT")
    faults.set("hang")
    world.advance(2 * 3600)
    app = app_on(world, tmp_path, faults)
    environ = {"OPENAI_ADMIN_KEY": world.admin_key, "OPENAI_BASE_URL": app.setup.base_url.url}
    app.setup = replace(app.setup, places=(EnvironmentPlace(environ),))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.session and isinstance(app.screen, KeysScreen))
        await pilot.press("3")
        await until(pilot, lambda: "SPENT" in text(pilot))
        assert line_of(pilot, "SPENT") == spent
        assert "as of 12:20 UTC, 2 h ago, reading " in line_of(pilot, "Billing")
        faults.clear()
        await pilot.press("r")
        await until(pilot, lambda: "as of 14:20 UTC" in line_of(pilot, "Billing"))
        assert "reading" not in line_of(pilot, "Billing")


@awaited
async def test_read_only_hides_what_changes_the_organization_and_says_why(tmp_path: Path) -> None:
    setup = replace(app_on(world_at(), tmp_path).setup, read_only=True)
    app = OaiApp(setup)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await signed_in(pilot)
        await press(pilot, "3")
        assert "L limit" not in footer_of(pilot)
        assert "b balance" in footer_of(pilot)
        await press(pilot, "L")
        assert [said.message for said in app._notifications] == [READ_ONLY]


def test_without_colour_no_line_needs_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def look() -> None:
        async with billing(world_at(), tmp_path, size=(80, 24)) as pilot:
            await press(pilot, "c")
            legend = line_of(pilot, "UTC days")
            assert "━ Nov, after 20 Nov provisional  ┈ Oct  ╍ forecast $" in legend
            assert legend.count("━") == 1

    asyncio.run(look())
