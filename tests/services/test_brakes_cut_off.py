"""Changes that nobody saw the end of: looked up later, never guessed, never sent again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oai_tui.core.changes import Outcome
from oai_tui.core.errors import (
    OutcomeUnknown,
)
from oai_tui.services.billing.brakes import Brakes
from oai_tui.simulator.model import SpendLimit as Set
from tests.services.braking import LIMIT, LOWER, SEEN, WANTED, Act, House, times_two


def test_a_read_back_that_fails_is_not_called_done_and_looked_up_later(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.afterwards("POST", LIMIT, lambda: house.faults.set(f"503@GET {LIMIT}"))

    async def act(brakes: Brakes) -> Any:
        with pytest.raises(OutcomeUnknown, match="could not be read") as raised:
            await brakes.set_limit(SEEN, LOWER)
        assert "was to be $1,999.99 a month" in raised.value.way_out
        assert house.outcomes == [Outcome.ASKED]
        assert "could not be read" in (await brakes.settle_open())[0]
        house.faults.clear()
        return await brakes.settle_open()

    (said,) = house.do(act)
    assert said.endswith("It was made.")
    assert house.outcomes == [Outcome.DONE]


@pytest.mark.parametrize(
    ("carried_out", "said", "outcome"),
    [
        (True, "It was made.", Outcome.DONE),
        (False, "It was not made: still $2,500.00 a month.", Outcome.REFUSED),
    ],
)
def test_a_change_that_was_cut_off_is_looked_up_at_the_next_start(
    tmp_path: Path, carried_out: bool, said: str, outcome: Outcome
) -> None:
    house = House(tmp_path)
    house.cut_off(lambda brakes: brakes.set_limit(SEEN, LOWER), carried_out=carried_out)
    assert house.outcomes == [Outcome.ASKED]
    (sentence,) = house.do(lambda brakes: brakes.settle_open())
    assert sentence.endswith(said)
    assert "from $2,500.00 a month to $1,999.99 a month" in sentence
    assert house.outcomes == [outcome]
    assert house.do(lambda brakes: brakes.settle_open()) == ()


def test_a_change_that_was_cut_off_and_overtaken_is_neither(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.cut_off(lambda brakes: brakes.set_limit(SEEN, LOWER), carried_out=True)
    house.world.spend_limits[None] = Set(77, "enforcing")
    (sentence,) = house.do(lambda brakes: brakes.settle_open())
    assert sentence.endswith("Now it is neither: $0.77 a month.")
    assert house.outcomes == [Outcome.UNKNOWN]


def test_a_change_of_an_alert_or_a_ceiling_is_looked_up_as_well(tmp_path: Path) -> None:
    house = House(tmp_path)
    limit, (seen, _) = house.rates("Web app")[0], house.alerts()
    acts: list[Act] = [
        lambda brakes: brakes.create_alert(WANTED),
        lambda brakes: brakes.edit_alert(seen, replace(seen, amount=LOWER)),
        lambda brakes: brakes.set_rates([times_two(limit)]),
    ]
    for act in acts:
        house.cut_off(act, carried_out=True)
    assert house.outcomes == [Outcome.ASKED] * 3
    said = house.do(lambda brakes: brakes.settle_open())
    assert len(said) == 3
    assert all(sentence.endswith("It was made.") for sentence in said)
    assert house.outcomes == [Outcome.DONE] * 3


def test_a_change_goes_on_when_nobody_waits_for_it(tmp_path: Path) -> None:
    house = House(tmp_path)
    reached, gate = house.held("POST")

    async def act(brakes: Brakes) -> tuple[str, ...]:
        task = asyncio.create_task(brakes.set_limit(SEEN, LOWER))
        await reached.wait()
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert (house.cents, house.outcomes) == (250_000, [Outcome.ASKED])
        gate.set()
        return await brakes.settle_open()  # after the change that is under way, which it leaves

    assert house.do(act) == ()
    assert (house.cents, house.outcomes) == (199_999, [Outcome.DONE])
