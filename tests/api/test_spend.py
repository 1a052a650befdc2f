"""Limits and alerts: cents on the wire, dollars here, and nothing taken for what it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.api import spend
from oai_tui.core.errors import (
    ApiProblem,
    BadAnswer,
    MissingScope,
    NotFound,
    OutcomeUnknown,
    Rejected,
    WrongInput,
)
from oai_tui.core.limits import SpendAlert, SpendLimit
from oai_tui.core.money import Money
from oai_tui.simulator.model import SpendLimit as Set
from oai_tui.simulator.platform import build
from oai_tui.simulator.server import Running, running
from oai_tui.simulator.world import World
from tests.api.talking import Answer, Platform, asking, client_of

NOW = 1_795_350_000
ALERT = SpendAlert("alert_1", Money.of_cents(5_050), ("ops@acme.example",), "Careful")
ALERT_ANSWER = {
    "id": "alert_1",
    "object": "organization.spend_alert",
    "threshold_amount": 5_050,
    "currency": "USD",
    "interval": "month",
    "notification_channel": {
        "type": "email",
        "recipients": ["ops@acme.example"],
        "subject_prefix": "Careful",
    },
}


@pytest.fixture
def world() -> World:
    return World.seeded(7, "small", NOW)


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(now=NOW) as found:
        yield found


def ask_world(world: World, question: Any, *arguments: Any, key: str = "") -> Any:
    client = client_of(build(world), key=key or world.admin_key)
    return asking(client, lambda c: question(c, *arguments))


def ask(platform: Platform, question: Any, *arguments: Any) -> Any:
    return asking(client_of(platform), lambda c: question(c, *arguments))


def answering(body: object, status: int = 200) -> Platform:
    return Platform(Answer(status, body))


def test_a_limit_is_in_dollars_with_the_platforms_own_word(world: World) -> None:
    found = ask_world(world, spend.spend_limit)
    assert found == SpendLimit(Money(Decimal("2500.00")), "enforcing")


@pytest.mark.parametrize("word", ["inactive", "enforcing", "armed (new)"])
def test_the_word_is_shown_and_not_interpreted(world: World, word: str) -> None:
    world.spend_limits[None] = Set(1, word)
    assert ask_world(world, spend.spend_limit) == SpendLimit(Money(Decimal("0.01")), word)


@pytest.mark.parametrize("shape", ["missing", "zero"])
def test_no_limit_in_either_shape(world: World, shape: Any) -> None:
    world.no_limit_shape = shape
    world.spend_limits.clear()
    assert ask_world(world, spend.spend_limit) is None
    assert ask_world(world, spend.spend_limit, world.default_project.id) is None


def test_a_project_has_a_limit_of_its_own(world: World) -> None:
    project = world.default_project.id
    world.spend_limits[project] = Set(12_345)
    assert ask_world(world, spend.spend_limit, project).amount == Money(Decimal("123.45"))


@pytest.mark.parametrize("body", [{}, {"threshold_amount": None}, {"threshold_amount": -1}])
def test_a_limit_without_an_amount_is_not_taken_for_no_limit(body: object) -> None:
    with pytest.raises(BadAnswer):
        ask(answering(body), spend.spend_limit)


@pytest.mark.parametrize("act", [spend.spend_limit, spend.remove_spend_limit])
def test_a_server_that_does_not_know_limits_does_not_say_that_there_is_none(act: Any) -> None:
    error = {"error": {"message": "Invalid URL (GET /v1/organization/spend_limit)", "code": None}}
    with pytest.raises(NotFound):
        ask(answering(error, 404), act)


def test_a_key_that_may_not_manage_is_told_so(world: World) -> None:
    for question in (spend.spend_limit, spend.spend_alerts):
        with pytest.raises(MissingScope):
            ask_world(world, question, key=world.usage_only_key)


def test_alerts_come_smallest_first_in_dollars(world: World) -> None:
    found = ask_world(world, spend.spend_alerts)
    amounts = [Money(Decimal("2000.00")), Money(Decimal("2375.00"))]
    assert [alert.amount for alert in found] == amounts
    assert all(alert.recipients == ("finance@acme-research.example",) for alert in found)
    assert {alert.subject_prefix for alert in found} == {"OpenAI spend"}


@pytest.mark.parametrize(
    "item",
    [{"id": "alert_1"}, {**ALERT_ANSWER, "threshold_amount": 1.5}, {"threshold_amount": 5}],
)
def test_an_alert_that_cannot_be_read_is_not_left_out_silently(item: object) -> None:
    with pytest.raises(BadAnswer):
        ask(answering({"data": [item]}), spend.spend_alerts)


@pytest.mark.parametrize("odd", [{"currency": "EUR"}, {"interval": "week"}])
def test_a_limit_in_other_units_is_not_read_as_dollars_a_month(odd: dict[str, str]) -> None:
    body = {"threshold_amount": 100, **odd}
    with pytest.raises(BadAnswer, match="dollars a month"):
        ask(answering(body), spend.spend_limit)
    with pytest.raises(OutcomeUnknown, match="not known whether the limit was set"):
        ask(answering(body), spend.set_spend_limit, Money.of_cents(100))


def sent(platform: Platform) -> Any:
    assert len(platform.asked) == 1
    return json.loads(platform.asked[0].body)


def test_what_is_sent_is_whole_cents_of_dollars_a_month() -> None:
    platform = answering({"threshold_amount": 123_456, "enforcement": {"status": "enforcing"}})
    found = ask(platform, spend.set_spend_limit, Money.parse("$1,234.56"), "proj_1")
    assert sent(platform) == {"threshold_amount": 123_456, "currency": "USD", "interval": "month"}
    assert platform.asked[0].path == "/v1/organization/projects/proj_1/spend_limit"
    assert found == SpendLimit(Money(Decimal("1234.56")), "enforcing")


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 10**12))
def test_every_amount_is_the_same_there_and_back(cents: int) -> None:
    platform = answering({"threshold_amount": cents})
    found = ask(platform, spend.set_spend_limit, Money.of_cents(cents))
    assert sent(platform)["threshold_amount"] == cents
    assert found.amount.dollars * 100 == cents


def test_fractions_of_a_cent_are_not_sent() -> None:
    platform = answering({})
    for act, thing in (
        (spend.set_spend_limit, Money(Decimal("0.005"))),
        (spend.create_alert, replace(ALERT, amount=Money(Decimal("0.005")))),
    ):
        with pytest.raises(WrongInput):
            ask(platform, act, thing)
    assert platform.asked == []


def test_an_alert_is_sent_whole() -> None:
    platform = answering(ALERT_ANSWER)
    assert ask(platform, spend.create_alert, replace(ALERT, id="")) == ALERT
    body = {name: ALERT_ANSWER[name] for name in ("threshold_amount", "currency", "interval")}
    assert sent(platform) == {**body, "notification_channel": ALERT_ANSWER["notification_channel"]}
    platform = answering(ALERT_ANSWER)
    ask(platform, spend.update_alert, replace(ALERT, subject_prefix="", project_id="proj_1"))
    assert sent(platform)["notification_channel"]["subject_prefix"] is None
    assert platform.asked[0].path == "/v1/organization/projects/proj_1/spend_alerts/alert_1"


@pytest.mark.parametrize(
    ("body", "act", "thing"),
    [
        ({"threshold_amount": 0}, spend.set_spend_limit, Money.of_cents(5)),
        ({}, spend.set_spend_limit, Money.of_cents(5)),
        ({**ALERT_ANSWER, "id": "alert_2"}, spend.update_alert, ALERT),
        ({"id": "alert_1"}, spend.update_alert, ALERT),
        ({"id": "alert_1"}, spend.delete_alert, ALERT),
        ({"deleted": False}, spend.delete_alert, ALERT),
        ([], spend.delete_alert, ALERT),
    ],
)
def test_an_answer_that_says_something_else_leaves_the_outcome_unknown(
    body: object, act: Any, thing: object
) -> None:
    with pytest.raises(OutcomeUnknown):
        ask(answering(body), act, thing)


@pytest.mark.parametrize("status", [408, 500, 503, 599])
def test_a_deletion_that_failed_behind_the_door_may_have_been_made(status: int) -> None:
    with pytest.raises(OutcomeUnknown, match="not known whether the alert was deleted"):
        ask(answering({}, status), spend.delete_alert, ALERT)


def test_what_is_gone_counts_as_removed(world: World) -> None:
    world.spend_limits.clear()
    ask_world(world, spend.remove_spend_limit)
    ask_world(world, spend.delete_alert, ALERT)


@pytest.mark.parametrize("id", ["", "..", "a/b", "alert_\ufffd"])
def test_an_id_leads_no_request_elsewhere(id: str) -> None:
    platform = answering({"deleted": True})
    with pytest.raises(ApiProblem):
        ask(platform, spend.delete_alert, replace(ALERT, id=id))
    with pytest.raises(ApiProblem):
        ask(platform, spend.remove_spend_limit, "../admin_api_keys")
    assert platform.asked == []


def test_names_from_outside_are_made_harmless() -> None:
    channel = {"recipients": ["a@b\x1b]52;c;x\x07"], "subject_prefix": "x\u202e"}
    item = {**ALERT_ANSWER, "notification_channel": channel}
    (found,) = ask(answering({"data": [item]}), spend.spend_alerts)
    assert "\x1b" not in found.recipients[0] + found.subject_prefix
    assert "\u202e" not in found.subject_prefix


def test_an_archived_project_takes_no_limit(world: World) -> None:
    archived = next(each.id for each in world.projects.values() if each.archived_at)
    with pytest.raises(Rejected):
        ask_world(world, spend.set_spend_limit, Money.of_cents(5), archived)


class TestOfficialClient:
    """What is set here is seen there in cents, and the other way round, over a socket."""

    def official(self, served: Running) -> Any:
        return openai.OpenAI(
            base_url=served.base_url,
            admin_api_key=served.admin_key,
            api_key=served.admin_key,
            max_retries=0,
        ).admin.organization

    def ours(self, served: Running, question: Any, *arguments: Any) -> Any:
        client = client_of(address=served.base_url, key=served.admin_key)
        return asking(client, lambda c: question(c, *arguments))

    @pytest.mark.parametrize("whose", ["organization", "project"])
    def test_limits(self, served: Running, whose: str) -> None:
        organization = self.official(served)
        project = served.world.default_project.id if whose == "project" else ""
        if project:
            there: Any = organization.projects.spend_limit
            of: tuple[str, ...] = (project,)
        else:
            there, of = organization.spend_limit, ()
        monthly: Any = {"currency": "USD", "interval": "month"}
        self.ours(served, spend.set_spend_limit, Money.parse("1,234.56"), project)
        assert there.retrieve(*of).threshold_amount == 123_456
        there.update(*of, threshold_amount=9_999, **monthly)
        assert self.ours(served, spend.spend_limit, project).amount == Money(Decimal("99.99"))
        self.ours(served, spend.remove_spend_limit, project)
        with pytest.raises(openai.NotFoundError):
            there.retrieve(*of)
        there.update(*of, threshold_amount=1, **monthly)
        there.delete(*of)
        assert self.ours(served, spend.spend_limit, project) is None

    def test_alerts(self, served: Running) -> None:
        there = self.official(served).spend_alerts
        made = self.ours(served, spend.create_alert, ALERT)
        assert there.retrieve(made.id).threshold_amount == 5_050
        assert there.retrieve(made.id).notification_channel.recipients == ["ops@acme.example"]
        there.update(
            made.id,
            threshold_amount=7,
            currency="USD",
            interval="month",
            notification_channel={"type": "email", "recipients": ["a@b.co", "c@d.co"]},
        )
        found = {each.id: each for each in self.ours(served, spend.spend_alerts)}[made.id]
        assert found == SpendAlert(made.id, Money(Decimal("0.07")), ("a@b.co", "c@d.co"))
        self.ours(served, spend.delete_alert, found)
        assert made.id not in {each.id for each in there.list()}
