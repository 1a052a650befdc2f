"""The state of the cycle as rows for scripts says what the screen says."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from oai_tui.core.balance import EntryKind
from oai_tui.core.budget import Budget
from oai_tui.core.money import Money
from oai_tui.services.billing import export, summary, words
from tests.services.billing_office import NOW, Office, awaited
from tests.services.billing_states import State, bill_of

DAY = timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@awaited
async def test_the_balance_and_the_summary_are_handed_on(office: Office) -> None:
    await office.own.set_budget(Budget(Money.parse("60"), Money.parse("1500")))
    await office.own.add_balance(EntryKind.BALANCE, NOW - timedelta(9), Money.parse("2000"))
    await office.own.add_balance(EntryKind.BALANCE, NOW - timedelta(1), Money.parse("1000"))
    known = await office.desk.load()
    typed = json.loads(export.balance_json(known))
    assert [row["kind"] for row in typed] == ["balance", "balance", "estimate"]
    assert [row["amount"] for row in typed[:2]] == ["2000", "1000"]
    assert Decimal(typed[1]["drift"]) == known.drifts[0].difference
    assert typed[0]["drift"] is None
    assert known.balance is not None
    assert Decimal(typed[2]["amount"]) == known.balance.left
    assert len(table(export.balance_csv(known))) == 3
    rows = json.loads(summary.summary_json(known))
    by_kind = {row["kind"]: row for row in rows}
    assert known.cycle is not None
    assert Decimal(by_kind["cycle"]["spent"]) == known.cycle.spent
    assert by_kind["hard_limit"]["amount"] == "2500.00"
    assert by_kind["hard_limit"]["enforcement"] == "enforcing"
    assert by_kind["daily_budget"]["origin"] == "entered"
    assert [row["name"] for row in rows if row["kind"] == "forecast"] == [
        "straight line",
        "last 7 days",
        "weekdays",
    ]
    assert by_kind["price"]["tokens_left"]
    assert all(set(row) == set(rows[0]) for row in rows)
    assert len(table(summary.summary_csv(known))) == len(rows)


@awaited
async def test_an_unknown_cycle_has_no_figures_in_the_summary(office: Office) -> None:
    known = await office.new_desk(office.world.management_only_key).load()
    rows = json.loads(summary.summary_json(known))
    assert not any(row["kind"] in ("cycle", "today", "forecast") for row in rows)
    assert all(row["spent"] is None for row in rows)


def test_while_nothing_is_reported_no_row_has_a_figure_nobody_told() -> None:
    budget = Budget(Money.parse("10"), Money.parse("1500"))
    known = bill_of(State(now=datetime(2026, 12, 1, 0, 30, tzinfo=UTC), budget=budget)).statement
    rows = json.loads(summary.summary_json(known))
    kinds = {"cycle", "today", "hard_limit", "project_limit", "daily_budget", "monthly_budget"}
    held = [row for row in rows if row["kind"] in kinds | {"alert"}]
    assert {row["kind"] for row in held} == kinds | {"alert"}
    empty = {(row["spent"], row["left"], row["used"], row["origin"]) for row in held}
    assert empty == {(None, None, None, "unknown")}
    assert all(row["tokens_left"] for row in rows if row["kind"] == "price" and row["amount"])


@awaited
async def test_the_days_held_against_each_other_are_named(office: Office) -> None:
    rows = json.loads(summary.summary_json(await office.desk.load()))
    told = {row["kind"]: (row["name"], row["spent"][:8]) for row in rows if row["spent"]}
    assert told["whole_days"] == ("2026-11-01/2026-11-21", "1423.936")
    assert told["same_days_last_month"] == ("2026-10-01/2026-10-21", "1271.391")


@awaited
async def test_credits_that_end_are_told_alike_in_lines_rows_and_the_check(office: Office) -> None:
    """At about $63 a day; of the $500.00 that came before the balance nobody knows what is left."""
    gone, soon = NOW.date() - 2 * DAY, NOW.date() + 3 * DAY
    await office.own.add_balance(EntryKind.TOP_UP, NOW - 20 * DAY, Money.parse("50"), gone)
    await office.own.add_balance(EntryKind.TOP_UP, NOW - 19 * DAY, Money.parse("500"), soon)
    await office.own.add_balance(EntryKind.BALANCE, NOW - 10 * DAY, Money.parse("1500"))
    known = await office.desk.load()
    balance = known.balance
    assert balance is not None
    assert balance.shortest is not None
    assert balance.longest is not None
    assert (balance.shortest.days, balance.longest.days) == (3, 12)
    lines = list(words.lines(known))
    at = next(place for place, line in enumerate(lines) if line.label == "BALANCE")
    assert "3 to 12 days (26 Nov – 5 Dec)" in lines[at].words[0]
    assert [(line.figure, line.words[0]) for line in lines[at + 1 : at + 3]] == [
        ("≤ $50.00", "of it may have expired on 20 Nov, as far as it was not spent before"),
        ("≤ $500.00", "of it ends on 25 Nov unless it is spent before"),
    ]
    assert (
        f"≈ ${balance.left:.2f} left of the balance of 12 Nov, 3 to 12 days at this pace,"
        " as $500.00 of it may end unspent on 25 Nov"
    ) in known.verdict.line()
    rows = json.loads(summary.summary_json(known))
    told = [(r["kind"], r["name"], r["amount"], r["left"], r["reached_on"]) for r in rows]
    assert ("runway", "at least", None, None, "2026-11-26") in told
    assert ("runway", "at most", None, None, "2026-12-05") in told
    assert ("expired_credit", None, "50", "50", gone.isoformat()) in told
    assert ("expiring_credit", None, "500", "500", soon.isoformat()) in told
    typed = {row["amount"]: row for row in json.loads(export.balance_json(known))}
    assert (typed["500"]["unspent_at_least"], typed["500"]["unspent_at_most"]) == ("0", "500")
    assert typed["1500"]["unspent_at_most"] is None


@awaited
async def test_a_balance_that_ended_is_not_there_any_more(office: Office) -> None:
    ended = NOW.date() - DAY
    await office.own.add_balance(EntryKind.BALANCE, NOW - 3 * DAY, Money.parse("900"), ended)
    await office.own.add_balance(EntryKind.TOP_UP, NOW - DAY / 2, Money.parse("100"))
    known = await office.desk.load()
    assert known.balance is not None
    assert 0 < known.balance.left < 100
    assert known.nearest is not None
    assert known.nearest.left == known.balance.left
    lines = [line for line in words.lines(known) if "expired" in line.words[0]]
    assert [line.words[0] for line in lines] == ["expired unspent on 21 Nov and is taken off"]
    assert lines[0].figure == f"${known.balance.gone:.2f}"
