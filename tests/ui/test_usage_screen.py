"""The usage screen by keyboard, its figures held against the platform's own answers."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from oai_tui.core.text import count, money
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.platform import build
from oai_tui.simulator.world import World
from oai_tui.ui.screens.usage import UsageScreen
from oai_tui.ui.widgets.chart import Bars
from oai_tui.ui.widgets.state import StatePane
from oai_tui.ui.widgets.table import Table
from oai_tui.ui.widgets.usage_chart import UsageChart
from oai_tui.ui.widgets.usage_figures import Row
from tests.ui.app_under_test import app_on, signed_in

NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
TODAY = NOW.date()
WIDE, SMALL = (120, 40), (80, 24)
pytestmark = pytest.mark.anyio
KINDS = ("completions", "decisions", "embeddings", "moderations")


class Desk:
    """A person in front of the screen: what they press and what they read."""

    def __init__(self, pilot: Pilot[Any], faults: Faults) -> None:
        self.pilot = pilot
        self.faults = faults

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.rest()

    async def type(self, text: str) -> None:
        for char in text:
            await self.pilot.press({"-": "minus", " ": "space"}.get(char, char))
        await self.pilot.pause()

    async def rest(self) -> None:
        """Wait until nothing of the screen is loading; a dialog may stay open."""
        await self.pilot.pause()
        workers = [w for w in self.pilot.app.workers if w.group in ("load", "names", "plotext")]
        if workers:
            await self.pilot.app.workers.wait_for_complete(workers)
        await self.pilot.pause()

    async def until(self, seen: Callable[[], bool]) -> None:
        async with asyncio.timeout(120):
            while not seen():
                await self.pilot.pause(0.01)

    @property
    def screen(self) -> UsageScreen:
        screens = self.pilot.app.screen_stack
        return next(screen for screen in screens if isinstance(screen, UsageScreen))

    @property
    def head(self) -> str:
        return self.text("#head")

    @property
    def rows(self) -> dict[str, Row]:
        """The lines of what is counted; there are others for what only costs something."""
        rows = self.screen.query_one(Table).rows
        return {row.name: row for row in rows if row.total is not None}

    @property
    def bars(self) -> Bars:
        drawing = self.screen.query_one("#daily", UsageChart).drawing
        assert isinstance(drawing, Bars)
        return drawing

    @property
    def state(self) -> str:
        assert not self.screen.is_ready
        return str(self.screen.query_one(StatePane).visual)

    @property
    def told(self) -> list[str]:
        return [note.message for note in self.pilot.app._notifications]

    def text(self, selector: str) -> str:
        return str(self.pilot.app.screen.query_one(selector, Static).visual)


@asynccontextmanager
async def usage(
    tmp_path: Path, size: tuple[int, int] = WIDE, key: str | None = None, fault: str = ""
) -> AsyncIterator[Desk]:
    world = World.seeded(7, "small", int(NOW.timestamp()))
    faults = Faults(7, world)
    if fault:
        faults.set(fault)
    async with app_on(world, tmp_path, faults, key=key).run_test(size=size) as pilot:
        desk = Desk(pilot, faults)
        await signed_in(pilot)
        await desk.press("2")
        yield desk


async def asked(path: str, first: date, last: date, by: str) -> list[tuple[date, dict[str, Any]]]:
    """Ask a platform of its own over HTTP, a few days at a time."""
    world = World.seeded(7, "small", int(NOW.timestamp()))
    found: list[tuple[date, dict[str, Any]]] = []
    transport = httpx.ASGITransport(app=build(world))
    headers = {"authorization": f"Bearer {world.admin_key}"}
    async with httpx.AsyncClient(transport=transport, headers=headers) as client:
        start = datetime.combine(first, time(), UTC)
        after = datetime.combine(last, time(), UTC) + timedelta(days=1)
        while start < after:
            end = min(start + timedelta(days=7), after)
            params: dict[str, Any] = {
                "start_time": int(start.timestamp()),
                "end_time": int(end.timestamp()),
                "limit": 31,
                "group_by": by,
            }
            answer = (await client.get(f"http://x/v1/organization/{path}", params=params)).json()
            assert not answer["has_more"]
            for bucket in answer["data"]:
                day = datetime.fromtimestamp(bucket["start_time"], UTC).date()
                found += [(day, result) for result in bucket["results"]]
            start = end
    return found


async def tokens(first: date, last: date, by: str) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for kind in KINDS:
        for _, row in await asked(f"usage/{kind}", first, last, by):
            sums[row[by] or ""] += row["input_tokens"] + row.get("output_tokens", 0)
    return {id: number for id, number in sums.items() if number}


async def dollars(first: date, last: date, by: str) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for _, row in await asked("costs", first, last, by):
        sums[row[by] or ""] += Decimal(str(row["amount"]["value"]))
    return {id: amount for id, amount in sums.items() if amount}


def totals(desk: Desk) -> dict[str, Decimal]:
    return {row.id: row.total for row in desk.rows.values() if row.total is not None}


async def test_it_opens_with_the_last_30_days_by_model(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        truth = await tokens(date(2026, 10, 24), TODAY, "model")
        assert totals(desk) == truth
        assert "24 Oct – 22 Nov 2026 · 30 days · UTC" in desk.head
        assert "tokens in + out by model" in desk.head
        assert f"total {count(sum(truth.values()))} " in desk.head
        assert "as of 12:04 UTC" in desk.head
        assert "today partial" in desk.head
        assert len(desk.bars.series) <= 8
        assert desk.bars.provisional == 29
        drawn = sum(value or 0 for row in desk.bars.series for value in row.values)
        assert drawn == sum(truth.values())


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_grouping_asks_nothing_again_and_keeps_the_sum(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with usage(tmp_path, size) as desk:
        desk.faults.set("503@/organization/usage")
        for by, word in (("project_id", "project"), ("api_key_id", "key")):
            await desk.press("g")
            assert totals(desk) == await tokens(date(2026, 10, 24), TODAY, by)
            assert f"by {word}" in desk.head
        assert all(not name.startswith("key_") for name in desk.rows if "unknown" not in name)
        await desk.press("G")
        assert "by project" in desk.head
        assert "(no project)" in desk.rows


async def test_users_get_their_names_and_what_is_nobodys_stays(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        await desk.press("g", "g", "g")
        assert "(no user)" in desk.rows
        assert "Tom Baker" in desk.rows
        assert totals(desk) == await tokens(date(2026, 10, 24), TODAY, "user_id")


async def test_without_the_names_of_users_their_ids_stand(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        desk.faults.set("403-envelope@/organization/users")
        await desk.press("g", "g", "g")
        assert "names of users could not be read" in desk.text("#gaps")
        assert totals(desk) == await tokens(date(2026, 10, 24), TODAY, "user_id")
        await desk.press("g")
        assert not desk.screen.query_one("#gaps").display
        desk.faults.clear()
        await desk.press("G", "r")
        assert not desk.screen.query_one("#gaps").display


async def test_every_metric_has_its_own_sum(tmp_path: Path) -> None:
    fields = ("input_tokens", "output_tokens", "input_cached_tokens", "num_model_requests")
    async with usage(tmp_path) as desk:
        sums, cacheable = dict.fromkeys(fields, 0), 0
        for kind in KINDS:
            for _, row in await asked(f"usage/{kind}", date(2026, 10, 24), TODAY, "model"):
                for field in fields:
                    sums[field] += row.get(field) or 0
                # Only these two have anything to cache.
                cacheable += row["input_tokens"] * (kind in ("completions", "decisions"))
        share = round(sums["input_cached_tokens"] / cacheable * 100)
        for field in fields[:3]:
            await desk.press("m")
            assert f"total {count(sums[field])} " in desk.head
            assert f"{share} % of input cached" in desk.head
        await desk.press("m", "m")
        assert "uncached tokens by model" in desk.head


async def test_cost_by_project_is_the_platforms_to_the_last_digit(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        await desk.press("g", "M")
        truth = await dollars(date(2026, 10, 24), TODAY, "project_id")
        assert totals(desk) == truth
        assert f"total {money(sum(truth.values(), Decimal(0)))} " in desk.head
        assert "cost by project" in desk.head
        assert "from 21 Nov provisional" in desk.head


async def test_a_refused_grouping_of_costs_leaves_the_way_out(tmp_path: Path) -> None:
    async with usage(tmp_path, fault="refuse-cost-by-key") as desk:
        await desk.press("g", "g", "M")
        assert "cost by key" in desk.head
        assert "(not told by key)" in desk.rows
        assert desk.screen.query_one("#gaps").display
        await desk.press("home", "enter")
        assert desk.told == ["These figures cannot be told apart."]
        await desk.press("G")
        assert "(not told by key)" not in desk.rows
        assert "cost by project" in desk.head
        await desk.press("g", "m")
        assert desk.screen.is_ready
        assert "tokens in + out by key" in desk.head


async def test_a_hint_is_said_once_and_not_over_another_screen(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        await desk.press("right_square_bracket", "right_square_bracket", "t")
        assert desk.told == ["The period ends today, 22 Nov (UTC), already."]
        await desk.press("1")
        assert desk.told == []


async def test_months_move_by_months_and_never_into_the_future(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        await desk.press("right_square_bracket")
        assert desk.told == ["The period ends today, 22 Nov (UTC), already."]
        await desk.press("left_square_bracket")
        assert "24 Sep – 23 Oct 2026 · 30 days" in desk.head
        assert desk.bars.provisional is None
        assert totals(desk) == await tokens(date(2026, 9, 24), date(2026, 10, 23), "model")
        await desk.press("d")
        await desk.type("2026-10")
        await desk.press("enter")
        assert "October 2026 · 31 days · UTC" in desk.head
        assert totals(desk) == await tokens(date(2026, 10, 1), date(2026, 10, 31), "model")
        await desk.press("right_square_bracket")
        assert "1 Nov – 22 Nov 2026 · 22 days · UTC" in desk.head
        await desk.press("left_square_bracket", "left_square_bracket")
        assert "September 2026" in desk.head
        await desk.press("t")
        assert "1 Nov – 22 Nov 2026" in desk.head


async def test_dates_are_chosen_from_a_list_or_typed(tmp_path: Path) -> None:
    async with usage(tmp_path, SMALL) as desk:
        await desk.press("d", "up")
        assert "16 Nov – 22 Nov 2026 · 7 days · UTC" in desk.text("#said")
        await desk.press("enter")
        assert "16 Nov – 22 Nov 2026" in desk.head
        await desk.press("d")
        await desk.type("45 d")
        assert "is not a date" in desk.text("#said")
        first, last = (desk.pilot.app.screen.query_one(f"#{id}", Input) for id in ("first", "last"))
        assert last.region.bottom < 24
        first.value = "2026-11-03"
        await desk.pilot.pause()
        assert "3 Nov – 22 Nov 2026 · 20 days · UTC" in desk.text("#said")
        last.value = "2026-11-01"
        await desk.press("enter")
        assert "last day is before the first" in desk.text("#said")
        last.value = "2026-11-09"
        await desk.press("enter")
        assert "3 Nov – 9 Nov 2026 · 7 days" in desk.head
        await desk.press("d", "escape")
        assert "3 Nov – 9 Nov 2026" in desk.head


async def test_more_days_than_columns_are_weeks_or_months_and_say_so(tmp_path: Path) -> None:
    async with usage(tmp_path, SMALL) as desk:
        for word, step, bars in (("90d", "week", 13), ("12mo", "month", 12)):
            await desk.press("d")
            await desk.type(word)
            await desk.press("enter")
            assert f"by {step}" in desk.text("#legend")
            assert "as of 12:04 UTC" in desk.head
            assert desk.pilot.app.screen.query_one("#head").virtual_size.height == 2
            assert len(desk.bars.series[0].values) == bars
            drawn = sum(value or 0 for row in desk.bars.series for value in row.values)
            assert drawn == sum(totals(desk).values())


async def test_the_cursor_reads_the_days_out(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        assert "Sun 22 Nov" in desk.text("#reading")
        assert "partial" in desk.text("#reading")
        assert desk.bars.selected is None
        await desk.press("shift+tab", "left", "left")
        assert "Fri 20 Nov" in desk.text("#reading")
        day = sum((row.figures[27] or 0 for row in desk.rows.values()), Decimal(0))
        assert count(day) in desk.text("#reading")
        assert desk.bars.selected == 27
        await desk.press("home", "left")
        assert "Sat 24 Oct" in desk.text("#reading")
        await desk.press("tab")
        assert isinstance(desk.screen.focused, Table)


async def test_one_picture_where_there_is_no_room_for_two(tmp_path: Path) -> None:
    async with usage(tmp_path, SMALL) as desk:
        daily = desk.screen.query_one("#daily", UsageChart)
        line = desk.screen.query_one("#cumulative", UsageChart)
        assert (daily.size.width, line.size.width) == (80, 0)
        await desk.press("c")
        assert daily.size.width == 0
        assert line.size.width > 70
        await desk.press("c")
        assert daily.size.width == 80
        assert daily.size.height == 10
    async with usage(tmp_path / "wide", WIDE) as desk:
        daily = desk.screen.query_one("#daily", UsageChart)
        line = desk.screen.query_one("#cumulative", UsageChart)
        assert daily.size.width >= 68
        assert line.size.width >= 40
        assert desk.screen.query_one(Table).size.height >= 11


async def test_the_days_of_a_group_are_told(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        group = desk.screen.query_one(Table).current
        assert group is not None
        await desk.press("i")
        text = desk.text("Details Static")
        assert f"{group.total:,} tokens in + out" in text
        assert f"{group.figures[0]:,}" in text
        assert "partial" in text
        await desk.press("escape")
        assert desk.screen.is_current


async def test_colours_stay_with_their_series(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        before = {row.name: row.color for row in desk.bars.series}
        for keys in ("m", "m", "left_square_bracket"):
            await desk.press(keys)
            now = {row.name: row.color for row in desk.bars.series}
            shared = {name for name in before.keys() & now.keys() if "other" not in name}
            assert shared
            assert all(before[name] == now[name] for name in shared)
            assert len(set(now.values())) == len(now)


async def test_a_platform_that_is_down_is_told_and_tried_again(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        desk.faults.set("503")
        await desk.press("left_square_bracket")
        assert "The period before is not known" in desk.text("#gaps")
        assert desk.screen.is_ready
        await desk.press("left_square_bracket")
        await desk.until(lambda: not desk.screen.is_ready)
        assert "503" in desk.state
        assert "r  try again" in desk.state
        assert "25 Aug – 23 Sep 2026" in desk.head
        desk.faults.clear()
        await desk.press("r")
        assert desk.screen.is_ready
        assert totals(desk) == await tokens(date(2026, 8, 25), date(2026, 9, 23), "model")


async def test_the_period_before_is_not_missed_while_it_is_read(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        desk.faults.set("hold@/organization/usage")
        await desk.pilot.press("left_square_bracket")
        await desk.until(lambda: "reading the rest" in desk.head)
        assert "24 Sep – 23 Oct 2026" in desk.head
        assert "period before" not in desk.text("#gaps")
        desk.faults.clear()


async def test_figures_of_before_stay_with_their_age(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        before = totals(desk)
        desk.faults.set("429-long@/organization/usage")
        await desk.press("r")
        assert totals(desk) == before
        assert "as last seen" in desk.head
        assert "as last seen" in desk.text("#gaps")
        desk.faults.set("hold@/organization/usage")
        await desk.pilot.press("g")
        await desk.pilot.pause()
        assert "reading" not in desk.head
        assert "by project" in desk.head
        assert "as last seen" in desk.head
        assert sum(totals(desk).values()) == sum(before.values())


async def test_a_key_that_may_not_read_usage_is_told_so(tmp_path: Path) -> None:
    key = World.seeded(7, "small", int(NOW.timestamp())).management_only_key
    async with usage(tmp_path, key=key) as desk:
        assert "api.usage.read" in desk.state


async def test_an_empty_period_names_the_ways_on(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        await desk.press("d")
        await desk.type("2020-07")
        await desk.press("enter")
        assert "No usage in July 2020 (UTC)." in desk.state
        assert "[ shows an earlier period, d other dates." in desk.state
        await desk.press("left_square_bracket", "left_square_bracket")
        assert desk.told == ["There was no API before June 2020."]
        await desk.press("t")
        assert desk.screen.is_ready


async def test_a_late_answer_never_replaces_a_newer_period(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        await desk.press("v", "left_square_bracket")
        desk.faults.set("hold*4@/organization/usage")
        await desk.pilot.press("left_square_bracket")
        await desk.until(lambda: "reading" in desk.head)
        assert "25 Aug – 23 Sep" in desk.head
        assert "below still 24 Sep – 23 Oct 2026, tokens in + out by model" in desk.head
        assert desk.screen.query_one("#body").has_class("-old")
        await desk.pilot.press("left_square_bracket", "left_square_bracket")
        desk.faults.clear()
        await desk.press()
        assert "26 Jun – 25 Jul 2026" in desk.head
        assert not desk.screen.query_one("#body").has_class("-old")
        assert totals(desk) == await tokens(date(2026, 6, 26), date(2026, 7, 25), "model")


async def test_names_that_come_late_are_still_shown(tmp_path: Path) -> None:
    world = World.seeded(7, "small", int(NOW.timestamp()))
    late = next(key for key in world.keys.values() if key.name == "checkout-copy")
    faults = Faults(7, world)
    faults.set(f"hold@/organization/projects/{late.project_id}/api_keys")
    async with app_on(world, tmp_path, faults).run_test(size=WIDE) as pilot:
        desk = Desk(pilot, faults)
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.press("enter")
        await desk.until(lambda: pilot.app.current_mode == "keys")
        await pilot.press("2")
        await desk.until(lambda: pilot.app.current_mode == "usage" and desk.screen.is_ready)
        await pilot.press("g", "g")
        assert "by key" in desk.head
        assert "checkout" not in " ".join(desk.rows)
        faults.clear()
        await desk.until(lambda: "checkout" in " ".join(desk.rows))


async def test_a_part_of_the_costs_is_not_shown_as_the_cost_of_a_model(tmp_path: Path) -> None:
    async with usage(tmp_path) as desk:
        assert any(row.beside for row in desk.rows.values())
        desk.faults.set("403-envelope@/organization/costs")
        await desk.press("d")
        await desk.type("90d")
        await desk.press("enter")
        assert "90 days" in desk.head
        assert not any(row.beside for row in desk.rows.values())
        desk.faults.clear()
        await desk.press("r")
        assert any(row.beside for row in desk.rows.values())
