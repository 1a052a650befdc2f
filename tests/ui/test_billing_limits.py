"""Every brake on the spend in one table, with what the pace does to it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from oai_tui.core.budget import Budget
from oai_tui.core.money import Money
from oai_tui.simulator.model import Alert, SpendLimit
from oai_tui.simulator.world import World
from oai_tui.ui.screens.billing import BillingScreen
from tests.ui.app_under_test import awaited, said, settle
from tests.ui.braking import (
    RESEARCH,
    SIZES,
    bill,
    billing,
    closed,
    done,
    lines,
    press,
    project_named,
    table,
    text,
    typed,
)


def line_with(found: list[str], *words: str) -> str:
    return next(line for line in found if all(word in line for word in words))


@pytest.mark.parametrize("size", SIZES)
@awaited
async def test_every_brake_has_a_line(world: World, tmp_path: Path, size: tuple[int, int]) -> None:
    research = project_named(world, RESEARCH)
    world.alerts["alert_low"] = Alert("alert_low", research, 10_000, ["r@example.com"], None, 0)
    world.spend_limits[None] = SpendLimit(150_000, "some-new-word")
    async with billing(world, tmp_path, (), "a", size=size) as pilot:
        found = lines(pilot)
        limit = line_with(found, "Organization", "hard limit", "$1,500.00", "on 23 Nov")
        assert "95 %" in limit
        assert line_with(found, "Organization", "alert", "$2,000.00", "not this month")
        assert line_with(found, RESEARCH, "hard limit", "$1,000.00", "$640.83")
        assert line_with(found, RESEARCH, "alert", "$100.00", "passed")
        assert "some-new-word" in text(pilot)
        if size == SIZES[0]:
            assert "mails r@example.com" in text(pilot)


@awaited
async def test_a_limit_that_is_not_set_is_none_and_one_not_known_is_not(
    world: World, tmp_path: Path
) -> None:
    del world.spend_limits[None]
    async with billing(world, tmp_path, (), "a") as pilot:
        assert "none" in line_with(lines(pilot), "Organization", "hard limit")
        assert "nothing stops the spend" in text(pilot)
    fault = ("403-plain@/v1/organization/spend_limit",)
    async with billing(world, tmp_path / "other", fault, "a") as pilot:
        line = line_with(lines(pilot), "Organization", "hard limit")
        assert "—" in line
        assert "none" not in line
        assert "could not be read" in text(pilot)


@awaited
async def test_a_limit_that_is_reached_says_since_when(world: World, tmp_path: Path) -> None:
    world.spend_limits[None] = SpendLimit(100_000)
    async with billing(world, tmp_path, (), "a") as pilot:
        line = line_with(lines(pilot), "Organization", "hard limit")
        assert "reached 1" in line
        assert "$0.00" in line


@awaited
async def test_without_costs_nothing_is_told_of_what_is_used(world: World, tmp_path: Path) -> None:
    fault = ("403-plain@/v1/organization/costs",)
    async with billing(world, tmp_path, fault, "a") as pilot:
        line = line_with(lines(pilot), "Organization", "hard limit", "$2,500.00")
        assert line.count("—") == 3
        assert "%" not in line


@awaited
async def test_budgets_are_marked_as_local(world: World, tmp_path: Path) -> None:
    async with billing(world, tmp_path) as pilot:
        own = bill(pilot).session.own_figures
        await own.set_budget(Budget(Money(Decimal(30)), Money(Decimal(1500))))
        await press(pilot, "r", "a")
        assert "local" in line_with(lines(pilot), "budget/day", "$30.00")
        assert "on 23 Nov" in line_with(lines(pilot), "budget/month", "$1,500.00")
        assert table(pilot).move_to_id("budget:daily")
        await settle(pilot)
        assert "refuses nothing" in text(pilot)
        await press(pilot, "e")
        assert not isinstance(pilot.app.screen, BillingScreen)


@awaited
async def test_read_only_hides_the_brakes_and_says_why(world: World, tmp_path: Path) -> None:
    async with billing(world, tmp_path, (), "a", read_only=True) as pilot:
        for word in ("new alert", "X remove", "e edit", "L limit"):
            assert word not in text(pilot)
        for key in ("n", "e", "X", "enter", "L"):
            await press(pilot, key)
            assert isinstance(pilot.app.screen, BillingScreen)
        assert "Read-only" in text(pilot)


@awaited
async def test_there_is_nothing_to_remove_where_no_limit_is_set(
    world: World, tmp_path: Path
) -> None:
    del world.spend_limits[None]
    async with billing(world, tmp_path, (), "a", "X") as pilot:
        assert isinstance(pilot.app.screen, BillingScreen)
        assert "no limit to remove" in text(pilot)


@awaited
async def test_what_is_said_of_a_brake_is_not_cut_off_at_80_columns(
    world: World, tmp_path: Path
) -> None:
    async with billing(world, tmp_path, (), "a", size=(80, 24)) as pilot:
        assert "spent in November (UTC) · at this pace not this month" in text(pilot)
        await press(pilot, "down")
        assert "mails finance@acme-research.example; subject “OpenAI spend”" in text(pilot)


@awaited
async def test_what_may_not_be_read_is_not_called_not_asked_yet(
    world: World, tmp_path: Path
) -> None:
    fault = tuple(
        f"403-plain@/v1/organization/{each}"
        for each in ("spend_limit", "projects/*/spend_limit", "projects/*/spend_alerts")
    )
    async with billing(world, tmp_path, fault, "a") as pilot:
        assert "the limits of projects" in text(pilot)
        assert "Not asked yet" not in text(pilot)
        await press(pilot, "L")
        await settle(pilot)
        assert "could not be read" in said(pilot.app, "#now")


@pytest.mark.parametrize("size", SIZES)
@awaited
async def test_a_limit_that_somebody_changed_since_it_was_set_here_is_told(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with billing(world, tmp_path, (), "a", "L", size=size) as pilot:
        await typed(pilot, "1999.99")
        await press(pilot, "enter", "y")
        await done(pilot)
        world.advance(60)
        await closed(pilot)
        assert "was set to" not in text(pilot)
        world.spend_limits[None] = SpendLimit(300_000)
        world.advance(60)
        await press(pilot, "r")
        told = (
            "The hard limit of the organization was set to $1,999.99 a month here on "
            "22 Nov 2026 12:04 UTC; now it is $3,000.00 a month: somebody changed it since."
        )
        assert told in text(pilot)
        assert "$3,000.00" in line_with(lines(pilot), "Organization", "hard limit")
        await press(pilot, "p")
        assert "was set to" not in text(pilot)
