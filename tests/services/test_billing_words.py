"""The figures of the bill in words: honest, and short enough for the narrowest screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from oai_tui.core.balance import EntryKind
from oai_tui.core.budget import Budget
from oai_tui.core.money import Money
from oai_tui.core.text import UNKNOWN
from oai_tui.services.billing import Statement, words
from oai_tui.services.billing.history_words import change_words
from oai_tui.services.billing.words import Line, Origin
from oai_tui.simulator.model import Alert
from oai_tui.simulator.model import SpendLimit as Set
from tests.services.billing_office import NOW, Office, awaited

NARROW = 46
"""Cells of words beside label, figure and origin on a screen of 80 columns."""

DAY = timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def by_label(statement: Statement, label: str, **most: int) -> list[Line]:
    found, inside = [], False
    for line in words.lines(statement, **most):
        inside = line.label == label if line.label else inside
        if inside:
            found.append(line)
    return found


async def full(office: Office) -> Statement:
    """Return a statement in which every line has something to say."""
    project = next(id for id in office.world.spend_limits if id)
    office.world.alerts["alert_p"] = Alert("alert_p", project, 100, ["a@b.example"], "", 1)
    await office.own.set_budget(Budget(Money.parse("60"), Money.parse("1500")))
    for at, amount in ((20, "2500"), (3, "900")):
        await office.own.add_balance(EntryKind.BALANCE, NOW - at * DAY, Money.parse(amount))
    expires = date(2026, 12, 1)
    await office.own.add_balance(EntryKind.TOP_UP, NOW - DAY, Money.parse("50"), expires)
    return await office.desk.load()


@pytest.mark.parametrize(
    ("change", "told"),
    [("0.004", "+<1 %"), ("-0.004", "-<1 %"), ("0", "0 %"), ("0.12", "+12 %"), ("-0.08", "-8 %")],
)
def test_a_change_has_a_sign_unless_there_is_none(change: str, told: str) -> None:
    assert change_words(Decimal(change)) == told


@awaited
async def test_every_line_has_ever_shorter_wordings_that_fit_80_columns(office: Office) -> None:
    known = await full(office)
    found = list(words.lines(known, most_alerts=9))
    labels = [line.label for line in found if line.label]
    assert labels == ["SPENT", "TODAY", "LEFT", "PACE", "BUDGET", "BALANCE", "ALERTS"]
    for line in found:
        lengths = [len(text) for text in line.words]
        assert lengths == sorted(lengths, reverse=True), line
        assert lengths[-1] <= NARROW, line
        assert len(line.label) <= 8
        assert len(line.figure) <= 13


@awaited
async def test_the_figures_and_where_they_come_from(office: Office) -> None:
    known = await full(office)
    assert known.cycle is not None
    assert known.pace is not None
    spent, before = by_label(known, "SPENT")
    assert spent.words[0] == "57 % of $2,500.00 hard limit · enforcing"
    assert spent.gauge is not None
    assert spent.gauge.share == known.cycle.spent / 2500
    assert spent.gauge.marks == (Decimal("0.8"), Decimal("0.95"))
    assert before.words[-1] == "in 1 – 21 Oct"
    [today] = by_label(known, "TODAY")
    assert today.words[-1] == "15 % of $60.00 daily budget (local)"
    assert "provisional" in today.words[0]
    left, tokens, *models = by_label(known, "LEFT")
    assert left.words[0] == "under your monthly budget (local) · $1,067.24 under the hard limit"
    assert tokens.words[0].startswith("tokens at your $2.09 per million: in + out, all that was")
    assert "by the dearest and the cheapest week" in tokens.words[0]
    assert tokens.words[-2] == "tokens at your $2.09 per million, in + out"
    assert [line.words[-1].split(" alone")[0] for line in models] == [
        f"of {price.name}" for price in known.prices
    ]
    pace, three = by_label(known, "PACE")
    assert pace.words[-2:] == ("by 30 Nov · hard limit not reached this month", "by 30 Nov")
    assert [each.partition(" $")[0] for each in three.words[0].split(" · ")] == [
        "straight line",
        "last 7 days",
        "weekdays",
    ]
    [budget] = by_label(known, "BUDGET")
    assert (
        budget.words[0] == "left of $1,500.00 monthly budget (local) · 96 % used · past it tomorrow"
    )
    balance, drift, credit = by_label(known, "BALANCE")
    assert balance.figure.startswith("≈ $")
    assert balance.words[0].startswith(
        "from $900.00 entered for 19 Nov + $50.00 topped up · 11 to 12 days (4 Dec – 5 Dec) · ± $"
    )
    assert drift.words[0].startswith("drift when it was entered on 19 Nov: $")
    assert credit.figure == "≤ $50.00"
    assert credit.words[0] == "of it ends on 1 Dec unless it is spent before"
    origins = [line.origin for line in words.lines(known)]
    assert origins[:3] == [Origin.REPORTED] * 3
    assert {tokens.origin, pace.origin, three.origin, balance.origin} == {Origin.ESTIMATED}
    assert (budget.origin, credit.origin) == (Origin.ENTERED, Origin.ESTIMATED)


@awaited
async def test_alerts_tell_the_last_passed_and_the_next(office: Office) -> None:
    known = await full(office)
    passed, ahead = by_label(known, "ALERTS", most_alerts=2)
    assert passed.figure == "passed"
    assert passed.words[0] == "Research: mail at $1.00 to 1 person · on 1 Nov"
    assert ahead.figure == "not yet"
    assert ahead.words[0] == (
        "mail at $2,000.00 to 1 person · $567.24 to go · not this month at this pace · and 1 more"
    )
    office.world.alerts.clear()
    assert by_label(await office.desk.load(fresh=True), "ALERTS")[0].words == (
        "no spend alert is set",
    )


@awaited
async def test_a_limit_or_alert_that_the_pace_reaches_says_when(office: Office) -> None:
    office.world.spend_limits[None] = Set(170_000, "enforcing")
    known = await office.desk.load()
    assert known.limit_due == date(2026, 11, 26)
    pace, _ = by_label(known, "PACE")
    assert pace.words[-2] == "by 30 Nov · hard limit on 26 Nov"
    assert pace.tone == by_label(known, "SPENT")[0].tone == "warn"
    office.world.spend_limits[None] = Set(203_000, "enforcing")
    known = await office.desk.load(fresh=True)
    pace, _ = by_label(known, "PACE")
    assert pace.words[-2].startswith("by 30 Nov · hard limit not reached this month, on ")
    assert pace.words[-2].endswith(" at worst")


@awaited
async def test_a_reached_limit_says_what_follows_and_a_passed_budget_gives_way(
    office: Office,
) -> None:
    office.world.spend_limits[None] = Set(140_000, "enforcing")
    known = await office.desk.load()
    [left] = by_label(known, "LEFT")
    assert (left.figure, left.tone) == ("$0.00", "bad")
    assert left.words[0] == "over by $32.76; the platform refuses requests while it enforces"
    assert by_label(known, "PACE")[0].words[-2] == "by 30 Nov · hard limit reached already"
    office.world.spend_limits[None] = Set(250_000, "enforcing")
    await office.own.set_budget(Budget(monthly=Money.parse("1000")))
    known = await office.desk.load(fresh=True)
    assert by_label(known, "LEFT")[0].figure == "$1,067.24"
    [budget] = by_label(known, "BUDGET")
    assert budget.tone == "bad"
    assert budget.words[0] == (
        "$1,000.00 monthly budget (local): over by $432.76; local: nothing is refused"
    )
    office.world.spend_limits.clear()
    known = await office.desk.load(fresh=True)
    told = by_label(known, "LEFT")[0].words
    assert told[0] == "over by $432.76: the monthly budget; local: nothing is refused"
    assert told[-1] == "over by $432.76: monthly budget (local)", "named where there is no room"


@awaited
async def test_what_is_not_known_is_a_dash_with_the_reason(office: Office) -> None:
    known = await office.new_desk(office.world.management_only_key).load()
    assert [(line.figure, line.origin) for line in words.lines(known)] == [
        (UNKNOWN, Origin.UNKNOWN)
    ] * 5
    spent = by_label(known, "SPENT")[0].words[0]
    assert spent == "the costs could not be read · $2,500.00 hard limit · enforcing"
    assert by_label(known, "LEFT")[0].words == ("what is spent is not known",)
    known = await office.new_desk(office.world.usage_only_key).load()
    assert by_label(known, "LEFT")[0].words == ("the hard limit could not be read",)
    assert by_label(known, "SPENT")[0].words[0] == "the hard limit is not known"
    assert by_label(known, "ALERTS")[0].words == ("the spend alerts could not be read",)
    office.world.spend_limits.clear()
    office.faults.set("500@GET /v1/organization/usage/*")
    known = await office.desk.load(fresh=True)
    assert by_label(known, "LEFT")[0].words[0].startswith("no hard limit is set")
    office.world.spend_limits[None] = Set(250_000)
    known = await office.desk.load(fresh=True)
    assert by_label(known, "LEFT")[1].words[-1] == "tokens, as there is no price for a million"


@awaited
async def test_a_top_up_alone_asks_for_a_balance(office: Office) -> None:
    known = await office.desk.load()
    [line] = by_label(known, "BALANCE")
    assert line.words[0].startswith("no API tells it: enter what the billing page shows")
    await office.own.add_balance(EntryKind.TOP_UP, NOW - DAY, Money.parse("50"))
    [line] = by_label(await office.desk.load(), "BALANCE")
    assert line.words[0] == "a top-up needs a balance to add to: enter one"


@awaited
async def test_a_balance_that_runs_out_warns_and_one_used_up_says_so(office: Office) -> None:
    await office.desk.load()
    for amount, tone, said in (
        ("300", "warn", "about 4 days (to 27 Nov)"),
        ("5000", "", "about 78 days"),
    ):
        await office.own.add_balance(EntryKind.BALANCE, NOW, Money.parse(amount))
        known = office.desk.remembered()
        assert known is not None
        line = by_label(known, "BALANCE")[0]
        assert (line.tone, line.words[-1][: len(said)]) == (tone, said)
        for entry in known.entries:
            await office.own.remove_balance(entry.id)
    await office.own.add_balance(EntryKind.BALANCE, NOW - 9 * DAY, Money.parse("10"))
    line = by_label(await office.desk.load(), "BALANCE")[0]
    assert (line.tone, line.words[-1]) == ("bad", "used up, by what was spent since")
    known = office.desk.remembered()
    assert known is not None
    left = by_label(known, "LEFT")[0]
    assert (left.figure, left.origin) == ("$0.00", Origin.ESTIMATED)
    assert left.words[0].endswith(
        ": the prepaid balance, by the estimate · $1,067.24 under the hard limit"
    )


@awaited
async def test_figures_of_another_day_carry_its_name_and_their_age(office: Office) -> None:
    seen = await office.desk.load()
    assert words.as_of_words(seen) == "as of 12:20 UTC"
    office.faults.set("500")
    office.now += 2 * DAY
    known = await office.desk.load()
    assert words.as_of_words(known) == "as of 22 Nov 12:20 UTC, 2 d ago"
    [line] = by_label(known, "22 NOV")
    assert line.figure == by_label(seen, "TODAY")[0].figure
    assert "21 Nov $29.69" in line.words[0]
    assert words.as_of_words(replace(known, as_of=None)) == "costs not known"


@pytest.mark.parametrize(
    ("spent", "tone"), [("0", ""), ("79.99", ""), ("80", "warn"), ("99.99", "warn"), ("100", "bad")]
)
def test_without_a_pace_a_part_of_an_amount_has_its_tone(spent: str, tone: str) -> None:
    assert words.tone_of(Decimal(spent), Decimal(100)) == tone
    assert words.tone_of(None, Decimal(100)) == ""
