"""A hard limit is set, changed and removed only by somebody who was told what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Button, Input, Select

from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import SpendLimit
from oai_tui.simulator.world import World
from oai_tui.ui.screens.billing import BillingScreen
from tests.ui.app_under_test import awaited, said, settle
from tests.ui.braking import (
    SIZES,
    WEB,
    billing,
    closed,
    done,
    press,
    project_named,
    question,
    table,
    text,
    typed,
)


def cents(world: World, project_id: str | None = None) -> int | None:
    limit = world.spend_limits.get(project_id)
    return limit.cents if limit else None


@pytest.mark.parametrize(("page", "size"), zip("patw", SIZES * 2, strict=True))
@awaited
async def test_a_limit_is_set_from_every_page_and_shown_as_was_and_is(
    world: World, tmp_path: Path, size: tuple[int, int], page: str
) -> None:
    async with billing(world, tmp_path, (), page, "L", size=size) as pilot:
        question(pilot).query_one(Select).value = "organization"
        await settle(pilot)
        assert "now $2,500.00 a month · enforcing" in text(pilot)
        assert "spent $1,4" in text(pilot)
        await typed(pilot, "3,000")
        for words in ("$3,000.00 a month", "would be left", "organization_spend_limit_exceeded"):
            assert words in text(pilot)
        await press(pilot, "enter")
        assert cents(world) == 250_000
        assert "$2,500.00 a month → $3,000.00 a month" in text(pilot)
        assert pilot.app.focused is question(pilot).query_one("#no")
        await press(pilot, "y")
        await done(pilot)
        assert cents(world) == 300_000
        assert "$2,500.00 a month → $3,000.00 a month (enforcing)" in text(pilot)
        assert "Read back from the platform" in text(pilot)
        await closed(pilot)
        await press(pilot, "a")
        assert "$3,000.00" in text(pilot)


@awaited
async def test_an_amount_below_the_spend_is_typed_again(world: World, tmp_path: Path) -> None:
    async with billing(world, tmp_path, (), "a", "L", size=(80, 24)) as pilot:
        await typed(pilot, "100")
        await press(pilot, "enter")
        for words in ("has spent $1,4", "refused from now on", "type $100.00 again"):
            assert words in text(pilot)
        yes = question(pilot).query_one("#yes", Button)
        assert yes.disabled
        await press(pilot, "y", "enter")
        await typed(pilot, "1000")
        assert yes.disabled
        await press(pilot, "enter")
        assert cents(world) == 250_000
        await typed(pilot, "$100.00")
        assert not yes.disabled
        await press(pilot, "enter")
        await done(pilot)
        assert cents(world) == 10_000


@awaited
async def test_a_spend_that_is_not_known_needs_the_amount_typed_again(
    world: World, tmp_path: Path
) -> None:
    async with billing(world, tmp_path, ("403-plain@/v1/organization/costs",), "a", "L") as pilot:
        assert "spent — (not known)" in text(pilot)
        await typed(pilot, "50000")
        await press(pilot, "enter")
        assert "is not known, so this may refuse traffic at once" in text(pilot)
        assert "type $50,000.00 again" in text(pilot)


@awaited
async def test_a_limit_of_a_project_is_set_and_removed_again(world: World, tmp_path: Path) -> None:
    web = project_named(world, WEB)
    async with billing(world, tmp_path, (), "a", "L") as pilot:
        question(pilot).query_one(Select).value = web
        await settle(pilot)
        assert "now no limit" in text(pilot)
        question(pilot).query_one("#amount").focus()
        await typed(pilot, "800")
        await press(pilot, "enter")
        assert "no limit → $800.00 a month" in text(pilot)
        assert "of Web app are refused" in text(pilot)
        await press(pilot, "y")
        await done(pilot)
        assert cents(world, web) == 80_000
        assert cents(world) == 250_000
        await closed(pilot)
        assert table(pilot).move_to_id(f"limit:{web}")
        await press(pilot, "X")
        assert "Remove the hard limit of Web app?" in text(pilot)
        assert web in text(pilot)
        assert "Nothing stops the spend of Web app any more at $800.00" in text(pilot)
        await press(pilot, "enter")
        assert cents(world, web) == 80_000
        await press(pilot, "X", "y")
        await done(pilot)
        assert cents(world, web) is None
        assert "$800.00 a month → no limit" in text(pilot)
        await closed(pilot)
        assert not table(pilot).move_to_id(f"limit:{web}")


@awaited
async def test_the_limit_is_removed_from_the_form_too(world: World, tmp_path: Path) -> None:
    async with billing(world, tmp_path, (), "a", "L", size=(80, 24)) as pilot:
        await pilot.click("#remove")
        await settle(pilot)
        assert "Nothing stops the spend of the organization any more" in text(pilot)
        await press(pilot, "escape")
        assert cents(world) == 250_000
        await pilot.click("#remove")
        await press(pilot, "y")
        await done(pilot)
        assert None not in world.spend_limits


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("", "No amount is typed"),
        ("-5", "is not an amount of money"),
        ("1e3", "is not an amount of money"),
        ("0", "at least one cent"),
        ("12.345", "is not an amount of money"),
        ("2500", "is $2,500.00 already"),
    ],
)
@awaited
async def test_what_is_no_limit_is_said_and_nothing_is_asked(
    world: World, tmp_path: Path, amount: str, told: str
) -> None:
    async with billing(world, tmp_path, (), "a", "L", size=(80, 24)) as pilot:
        await typed(pilot, amount)
        await press(pilot, "enter")
        assert told in " ".join(said(pilot.app, "#told").split())
        assert not question(pilot).is_sure


@pytest.mark.parametrize("fault", ["500", "403-envelope", "reset-before"])
@awaited
async def test_a_change_that_fails_is_told_and_what_was_typed_stays(
    world: World, tmp_path: Path, faults: Faults, fault: str
) -> None:
    async with billing(world, tmp_path, faults, "a", "L", size=(80, 24)) as pilot:
        await typed(pilot, "3000")
        await press(pilot, "enter")
        faults.set(f"{fault}@POST /v1/organization/spend_limit")
        await press(pilot, "y")
        await done(pilot)
        told = said(pilot.app, "#told")
        if fault != "reset-before":
            assert "request req_" in told
        assert "✔" not in told
        assert cents(world) == 250_000
        assert question(pilot).query_one("#amount", Input).value == "3000"
        faults.clear()
        await press(pilot, "enter", "y")
        await done(pilot)
        assert cents(world) == 300_000


@awaited
async def test_a_lost_answer_is_looked_up_and_told_as_it_is(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    async with billing(world, tmp_path, faults, "a", "L") as pilot:
        await typed(pilot, "3000")
        await press(pilot, "enter")
        faults.set("reset-after*1@POST /v1/organization/spend_limit")
        await press(pilot, "y")
        await done(pilot)
        assert "$2,500.00 a month → $3,000.00 a month" in text(pilot)
        assert "was lost" in text(pilot)


@awaited
async def test_what_somebody_else_changed_is_not_overwritten_unseen(
    world: World, tmp_path: Path
) -> None:
    async with billing(world, tmp_path, (), "a", "L", size=(80, 24)) as pilot:
        await typed(pilot, "3000")
        await press(pilot, "enter")
        world.spend_limits[None] = SpendLimit(123_400)
        await press(pilot, "y")
        await done(pilot)
        assert cents(world) == 123_400
        assert "changed meanwhile" in text(pilot)
        assert "now $1,234.00 a month" in text(pilot)
        await press(pilot, "enter", "y")
        await done(pilot)
        assert cents(world) == 300_000
        assert "$1,234.00 a month → $3,000.00 a month" in text(pilot)


@awaited
async def test_keys_do_nothing_while_the_platform_is_asked(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    async with billing(world, tmp_path, faults, "a", "L") as pilot:
        await typed(pilot, "3000")
        await press(pilot, "enter")
        faults.set("hold@POST /v1/organization/spend_limit")
        await pilot.press("y", "y", "escape", "enter", "escape")
        assert question(pilot).is_doing
        assert "asked already" in text(pilot)
        faults.clear()
        await done(pilot)
        assert "→ $3,000.00 a month" in text(pilot)


@awaited
async def test_nothing_is_offered_where_it_is_read_only(world: World, tmp_path: Path) -> None:
    async with billing(world, tmp_path, (), "p", "L", read_only=True) as pilot:
        assert isinstance(pilot.app.screen, BillingScreen)
        assert "L limit" not in text(pilot)
        assert "Read-only" in text(pilot)
