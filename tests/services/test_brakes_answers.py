"""What a platform answers to a change, or does not, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from oai_tui.core.changes import Outcome
from oai_tui.core.errors import (
    KeyRefused,
    MissingScope,
    NotFound,
    OutcomeUnknown,
    Problem,
    RateLimited,
)
from oai_tui.simulator.model import SpendLimit as Set
from tests.services.braking import LIMIT, SEEN, House


@pytest.mark.parametrize("fault", ["reset-after", "timeout-after", "cut-body", "empty-body"])
def test_a_lost_answer_is_made_up_for_by_reading_back(tmp_path: Path, fault: str) -> None:
    house = House(tmp_path, f"{fault}*1@POST {LIMIT}")
    done = house.set_limit()
    assert house.cents == 199_999
    assert "was lost; it was read back" in done.words
    assert house.outcomes == [Outcome.DONE]


@pytest.mark.parametrize("fault", ["reset-before", "hang", "500", "502-html", "503"])
def test_a_change_that_nobody_answered_and_nobody_sees_is_not_called_done(
    tmp_path: Path, fault: str
) -> None:
    # Struck once: sent a second time, it would be made.
    house = House(tmp_path, f"{fault}*1@POST {LIMIT}")
    with pytest.raises(OutcomeUnknown, match=r"still \$2,500.00 a month") as raised:
        house.set_limit()
    assert "it was to be $1,999.99 a month" in raised.value.what
    assert "before you try again" in raised.value.way_out
    assert house.cents == 250_000
    (change,) = house.log.recent()
    assert (change.outcome, change.is_now) == (Outcome.UNKNOWN, "$2,500.00 a month (enforcing)")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("401-envelope", KeyRefused),
        ("403-envelope", MissingScope),
        ("404-bare", NotFound),
        ("429-long", RateLimited),
    ],
)
def test_a_refusal_says_that_it_was_not_done(
    tmp_path: Path, fault: str, kind: type[Problem]
) -> None:
    house = House(tmp_path, f"{fault}*1@POST {LIMIT}")
    with pytest.raises(kind) as raised:
        house.set_limit()
    assert not isinstance(raised.value, OutcomeUnknown)
    assert house.cents == 250_000
    assert house.outcomes == [Outcome.REFUSED]


@pytest.mark.parametrize("fault", ["429", "429-bare"])
def test_told_to_wait_it_waits_and_asks_again(tmp_path: Path, fault: str) -> None:
    house = House(tmp_path, f"{fault}*2@POST {LIMIT}")
    house.set_limit()
    assert house.cents == 199_999
    assert len(house.waits.slept) == 2


@pytest.mark.parametrize(("cents", "word"), [(250_000, "still "), (77, "")])
def test_a_read_back_that_differs_is_a_problem(tmp_path: Path, cents: int, word: str) -> None:
    house = House(tmp_path)
    limits = house.world.spend_limits
    house.afterwards("POST", LIMIT, lambda: limits.update({None: Set(cents, "enforcing")}))
    with pytest.raises(OutcomeUnknown, match=f": {word}\\${cents / 100:,.2f}"):
        house.set_limit()
    assert house.outcomes == [Outcome.UNKNOWN]
    assert len(house.waits.slept) == 2


@pytest.mark.parametrize("looks", [1, 2])
def test_a_platform_that_shows_it_late_is_given_a_moment(tmp_path: Path, looks: int) -> None:
    house = House(tmp_path)
    house.shows_late(LIMIT, looks)
    assert house.set_limit().is_now == "$1,999.99 a month (enforcing)"
    assert len(house.waits.slept) == looks


def test_a_platform_that_shows_it_too_late_is_told(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.shows_late(LIMIT, 3)
    with pytest.raises(OutcomeUnknown, match=r"still \$2,500.00 a month") as raised:
        house.set_limit()
    assert "It may yet take effect" in raised.value.way_out


def test_a_log_that_fails_afterwards_does_not_unmake_the_change(tmp_path: Path) -> None:
    house = House(tmp_path)
    path, aside = house.log.path, tmp_path / "aside"

    def damage() -> None:
        path.rename(aside)
        path.mkdir()

    house.afterwards("POST", LIMIT, damage)
    assert "could not be written down" in house.set_limit().trouble
    assert house.cents == 199_999
    path.rmdir()
    aside.rename(path)
    assert house.do(lambda brakes: brakes.settle_open())[0].endswith("It was made.")


@pytest.mark.parametrize("fault", ["timeout-after*1", "reset-after*1", "cut-body*1", "503*1"])
def test_a_removal_is_repeated_until_it_is_seen(tmp_path: Path, fault: str) -> None:
    house = House(tmp_path, f"{fault}@DELETE {LIMIT}")
    assert house.do(lambda brakes: brakes.remove_limit(SEEN)).is_now == "no limit"
    assert house.cents is None


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("500", OutcomeUnknown), ("hang", OutcomeUnknown), ("403-envelope", MissingScope)],
)
def test_a_removal_that_does_not_succeed_is_told(
    tmp_path: Path, fault: str, kind: type[Problem]
) -> None:
    house = House(tmp_path, f"{fault}@DELETE {LIMIT}")
    with pytest.raises(kind):
        house.do(lambda brakes: brakes.remove_limit(SEEN))
    assert house.cents == 250_000
    expected = Outcome.UNKNOWN if kind is OutcomeUnknown else Outcome.REFUSED
    assert house.outcomes == [expected]


def test_a_removal_that_was_made_and_then_refused_is_seen(tmp_path: Path) -> None:
    house = House(tmp_path, f"reset-after*1@DELETE {LIMIT}")
    house.afterwards("DELETE", LIMIT, lambda: house.faults.set(f"403-envelope@DELETE {LIMIT}"))
    assert house.do(lambda brakes: brakes.remove_limit(SEEN)).is_now == "no limit"
    assert house.cents is None
    assert house.outcomes == [Outcome.DONE]
