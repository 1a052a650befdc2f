"""Ceilings are set, many at once, each for itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from oai_tui.core.adjusting import RateChange
from oai_tui.core.changes import Outcome
from oai_tui.core.errors import (
    NotFound,
    Rejected,
    WrongInput,
)
from oai_tui.core.limits import Ceiling
from oai_tui.services.billing.brakes import ChangedMeanwhile
from tests.services.braking import House, times_two


def test_many_ceilings_are_set_and_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    house = House(tmp_path)
    web, research = house.rates("Web app"), house.rates("Research")
    changes = [times_two(limit) for limit in (web[0], research[0], web[1], web[2])]
    changes[0] = RateChange(web[0], {Ceiling.REQUESTS: 10**12})
    seen_otherwise = replace(web[1], ceilings={**web[1].ceilings, Ceiling.REQUESTS: 1})
    changes[2] = times_two(seen_otherwise)
    told: list[tuple[int, int]] = []
    outcomes = house.do(lambda b: b.set_rates(changes, lambda *at: told.append(at)))
    assert [outcome.change for outcome in outcomes] == changes
    assert isinstance(outcomes[0].problem, Rejected)
    assert isinstance(outcomes[2].problem, ChangedMeanwhile)
    assert [bool(each.done) for each in outcomes] == [False, True, False, True]
    assert outcomes[3].done.was != outcomes[3].done.is_now
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    after = {limit.id: limit for limit in house.rates("Web app") + house.rates("Research")}
    assert after[web[0].id] == web[0]
    assert after[web[1].id] == web[1]
    for limit in (research[0], web[2]):
        assert after[limit.id].ceilings[Ceiling.REQUESTS] == 2 * limit.ceilings[Ceiling.REQUESTS]
        assert after[limit.id].ceilings[Ceiling.TOKENS] == limit.ceilings[Ceiling.TOKENS]
    assert sorted(house.outcomes) == [Outcome.DONE, Outcome.DONE, Outcome.REFUSED]


def test_a_ceiling_the_platform_does_not_tell_is_not_set(tmp_path: Path) -> None:
    house = House(tmp_path)
    limit = next(each for each in house.rates("Web app") if Ceiling.IMAGES not in each.ceilings)
    (outcome,) = house.do(lambda b: b.set_rates([RateChange(limit, {Ceiling.IMAGES: 5})]))
    assert isinstance(outcome.problem, WrongInput)
    assert house.outcomes == []


def test_a_ceiling_that_is_shown_late_is_listed_again(tmp_path: Path) -> None:
    house = House(tmp_path)
    limit = house.rates("Web app")[0]
    house.shows_late(f"/organization/projects/{limit.project_id}/rate_limits", 1)
    (outcome,) = house.do(lambda brakes: brakes.set_rates([times_two(limit)]))
    assert outcome.done
    assert house.waits.slept == [0.5]


@pytest.mark.parametrize("fault", ["timeout-after*1", "reset-after*1", "cut-body*1"])
def test_a_lost_answer_about_a_ceiling_is_read_back(tmp_path: Path, fault: str) -> None:
    house = House(tmp_path)
    first, second, *_ = house.rates("Web app")
    house.faults.set(f"{fault}@POST /organization/projects")
    outcomes = house.do(lambda b: b.set_rates([times_two(first), times_two(second)]))
    assert "read back" in outcomes[0].done.words
    assert "read back" not in outcomes[1].done.words


def test_a_project_that_cannot_be_read_fails_alone(tmp_path: Path) -> None:
    house = House(tmp_path)
    web, research = house.rates("Web app")[0], house.rates("Research")[0]
    path = f"/organization/projects/{house.project('Web app')}/rate_limits"
    house.faults.set(f"404-bare@GET {path}")
    outcomes = house.do(lambda b: b.set_rates([times_two(web), times_two(research)]))
    assert isinstance(outcomes[0].problem, NotFound)
    assert outcomes[1].done
