from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.admin_caller import Caller, small

MONTHLY = {"currency": "USD", "interval": "month"}
CHANNEL = {"type": "email", "recipients": ["ops@acme-research.example"]}


def limit_path(caller: Caller, project: str | None) -> str:
    return (
        "spend_limit" if project is None else f"projects/{caller.project_id(project)}/spend_limit"
    )


def alerts_path(caller: Caller, project: str | None) -> str:
    return limit_path(caller, project).replace("spend_limit", "spend_alerts")


@pytest.mark.parametrize(("project", "level"), [(None, "organization"), ("Web app", "project")])
def test_spend_limit_is_set_shown_and_deleted(project: str | None, level: str) -> None:
    caller = small()
    path, events = limit_path(caller, project), len(caller.world.audit)
    limit = caller.post(path, threshold_amount=123_456, **MONTHLY)
    assert limit == {
        "object": f"{level}.spend_limit",
        "threshold_amount": 123_456,
        "enforcement": {"status": "enforcing"},
        **MONTHLY,
    }
    assert caller.get(path) == limit
    assert caller.delete(path) == {"object": f"{level}.spend_limit.deleted", "deleted": True}
    caller.refused("GET", path, 404)
    caller.refused("DELETE", path, 404)
    caller.world.no_limit_shape = "zero"
    assert caller.get(path)["threshold_amount"] == 0
    assert caller.get(path)["enforcement"] == {"status": "inactive"}
    assert len(caller.world.audit) == events


def test_seeded_limits_and_alerts() -> None:
    caller = small()
    assert caller.get("spend_limit")["threshold_amount"] == 250_000
    assert len(caller.world.spend_limits) == 3
    amounts = [row["threshold_amount"] for row in caller.get("spend_alerts")["data"]]
    assert amounts == [200_000, 237_500]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"threshold_amount": 0, **MONTHLY},
        {"threshold_amount": 10.5, **MONTHLY},
        {"threshold_amount": "100", **MONTHLY},
        {"threshold_amount": 100, "currency": "EUR", "interval": "month"},
        {"threshold_amount": 100, "currency": "USD", "interval": "day"},
        {"threshold_amount": 100, "currency": "USD"},
    ],
)
def test_spend_limit_is_not_set_from_a_wrong_request(body: dict[str, Any]) -> None:
    caller = small()
    caller.refused("POST", "spend_limit", json=body)
    assert caller.get("spend_limit")["threshold_amount"] == 250_000


@pytest.mark.parametrize(("project", "level"), [(None, "organization"), ("Web app", "project")])
def test_spend_alert_lives_at_its_level(project: str | None, level: str) -> None:
    caller = small()
    path = alerts_path(caller, project)
    made = caller.post(path, threshold_amount=0, notification_channel=CHANNEL, **MONTHLY)
    assert made["object"] == f"{level}.spend_alert"
    assert made["notification_channel"]["subject_prefix"] is None
    one = f"{path}/{made['id']}"
    assert caller.get(one) == made
    assert made == caller.get(path)["data"][-1]
    channel = CHANNEL | {"subject_prefix": "Hey"}
    caller.post(one, threshold_amount=5, notification_channel=channel, **MONTHLY)
    assert caller.get(one)["notification_channel"] == channel
    other = alerts_path(caller, "Research")
    caller.refused("GET", f"{other}/{made['id']}", 404)
    assert caller.delete(one)["object"] == f"{level}.spend_alert.deleted"
    caller.refused("GET", one, 404)


@pytest.mark.parametrize(
    "body",
    [
        {"threshold_amount": 5, **MONTHLY},
        {"threshold_amount": -1, "notification_channel": CHANNEL, **MONTHLY},
        {"threshold_amount": 5, "notification_channel": {"type": "email"}, **MONTHLY},
        {"threshold_amount": 5, "notification_channel": {**CHANNEL, "type": "sms"}, **MONTHLY},
        {
            "threshold_amount": 5,
            "notification_channel": {"type": "email", "recipients": [1]},
            **MONTHLY,
        },
        {"notification_channel": CHANNEL, **MONTHLY},
    ],
)
def test_spend_alert_needs_every_part(body: dict[str, Any]) -> None:
    caller = small()
    alert = caller.get("spend_alerts")["data"][0]
    caller.refused("POST", "spend_alerts", json=body)
    caller.refused("POST", f"spend_alerts/{alert['id']}", json=body)
    assert caller.get("spend_alerts")["data"][0] == alert


def test_rate_limit_is_changed_and_logged() -> None:
    caller = small()
    path = f"projects/{caller.project_id('Web app')}/rate_limits"
    ceilings = caller.get(path)["data"]
    assert len(ceilings) == 10
    images = next(row for row in ceilings if "max_images_per_1_minute" in row)
    changed = caller.post(f"{path}/{images['id']}", max_images_per_1_minute=7)
    assert changed == images | {"max_images_per_1_minute": 7}
    assert changed in caller.get(path)["data"]
    details = caller.newest_event()["rate_limit.updated"]
    assert details["changes_requested"] == {"max_images_per_1_minute": 7}
    for wrong in (-1, "7", None, True):
        body = {"max_requests_per_1_minute": wrong}
        caller.refused("POST", f"{path}/{images['id']}", json=body)


def test_a_ceiling_is_refused_where_it_cannot_be() -> None:
    caller = small()
    path = f"projects/{caller.project_id('Web app')}/rate_limits"
    row = next(each for each in caller.get(path)["data"] if each["model"] == "gpt-5.6")
    for body, words in (
        ({"max_tokens_per_1_minute": 10**9}, "above the limit of your organization: 20000000"),
        ({"max_images_per_1_minute": 5}, "does not apply to gpt-5.6"),
        ({"max_requests_per_1_minute": 1, "max_images_per_1_minute": 5}, "does not apply"),
    ):
        assert words in caller.refused("POST", f"{path}/{row['id']}", json=body)["message"]
    assert row in caller.get(path)["data"]


def test_rate_limits_answer_not_found_without_an_envelope() -> None:
    caller = small()
    answer = caller.organization("GET", "projects/proj_none/rate_limits")
    assert answer.status_code == 404
    assert answer.json() == {"code": 404, "message": "The project proj_none was not found"}
    path = f"projects/{caller.project_id('Web app')}/rate_limits/rl-none"
    assert caller.organization("POST", path, json={}).json()["code"] == 404


def test_archived_project_takes_no_limits() -> None:
    caller = small()
    path = limit_path(caller, "Legacy chatbot")
    caller.refused("POST", path, json={"threshold_amount": 5, **MONTHLY})
    rates = path.replace("spend_limit", "rate_limits")
    rate_id = caller.get(rates)["data"][0]["id"]
    caller.refused("POST", f"{rates}/{rate_id}", json={"max_requests_per_1_minute": 5})
