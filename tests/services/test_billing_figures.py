"""The figures of the bill against the platform's own, in many worlds and at many times."""

from __future__ import annotations

import asyncio
import tempfile
from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from oai_tui.core.exact import minus, total
from oai_tui.core.money import Money
from oai_tui.core.period import Period
from oai_tui.services.billing import Statement
from oai_tui.simulator.model import Credit, SpendLimit
from oai_tui.simulator.world import World
from tests.services.billing_states import (
    NOON,
    Bill,
    State,
    bill_of,
    desk_of,
    told_by_the_platform,
    world_of,
)
from tests.services.estate import Clock

LATE = ("late-costs",)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type, misc]


TIMES = {
    "noon": NOON,
    "last minute before midnight": at(2026, 11, 22, 23, 59),
    "first hour of a month": at(2026, 12, 1, 0, 30),
    "first hour of a year": at(2027, 1, 1, 0, 30),
    "28 days": at(2027, 2, 28, 23, 59),
    "29 days": at(2028, 2, 29, 23, 59),
    "30 days": at(2026, 11, 30, 23, 59),
    "31 days": at(2026, 12, 31, 23, 59),
    "the 31st after a short month": at(2027, 3, 31, 9),
}
WORLDS = {
    "as it is": State(),
    "late": State(faults=LATE),
    "credits": State(faults=("credits=300000",)),
    "zeros": State(faults=("idle=80",)),
    "strings": State(faults=("string-amounts",)),
}


FEW = ("noon", "first hour of a month", "28 days")


@pytest.mark.parametrize(
    ("world", "time"),
    [
        *(("as it is", time) for time in TIMES),
        *((world, time) for world in WORLDS if world != "as it is" for time in FEW),
    ],
)
def test_every_figure_is_the_platforms_own(world: str, time: str) -> None:
    state = replace(WORLDS[world], now=TIMES[time])
    told, statement = told_by_the_platform(state), bill_of(state).statement
    cycle, today = statement.cycle, state.now.date()
    assert cycle is not None
    assert cycle.month.days == monthrange(today.year, today.month)[1]
    assert cycle.spent == told.total(cycle.month.first, today)
    last_told = max(told.by_day, default=date.min)
    for day, spent in zip(cycle.month, cycle.daily, strict=False):
        young = day > today - timedelta(days=2) and day > last_told
        assert spent == (None if young else told.by_day.get(day, 0))
    if cycle.same_point is not None:
        now, before = cycle.same_point.days, cycle.same_point.days_before
        assert now.last < today
        assert cycle.same_point.spent == told.total(now.first, now.last)
        assert cycle.same_point.spent_before == told.total(before.first, before.last)
    for project in statement.projects:
        if cycle.is_reported:
            assert project.spent == told.total(cycle.month.first, today, project.id)
        else:
            assert project.spent is None
    assert sum(p.spent or 0 for p in statement.projects) == (
        cycle.spent if cycle.is_reported else 0
    )
    assert statement.gaps == ()
    for forecast in statement.pace.forecasts if statement.pace else ():
        assert forecast.month_end >= cycle.spent
        assert forecast.last == cycle.month.last


def price(bill: Bill) -> Decimal:
    found = bill.statement.price.per_million
    assert found is not None
    return found


def test_what_is_left_is_told_in_tokens_at_the_price_of_thirty_days() -> None:
    bill = bill_of(State())
    told = bill.statement
    assert (told.price.period.days, told.price.cost) == (30, total(_charged(told.price.period)))
    assert len(told.prices) == 3
    assert abs(price(bill_of(State(faults=LATE))) / price(bill) - 1) < Decimal("0.03")
    line = bill.text("LEFT")[1]
    tokens = Decimal("1067.239163") / price(bill)
    assert line.startswith(f"≈ {tokens:.0f} M · tokens at your ${price(bill):.2f} per million")
    assert line.endswith("[estimated]")


def _charged(days: Period) -> list[Decimal]:
    told = told_by_the_platform(State())
    return [told.charged.get(day, Decimal(0)) for day in days]


def credited_with(*credits: Credit) -> State:
    def arrange(world: World) -> None:
        world.credits.extend(credits)

    return State(arrange=arrange)


