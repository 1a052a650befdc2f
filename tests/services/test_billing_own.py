"""What only this program knows of the bill: the balance that was typed, budgets, thresholds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from oai_tui.core.balance import EntryKind
from oai_tui.core.budget import Budget
from oai_tui.core.errors import StoreProblem, WrongInput
from oai_tui.core.exact import plus
from oai_tui.core.money import Money
from oai_tui.core.remaining import CapKind
from oai_tui.core.thresholds import Warnings
from oai_tui.core.verdict import Level
from oai_tui.services.billing.assembly import judged
from tests.services.billing_office import NOW, Office, awaited

DAY = timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@awaited
async def test_a_balance_is_counted_down_and_told_where_it_drifts(office: Office) -> None:
    desk = office.desk
    await desk.load()
    first = await office.own.add_balance(EntryKind.BALANCE, NOW - 10 * DAY, Money.parse("2000"))
    known = desk.remembered()
    assert known is not None
    assert known.balance is not None
    assert known.balance.since == first
    assert 0 < known.balance.left < 2000
    assert known.balance.longest
    left = known.balance.left
    await office.own.add_balance(
        EntryKind.TOP_UP, NOW - 2 * DAY, Money.parse("100"), date(2027, 11, 1)
    )
    known = desk.remembered()
    assert known is not None
    assert known.balance is not None
    assert known.balance.left == plus(left, Decimal(100))
    assert [ending.day for ending in known.balance.expiring] == [date(2027, 11, 1)]
    cap = next(cap for cap in known.caps if cap.kind is CapKind.BALANCE)
    assert cap.left == known.balance.left
    balance, drift = await desk.preview(EntryKind.BALANCE, NOW, Money.parse("1000"))
    assert balance is not None
    assert balance.left == 1000
    assert drift is not None
    again = await office.own.add_balance(EntryKind.BALANCE, NOW, Money.parse("1000"))
    known = await desk.load()
    assert [d.difference for d in known.drifts] == [drift.difference]
    assert known.drifts[0].expected == plus(left, Decimal(100))
    await office.own.remove_balance(again.id)
    await office.own.remove_balance(again.id)
    assert (await desk.load()).entries[0] == first
    told = [(change.action.value, change.was) for change in office.changes.recent()]
    assert [action for action, _ in told] == [
        "remove-balance",
        *["add-balance"] * 3,
    ]
    assert told[0][1] == "$1,000.00 at 2026-11-22 12:20 UTC"


@awaited
async def test_an_old_balance_has_its_costs_asked_for(office: Office) -> None:
    await office.desk.load()
    await office.own.add_balance(EntryKind.BALANCE, NOW - 200 * DAY, Money.parse("90000"))
    local = office.desk.remembered()
    assert local is not None
    assert local.balance is not None
    assert local.balance.unknown_days > 100
    known = await office.desk.load()
    assert known.balance is not None
    assert known.balance.unknown_days == 0
    assert known.balance.spent > local.balance.spent


@pytest.mark.parametrize(
    ("kind", "at", "amount", "expires"),
    [
        (EntryKind.BALANCE, NOW + timedelta(hours=1), "5", None),
        (EntryKind.BALANCE, NOW - 500 * DAY, "5", None),
        (EntryKind.TOP_UP, NOW, "0", None),
        (EntryKind.TOP_UP, NOW, "5", date(2026, 11, 1)),
    ],
)
@awaited
async def test_a_balance_that_cannot_be_is_refused(
    office: Office, kind: EntryKind, at: datetime, amount: str, expires: date | None
) -> None:
    with pytest.raises(WrongInput):
        await office.own.add_balance(kind, at, Money.parse(amount), expires)
    assert office.changes.recent() == ()


@awaited
async def test_budgets_are_local_and_kept_in_the_settings(office: Office) -> None:
    await office.desk.load()
    asked = len(office.asked)
    await office.own.set_budget(Budget(Money.parse("60"), Money.parse("1500.50")))
    known = office.new_desk().remembered()
    assert known is not None
    assert known.cycle is not None
    caps = {cap.kind: cap for cap in known.caps}
    assert caps[CapKind.DAILY].spent == known.cycle.spent_today
    assert caps[CapKind.MONTHLY].amount == Money.parse("1500.50")
    assert all(caps[kind].kind.is_local for kind in (CapKind.DAILY, CapKind.MONTHLY))
    assert known.nearest is caps[CapKind.MONTHLY]
    assert len(office.asked) == asked
    assert "1500.50" in office.settings.path.read_text()
    await office.own.set_budget(Budget())
    await office.own.set_budget(Budget())
    assert "budget" not in office.settings.path.read_text()
    was = [(change.was, change.is_now) for change in office.changes.recent()]
    assert was == [
        ("$60.00 a day and $1,500.50 a month", "none"),
        ("none", "$60.00 a day and $1,500.50 a month"),
    ]


@awaited
async def test_thresholds_come_from_the_settings_or_the_caller(office: Office) -> None:
    plain = await office.desk.load()
    assert plain.verdict.level is Level.UNDER
    assert judged(plain, Warnings(near_percent=50)).level is Level.NEAR
    office.settings.path.parent.mkdir(exist_ok=True)
    office.settings.path.write_text("[billing]\nnear_percent = 50\n")
    assert (await office.desk.load()).verdict.level is Level.NEAR


@awaited
async def test_what_a_person_typed_and_cannot_be_read_is_told(office: Office) -> None:
    await office.own.add_balance(EntryKind.BALANCE, NOW - DAY, Money.parse("5"))
    (office.folder / "state" / "balance.json").write_text("{")
    office.settings.path.parent.mkdir(exist_ok=True)
    office.settings.path.write_text("theme = [")
    known = await office.desk.load()
    assert known.budget == Budget()
    assert known.entries == ()
    assert any("balance-damaged-1.json" in gap for gap in known.gaps)
    assert any("The budgets could not be read." in gap for gap in known.gaps)
    (office.folder / "state" / "balance.json").unlink()
    (office.folder / "state" / "balance.json").mkdir()
    known = await office.desk.load()
    assert any("The balance you entered could not be read." in gap for gap in known.gaps)
    with pytest.raises(StoreProblem):
        await office.own.add_balance(EntryKind.BALANCE, NOW, Money.parse("5"))
