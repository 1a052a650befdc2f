"""Going from view to view by keyboard: into rows and out, closer and wider, in local days."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from oai_tui.core.cuts import Step
from oai_tui.core.zone import Zone
from oai_tui.simulator.world import World
from oai_tui.ui.screens.usage import UsageScreen
from oai_tui.ui.widgets.usage_chart import UsageChart
from tests.ui.app_under_test import app_on, said, settle, signed_in

NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
pytestmark = pytest.mark.anyio


class Hands:
    """A person with the usage screen in front of them."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            await settle(self.pilot)

    @property
    def screen(self) -> UsageScreen:
        found = [each for each in self.pilot.app.screen_stack if isinstance(each, UsageScreen)]
        return found[0]

    @property
    def head(self) -> str:
        return str(self.screen.query_one("#head").render())

    @property
    def told(self) -> list[str]:
        return [note.message for note in self.pilot.app._notifications]

    async def dates(self, words: str) -> None:
        await self.press("d")
        self.pilot.app.screen.query_one("#first", Input).value = words
        self.pilot.app.screen.query_one("#first", Input).focus()
        await self.press("enter")


@asynccontextmanager
async def hands(
    tmp_path: Path, size: tuple[int, int] = (120, 40), zone: str = "Europe/Berlin"
) -> AsyncIterator[Hands]:
    world = World.seeded(7, "small", int(NOW.timestamp()))
    app = app_on(world, tmp_path)
    app.setup = replace(app.setup, local_zone=lambda: Zone(zone))
    async with app.run_test(size=size) as pilot:
        await signed_in(pilot)
        person = Hands(pilot)
        await person.press("2")
        yield person


async def test_enter_goes_into_a_row_and_backspace_leaves_it(tmp_path: Path) -> None:
    async with hands(tmp_path) as person:
        await person.press("g")
        row = person.screen.table.current
        assert row is not None
        await person.press("enter")
        assert f"in project {row.name}" in person.head
        assert "by key" in person.head
        assert person.screen.figures is not None
        assert person.screen.figures.pivot.total == row.total
        key = person.screen.table.current
        assert key is not None
        await person.press("enter")
        assert f"project {row.name} › key {key.name}" in person.head
        assert person.screen.figures.pivot.total == key.total
        await person.press("backspace", "escape")
        assert "by project" in person.head
        assert "backspace" not in person.head
        await person.press("backspace")
        assert person.told == ["This is everything; enter goes into a row."]


async def test_zooming_goes_from_months_to_minutes_and_back(tmp_path: Path) -> None:
    async with hands(tmp_path) as person:
        await person.dates("12mo")
        steps = []
        for _ in range(3):
            await person.press("plus")
            assert person.screen.figures is not None
            steps.append((person.screen.figures.report.step, len(person.screen.figures.sums)))
        assert steps == [(Step.DAY, 22), (Step.HOUR, 24), (Step.MINUTE, 60)]
        assert "Today, 22 Nov 2026, 12:00 – 13:00 · 1 hour · UTC" in person.head
        await person.press("left_square_bracket")
        assert "11:00 – 12:00" in person.head
        await person.press("right_square_bracket", "plus")
        assert person.told == ["A minute is the finest there is."]
        await person.press("minus", "minus", "minus")
        assert "1 Dec 2025 – 22 Nov 2026" in person.head
        await person.press("minus")
        assert "All since June 2020" in person.head


async def test_the_hours_to_come_are_no_zeros(tmp_path: Path) -> None:
    async with hands(tmp_path) as person:
        await person.dates("today")
        figures = person.screen.figures
        assert figures is not None
        assert all(value is not None for value in figures.sums[:13])
        assert all(value is None for value in figures.sums[13:])
        assert "?" not in person.screen.query_one("#daily", UsageChart).picture.plain
        await person.press("shift+tab", "end")
        assert "still to come" in said(person.pilot.app, "#reading")


async def test_local_days_are_said_and_costs_stay_in_utc(tmp_path: Path) -> None:
    async with hands(tmp_path) as person:
        utc = person.screen.figures
        await person.press("z")
        assert "30 days · local, Europe/Berlin" in person.head
        local = person.screen.figures
        assert utc is not None
        assert local is not None
        assert utc.sums != local.sums
        await person.press("M")
        assert "UTC (costs have no local days)" in person.head
        await person.press("m", "z")
        assert "30 days · UTC" in person.head
        assert person.screen.figures is not None
        assert person.screen.figures.sums == utc.sums


async def test_where_days_are_utc_anyway_z_says_so(tmp_path: Path) -> None:
    async with hands(tmp_path, zone="UTC") as person:
        await person.press("z")
        assert person.told == ["The days of this computer are UTC days already."]


async def test_what_changed_is_shown_until_it_is_not_wanted(tmp_path: Path) -> None:
    async with hands(tmp_path) as person:
        assert "on the 30 days before" in person.head
        labels = [column.label for column in person.screen.table._columns]
        assert "CHANGE" in labels
        assert "what changed most" in said(person.pilot.app, "#movers")
        assert len(said(person.pilot.app, "#movers").splitlines()) == 4
        await person.press("v")
        assert "before" not in person.head
        assert not person.screen.query_one("#movers").display


async def test_all_figures_are_offered_with_their_totals(tmp_path: Path) -> None:
    async with hands(tmp_path, (80, 24)) as person:
        await person.press("f")
        offered = person.pilot.app.screen.query_one("#metrics", OptionList)
        assert offered.option_count == 16
        await person.press("end", "enter")
        assert "bytes stored by project" in person.head
        assert " GB" in person.head or " MB" in person.head
        await person.press("f", "tab", "end", "enter")
        assert "bytes stored by project" in person.head


async def test_figures_without_anything_are_passed_over(tmp_path: Path) -> None:
    async with hands(tmp_path) as person:
        seen = []
        for _ in range(16):
            await person.press("m")
            assert person.screen.is_ready
            seen.append(person.screen.view.metric)
        assert seen[0] is not seen[1]


@pytest.mark.parametrize("ending", ["csv", "json", "svg", "txt"])
async def test_what_is_shown_is_written_to_a_private_file(tmp_path: Path, ending: str) -> None:
    async with hands(tmp_path) as person:
        await person.press("x")
        target = tmp_path / f"shown.{ending}"
        field = person.pilot.app.screen.query_one("#path", Input)
        assert field.value.endswith("2026-10-24-2026-11-22.csv")
        field.value = str(tmp_path / "shown.csv")
        await person.pilot.click(f"#{ending}")
        await person.pilot.app.workers.wait_for_complete()
        await settle(person.pilot)
        text = target.read_text()
        assert target.stat().st_mode & 0o777 == 0o600
        assert "gpt-5.6-mini" in text
        assert str(target) in person.told[0]
        if ending == "json":
            rows = json.loads(text)
            total = sum(row.get("tokens", 0) for row in rows)
            assert total or rows
        if ending == "svg":
            assert text.startswith("<svg ")
            assert "<rect" in text
        if ending == "txt":
            assert "24 Oct – 22 Nov 2026 · 30 days · UTC   tokens in + out by model" in text


async def test_a_day_of_the_calendar_is_marked_with_two_keys(tmp_path: Path) -> None:
    async with hands(tmp_path, (80, 24)) as person:
        await person.press("d", "tab", "pageup", "home", "space")
        assert "From 1 Oct 2026" in said(person.pilot.app, "#said")
        await person.press("down", "right", "enter")
        assert "1 Oct – 9 Oct 2026 · 9 days · UTC" in person.head
        assert person.screen.view.asked.last == date(2026, 10, 9)
        assert person.screen.focused is person.screen.table
