"""What the bill says in every state there is, over a fixed clock: figures and words."""

from __future__ import annotations

import asyncio
import tempfile
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from oai_tui.core.balance import EntryKind
from oai_tui.core.exact import total
from oai_tui.core.limits import Budget
from oai_tui.core.money import Money
from oai_tui.core.period import Period
from oai_tui.core.verdict import Level
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


def no_limit(world: World) -> None:
    world.spend_limits.clear()
    world.alerts.clear()


def zero_shape(world: World) -> None:
    no_limit(world)
    world.no_limit_shape = "zero"


def limited_to(cents: int, status: str = "enforcing", project: str | None = None) -> State:
    def arrange(world: World) -> None:
        ids = [each.id for each in world.projects.values() if each.name == project]
        world.spend_limits[ids[0] if ids else None] = SpendLimit(cents, status)

    return State(arrange=arrange)


def credited(world: World) -> None:
    web = next(each.id for each in world.projects.values() if each.name == "Web app")
    world.credits.append(Credit(date(2026, 11, 10), 12_000, web))
    world.credits.append(Credit(date(2026, 11, 11), 30_000))


@dataclass(frozen=True)
class Expected:
    """Lines by their label, each as `figure · words [origin]`, and the verdict."""

    lines: dict[str, list[str]]
    level: Level
    verdict: str


PACE = "$1,991 · by 30 Nov at the pace of the last 7 days"
PACES = "straight line $2,051 (20 d) · last 7 days $1,991 (7 d) · weekdays $1,995 (28 d)"
SAME = "$1,338.05 · by 22 Oct, the same point last month · 7 % more now [reported]"
UNTIL = "$1,991 by 30 Nov at this pace"

