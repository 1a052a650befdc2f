"""A hard limit is looked at, written down, set once and read back; else nothing is sent."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from oai_tui.core.changes import Action, Outcome
from oai_tui.core.errors import (
    MissingScope,
    StoreProblem,
    WrongInput,
)
from oai_tui.core.limits import SpendLimit
from oai_tui.core.money import Money
from oai_tui.services.billing.brakes import Brakes, ChangedMeanwhile, Done
from tests.services.braking import LOWER, SEEN, House


def test_a_limit_is_set_shown_as_was_and_is_and_written_down(tmp_path: Path) -> None:
    house = House(tmp_path)
    done = house.set_limit()
    assert house.cents == 199_999
    assert (done.was, done.is_now) == ("$2,500.00 a month", "$1,999.99 a month (enforcing)")
    assert done.words == (
        "The hard limit of the organization: $2,500.00 a month → $1,999.99 a month (enforcing)."
    )
    assert not done.trouble
    (change,) = house.log.recent()
    assert change.action is Action.SET_LIMIT
    assert change.outcome is Outcome.DONE
    assert (change.was, change.wanted) == ("$2,500.00 a month", "$1,999.99 a month")
    assert (change.by, change.project_id) == ("sk-admin…7f3a", "")


@pytest.mark.parametrize("shape", ["missing", "zero"])
def test_a_limit_is_removed_and_set_again_whatever_tells_that_there_is_none(
    tmp_path: Path, shape: Any
) -> None:
    house = House(tmp_path)
    house.world.no_limit_shape = shape
    done = house.do(lambda brakes: brakes.remove_limit(SEEN))
    assert (house.cents, done.is_now) == (None, "no limit")
    done = house.set_limit(None)
    assert (done.was, house.cents) == ("no limit", 199_999)


def test_a_projects_limit_is_its_own(tmp_path: Path) -> None:
    house = House(tmp_path)
    research = house.project("Research")
    seen = SpendLimit(Money(Decimal(1000)))
    done = house.do(lambda brakes: brakes.set_limit(seen, LOWER, research))
    assert done.subject == "the hard limit of Research"
    assert house.world.spend_limits[research].cents == 199_999
    assert house.cents == 250_000
    assert house.log.recent()[0].project_id == research


@pytest.mark.parametrize(
    "seen", [None, SpendLimit(Money(Decimal(25))), SpendLimit(Money(Decimal(250_000)))]
)
def test_what_is_not_as_it_was_seen_is_left_alone(tmp_path: Path, seen: SpendLimit | None) -> None:
    house = House(tmp_path)
    with pytest.raises(ChangedMeanwhile, match=r"\$2,500.00 a month") as raised:
        house.set_limit(seen)
    assert "Nothing was sent" in raised.value.what
    assert raised.value.now == "$2,500.00 a month"
    assert house.cents == 250_000
    assert house.outcomes == []


def test_a_limit_that_somebody_removed_is_not_removed_twice(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.world.spend_limits.clear()
    with pytest.raises(WrongInput, match="no limit already"):
        house.do(lambda brakes: brakes.remove_limit(SEEN))


def test_what_is_so_already_is_not_sent(tmp_path: Path) -> None:
    house = House(tmp_path)
    with pytest.raises(WrongInput, match="already"):
        house.set_limit(SEEN, SEEN.amount)
    assert house.outcomes == []


@pytest.mark.parametrize("amount", ["0", "1.005", "0.001"])
def test_what_is_no_whole_cent_never_leaves_the_house(tmp_path: Path, amount: str) -> None:
    house = House(tmp_path)
    with pytest.raises(WrongInput):
        house.set_limit(SEEN, Money(Decimal(amount)))
    assert (house.cents, house.outcomes) == (250_000, [])


def test_a_key_that_may_only_read_changes_nothing(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.key = house.world.usage_only_key
    with pytest.raises(MissingScope):
        house.set_limit()
    assert (house.cents, house.outcomes) == (250_000, [])
    reader = next(key for key in house.world.admin_keys.values() if key.value == house.key)
    reader.scopes = ("api.management.read",)
    with pytest.raises(MissingScope):
        house.set_limit()
    assert (house.cents, house.outcomes) == (250_000, [Outcome.REFUSED])


def test_without_a_log_nothing_is_sent(tmp_path: Path) -> None:
    house = House(tmp_path)
    with pytest.raises(StoreProblem, match="written down"):
        house.do(lambda brakes: brakes.set_limit(SEEN, LOWER), log=False)
    house.log.path.unlink()
    house.log.path.mkdir()
    with pytest.raises(StoreProblem, match="cannot be written"):
        house.set_limit()
    assert house.cents == 250_000


def test_a_read_only_session_changes_nothing(tmp_path: Path) -> None:
    house = House(tmp_path)
    with pytest.raises(WrongInput, match="read-only"):
        house.do(lambda brakes: brakes.set_limit(SEEN, LOWER), read_only=True)
    assert house.cents == 250_000


def test_two_changes_at_once_are_made_one_after_another(tmp_path: Path) -> None:
    house = House(tmp_path)

    async def act(brakes: Brakes) -> list[Any]:
        wanted = (LOWER, Money(Decimal(1500)))
        return await asyncio.gather(
            *(brakes.set_limit(SEEN, each) for each in wanted), return_exceptions=True
        )

    first, second = house.do(act)
    assert isinstance(first, Done)
    assert isinstance(second, ChangedMeanwhile)
    assert house.cents == 199_999
