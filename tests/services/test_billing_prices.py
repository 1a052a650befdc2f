"""What was spent and what a token costs: late costs, credits, odd amounts and days left out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse

from oai_tui.api.exchange import AsgiApp
from oai_tui.core.limits import SpendLimit
from oai_tui.core.money import Money
from oai_tui.core.period import Period
from oai_tui.core.remaining import tokens_left
from oai_tui.services.billing import Statement
from oai_tui.simulator.model import Credit
from tests.services.billing_office import Office, awaited
from tests.services.served_costs import platform


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def spent_by_project(statement: Statement) -> dict[str, Decimal]:
    return {project.id: project.spent for project in statement.projects if project.spent}


@awaited
async def test_the_price_is_what_was_paid_for_the_tokens_of_thirty_days(office: Office) -> None:
    known = await office.desk.load()
    price = known.price
    assert price.period == Period(date(2026, 10, 22), date(2026, 11, 20))
    assert price.cost is not None
    assert price.tokens
    assert price.per_million == price.cost / price.tokens * 1_000_000
    assert price.low is not None
    assert price.high is not None
    assert price.low <= price.per_million <= price.high
    assert len(known.prices) == 3
    assert [p.tokens for p in known.prices] == sorted(
        (p.tokens or 0 for p in known.prices), reverse=True
    )
    assert sum(p.tokens or 0 for p in known.prices) <= price.tokens
    assert known.nearest is not None
    assert tokens_left(known.nearest.left, price.per_million)


@pytest.mark.parametrize("cents", [300, 50_000])
@awaited
async def test_a_credit_of_any_size_makes_no_token_cheaper(tmp_path: Path, cents: int) -> None:
    office = Office(tmp_path)
    office.world.credits.append(Credit(date(2026, 11, 10), cents))
    credited = await office.desk.load()
    usual = await Office(tmp_path / "other").desk.load()
    assert credited.price.per_million
    assert (credited.price, credited.prices) == (usual.price, usual.prices)
    assert credited.notes == ()


@awaited
async def test_line_items_that_are_not_told_hide_credits_and_it_is_said(tmp_path: Path) -> None:
    told = await Office(tmp_path / "a").desk.load()
    office = Office(tmp_path / "b")
    office.app = without_line_items(office.app)
    office.world.credits.append(Credit(date(2026, 11, 15), 1_000))
    known = await office.desk.load()
    assert told.pace
    assert known.pace
    assert told.price.per_million
    assert known.price.per_million
    assert (known.pace.per_day < told.pace.per_day, known.pace.rests_on) == (True, 7)
    assert known.price.per_million < told.price.per_million
    [note] = known.notes
    assert note.startswith("The line items of 53 days are not told: a credit there lowers the pace")
    office = Office(tmp_path / "c")
    office.app = without_line_items(office.app)
    office.world.credits.append(Credit(date(2026, 11, 15), 500_000))
    known = await office.desk.load()
    assert known.pace
    assert known.pace.rests_on == 6, "of a day below nothing nobody knows what was charged"
    assert known.pace.per_day > 0


def without_line_items(app: AsgiApp) -> AsgiApp:
    """Return a platform that knows costs by project and refuses them by line item."""

    async def refusing(scope: Any, receive: Any, send: Any) -> None:
        if b"line_item" not in scope["query_string"]:
            await app(scope, receive, send)
            return
        error = {"message": "Unknown group_by.", "type": "invalid_request_error"}
        await JSONResponse({"error": error}, 400)(scope, receive, send)

    return refusing


@awaited
async def test_costs_two_days_late_are_unknown_and_left_out_of_the_price(tmp_path: Path) -> None:
    on_time = await Office(tmp_path / "a").desk.load()
    office = Office(tmp_path / "b")
    office.faults.set("late-costs")
    late = await office.desk.load()
    assert late.cycle is not None
    assert (late.cycle.spent_today, late.cycle.spent_yesterday) == (None, None)
    assert late.price.period == Period(date(2026, 10, 21), date(2026, 11, 19))
    assert late.price.per_million is not None
    assert on_time.price.per_million is not None
    assert abs(late.price.per_million / on_time.price.per_million - 1) < Decimal("0.005")


@awaited
async def test_tokens_that_cannot_be_read_leave_money_alone(office: Office) -> None:
    office.faults.set("500@GET /v1/organization/usage/*")
    known = await office.desk.load()
    assert known.nearest is not None
    assert known.nearest.left
    assert known.price.per_million is None
    assert known.prices == ()
    assert any(gap.startswith("Not read: ") for gap in known.gaps)


@awaited
async def test_amounts_as_strings_give_the_same_sums(tmp_path: Path) -> None:
    plain = await Office(tmp_path / "a").desk.load()
    office = Office(tmp_path / "b")
    office.faults.set("string-amounts")
    strings = await office.desk.load()
    assert strings.cycle == plain.cycle
    assert spent_by_project(strings) == spent_by_project(plain)


@awaited
async def test_credits_may_outweigh_the_spend(tmp_path: Path) -> None:
    served = platform({date(2026, 11, 3): "4.5", date(2026, 11, 4): "-40"})
    known = await Office(tmp_path, app=served).desk.load()
    assert known.cycle is not None
    assert known.cycle.spent == Decimal("-35.5")
    assert known.nearest is not None
    assert known.nearest.left == Decimal("135.5")
    assert known.price.per_million is None
    assert any(note.startswith("The line items of 2 days are not told") for note in known.notes)
    assert known.limit.value == SpendLimit(Money.of_cents(10_000), "inactive")


@awaited
async def test_a_day_of_which_some_cost_has_no_amount_is_unknown_and_never_cheaper(
    tmp_path: Path,
) -> None:
    costs = dict.fromkeys(Period(date(2026, 11, 1), date(2026, 11, 22)), "2")
    served = platform(costs | {date(2026, 11, 5): ""})
    for _ in range(2):
        known = await Office(tmp_path, app=served).desk.load()
        assert known.cycle is not None
        assert known.cycle.unknown_days == 1
        assert known.cycle.spent == 42
        assert any("without their amount" in gap for gap in known.gaps)
    costs[date(2026, 11, 5)] = "7"
    told = await Office(tmp_path, app=platform(costs)).desk.load()
    assert told.cycle is not None
    assert (told.cycle.spent, told.cycle.unknown_days) == (49, 0)


@pytest.mark.parametrize("amount", ["0", "0E-6176"])
@awaited
async def test_a_month_of_zeros_costs_nothing_and_a_limit_stays_whole(
    tmp_path: Path, amount: str
) -> None:
    served = platform(dict.fromkeys(Period(date(2026, 11, 1), date(2026, 11, 22)), amount))
    known = await Office(tmp_path, app=served).desk.load()
    assert known.cycle is not None
    assert known.cycle.is_reported
    assert known.cycle.spent == 0
    assert known.nearest is not None
    assert known.nearest.left == 100


@awaited
async def test_days_are_utc_whatever_zone_the_clock_speaks(tmp_path: Path) -> None:
    elsewhere = datetime.fromisoformat("2026-12-01T01:30:00+02:00")
    served = platform({date(2026, 11, 30): "2"})
    known = await Office(tmp_path, elsewhere, served).desk.load()
    assert known.cycle is not None
    assert (known.cycle.today, known.cycle.spent) == (date(2026, 11, 30), 2)
