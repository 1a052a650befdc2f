"""`oai-tui billing balance` and `billing budget`: what only this program knows."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest

from tests.cli.desk import Desk

SETTINGS = (".config", "oai-tui", "settings.toml")


def entries(desk: Desk) -> list[dict[str, str]]:
    """Return what was typed of the balance, the oldest first."""
    rows = json.loads(desk.run("billing", "balance", "--format", "json").out)
    return [row for row in rows if row["kind"] != "estimate"]


def test_a_balance_is_typed_and_what_was_spent_since_is_taken_off(desk: Desk) -> None:
    done = desk.run("billing", "balance", "set", "1,500.50", "--at", "2026-11-03", "--yes")
    assert done.status == 0, done.told
    assert "Written down: the balance of $1,500.50 at 2026-11-03 00:00 UTC, as " in done.told
    costs = desk.run("costs", "--since", "2026-11-03", "--format", "json").out
    spent = sum(Decimal(row["amount"]) for row in json.loads(costs))
    rows = json.loads(desk.run("billing", "balance", "--format", "json").out)
    assert Decimal(rows[-1]["amount"]) == Decimal("1500.50") - spent
    assert "BALANCE  ≈ $" in desk.run("billing", "balance").out
    assert "BALANCE  ≈ $" in desk.run("billing").out


def test_a_top_up_is_added_and_a_drift_is_told(desk: Desk) -> None:
    desk.run("billing", "balance", "set", "900", "--at", "2026-11-19", "--yes")
    words = ("--at", "yesterday 9:05", "--expires", "2027-11-03", "--yes")
    done = desk.run("billing", "balance", "add", "100", *words)
    assert "the top-up of $100.00 at 2026-11-21 09:05 UTC, to be spent by 2027-11-03" in done.told
    done = desk.run("billing", "balance", "set", "800", "--yes")
    assert "Left: $803.95 → $800.00 (estimated)." in done.told
    assert "$803.95 was expected then: there was $3.95 less." in done.told
    shown = desk.run("billing", "balance").out
    assert "-$3.95" in shown
    kinds = [entry["kind"] for entry in entries(desk)]
    assert kinds == ["balance", "top-up", "balance"]


def test_entries_are_exported_and_taken_back(desk: Desk) -> None:
    desk.run("billing", "balance", "set", "900", "--at", "2026-11-19", "--yes")
    desk.run("billing", "balance", "add", "100", "--yes")
    table = list(csv.DictReader(io.StringIO(desk.run("billing", "balance", "export").out)))
    assert [row["kind"] for row in table] == ["balance", "top-up", "estimate"]
    assert [row["amount"] for row in table[:2]] == ["900", "100"]
    done = desk.run("billing", "balance", "remove", table[1]["id"], "none", "--yes")
    assert done.status == 2
    assert len(entries(desk)) == 2
    done = desk.run("billing", "balance", "remove", table[1]["id"], "--yes")
    assert "Taken back: the top-up of $100.00" in done.told
    assert [entry["id"] for entry in entries(desk)] == [table[0]["id"]]


def test_nothing_typed_is_nothing_known(desk: Desk) -> None:
    done = desk.run("billing", "balance")
    assert done.status == 0
    assert done.out.startswith("BALANCE  —  no API tells it")
    assert "oai-tui billing balance set AMOUNT" in done.told


def test_a_balance_needs_no_platform_to_be_typed(desk: Desk) -> None:
    desk.faults.set("reset-before")
    done = desk.run("billing", "balance", "set", "900", "--yes")
    assert done.status == 0
    assert "Left: — → — (estimated)." in done.told
    desk.faults.clear()
    assert [entry["amount"] for entry in entries(desk)] == ["900"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("set", "much"), "is not an amount of money"),
        (("set", "5", "--at", "2026-11-23"), "lies in the future"),
        (("set", "5", "--at", "soon"), "is no moment"),
        (("add", "5", "--expires", "soon"), "is not a date"),
        (("add", "0"), "A top-up of nothing changes nothing"),
        (("remove", "none"), "There is no entry “none”"),
    ],
)
def test_what_cannot_be_is_not_written_down(desk: Desk, words: tuple[str, ...], told: str) -> None:
    done = desk.run("billing", "balance", *words, "--yes")
    assert done.status == 2
    assert told in done.told
    assert entries(desk) == []


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 1), ("\x03", 1)])
def test_on_a_terminal_a_balance_takes_a_yes(desk: Desk, typed: str, status: int) -> None:
    with desk.terminal("billing", "balance", "set", "900") as terminal:
        terminal.wait_for("Write down the balance of $900.00 at 2026-11-22 12:04 UTC? [y/N]")
        assert "nothing is sent to the platform" in terminal.text
        terminal.type(typed)
        assert terminal.wait_exit() == status
    assert len(entries(desk)) == (1 if status == 0 else 0)


def test_budgets_are_set_read_back_and_taken_away(desk: Desk) -> None:
    assert desk.run("billing", "budget").out == "local budget: none\n"
    done = desk.run("billing", "budget", "--daily", "60", "--monthly", "1,500.50", "--yes")
    assert done.status == 0
    assert "It is local" in done.told
    assert "none → $60.00 a day and $1,500.50 a month." in done.told
    assert 'daily_budget = "60.00"' in desk.home.joinpath(*SETTINGS).read_text()
    done = desk.run("billing", "budget", "--daily", "none", "--yes")
    assert "$60.00 a day and $1,500.50 a month → $1,500.50 a month." in done.told
    assert desk.run("billing", "budget").out == "local budget: $1,500.50 a month\n"
    assert "left of $1,500.50 monthly budget (local)" in desk.run("billing").out
    done = desk.run("billing", "budget", "--monthly", "1500.50")
    assert (done.status, done.told) == (0, "The local budget is $1,500.50 a month already.\n")


def test_a_budget_asks_the_platform_nothing(desk: Desk) -> None:
    desk.faults.set("reset-before")
    assert desk.run("billing", "budget", "--daily", "60", "--yes").status == 0
    assert desk.run("billing", "budget").out == "local budget: $60.00 a day\n"


@pytest.mark.parametrize("amount", ["0", "lots", "-5", ""])
def test_what_is_no_budget_is_refused(desk: Desk, amount: str) -> None:
    assert desk.run("billing", "budget", "--daily", amount, "--yes").status == 2
    assert desk.run("billing", "budget").out == "local budget: none\n"


def test_without_a_terminal_it_takes_a_yes(desk: Desk) -> None:
    for words in (("budget", "--daily", "5"), ("balance", "set", "5"), ("balance", "add", "5")):
        done = desk.run("billing", *words)
        assert done.status == 2
        assert "Say --yes" in done.told
    assert desk.run("billing", "budget").out == "local budget: none\n"
    assert entries(desk) == []


def test_figures_of_our_own_are_no_change_of_the_organization(desk: Desk) -> None:
    for words in (("budget", "--daily", "5"), ("balance", "set", "5")):
        assert desk.run("--read-only", "billing", *words, "--yes").status == 0
    assert desk.run("billing", "budget").out == "local budget: $5.00 a day\n"
    assert len(entries(desk)) == 1
