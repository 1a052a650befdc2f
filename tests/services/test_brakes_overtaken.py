"""What was set here and is something else now is told, whoever was quicker."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from oai_tui.api.client import Client
from oai_tui.core.errors import MissingScope, OutcomeUnknown
from oai_tui.core.limits import SpendLimit
from oai_tui.core.money import Money
from oai_tui.core.zone import Zone
from oai_tui.services.billing import BillingDesk
from oai_tui.services.billing.own_figures import OwnFigures
from oai_tui.services.directory import Directory
from oai_tui.services.usage import UsageDesk
from oai_tui.simulator.model import SpendLimit as Set
from oai_tui.store.balance import BalanceFile
from oai_tui.store.ledger import Ledger
from oai_tui.store.settings import SettingsFile
from tests.services.braking import LIMIT, LOWER, SEEN, WANTED, House
from tests.services.estate import Memory

ORIGIN = "http://localhost"
OTHER = Money(Decimal(1500))
SET = "was set to $1,999.99 a month here on 22 Nov 2026 12:20 UTC"


def look(house: House, folder: Path, **passed: float) -> tuple[str, ...]:
    """Load the bill some minutes later and return what it tells of changes made here."""
    clock = house.estate.clock
    clock.pass_by(**(passed or {"minutes": 6}))

    async def load(client: Client) -> tuple[str, ...]:
        directory, ledger = Directory(), Ledger(folder, "work", ORIGIN)
        usage = UsageDesk(client, ledger, clock, directory.name_of, Zone())
        own = OwnFigures(BalanceFile(folder, "work", ORIGIN), SettingsFile(folder), "work", clock)
        desk = BillingDesk(client, usage, Memory(), directory, own, clock, house.log)
        statement = await desk.load()
        ledger.close()
        return statement.overtaken

    found: tuple[str, ...] = house.asked(load)
    return found


def test_of_two_who_set_a_limit_in_the_same_second_the_quicker_one_hears_of_it(
    tmp_path: Path,
) -> None:
    mine = House(tmp_path / "mine")
    theirs = mine.beside(tmp_path / "theirs")
    reached, gate = theirs.held("POST")

    async def both() -> tuple[Any, Any]:
        slower = asyncio.create_task(theirs.doing(lambda b: b.set_limit(SEEN, OTHER)))
        await reached.wait()
        quicker = await mine.doing(lambda b: b.set_limit(SEEN, LOWER))
        gate.set()
        return quicker, await slower

    quicker, slower = asyncio.run(both())
    assert quicker.is_now == "$1,999.99 a month (enforcing)"
    assert slower.is_now == "$1,500.00 a month (enforcing)"
    assert mine.cents == 150_000
    assert look(mine, tmp_path / "mine") == (
        f"The hard limit of the organization {SET}; now it is $1,500.00 a month: somebody changed "
        "it since.",
    )
    assert look(theirs, tmp_path / "theirs") == ()


def test_a_limit_that_stays_or_is_put_back_is_not_spoken_of(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.set_limit()
    assert look(house, tmp_path) == ()
    house.world.spend_limits[None] = Set(77)
    assert look(house, tmp_path)
    house.world.spend_limits[None] = Set(199_999, "some-new-word")
    assert look(house, tmp_path) == ()
    house.world.spend_limits[None] = Set(77)
    house.set_limit(SpendLimit(Money.of_cents(77)), OTHER)
    assert look(house, tmp_path) == ()


def test_a_limit_that_is_gone_or_back_again_is_told(tmp_path: Path) -> None:
    house = House(tmp_path)
    research = house.project("Research")
    seen = SpendLimit(Money(Decimal(1000)))
    house.do(lambda brakes: brakes.set_limit(seen, LOWER, research))
    house.do(lambda brakes: brakes.remove_limit(SEEN))
    del house.world.spend_limits[research]
    house.world.spend_limits[None] = Set(77)
    assert look(house, tmp_path) == (
        f"The hard limit of Research {SET}; it is not there any more: somebody changed or removed "
        "it since.",
        "The hard limit of the organization was removed here on 22 Nov 2026 12:20 UTC; now it is "
        "$0.77 a month: somebody changed it since.",
    )


def test_an_alert_that_somebody_changed_or_deleted_is_told(tmp_path: Path) -> None:
    house = House(tmp_path)
    (seen, other) = house.alerts()
    house.do(lambda brakes: brakes.edit_alert(seen, replace(seen, amount=LOWER)))
    house.do(lambda brakes: brakes.delete_alert(other))
    house.do(lambda brakes: brakes.create_alert(WANTED))
    made = next(alert for alert in house.alerts() if alert.amount == WANTED.amount)
    assert look(house, tmp_path) == ()
    house.world.alerts[seen.id].cents = 7700
    del house.world.alerts[made.id]
    changed, gone = look(house, tmp_path)
    assert changed.startswith("A spend alert of the organization was set to $1,999.99 a month")
    assert "; now it is $77.00 a month, mails " in changed
    assert gone.startswith("A spend alert of the organization was set to $50.00 a month, mails")
    assert "it is not there any more" in gone


def test_an_alert_made_and_edited_here_is_one_and_the_same(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.do(lambda brakes: brakes.create_alert(WANTED))
    made = next(alert for alert in house.alerts() if alert.amount == WANTED.amount)
    house.do(lambda brakes: brakes.edit_alert(made, replace(made, amount=LOWER)))
    assert look(house, tmp_path) == ()
    house.do(lambda brakes: brakes.delete_alert(replace(made, amount=LOWER)))
    assert look(house, tmp_path) == ()


def test_a_change_that_was_refused_leaves_the_one_before(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.set_limit()
    house.faults.set(f"403-envelope*1@POST {LIMIT}")
    with pytest.raises(MissingScope):
        house.set_limit(SpendLimit(LOWER), OTHER)
    house.world.spend_limits[None] = Set(77)
    (said,) = look(house, tmp_path)
    assert SET in said


def test_of_a_change_whose_end_nobody_knows_nothing_is_said(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.set_limit()
    house.faults.set(f"500*1@POST {LIMIT}")
    with pytest.raises(OutcomeUnknown):
        house.set_limit(SpendLimit(LOWER), OTHER)
    house.world.spend_limits[None] = Set(77)
    assert look(house, tmp_path) == ()


def test_it_is_told_for_a_week(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.set_limit()
    house.world.spend_limits[None] = Set(77)
    assert look(house, tmp_path, days=6)
    assert look(house, tmp_path, days=1) == ()


def test_what_was_looked_at_before_the_change_tells_nothing(tmp_path: Path) -> None:
    house = House(tmp_path)
    (seen, _) = house.alerts()
    house.set_limit()
    house.do(lambda brakes: brakes.edit_alert(seen, replace(seen, amount=LOWER)))
    house.world.spend_limits[None] = Set(77)
    house.world.alerts[seen.id].cents = 7700
    assert look(house, tmp_path, seconds=0) == ()
    assert len(look(house, tmp_path, seconds=1)) == 2


def test_a_log_that_cannot_be_read_does_not_keep_the_bill_from_being_told(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.log.path.unlink()
    house.log.path.mkdir()
    assert look(house, tmp_path) == ()