TABLE: dict[str, tuple[State, Expected]] = {
    "enforcing": (
        State(),
        Expected(
            {
                "SPENT": ["$1,432.76 · 57 % of $2,500.00 hard limit · enforcing [reported]", SAME],
                "TODAY": [
                    "$8.82 · provisional · yesterday $29.69 · average $67.81 a closed day"
                    " [reported]"
                ],
                "LEFT": ["$1,067.24 · under the hard limit [reported]"],
                "PACE": [
                    f"{PACE} · hard limit not reached this month [estimated]",
                    f"{PACES} [estimated]",
                ],
                "ALERTS": [
                    "not yet · mail at $2,000.00 to 1 person · $567.24 to go"
                    " · not this month at this pace [reported]",
                    "not yet · mail at $2,375.00 to 1 person · $942.24 to go"
                    " · not this month at this pace [reported]",
                ],
            },
            Level.UNDER,
            f"under: $1,432.76 of $2,500.00 hard limit (57 %), {UNTIL}",
        ),
    ),
    "no limit": (
        State(arrange=no_limit),
        Expected(
            {
                "SPENT": ["$1,432.76 · no hard limit is set [reported]", SAME],
                "LEFT": ["— · no hard limit is set, so there is nothing to count down [unknown]"],
                "PACE": [f"{PACE} [estimated]", f"{PACES} [estimated]"],
                "ALERTS": ["none · no spend alert is set [reported]"],
            },
            Level.UNDER,
            f"under: $1,432.76 spent in November, {UNTIL}, no hard limit set",
        ),
    ),
    "inactive": (
        limited_to(250_000, "inactive"),
        Expected(
            {
                "SPENT": ["$1,432.76 · 57 % of $2,500.00 hard limit · inactive [reported]", SAME],
                "LEFT": ["$1,067.24 · under the hard limit [reported]"],
            },
            Level.UNDER,
            f"under: $1,432.76 of $2,500.00 hard limit (57 %), {UNTIL}",
        ),
    ),
    "a word nobody knows yet": (
        limited_to(250_000, "grace_period"),
        Expected(
            {"SPENT": ["$1,432.76 · 57 % of $2,500.00 hard limit · grace_period [reported]", SAME]},
            Level.UNDER,
            f"under: $1,432.76 of $2,500.00 hard limit (57 %), {UNTIL}",
        ),
    ),
    "reached": (
        limited_to(143_276),
        Expected(
            {
                "SPENT": ["$1,432.76 · 100 % of $1,432.76 hard limit · enforcing [reported]", SAME],
                "LEFT": [
                    "$0.00 · reached; the platform refuses requests while it enforces [reported]"
                ],
                "PACE": [
                    f"{PACE} · hard limit reached already [estimated]",
                    f"{PACES} [estimated]",
                ],
            },
            Level.OVER,
            "over: $1,432.76 of $1,432.76 hard limit (100 %), enforcing",
        ),
    ),
    "over": (
        limited_to(50_000),
        Expected(
            {
                "SPENT": ["$1,432.76 · 287 % of $500.00 hard limit · enforcing [reported]", SAME],
                "LEFT": [
                    "$0.00 · over by $932.76; the platform refuses requests while it enforces"
                    " [reported]"
                ],
            },
            Level.OVER,
            "over: $1,432.76 of $500.00 hard limit (287 %), enforcing",
        ),
    ),
    "reached at this pace": (
        limited_to(180_000),
        Expected(
            {
                "PACE": [f"{PACE} · hard limit on 27 Nov [estimated]", f"{PACES} [estimated]"],
                "LEFT": ["$367.24 · under the hard limit [reported]"],
            },
            Level.NEAR,
            f"near: $1,432.76 of $1,800.00 hard limit (80 %), {UNTIL}, past it on 27 Nov",
        ),
    ),
    "a project over its limit": (
        limited_to(30_000, project="Research"),
        Expected(
            {"LEFT": ["$1,067.24 · under the hard limit [reported]"]},
            Level.OVER,
            "over: $359.30 of $300.00 limit of Research (120 %), enforcing",
        ),
    ),
    "a key that may not read costs": (
        State(key=lambda world: world.management_only_key),
        Expected(
            {
                "SPENT": [
                    "— · the costs could not be read · $2,500.00 hard limit · enforcing [unknown]"
                ],
                "TODAY": [],
                "LEFT": ["— · what is spent is not known [unknown]"],
                "PACE": [],
                "ALERTS": [
                    "— · mail at $2,000.00 to 1 person [unknown]",
                    "— · mail at $2,375.00 to 1 person [unknown]",
                ],
            },
            Level.UNKNOWN,
            "unknown: the costs could not be read",
        ),
    ),
    "a key that may not read limits": (
        State(key=lambda world: world.usage_only_key),
        Expected(
            {
                "SPENT": ["$1,432.76 · the hard limit is not known [reported]", SAME],
                "LEFT": ["— · the hard limit could not be read [unknown]"],
                "PACE": [f"{PACE} [estimated]", f"{PACES} [estimated]"],
                "ALERTS": ["— · the spend alerts could not be read [unknown]"],
            },
            Level.UNKNOWN,
            f"unknown: the hard limit could not be read; $1,432.76 spent in November, {UNTIL}",
        ),
    ),
    "costs two days late": (
        State(faults=LATE),
        Expected(
            {
                "SPENT": [
                    "$1,356.90 · 54 % of $2,500.00 hard limit · enforcing · 1 day is not known"
                    " [reported]",
                    "$1,203.54 · by 20 Oct, the same point last month · 13 % more now [reported]",
                ],
                "TODAY": [
                    "— · nothing reported yet · yesterday — · average $69.22 a closed day [unknown]"
                ],
            },
            Level.UNDER,
            "under: $1,356.90 of $2,500.00 hard limit (54 %), $2,179 by 30 Nov at this pace",
        ),
    ),
    "credits": (
        State(arrange=credited),
        Expected(
            {
                "SPENT": [
                    "$1,012.76 · 41 % of $2,500.00 hard limit · enforcing [reported]",
                    "$1,338.05 · by 22 Oct, the same point last month · 24 % less now [reported]",
                ],
                "LEFT": ["$1,487.24 · under the hard limit [reported]"],
                "PACE": [
                    "$1,571 · by 30 Nov at the pace of the last 7 days"
                    " · hard limit not reached this month [estimated]",
                    "straight line $1,626 (18 d) · last 7 days $1,571 (7 d) · weekdays $1,574"
                    " (26 d) [estimated]",
                ],
            },
            Level.UNDER,
            "under: $1,012.76 of $2,500.00 hard limit (41 %), $1,571 by 30 Nov at this pace",
        ),
    ),
    "more credit than cost": (
        State(faults=("credits=300000",)),
        Expected(
            {
                "SPENT": [
                    "-$1,567.24 · -63 % of $2,500.00 hard limit · enforcing [reported]",
                    "$1,338.05 · by 22 Oct, the same point last month · 217 % less now [reported]",
                ],
                "LEFT": ["$4,067.24 · under the hard limit [reported]"],
            },
            Level.UNDER,
            "under: -$1,567.24 of $2,500.00 hard limit (-63 %), -$869 by 30 Nov at this pace",
        ),
    ),
    "a month of zeros": (
        State(faults=("idle=60",)),
        Expected(
            {
                "SPENT": [
                    "$0.00 · 0 % of $2,500.00 hard limit · enforcing · 1 day is not known"
                    " [reported]",
                    "$0.00 · by 20 Oct, the same point last month [reported]",
                ],
                "TODAY": [
                    "— · nothing reported yet · yesterday — · average $0.00 a closed day [unknown]"
                ],
                "PACE": [
                    "$0.00 · by 30 Nov at the pace of the last 7 days"
                    " · hard limit not reached this month [estimated]"
                ],
            },
            Level.UNDER,
            "under: $0.00 of $2,500.00 hard limit (0 %), $0.00 by 30 Nov at this pace",
        ),
    ),
    "the first hour of a month": (
        State(now=at(2026, 12, 1, 0, 30)),
        Expected(
            {
                "SPENT": [
                    "— · nothing reported yet this month · $2,500.00 hard limit · enforcing"
                    " [unknown]"
                ],
                "TODAY": [
                    "— · nothing reported yet · yesterday $66.14 · average — a closed day [unknown]"
                ],
                "PACE": [
                    "$1,979 · by 31 Dec at last month's pace, as no day of this one is settled"
                    " · hard limit not reached this month [estimated]",
                    "straight line $2,071 (29 d) · last 7 days $1,979 (7 d) · weekdays $2,134"
                    " (28 d) [estimated]",
                ],
                "ALERTS": [
                    "— · mail at $2,000.00 to 1 person [unknown]",
                    "— · mail at $2,375.00 to 1 person [unknown]",
                ],
            },
            Level.UNDER,
            "under: nothing reported yet of $2,500.00 hard limit,"
            " $1,979 by 31 Dec at last month's pace",
        ),
    ),
    "the last minute of a month": (
        State(now=at(2026, 11, 30, 23, 59)),
        Expected(
            {
                "SPENT": [
                    "$2,003.44 · 80 % of $2,500.00 hard limit · enforcing [reported]",
                    "$1,832.13 · by 30 Oct, the same point last month · 9 % more now [reported]",
                ],
                "TODAY": [
                    "$64.76 · provisional · yesterday $30.72 · average $66.85 a closed day"
                    " [reported]"
                ],
                "ALERTS": [
                    "passed · mail at $2,000.00 to 1 person · today [reported]",
                    "not yet · mail at $2,375.00 to 1 person · $371.56 to go"
                    " · not this month at this pace [reported]",
                ],
            },
            Level.UNDER,
            "under: $2,003.44 of $2,500.00 hard limit (80 %), $2,003 by 30 Nov at this pace",
        ),
    ),
    "budgets and a balance that was typed": (
        State(
            budget=Budget(Money.parse("10"), Money.parse("1500")),
            typed=(
                (EntryKind.BALANCE, at(2026, 11, 3, 9), "1500"),
                (EntryKind.TOP_UP, at(2026, 11, 9, 9), "100"),
                (EntryKind.BALANCE, at(2026, 11, 15, 9), "900"),
            ),
        ),
        Expected(
            {
                "TODAY": [
                    "$8.82 · 88 % of $10.00 daily budget (local) · provisional · yesterday $29.69"
                    " · average $67.81 a closed day [reported]"
                ],
                "LEFT": [
                    "$67.24 · under your monthly budget (local) · $1,067.24 under the hard limit"
                    " [reported]"
                ],
                "BUDGET": [
                    "$67.24 · left of $1,500.00 monthly budget (local) · 96 % used"
                    " · past it tomorrow [entered]"
                ],
                "BALANCE": [
                    "≈ $458.53 · from $900.00 entered for 15 Nov · about 7 days (to 29 Nov)"
                    " · ± $19.67 [estimated]",
                    "+$161.34 · drift when it was entered on 15 Nov: $738.66 was expected"
                    " [estimated]",
                ],
            },
            Level.NEAR,
            "near: $8.82 of $10.00 daily budget (local) (88 %);"
            f" $1,432.76 of $1,500.00 monthly budget (local) (96 %), {UNTIL}, past it on 23 Nov;"
            " ≈ $458.53 left of the balance of 15 Nov, about 7 days at this pace",
        ),
    ),
}
TABLE["no limit, told as zero"] = (State(arrange=zero_shape), TABLE["no limit"][1])


