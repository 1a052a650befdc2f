"""`oai-tui costs`."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest

from tests.cli.desk import Desk


def test_money_is_exact_text_beside_its_currency(desk: Desk) -> None:
    totals = {}
    for group in ("model", "project", "key", "line-item"):
        done = desk.run("costs", "--since", "last-month", "--group", group, "--format", "json")
        assert (done.status, done.told) == (0, "")
        rows = json.loads(done.out)
        assert {row["currency"] for row in rows} == {"usd"}
        assert all(isinstance(row["amount"], str) for row in rows)
        totals[group] = sum(Decimal(row["amount"]) for row in rows)
    assert len(set(totals.values())) == 1, totals
    assert totals["model"] > 0


def test_csv_has_the_names_of_the_dashboard(desk: Desk) -> None:
    done = desk.run("costs", "--since", "yesterday", "--group", "key", "--format", "csv")
    table = list(csv.DictReader(io.StringIO(done.out)))
    times = ["start_time", "end_time", "start_time_iso", "end_time_iso"]
    names = ["api_key_id", "api_key_name", "amount_value", "amount_currency"]
    assert list(table[0]) == [*times, *names]
    assert {row["amount_currency"] for row in table} == {"usd"}
    assert all(Decimal(row["amount_value"]).is_finite() for row in table)


def test_a_table_says_whose_days_they_are_and_what_may_still_change(desk: Desk) -> None:
    done = desk.run("costs", "--group", "project", "--compare")
    assert done.status == 0
    assert done.out.splitlines()[0].split() == ["PROJECT", "COST", "SHARE", "CHANGE"]
    assert " · UTC days · as of 2026-11-22 12:04 UTC\n" in done.out
    assert "Provisional from 2026-11-21 on" in done.out
    assert "Changed most against " in done.out


def test_a_cost_is_that_of_the_usage_command(desk: Desk) -> None:
    words = ("--since", "7d", "--group", "user", "--format", "json")
    same = desk.run("usage", "--metric", "cost", *words)
    assert desk.run("costs", *words).out == same.out


@pytest.mark.parametrize("words", [["--step", "hour"], ["--group", "tier"], ["--zone", "local"]])
def test_what_costs_do_not_have_is_refused(desk: Desk, words: list[str]) -> None:
    done = desk.run("costs", *words)
    assert (done.status, done.out) == (2, "")


def test_costs_that_are_yet_to_come_are_not_nothing(desk: Desk) -> None:
    desk.faults.set("late-costs")
    done = desk.run("costs", "--since", "today")
    assert done.status == 0
    assert done.out.splitlines()[1].split() == ["total", "—", "—"]
