"""Changing brakes: looked at, written down, asked once, read back; and every way it can fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from oai_tui.api import rate_limits, spend
from oai_tui.api.client import Client
from oai_tui.core.brakes import RateChange
from oai_tui.core.changes import Action, Outcome
from oai_tui.core.errors import (
    KeyRefused,
    MissingScope,
    NotFound,
    OutcomeUnknown,
    Problem,
    RateLimited,
    Rejected,
    StoreProblem,
    WrongInput,
)
from oai_tui.core.limits import Ceiling, SpendAlert, SpendLimit
from oai_tui.core.money import Money
from oai_tui.services.billing.brakes import Brakes, ChangedMeanwhile, Done
from oai_tui.simulator.model import Alert
from oai_tui.simulator.model import SpendLimit as Set
from oai_tui.store.changes import ChangeLog
from tests.services.estate import Estate

LIMIT = "/organization/spend_limit"
SEEN = SpendLimit(Money(Decimal(2500)), "enforcing")
LOWER = Money(Decimal("1999.99"))
WANTED = SpendAlert("", Money(Decimal(50)), ("ops@acme.example",), "Careful")

Act = Callable[[Brakes, Client], Coroutine[Any, Any, Any]]


class House:
    """A world, a log, and brakes for it that take no time to wait."""

    def __init__(self, folder: Path, *faults: str, key: str | None = None) -> None:
        self.estate = Estate(*faults)
        self.world = self.estate.world
        self.log = ChangeLog(folder, "work", "https://api.openai.com")
        self.key = key
        self.slept: list[float] = []

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def do(self, act: Act, *, read_only: bool = False, log: bool = True) -> Any:
        async def run() -> Any:
            async with self.estate.client(self.key) as client:
                brakes = Brakes(
                    client,
                    self.log if log else None,
                    self.estate.clock,
                    by=lambda: "sk-admin…7f3a",
                    name_of=lambda id: self.world.projects[id].name,
                    read_only=read_only,
                    sleep=self._sleep,
                )
                return await act(brakes, client)

        return asyncio.run(run())

    def set_limit(self, seen: SpendLimit | None = SEEN, wanted: Money = LOWER) -> Any:
        return self.do(lambda brakes, _: brakes.set_limit(seen, wanted))

    @property
    def cents(self) -> int | None:
        found = self.world.spend_limits.get(None)
        return found.cents if found else None

    @property
    def outcomes(self) -> list[Outcome]:
        return [change.outcome for change in self.log.recent()]

    def project(self, name: str) -> str:
        return next(each.id for each in self.world.projects.values() if each.name == name)


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
    done = house.do(lambda brakes, _: brakes.remove_limit(SEEN))
    assert (house.cents, done.is_now) == (None, "no limit")
    done = house.set_limit(None)
    assert (done.was, house.cents) == ("no limit", 199_999)


def test_a_projects_limit_is_its_own(tmp_path: Path) -> None:
    house = House(tmp_path)
    research = house.project("Research")
    seen = SpendLimit(Money(Decimal(1000)))
    done = house.do(lambda brakes, _: brakes.set_limit(seen, LOWER, research))
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
        house.do(lambda brakes, _: brakes.remove_limit(SEEN))


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
    assert len(house.slept) == 2


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


def test_a_read_back_that_fails_is_not_called_done_and_looked_up_later(tmp_path: Path) -> None:
    house = House(tmp_path)

    async def act(brakes: Brakes, client: Client) -> Any:
        real = client.post

        async def post(*arguments: Any) -> Any:
            answer = await real(*arguments)
            house.estate.faults.set(f"503@GET {LIMIT}")
            return answer

        client.post = post  # type: ignore[method-assign]
        with pytest.raises(OutcomeUnknown, match="could not be read") as raised:
            await brakes.set_limit(SEEN, LOWER)
        assert "was to be $1,999.99 a month" in raised.value.way_out
        assert house.outcomes == [Outcome.ASKED]
        assert "could not be read" in (await brakes.settle_open())[0]
        house.estate.faults.clear()
        return await brakes.settle_open()

    (said,) = house.do(act)
    assert said.endswith("It was made.")
    assert house.outcomes == [Outcome.DONE]


def somebody_else_sets(house: House, cents: int) -> Act:
    async def act(brakes: Brakes, client: Client) -> Any:
        real = client.post

        async def post(*arguments: Any) -> Any:
            answer = await real(*arguments)
            house.world.spend_limits[None] = Set(cents, "enforcing")
            return answer

        client.post = post  # type: ignore[method-assign]
        return await brakes.set_limit(SEEN, LOWER)

    return act


@pytest.mark.parametrize(("cents", "word"), [(250_000, "still "), (77, "")])
def test_a_read_back_that_differs_is_a_problem(tmp_path: Path, cents: int, word: str) -> None:
    house = House(tmp_path)
    with pytest.raises(OutcomeUnknown, match=f": {word}\\${cents / 100:,.2f}"):
        house.do(somebody_else_sets(house, cents))
    assert house.outcomes == [Outcome.UNKNOWN]
    assert len(house.slept) == 2


def test_a_platform_that_shows_it_late_is_given_a_moment(tmp_path: Path) -> None:
    house = House(tmp_path)

    async def act(brakes: Brakes, client: Client) -> Any:
        real, looks = client.get, 0

        async def get(*arguments: Any) -> Any:
            nonlocal looks
            looks += 1
            found = await real(*arguments)
            return replace_amount(found, 250_000) if looks in (2, 3) else found

        client.get = get  # type: ignore[method-assign]
        return await brakes.set_limit(SEEN, LOWER)

    assert house.do(act).is_now == "$1,999.99 a month (enforcing)"


def replace_amount(found: Any, cents: int) -> Any:
    found.threshold_amount = cents
    return found


def test_without_a_log_nothing_is_sent(tmp_path: Path) -> None:
    house = House(tmp_path)
    with pytest.raises(StoreProblem, match="written down"):
        house.do(lambda brakes, _: brakes.set_limit(SEEN, LOWER), log=False)
    house.log.path.unlink()
    house.log.path.mkdir()
    with pytest.raises(StoreProblem, match="cannot be written"):
        house.set_limit()
    assert house.cents == 250_000


def test_a_log_that_fails_afterwards_does_not_unmake_the_change(tmp_path: Path) -> None:
    house = House(tmp_path)

    async def act(brakes: Brakes, client: Client) -> Done:
        real = client.post

        async def post(*arguments: Any) -> Any:
            house.log.path.rename(tmp_path / "aside")
            house.log.path.mkdir()
            return await real(*arguments)

        client.post = post  # type: ignore[method-assign]
        return await brakes.set_limit(SEEN, LOWER)

    done = house.do(act)
    assert "could not be written down" in done.trouble
    assert house.cents == 199_999
    house.log.path.rmdir()
    (tmp_path / "aside").rename(house.log.path)
    assert house.do(lambda brakes, _: brakes.settle_open())[0].endswith("It was made.")


def test_a_read_only_session_changes_nothing(tmp_path: Path) -> None:
    house = House(tmp_path)
    with pytest.raises(WrongInput, match="read-only"):
        house.do(lambda brakes, _: brakes.set_limit(SEEN, LOWER), read_only=True)
    assert house.cents == 250_000


@pytest.mark.parametrize("fault", ["timeout-after*1", "reset-after*1", "cut-body*1", "503*1"])
def test_a_removal_is_repeated_until_it_is_seen(tmp_path: Path, fault: str) -> None:
    house = House(tmp_path, f"{fault}@DELETE {LIMIT}")
    assert house.do(lambda brakes, _: brakes.remove_limit(SEEN)).is_now == "no limit"
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
        house.do(lambda brakes, _: brakes.remove_limit(SEEN))
    assert house.cents == 250_000
    expected = Outcome.UNKNOWN if kind is OutcomeUnknown else Outcome.REFUSED
    assert house.outcomes == [expected]


def test_a_removal_that_was_made_and_then_refused_is_seen(tmp_path: Path) -> None:
    house = House(tmp_path, f"reset-after*1@DELETE {LIMIT}")

    async def act(brakes: Brakes, client: Client) -> Done:
        client.on_wait = lambda *_: house.estate.faults.set(f"403-envelope@DELETE {LIMIT}")
        return await brakes.remove_limit(SEEN)

    assert house.do(act).is_now == "no limit"
    assert house.cents is None


def test_an_alert_lives_and_dies(tmp_path: Path) -> None:
    house = House(tmp_path)
    web = house.project("Web app")
    done = house.do(lambda b, _: b.create_alert(replace(WANTED, project_id=web)))
    assert done.words.startswith("A spend alert of Web app: no alert → $50.00 a month, mails ops@")
    (alert,) = house.do(lambda _, client: spend.spend_alerts(client, web))
    richer = replace(alert, amount=Money(Decimal(60)), subject_prefix="")
    done = house.do(lambda b, _: b.edit_alert(alert, richer))
    assert done.is_now == "$60.00 a month, mails ops@acme.example"
    with pytest.raises(ChangedMeanwhile):
        house.do(lambda b, _: b.edit_alert(alert, replace(alert, amount=Money(Decimal(70)))))
    assert house.do(lambda b, _: b.delete_alert(richer)).is_now == "no alert"
    assert not list(house.world.alerts_of(web))
    assert {change.target for change in house.log.recent()} == {alert.id, ""}


def test_an_alert_is_never_made_twice(tmp_path: Path) -> None:
    house = House(tmp_path, "timeout-after*1@POST /organization/spend_alerts")
    assert "read back" in house.do(lambda b, _: b.create_alert(WANTED)).words
    with pytest.raises(WrongInput, match="already"):
        house.do(lambda b, _: b.create_alert(replace(WANTED, recipients=("OPS@acme.example",))))
    assert sum(alert.cents == 5_000 for alert in house.world.alerts.values()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipients": ()},
        {"recipients": ("ops",)},
        {"recipients": ("ops@acme.example", "a@b@c.de")},
        {"recipients": ("ops@acme.example bob@acme.example",)},
        {"recipients": tuple(f"a{n}@acme.example" for n in range(51))},
        {"subject_prefix": "x" * 200},
        {"amount": Money(Decimal("0.001"))},
    ],
)
def test_an_alert_that_would_reach_nobody_is_not_sent(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    house = House(tmp_path)
    before = dict(house.world.alerts)
    with pytest.raises(WrongInput):
        house.do(lambda b, _: b.create_alert(replace(WANTED, **wrong)))
    assert house.world.alerts == before


def test_an_address_is_mailed_once(tmp_path: Path) -> None:
    house = House(tmp_path)
    several = ("b@acme.example", "Ops@acme.example", "ops@acme.example", "a@acme.example")
    house.do(lambda b, _: b.create_alert(replace(WANTED, recipients=several)))
    made = list(house.world.alerts.values())[-1]
    assert made.recipients == ["b@acme.example", "Ops@acme.example", "a@acme.example"]


def test_what_an_alert_had_is_kept_but_not_what_cannot_be_told(tmp_path: Path) -> None:
    house = House(tmp_path)
    alert: Alert = next(iter(house.world.alerts.values()))
    alert.recipients, alert.subject_prefix = ["root@localhost", "jürgen@exämple.com"], "x" * 150
    (seen, other) = house.do(lambda _, client: spend.spend_alerts(client))
    house.do(lambda b, _: b.edit_alert(seen, replace(seen, amount=LOWER)))
    assert alert.cents == 199_999
    assert alert.recipients == ["root@localhost", "jürgen@exämple.com"]
    house.world.alerts[other.id].recipients = ["a\x1b@b.co"]
    (_, seen) = house.do(lambda _, client: spend.spend_alerts(client))
    with pytest.raises(WrongInput, match="cannot be shown"):
        house.do(lambda b, _: b.edit_alert(seen, replace(seen, amount=LOWER)))
    assert house.world.alerts[other.id].recipients == ["a\x1b@b.co"]


def test_an_alert_that_somebody_deleted_is_not_edited(tmp_path: Path) -> None:
    house = House(tmp_path)
    alert: Alert = next(iter(house.world.alerts.values()))
    (seen, _) = house.do(lambda _, client: spend.spend_alerts(client))
    del house.world.alerts[alert.id]
    with pytest.raises(ChangedMeanwhile, match="no alert now"):
        house.do(lambda b, _: b.edit_alert(seen, replace(seen, amount=LOWER)))


def listed(house: House, name: str) -> list[Any]:
    project = house.project(name)
    return house.do(lambda _, client: rate_limits.rate_limits(client, project))  # type: ignore[no-any-return]


def times_two(limit: Any) -> RateChange:
    return RateChange(limit, {Ceiling.REQUESTS: limit.ceilings[Ceiling.REQUESTS] * 2})


def test_many_ceilings_are_set_and_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    house = House(tmp_path)
    web, research = listed(house, "Web app"), listed(house, "Research")
    changes = [times_two(limit) for limit in (web[0], research[0], web[1], web[2])]
    changes[0] = RateChange(web[0], {Ceiling.REQUESTS: 10**12})
    seen_otherwise = replace(web[1], ceilings={**web[1].ceilings, Ceiling.REQUESTS: 1})
    changes[2] = times_two(seen_otherwise)
    told: list[tuple[int, int]] = []
    outcomes = house.do(lambda b, _: b.set_rates(changes, lambda *at: told.append(at)))
    assert [outcome.change for outcome in outcomes] == changes
    assert isinstance(outcomes[0].problem, Rejected)
    assert isinstance(outcomes[2].problem, ChangedMeanwhile)
    assert [bool(each.done) for each in outcomes] == [False, True, False, True]
    assert outcomes[3].done.was != outcomes[3].done.is_now
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    after = {limit.id: limit for limit in listed(house, "Web app") + listed(house, "Research")}
    assert after[web[0].id] == web[0]
    assert after[web[1].id] == web[1]
    for limit in (research[0], web[2]):
        assert after[limit.id].ceilings[Ceiling.REQUESTS] == 2 * limit.ceilings[Ceiling.REQUESTS]
        assert after[limit.id].ceilings[Ceiling.TOKENS] == limit.ceilings[Ceiling.TOKENS]
    assert sorted(house.outcomes) == [Outcome.DONE, Outcome.DONE, Outcome.REFUSED]


def test_a_ceiling_the_platform_does_not_tell_is_not_set(tmp_path: Path) -> None:
    house = House(tmp_path)
    limit = next(each for each in listed(house, "Web app") if Ceiling.IMAGES not in each.ceilings)
    (outcome,) = house.do(lambda b, _: b.set_rates([RateChange(limit, {Ceiling.IMAGES: 5})]))
    assert isinstance(outcome.problem, WrongInput)
    assert house.outcomes == []


def test_a_ceiling_that_is_shown_late_is_listed_again(tmp_path: Path) -> None:
    house = House(tmp_path)
    limit = listed(house, "Web app")[0]

    async def act(brakes: Brakes, client: Client) -> Any:
        real, looks = client.get, 0

        async def get(*arguments: Any) -> Any:
            nonlocal looks
            looks += 1
            found = await real(*arguments)
            if looks == 2:
                for item in found.data:
                    item.max_requests_per_1_minute = limit.ceilings[Ceiling.REQUESTS]
            return found

        client.get = get  # type: ignore[method-assign]
        return await brakes.set_rates([times_two(limit)])

    (outcome,) = house.do(act)
    assert outcome.done
    assert house.slept == [0.5]


@pytest.mark.parametrize("fault", ["timeout-after*1", "reset-after*1", "cut-body*1"])
def test_a_lost_answer_about_a_ceiling_is_read_back(tmp_path: Path, fault: str) -> None:
    house = House(tmp_path)
    first, second, *_ = listed(house, "Web app")
    house.estate.faults.set(f"{fault}@POST /organization/projects")
    outcomes = house.do(lambda b, _: b.set_rates([times_two(first), times_two(second)]))
    assert "read back" in outcomes[0].done.words
    assert "read back" not in outcomes[1].done.words


def test_a_project_that_cannot_be_read_fails_alone(tmp_path: Path) -> None:
    house = House(tmp_path)
    web, research = listed(house, "Web app")[0], listed(house, "Research")[0]
    path = f"/organization/projects/{house.project('Web app')}/rate_limits"
    house.estate.faults.set(f"404-bare@GET {path}")
    outcomes = house.do(lambda b, _: b.set_rates([times_two(web), times_two(research)]))
    assert isinstance(outcomes[0].problem, NotFound)
    assert outcomes[1].done


def cut_off(house: House, act: Act, fault: str) -> None:
    """Make a change whose process ends while the answer is awaited."""
    house.estate.faults.set(fault)

    async def run(brakes: Brakes, client: Client) -> None:
        task = asyncio.create_task(act(brakes, client))
        while not house.log.recent():
            await asyncio.wait({task}, timeout=0.005)
        await asyncio.wait({task}, timeout=0.05)

    house.do(run)
    house.log.close()
    house.estate.faults.clear()


@pytest.mark.parametrize(
    ("fault", "said", "outcome"),
    [
        ("timeout-after", "It was made.", Outcome.DONE),
        ("hang", "It was not made: still $2,500.00 a month.", Outcome.REFUSED),
    ],
)
def test_a_change_that_was_cut_off_is_looked_up_at_the_next_start(
    tmp_path: Path, fault: str, said: str, outcome: Outcome
) -> None:
    house = House(tmp_path)
    cut_off(house, lambda b, _: b.set_limit(SEEN, LOWER), f"{fault}@POST {LIMIT}")
    assert house.outcomes == [Outcome.ASKED]
    later = House(tmp_path)
    later.world.spend_limits = house.world.spend_limits
    (sentence,) = later.do(lambda brakes, _: brakes.settle_open())
    assert sentence.endswith(said)
    assert "from $2,500.00 a month to $1,999.99 a month" in sentence
    assert later.outcomes == [outcome]
    assert later.do(lambda brakes, _: brakes.settle_open()) == ()


def test_a_change_of_an_alert_or_a_ceiling_is_looked_up_as_well(tmp_path: Path) -> None:
    house = House(tmp_path)
    limit = listed(house, "Web app")[0]
    (seen, _) = house.do(lambda _, client: spend.spend_alerts(client))
    acts: list[Act] = [
        lambda b, _: b.create_alert(WANTED),
        lambda b, _: b.edit_alert(seen, replace(seen, amount=LOWER)),
        lambda b, _: b.set_rates([times_two(limit)]),
    ]
    for act in acts:
        before = len(house.log.recent())
        house.estate.faults.set("timeout-after@POST /organization")

        async def run(brakes: Brakes, client: Client, act: Act = act, before: int = before) -> None:
            task = asyncio.create_task(act(brakes, client))
            while len(house.log.recent()) == before:
                await asyncio.wait({task}, timeout=0.005)
            await asyncio.wait({task}, timeout=0.05)

        house.do(run)
    house.log.close()
    house.estate.faults.clear()
    said = house.do(lambda brakes, _: brakes.settle_open())
    assert len(said) == 3
    assert all(sentence.endswith("It was made.") for sentence in said)
    assert house.outcomes == [Outcome.DONE] * 3


def test_a_change_goes_on_when_nobody_waits_for_it(tmp_path: Path) -> None:
    house = House(tmp_path, f"latency=50@POST {LIMIT}")

    async def act(brakes: Brakes, _: Client) -> None:
        task = asyncio.create_task(brakes.set_limit(SEEN, LOWER))
        while not house.log.recent():
            await asyncio.wait({task}, timeout=0.005)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        others = asyncio.all_tasks() - {asyncio.current_task(), task}
        await asyncio.wait(others, timeout=5)

    house.do(act)
    assert (house.cents, house.outcomes) == (199_999, [Outcome.DONE])


def test_two_changes_at_once_are_made_one_after_another(tmp_path: Path) -> None:
    house = House(tmp_path)

    async def act(brakes: Brakes, _: Client) -> list[Any]:
        wanted = (LOWER, Money(Decimal(1500)))
        return await asyncio.gather(
            *(brakes.set_limit(SEEN, each) for each in wanted), return_exceptions=True
        )

    first, second = house.do(act)
    assert isinstance(first, Done)
    assert isinstance(second, ChangedMeanwhile)
    assert house.cents == 199_999
