"""`oai-tui billing history`: what each month cost."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from oai_tui.simulator.server import running
from tests.cli.desk import Desk


def rows(desk: Desk, *words: str) -> list[dict[str, str]]:
    done = desk.run("billing", "history", *words, "--format", "csv")
    assert (done.status, done.told) == (0, "")
    return list(csv.DictReader(io.StringIO(done.out)))


@pytest.mark.parametrize("by", ["project", "line-item"])
def test_the_parts_of_a_month_sum_to_it_and_to_its_costs(desk: Desk, by: str) -> None:
    table = rows(desk, "--since", "last-month", "--by", by)
    assert sorted({row["month"] for row in table}) == ["2026-10", "2026-11"]
    costs = desk.run("costs", "--since", "last-month", "--format", "json").out
    october = sum(Decimal(row["amount"]) for row in json.loads(costs))
    (id,) = [name for name in table[0] if name in ("project_id", "line_item")]
    told = [row for row in table if row["month"] == "2026-10"]
    whole = next(row for row in told if row[f"{id.removesuffix('_id')}_name"] == "total")
    assert Decimal(whole["amount"]) == october
    assert sum(Decimal(row["amount"]) for row in told) == 2 * october
    assert {row["currency"] for row in table} == {"usd"}


def test_the_first_month_is_held_against_the_one_before(desk: Desk) -> None:
    table = rows(desk, "--since", "2026-10-17")
    assert {row["month"] for row in table} == {"2026-10", "2026-11"}
    assert all(row["change"] for row in table if row["month"] == "2026-10")
    november = next(row for row in table if row["project_name"] == "total")
    october = next(row for row in table if row["month"] == "2026-10")
    assert (november["compared_days"], october["compared_days"]) == ("21", "30")
    costs = desk.run("costs", "--since", "2026-10-01", "--format", "json").out
    days = [(row["start_time"], Decimal(row["amount"])) for row in json.loads(costs)]
    sums = [
        sum(amount for at, amount in days if start <= at < start + 21 * 86_400)
        for start in (int(datetime(2026, month, 1, tzinfo=UTC).timestamp()) for month in (10, 11))
    ]
    assert november["change"] == f"{sums[1] / sums[0] - 1:.4f}"


def test_it_goes_back_as_far_as_the_platform_tells(desk: Desk) -> None:
    months = list(dict.fromkeys(row["month"] for row in rows(desk)))
    assert months == sorted(months, reverse=True)
    assert len(months) > 12


def test_a_table_names_projects_and_links_to_the_invoices(desk: Desk) -> None:
    done = desk.run("billing", "history", "--since", "2mo")
    assert (done.status, done.told) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].split() == ["MONTH", "PROJECT", "COST", "SHARE", "CHANGE"]
    assert lines[1].split()[:3] == ["2026-11", "Data", "pipeline"]
    assert any("total, provisional" in line and "$1,432.41" in line for line in lines)
    assert lines[1].endswith(" %*")
    assert lines[-2] == "* 1 – 21 Nov against 1 – 21 Oct"
    assert lines[-1].endswith("/settings/organization/billing/history")
    assert "proj_" not in done.out


def test_a_month_opens_into_its_days(desk: Desk) -> None:
    days = rows(desk, "--since", "2mo", "--days")
    assert [row["date"] for row in days][:2] == ["2026-11-01", "2026-11-02"]
    assert len(days) == 22 + 31
    months = rows(desk, "--since", "2mo")
    spent = [Decimal(row["amount"]) for row in months if row["project_name"] == "total"]
    assert sum(Decimal(row["amount"]) for row in days) == sum(spent)
    flat = json.loads(
        desk.run("billing", "history", "--since", "2mo", "--days", "--format", "json").out
    )
    assert [row["amount"] for row in flat] == [row["amount"] for row in days]
    shown = desk.run("billing", "history", "--since", "2mo", "--days").out.splitlines()
    assert shown[1].split() == ["2026-11-01", "$29.52"]


@pytest.mark.parametrize("by", ["project", "line-item"])
def test_a_day_is_told_apart_where_that_is_asked_for(desk: Desk, by: str) -> None:
    words = ("--since", "1mo", "--days", "--by", by)
    table, whole = rows(desk, *words), rows(desk, "--since", "1mo", "--days")
    name = "project_name" if by == "project" else "line_item_name"
    totals = [row for row in table if row[name] == "total"]
    assert [row["amount"] for row in totals] == [row["amount"] for row in whole]
    parts = [Decimal(row["amount"]) for row in table if row[name] != "total"]
    assert sum(parts) == sum(Decimal(row["amount"]) for row in whole)
    lines = desk.run("billing", "history", *words).out.splitlines()
    assert lines[0].split()[0] == "DAY"
    assert any(line.split()[:3] == ["2026-11-22", "total,", "provisional"] for line in lines)
    assert all(line.endswith(" %") for line in lines[1:-1])


def test_days_that_are_yet_to_come_in_are_not_nothing(desk: Desk) -> None:
    desk.faults.set("late-costs")
    shown = desk.run("billing", "history", "--since", "1mo", "--days").out
    assert shown.splitlines()[22].split() == ["2026-11-22", "—", "nothing", "reported", "yet"]
    assert shown.splitlines()[20].split()[2:] == ["provisional"]
    split = desk.run("billing", "history", "--since", "1mo", "--days", "--by", "project").out
    last = split.splitlines()[-2].split()
    assert last == ["2026-11-22", "total,", "nothing", "reported", "yet", "—", "—"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--since", "2027-01"), "lie in the future"),
        (("--since", "soon"), "is not a date"),
        (("--by", "model"), "is not one of"),
    ],
)
def test_what_cannot_be_told_is_refused(desk: Desk, words: tuple[str, ...], told: str) -> None:
    done = desk.run("billing", "history", *words)
    assert (done.status, done.out) == (2, "")
    assert told in done.told


def test_without_the_right_to_read_costs_there_is_no_table(desk: Desk) -> None:
    done = desk.run("billing", "history", OPENAI_ADMIN_KEY=desk.world.management_only_key)
    assert (done.status, done.out) == (1, "")
    assert "lacks the permission" in done.told


def test_the_first_minute_of_a_month_says_that_nothing_is_reported_yet(tmp_path: Path) -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    with running(now=int(now.timestamp())) as served:
        desk = Desk(served, tmp_path)
        desk.environment["OAI_TUI_NOW"] = now.isoformat()
        line = desk.run("billing", "history", "--since", "2mo").out.splitlines()[1]
        assert line.split() == ["2026-12", "nothing", "reported", "yet", "—", "—", "—"]
        first = rows(desk, "--since", "2mo")[0]
        assert (first["month"], first["amount"], first["currency"]) == ("2026-12", "", "")