@pytest.mark.parametrize("cents", [1, 1_000, 50_000])
def test_a_credit_of_any_size_is_in_what_was_spent_and_in_no_rate(cents: int) -> None:
    """In the month and its last week, of the organization and of one project."""
    plain = bill_of(State()).statement
    web = next(project.id for project in plain.projects if project.name == "Web app")
    on = date(2026, 11, 15)
    state = credited_with(Credit(on, cents), Credit(on, cents, web))
    found = bill_of(state).statement
    assert plain.cycle
    assert plain.pace
    assert found.cycle
    assert found.pace
    off = 2 * Decimal(cents) / 100
    assert found.cycle.spent == minus(plain.cycle.spent, off)
    assert found.cycle.average == plain.cycle.average
    assert found.pace.per_day == plain.pace.per_day
    ends = [forecast.month_end for forecast in found.pace.forecasts]
    assert ends == [minus(forecast.month_end, off) for forecast in plain.pace.forecasts]
    assert (found.price, found.prices) == (plain.price, plain.prices)
    before, after = (
        next(project for project in each.projects if project.id == web) for each in (plain, found)
    )
    assert before.pace
    assert before.spent
    assert after.pace
    assert after.spent == minus(before.spent, off / 2)
    assert (after.pace.per_day, after.pace.rests_on) == (before.pace.per_day, 7)
    assert found.notes == plain.notes == ()


def test_a_bill_read_before_midnight_stays_that_of_its_month_until_it_is_read_again() -> None:
    state = State(now=at(2026, 11, 30, 23, 59))
    world, clock = world_of(state), Clock()
    clock.now = state.now

    async def look() -> tuple[Statement | None, Statement]:
        with tempfile.TemporaryDirectory() as folder:
            async with desk_of(state, world, Path(folder), clock) as desk:
                await desk.load()
                clock.pass_by(minutes=6)
                world.advance(360)
                return desk.remembered(), await desk.load()

    before, after = asyncio.run(look())
    assert before is not None
    assert before.cycle is not None
    assert after.cycle is not None
    told = told_by_the_platform(state)
    assert (before.from_cache, before.cycle.today) == (True, date(2026, 11, 30))
    assert before.cycle.spent == told.total(date(2026, 11, 1), date(2026, 11, 30))
    assert (after.cycle.today, after.cycle.is_reported) == (date(2026, 12, 1), False)
    assert (after.cycle.spent, after.cycle.spent_today) == (0, None)


def test_a_limit_set_elsewhere_is_seen_after_the_next_reading() -> None:
    state = State()
    world = world_of(state)

    async def look() -> list[Money | None]:
        found = []
        with tempfile.TemporaryDirectory() as folder:
            async with desk_of(state, world, Path(folder)) as desk:
                for cents in (250_000, 123_456, None):
                    world.spend_limits.pop(None)
                    if cents:
                        world.spend_limits[None] = SpendLimit(cents)
                    else:
                        world.no_limit_shape = "zero"
                    statement = await desk.load(fresh=True)
                    found.append(statement.limit.value.amount if statement.limit.value else None)
        return found

    assert asyncio.run(look()) == [Money.parse("2500"), Money.parse("1234.56"), None]


def test_project_limits_are_each_projects_own() -> None:
    statement = bill_of(State()).statement
    limits = {p.name: p.limit.value.amount for p in statement.projects if p.limit.value}
    assert limits == {"Research": Money.parse("1000"), "Évaluation Ünïcode": Money.parse("200")}
    assert all(p.limit_known for p in statement.projects if p.id)


def test_a_restricted_key_is_told_what_it_lacks() -> None:
    costs = bill_of(State(key=lambda world: world.management_only_key)).statement
    assert costs.cycle is None
    assert [p.spent for p in costs.projects] == [None] * len(costs.projects)
    (gap,) = costs.gaps
    said, request = gap.split(" Request ")
    assert said == "Could not be read: the costs. This key lacks the permission api.usage.read."
    assert request.startswith("req_")
    limits = bill_of(State(key=lambda world: world.usage_only_key)).statement
    assert not limits.limit.is_known
    assert "This key lacks the permission api.management.read." in limits.gaps[0]
