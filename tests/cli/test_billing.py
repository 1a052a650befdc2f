"""`oai-tui billing`: the summary, and the one line of `--check`."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest

from oai_tui.simulator.model import SpendLimit
from tests.cli.desk import Desk

LATER = "2026-11-22T14:04"


def line(desk: Desk, *more: str, status: int, **environment: str) -> str:
    """Return the only line of a check that ends with a status."""
    done = desk.run("billing", "--check", *more, shows=False, **environment)
    assert done.status == status, done.out + done.told
    assert done.out.count("\n") == 1
    return done.out


def test_the_summary_has_every_figure_of_the_screen_with_its_origin(desk: Desk) -> None:
    done = desk.run("billing")
    assert (done.status, done.told) == (0, "")
    head, *lines = done.out.splitlines()
    assert head == "November 2026 (UTC) · as of 12:04 UTC · today provisional"
    labels = [each.split()[0] for each in lines if not each.startswith(" ")]
    assert labels == ["SPENT", "TODAY", "LEFT", "PACE", "BALANCE", "ALERTS", "Invoices:"]
    assert lines[0].endswith("of $2,500.00 hard limit · enforcing  (reported)")
    assert any(each.endswith("(estimated)") and "≈" in each for each in lines)
    assert "/settings/organization/billing/history" in lines[-1]
    assert "(b)" not in done.out


def test_json_and_csv_are_flat_and_exact(desk: Desk) -> None:
    rows = json.loads(desk.run("billing", "--format", "json").out)
    spent = next(Decimal(row["spent"]) for row in rows if row["kind"] == "cycle")
    costs = json.loads(desk.run("costs", "--since", "mtd", "--format", "json").out)
    assert spent == sum(Decimal(row["amount"]) for row in costs)
    assert {row["currency"] for row in rows} == {"usd"}
    assert {row["origin"] for row in rows} == {"reported", "estimated"}
    limit = next(row for row in rows if row["kind"] == "hard_limit")
    assert Decimal(limit["left"]) == Decimal(2500) - spent
    table = list(csv.DictReader(io.StringIO(desk.run("billing", "--format", "csv").out)))
    assert [row["kind"] for row in table] == [row["kind"] for row in rows]


def test_a_narrow_terminal_gets_shorter_words_and_no_broken_line(desk: Desk) -> None:
    with desk.terminal("billing", cols=80) as terminal:
        assert terminal.wait_exit() == 0
        lines = [each for each in terminal.screen if each]
    wide = desk.run("billing").out.splitlines()
    assert len(lines) == len(wide)
    assert all(len(each) <= 80 and not each.endswith("…") for each in lines)
    assert "TODAY" in lines[3]
    assert "(reported)" in lines[3]


@pytest.mark.parametrize(
    ("cents", "status", "start"),
    [
        (250_000, 0, "under: $1,432.41 of $2,500.00 hard limit (57 %), $1,995 by 30 Nov"),
        (150_000, 3, "near: $1,432.41 of $1,500.00 hard limit (95 %), $1,995 by 30 Nov"),
        (143_241, 3, "near: $1,432.41 of $1,432.41 hard limit (99 %)"),
        (143_240, 4, "over: $1,432.41 of $1,432.40 hard limit (100 %)"),
    ],
)
def test_the_exit_status_says_how_it_stands_under_the_limit(
    desk: Desk, cents: int, status: int, start: str
) -> None:
    desk.world.spend_limits[None] = SpendLimit(cents)
    assert line(desk, status=status).startswith(start)


def test_the_pace_counts_and_not_the_percent_unless_one_is_given(desk: Desk) -> None:
    desk.world.spend_limits[None] = SpendLimit(199_000)
    assert line(desk, status=3).startswith("near: $1,432.41 of $1,990.00 hard limit (72 %)")
    desk.world.spend_limits[None] = SpendLimit(210_000)
    assert line(desk, status=0, OAI_TUI_NOW=LATER).startswith("under: ")
    assert line(desk, "--near", "60", status=3, OAI_TUI_NOW=LATER).startswith("near: ")


def test_budgets_projects_and_the_runway_count_as_well(desk: Desk) -> None:
    desk.run("billing", "budget", "--daily", "8", "--yes")
    assert "$8.00 daily budget (local)" in line(desk, status=4)
    desk.run("billing", "budget", "--daily", "none", "--monthly", "1500", "--yes")
    assert "$1,500.00 monthly budget (local)" in line(desk, status=3)
    desk.run("billing", "budget", "--monthly", "none", "--yes")
    desk.run("billing", "balance", "set", "500", "--yes")
    assert "≈ $500.00 left of the balance of 22 Nov" in line(desk, status=3)
    assert line(desk, "--runway", "3", status=0).startswith("under: ")
    project = next(id for id, each in desk.world.projects.items() if each.name == "Research")
    desk.world.spend_limits[project] = SpendLimit(30_000)
    told = line(desk, "--runway", "3", status=4, OAI_TUI_NOW=LATER)
    assert "$300.00 limit of Research (120 %)" in told


def test_without_any_limit_it_is_under_and_says_so(desk: Desk) -> None:
    desk.world.spend_limits.clear()
    assert "no hard limit set" in line(desk, status=0)
    desk.world.no_limit_shape = "zero"
    assert "no hard limit set" in line(desk, status=0, OAI_TUI_NOW=LATER)


@pytest.mark.parametrize("key", ["usage_only_key", "management_only_key"])
def test_a_key_that_cannot_tell_is_no_silent_zero(desk: Desk, key: str) -> None:
    environment = {"OPENAI_ADMIN_KEY": getattr(desk.world, key)}
    done = desk.run("billing", "--check", **environment)
    assert done.status == 1
    assert done.out.startswith("unknown: the ")
    assert "again" not in done.out
    assert "lacks the permission" in done.told
    summary = desk.run("billing", **environment)
    assert summary.status == 1
    assert "lacks the permission" in summary.told
    assert "  —  " in summary.out


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("500@/organization/costs", "the costs could not be read"),
        ("500@/organization/spend_limit", "the hard limit could not be read;"),
        ("500@/organization/projects/*/spend_limit", "the limits of 7 projects could not be read"),
    ],
)
def test_what_cannot_be_read_is_said_and_ends_with_one(desk: Desk, fault: str, why: str) -> None:
    desk.faults.set(fault)
    done = desk.run("billing", "--check")
    assert done.status == 1
    assert f"unknown: {why}" in f"{done.out.strip()};"
    assert "The platform failed to answer (500)" in done.told


def test_figures_of_an_earlier_time_cannot_say_that_all_is_well(desk: Desk) -> None:
    line(desk, status=0)
    desk.faults.set("reset-before")
    told = line(desk, status=1, OAI_TUI_NOW=LATER)
    assert told.startswith("unknown: the costs are those of 2026-11-22 12:04 UTC; the hard limit")
    desk.run("billing", "budget", "--monthly", "1000", "--yes")
    assert line(desk, status=4, OAI_TUI_NOW=LATER).startswith("over: ")


def test_nothing_known_at_all_is_a_failure_without_a_line(desk: Desk) -> None:
    desk.faults.set("reset-before")
    done = desk.run("billing", "--check")
    assert (done.status, done.out) == (1, "")
    assert "broke before the answer" in done.told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--near", "50"), "go with --check"),
        (("--runway", "3"), "go with --check"),
        (("--check", "--format", "json"), "no --format"),
        (("--format", "json", "limit"), "--format cannot stand before limit"),
        (("--check", "history"), "--check cannot stand before history"),
        (("--check", "--near", "0"), "not in the range"),
        (("spend",), "No such command"),
    ],
)
def test_what_would_not_be_heeded_is_refused(
    desk: Desk, arguments: tuple[str, ...], told: str
) -> None:
    done = desk.run("billing", *arguments)
    assert (done.status, done.out) == (2, "")
    assert told in done.told


def test_a_prompt_asks_the_platform_again_only_after_minutes(desk: Desk) -> None:
    first = line(desk, status=0)
    desk.faults.set("reset-before")
    assert line(desk, status=0) == first
