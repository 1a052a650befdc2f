"""What a person says of the prepaid balance and of budgets, and what it is taken for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.balance import BalanceDialog
from oai_tui.ui.dialogs.budget import BudgetDialog
from oai_tui.ui.dialogs.decide import Decide
from oai_tui.ui.dialogs.export import Export
from tests.ui.app_under_test import app_on, said, settle, signed_in, until
from tests.ui.bill import (
    NOON,
    SIZES,
    billing,
    dollars,
    line_of,
    press,
    screen_of,
    spent_over_http,
    text,
    type_in,
    world_at,
)

THIRD = datetime(2026, 11, 3, tzinfo=UTC)


@asynccontextmanager
async def balance(
    world: World, folder: Path, *, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[Pilot[Any]]:
    async with billing(world, folder, size=size) as pilot:
        await opened(pilot)
        yield pilot


async def opened(pilot: Pilot[Any]) -> None:
    await pilot.press("b")
    await until(pilot, lambda: isinstance(pilot.app.screen, BalanceDialog))
    await settle(pilot)


async def fill_in(pilot: Pilot[Any], amount: str, when: str = "", expires: str = "") -> None:
    """Fill the form in from its first line on, which keeps the focus in the end."""
    await type_in(pilot, amount)
    for words in (when, expires):
        await press(pilot, "tab")
        if words:
            await type_in(pilot, words)
    await press(pilot, "shift+tab", "shift+tab")


async def written_down(pilot: Pilot[Any]) -> None:
    await pilot.press("enter")
    await until(pilot, lambda: said(pilot.app, "#told").startswith("Written down"))
    await settle(pilot)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_left_is_told_before_and_after_it_is_written_down(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    world = world_at()
    spent = spent_over_http(world, THIRD)
    left = dollars(Decimal(2000) - spent)

    async def look() -> None:
        async with balance(world, tmp_path, size=size) as pilot:
            assert "No API tells the prepaid balance." in text(pilot)
            await fill_in(pilot, "2,000", "2026-11-03")
            told = said(pilot.app, "#told")
            assert told.startswith("Balance of $2,000.00 at 2026-11-03 00:00 UTC:")
            assert f"≈ {left} left now · lasts about " in told
            await written_down(pilot)
            assert left in said(pilot.app, "#now")
            assert "2026-11-03 00:00  balance" in text(pilot)
            await press(pilot, "escape")
            bill = line_of(pilot, "BALANCE")
            assert f"≈ {left}" in bill
            assert "estimated" in bill

    asyncio.run(look())


def test_a_balance_of_the_middle_of_a_day_is_unsure_by_what_nobody_can_place(
    tmp_path: Path,
) -> None:
    async def look() -> None:
        async with balance(world_at(), tmp_path) as pilot:
            await fill_in(pilot, "500", "2026-11-18 12:00")
            assert " ± $" in said(pilot.app, "#told").splitlines()[1]

    asyncio.run(look())


def test_a_top_up_is_added_and_an_expiry_is_told(tmp_path: Path) -> None:
    world = world_at()
    left = dollars(Decimal(2250) - spent_over_http(world, THIRD))

    async def look() -> None:
        async with balance(world, tmp_path) as pilot:
            await fill_in(pilot, "2000", "2026-11-03")
            await written_down(pilot)
            await press(pilot, "shift+tab", "right", "tab")
            await fill_in(pilot, "250", "2026-11-05", "2026-12-31")
            assert said(pilot.app, "#told").startswith("Top-up of $250.00 at 2026-11-05")
            assert left in said(pilot.app, "#told")
            await written_down(pilot)
            assert "$250.00 expires on 2026-12-31" in said(pilot.app, "#now")
            assert left in said(pilot.app, "#now")

    asyncio.run(look())


def test_a_balance_typed_again_says_how_far_the_estimate_was_off(tmp_path: Path) -> None:
    world = world_at()
    left = Decimal(2000) - spent_over_http(world, THIRD)
    typed = left.quantize(Decimal("0.01")) - 30

    async def look() -> None:
        async with balance(world, tmp_path) as pilot:
            await fill_in(pilot, "2000", "2026-11-03")
            await written_down(pilot)
            await fill_in(pilot, str(typed))
            assert ", $30.00 less than estimated" in said(pilot.app, "#told")
            await written_down(pilot)
            row = next(x for x in text(pilot).splitlines() if "2026-11-22 12:20" in x)
            assert "$30.00 too high" in row
            assert f"≈ {dollars(typed)} left now" in said(pilot.app, "#now")

    asyncio.run(look())


def test_an_entry_is_removed_only_after_a_yes(tmp_path: Path) -> None:
    async def look() -> None:
        async with balance(world_at(), tmp_path) as pilot:
            await fill_in(pilot, "500")
            await written_down(pilot)
            await type_in(pilot, "X")
            assert isinstance(pilot.app.screen, BalanceDialog)
            await press(pilot, "shift+tab", "shift+tab")
            for answer in ("n", "y"):
                await pilot.press("X")
                await until(pilot, lambda: isinstance(pilot.app.screen, Decide))
                assert "Remove balance of $500.00?" in text(pilot)
                await pilot.press(answer)
                await until(pilot, lambda: isinstance(pilot.app.screen, BalanceDialog))
                await settle(pilot)
                gone = answer == "y"
                assert ("2026-11-22 12:20" in text(pilot)) is not gone
            assert "No API tells the prepaid balance." in text(pilot)
            await press(pilot, "escape")
            assert "no API tells it" in line_of(pilot, "BALANCE")

    asyncio.run(look())


IMPOSSIBLE = [
    ("1e3", "", "", "is not an amount of money"),
    ("-5", "", "", "is not an amount of money"),
    ("12.345", "", "", "is not an amount of money"),
    ("5", "tomorrow", "", "is no moment"),
    ("5", "2026-11-23", "", "lies in the future"),
    ("5", "now", "next year", "is not a date"),
    ("5", "2026-11-03", "2026-11-02", "would have expired before"),
]


def test_what_cannot_be_is_said_and_not_written_down(tmp_path: Path) -> None:
    async def look() -> None:
        async with balance(world_at(), tmp_path) as pilot:
            for amount, when, expires, why in IMPOSSIBLE:
                await fill_in(pilot, amount, when, expires)
                assert why in said(pilot.app, "#told")
                await press(pilot, "enter")
                assert why in said(pilot.app, "#told")
            known = screen_of(pilot).session.billing.remembered()
            assert known is not None
            assert known.entries == ()

    asyncio.run(look())


def test_the_entries_are_kept_and_go_to_a_file_and_into_the_history(tmp_path: Path) -> None:
    world, path = world_at(), tmp_path / "balance.json"

    async def look() -> None:
        async with balance(world, tmp_path / "app") as pilot:
            await fill_in(pilot, "2000", "2026-11-03")
            await written_down(pilot)
            await press(pilot, "escape", "w", "enter")
            assert "typed: balance $2,000.00 on 3 Nov" in text(pilot)
            await press(pilot, "left_square_bracket")
            assert "typed:" not in text(pilot)
        async with balance(world, tmp_path / "app") as pilot:
            await press(pilot, "shift+tab", "shift+tab")
            await pilot.press("x")
            await until(pilot, lambda: isinstance(pilot.app.screen, Export))
            await type_in(pilot, str(path))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, BalanceDialog))

    asyncio.run(look())
    typed, estimate = json.loads(path.read_text())
    assert (typed["kind"], typed["amount"], typed["currency"]) == ("balance", "2000", "usd")
    assert estimate["kind"] == "estimate"


def test_budgets_are_local_and_say_what_they_mean(tmp_path: Path) -> None:
    world = world_at()
    today = spent_over_http(world, NOON.replace(hour=0, minute=0))
    month = spent_over_http(world, NOON.replace(day=1, hour=0, minute=0))

    async def look() -> None:
        async with billing(world, tmp_path) as pilot:
            await pilot.press("B")
            await until(pilot, lambda: isinstance(pilot.app.screen, BudgetDialog))
            assert "refuses nothing" in text(pilot)
            await type_in(pilot, "60")
            means = said(pilot.app, "#daily-means")
            percent = (today / 60 * 100).quantize(Decimal(1))
            assert f"{dollars(today)} today so far: {percent} % of it" in means
            await press(pilot, "tab")
            await type_in(pilot, "1500")
            means = said(pilot.app, "#monthly-means")
            assert f"{dollars(month)} this month so far: 96 % of it" in means
            assert "reached 2" in means
            await pilot.press("enter")
            await until(pilot, lambda: not isinstance(pilot.app.screen, BudgetDialog))
            await settle(pilot)
            assert "$60.00 daily budget (local)" in line_of(pilot, "TODAY")
            assert "budget $1,500" in text(pilot)
            await pilot.press("B")
            await until(pilot, lambda: isinstance(pilot.app.screen, BudgetDialog))
            await type_in(pilot, "0")
            await press(pilot, "enter")
            assert "A budget of nothing warns always." in said(pilot.app, "#told")
            await type_in(pilot, "")
            await pilot.press("enter")
            await until(pilot, lambda: not isinstance(pilot.app.screen, BudgetDialog))
            await settle(pilot)
            assert "daily budget" not in line_of(pilot, "TODAY")

    asyncio.run(look())


def test_balance_and_budget_are_there_when_nothing_may_be_changed(tmp_path: Path) -> None:
    async def look() -> None:
        setup = replace(app_on(world_at(), tmp_path).setup, read_only=True)
        async with OaiApp(setup).run_test(size=(120, 40)) as pilot:
            await signed_in(pilot)
            await press(pilot, "3")
            await opened(pilot)
            await fill_in(pilot, "500")
            await written_down(pilot)

    asyncio.run(look())


def test_after_a_day_the_balance_is_less_by_what_that_day_cost(tmp_path: Path) -> None:
    world = world_at()

    async def look() -> None:
        async with balance(world, tmp_path) as pilot:
            await fill_in(pilot, "500", "2026-11-22")
            await written_down(pilot)
            await press(pilot, "escape")
            before = line_of(pilot, "BALANCE")
            world.advance(int(timedelta(days=1).total_seconds()))
            await press(pilot, "r")
            assert line_of(pilot, "BALANCE") != before

    asyncio.run(look())