@pytest.mark.parametrize("name", TABLE)
def test_every_state_has_its_words_and_figures(name: str) -> None:
    state, expected = TABLE[name]
    bill = bill_of(state)
    told = bill.statement
    lines = {label: bill.text(label) for label in expected.lines}
    # Of what is left in tokens the price has a test of its own.
    lines = {k: v[:1] if k == "LEFT" else v for k, v in lines.items()}
    assert lines == expected.lines
    assert bill.verdict == expected.verdict
    assert told.verdict.level is expected.level


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
    if cycle.same_day is not None:
        assert cycle.same_point == told.total(cycle.same_day.replace(day=1), cycle.same_day)
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
    assert (told.price.period.days, told.price.cost) == (30, total(_paid(told.price.period)))
    assert len(told.prices) == 3
    assert abs(price(bill_of(State(faults=LATE))) / price(bill) - 1) < Decimal("0.03")
    line = bill.text("LEFT")[1]
    tokens = Decimal("1067.239163") / price(bill)
    assert line.startswith(f"≈ {tokens:.0f} M · tokens at your ${price(bill):.2f} per million")
    assert line.endswith("[estimated]")


def _paid(days: Period) -> list[Decimal]:
    told = told_by_the_platform(State())
    return [told.by_day.get(day, Decimal(0)) for day in days]


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
    assert costs.gaps == (
        "Could not be read: the costs. This key lacks the permission api.usage.read.",
    )
    limits = bill_of(State(key=lambda world: world.usage_only_key)).statement
    assert not limits.limit.is_known
    assert "This key lacks the permission api.management.read." in limits.gaps[0]
