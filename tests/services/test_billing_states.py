"""What the bill says in every state there is, over a fixed clock: figures and words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from oai_tui.core.balance import EntryKind
from oai_tui.core.budget import Budget
from oai_tui.core.money import Money
from oai_tui.core.verdict import Level
from oai_tui.simulator.model import Credit, SpendLimit
from oai_tui.simulator.world import World
from tests.services.billing_states import State, bill_of

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


PACE = "$1,995 · by 30 Nov at the pace of the last 7 days"
PACES = "straight line $2,053 (20 d) · last 7 days $1,995 (7 d) · weekdays $1,996 (28 d)"
BEFORE = "$1,271.39 · in 1 – 21 Oct, the same days last month"
SAME = f"{BEFORE} · $1,423.94 in 1 – 21 Nov, 12 % more [reported]"
UNTIL = "$1,995 by 30 Nov at this pace"

TABLE: dict[str, tuple[State, Expected]] = {
    "enforcing": (
        State(),
        Expected(
            {
                "SPENT": ["$1,432.76 · 57 % of $2,500.00 hard limit · enforcing [reported]", SAME],
                "TODAY": [
                    "$8.82 · provisional · yesterday $29.69 · average $67.95 a closed day"
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
                    "$1,130.28 · in 1 – 19 Oct, the same days last month"
                    " · $1,315.20 in 1 – 19 Nov, 16 % more [reported]",
                ],
                "TODAY": [
                    "— · nothing reported yet · yesterday — · average $69.38 a closed day [unknown]"
                ],
            },
            Level.UNDER,
            "under: $1,356.90 of $2,500.00 hard limit (54 %), $2,183 by 30 Nov at this pace",
        ),
    ),
    "credits": (
        State(arrange=credited),
        Expected(
            {
                "SPENT": [
                    "$1,012.76 · 41 % of $2,500.00 hard limit · enforcing [reported]",
                    f"{BEFORE} · $1,003.94 in 1 – 21 Nov, 21 % less [reported]",
                ],
                "LEFT": ["$1,487.24 · under the hard limit [reported]"],
                "PACE": [
                    "$1,575 · by 30 Nov at the pace of the last 7 days"
                    " · hard limit not reached this month [estimated]",
                    "straight line $1,633 (20 d) · last 7 days $1,575 (7 d) · weekdays $1,576"
                    " (28 d) [estimated]",
                ],
            },
            Level.UNDER,
            "under: $1,012.76 of $2,500.00 hard limit (41 %), $1,575 by 30 Nov at this pace",
        ),
    ),
    "more credit than cost": (
        State(faults=("credits=300000",)),
        Expected(
            {
                "SPENT": [
                    "-$1,567.24 · -63 % of $2,500.00 hard limit · enforcing [reported]",
                    f"{BEFORE} · -$1,576.06 in 1 – 21 Nov, 224 % less [reported]",
                ],
                "LEFT": ["$4,067.24 · under the hard limit [reported]"],
            },
            Level.UNDER,
            "under: -$1,567.24 of $2,500.00 hard limit (-63 %), -$1,005 by 30 Nov at this pace",
        ),
    ),
    "a month of zeros": (
        State(faults=("idle=60",)),
        Expected(
            {
                "SPENT": [
                    "$0.00 · 0 % of $2,500.00 hard limit · enforcing · 1 day is not known"
                    " [reported]",
                    "$0.00 · in 1 – 19 Oct, the same days last month · $0.00 in 1 – 19 Nov"
                    " [reported]",
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
                    "straight line $2,074 (29 d) · last 7 days $1,979 (7 d) · weekdays $2,137"
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
    "the first hour of a month under a budget": (
        State(now=at(2026, 12, 1, 0, 30), budget=Budget(None, Money.parse("2200"))),
        Expected(
            {"BUDGET": ["— · of $2,200.00 monthly budget (local): nothing reported yet [unknown]"]},
            Level.UNDER,
            "under: nothing reported yet of $2,200.00 monthly budget (local),"
            " $1,979 by 31 Dec at last month's pace",
        ),
    ),
    "the first hour of a month with a project that will pass its limit": (
        replace(limited_to(30_000, project="Research"), now=at(2026, 12, 1, 0, 30)),
        Expected(
            {"LEFT": ["$2,500.00 · the whole hard limit, as nothing is reported yet [reported]"]},
            Level.NEAR,
            "near: nothing reported yet of $300.00 limit of Research,"
            " $544 by 31 Dec at last month's pace, past it on 18 Dec",
        ),
    ),
    "the last minute of a month": (
        State(now=at(2026, 11, 30, 23, 59)),
        Expected(
            {
                "SPENT": [
                    "$2,003.44 · 80 % of $2,500.00 hard limit · enforcing [reported]",
                    "$1,770.88 · in 1 – 29 Oct, the same days last month"
                    " · $1,938.68 in 1 – 29 Nov, 9 % more [reported]",
                ],
                "TODAY": [
                    "$64.76 · provisional · yesterday $30.72 · average $66.95 a closed day"
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
                    " · average $67.95 a closed day [reported]"
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
