"""The checklist of the contract notes, section 11, lines 6 to 10: `line_N_…`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from oai_tui.simulator.server import Running
from tests.simulator.conformance.official import asked
from tests.simulator.conformance.serving import (
    DAY,
    MIDNIGHT,
    PREFIX,
    Platform,
    project_key,
)


def test_line_6_costs(simulator: Running) -> None:
    query = (
        f"costs?start_time={MIDNIGHT - 40 * DAY}&limit=180&group_by=project_id&group_by=line_item"
    )
    rows = [
        row
        for bucket in asked(simulator, "429:0", query).json()["data"]
        for row in bucket["results"]
    ]
    assert all(isinstance(row["amount"]["value"], float) for row in rows)
    assert any(row["project_id"] is None for row in rows)
    items = {row["line_item"] for row in rows}
    assert {", " in item for item in items} == {True, False}
    texts = asked(simulator, "string-amounts", query).json()
    written = [row["amount"]["value"] for bucket in texts["data"] for row in bucket["results"]]
    assert written
    assert all(isinstance(value, str) for value in written)


def test_line_6_the_last_day_is_provisional(service: Platform) -> None:
    def today() -> float:
        rows = service.get("costs", start_time=MIDNIGHT)["data"][0]["results"]
        return float(sum(row["amount"]["value"] for row in rows))

    def yesterday() -> object:
        return service.get("costs", start_time=MIDNIGHT - DAY, end_time=MIDNIGHT)["data"]

    before, settled = today(), yesterday()
    service.world.advance(3 * 3600)
    assert today() > before
    assert yesterday() == settled
    service.world.cost_lag_hours = 48
    assert yesterday() != settled


@pytest.mark.parametrize("path", ["costs", "usage/completions"])
def test_line_6_empty_and_short_buckets(service: Platform, path: str) -> None:
    early = service.get(path, start_time=MIDNIGHT - 3000 * DAY, limit=3)["data"]
    assert [bucket["results"] for bucket in early] == [[], [], []]
    first, second, *_ = service.get(path, start_time=MIDNIGHT - 2 * DAY + 3726)["data"]
    assert (first["start_time"], first["end_time"]) == (MIDNIGHT - 2 * DAY + 3726, MIDNIGHT - DAY)
    assert (second["start_time"], second["end_time"]) == (MIDNIGHT - DAY, MIDNIGHT)


@pytest.mark.parametrize("kind", ["completions", "decisions"])
def test_line_7_token_fields_add_up(service: Platform, kind: str) -> None:
    page = service.get(
        f"usage/{kind}", start_time=MIDNIGHT - 6 * DAY, group_by=["model", "api_key_id"]
    )
    rows = [row for bucket in page["data"] for row in bucket["results"]]
    assert rows
    for row in rows:
        cached, written = row["input_cached_tokens"], row["input_cache_write_tokens"]
        uncached = row["input_uncached_tokens"]
        assert row["input_tokens"] == cached + written + uncached
        assert written == row["input_cache_write_30m_tokens"] + row["input_cache_write_12h_tokens"]
        for name, total in (
            ("input{}", uncached),
            ("input_cached{}", cached),
            ("output{}", row["output_tokens"]),
        ):
            parts = (name.format(f"_{part}_tokens") for part in ("text", "audio", "image"))
            assert sum(row[part] for part in parts) == total


def test_line_7_quantities_billed_follow_use(service: Platform) -> None:
    """Of a settled day, the tokens on the bill are the tokens that were used."""
    day = {"start_time": MIDNIGHT - 3 * DAY, "end_time": MIDNIGHT - 2 * DAY}
    bill = service.get("costs", **day, group_by="line_item")["data"][0]["results"]
    model = "gpt-5.6-mini"
    used = [
        row
        for kind in ("completions", "decisions")
        for row in service.get(f"usage/{kind}", **day, models=[model])["data"][0]["results"]
    ]
    given = sum(row["output_tokens"] for row in used)
    billed = sum(
        row["quantity"]
        for row in bill
        if row["line_item"].startswith(f"{model}, ") and "output" in row["line_item"]
    )
    assert given > 0
    assert billed == given


def test_line_8_spend_limits(service: Platform, project: str) -> None:
    limit = f"projects/{project}/spend_limit"
    assert service.get(limit)["enforcement"] == {"status": "enforcing"}
    assert service.call("DELETE", f"{PREFIX}/{limit}").is_success
    assert service.refusal("GET", limit).status_code == 404
    service.world.no_limit_shape = "zero"
    none = service.get(limit)
    assert (none["threshold_amount"], none["enforcement"]["status"]) == (0, "inactive")
    asked = {"threshold_amount": 10_000, "currency": "USD", "interval": "month"}
    for wrong in ({"threshold_amount": 0}, {"threshold_amount": 1.5}, {"currency": "EUR"}):
        service.refusal("POST", limit, json={**asked, **wrong})
    service.call("POST", f"{PREFIX}/{limit}", json=asked)
    assert service.get(limit)["threshold_amount"] == 10_000


@pytest.mark.parametrize("where", ["", "projects/{}/"])
def test_line_8_spend_alerts(service: Platform, project: str, where: str) -> None:
    alerts = f"{where.format(project)}spend_alerts"
    channel = {"type": "email", "recipients": ["cfo@example.com"]}
    asked = {
        "threshold_amount": 0,
        "currency": "USD",
        "interval": "month",
        "notification_channel": channel,
    }
    made = service.call("POST", f"{PREFIX}/{alerts}", json=asked).json()
    assert made["id"].startswith("alert_")
    for name in asked:
        part = {key: value for key, value in asked.items() if key != name}
        service.refusal("POST", f"{alerts}/{made['id']}", json=part)
    changed = service.call(
        "POST", f"{PREFIX}/{alerts}/{made['id']}", json={**asked, "threshold_amount": 7}
    )
    assert service.get(f"{alerts}/{made['id']}") == changed.json()
    assert service.call("DELETE", f"{PREFIX}/{alerts}/{made['id']}").json()["deleted"]
    assert service.refusal("GET", f"{alerts}/{made['id']}").status_code == 404


def test_line_9_every_change_of_keys_accounts_and_rate_limits_is_logged(
    service: Platform, project: str
) -> None:
    accounts, keys = f"projects/{project}/service_accounts", f"projects/{project}/api_keys"

    def change(method: str, path: str, **body: object) -> Any:
        answer = service.call(method, f"{PREFIX}/{path}", json=body or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    robot = change("POST", accounts, name="robot")
    second = change("POST", f"{accounts}/{robot['id']}/api_keys", scopes=["api.model.read"])
    change("POST", f"{keys}/{second['id']}", expires_in_seconds=60, scopes=[])
    change("DELETE", f"{keys}/{second['id']}")
    change("POST", f"{accounts}/{robot['id']}", role="owner")
    change("DELETE", f"{accounts}/{robot['id']}")
    ceiling = service.get(f"projects/{project}/rate_limits")["data"][0]["id"]
    change("POST", f"projects/{project}/rate_limits/{ceiling}", max_requests_per_1_minute=9)
    logged = service.get("audit_logs", limit=9)["data"][::-1]
    assert [(event["type"], event[event["type"]]["id"]) for event in logged] == [
        ("service_account.created", robot["id"]),
        ("api_key.created", robot["api_key"]["id"]),
        ("api_key.created", second["id"]),
        ("api_key.updated", second["id"]),
        ("api_key.deleted", second["id"]),
        ("service_account.updated", robot["id"]),
        ("service_account.deleted", robot["id"]),
        ("api_key.deleted", robot["api_key"]["id"]),
        ("rate_limit.updated", ceiling),
    ]
    assert logged[2]["api_key.created"]["data"] == {"scopes": ["api.model.read"]}
    requested = {"scopes": [], "expires_in_seconds": 60}
    assert logged[3]["api_key.updated"]["changes_requested"] == requested
    default = service.world.default_project
    assert {json.dumps(event["project"]) for event in logged} == {
        json.dumps({"id": default.id, "name": default.name})
    }
    made = change("POST", "admin_api_keys", name="admin")
    change("DELETE", f"admin_api_keys/{made['id']}")
    kinds = [event["type"] for event in service.get("audit_logs", tenant_only="true")["data"]]
    assert kinds[:2] == ["tenant.admin_api_key.deleted", "tenant.admin_api_key.created"]


@pytest.mark.parametrize("page", ["credit_grants", "subscription", "usage"])
@pytest.mark.parametrize("prefix", ["/v1", ""])
def test_line_10_old_billing_pages_want_a_session(
    service: Platform, prefix: str, page: str
) -> None:
    path = f"{prefix}/dashboard/billing/{page}"
    for key in (service.world.admin_key, project_key(service.world)):
        answer = service.call("GET", path, key=key)
        assert answer.status_code in (401, 403)
        error = answer.json()["error"]
        assert error["message"].startswith(
            f"Your request to GET {path} must be made with a session"
        )
        assert (error["type"], error["param"], error["code"]) == ("server_error", None, None)


def test_line_10_every_answer_has_the_platforms_headers(service: Platform) -> None:
    told = set()
    for path, key in (
        ("projects", None),
        ("projects/none", None),
        ("nowhere", None),
        ("users", "sk-no"),
    ):
        headers = service.call("GET", f"{PREFIX}/{path}", key=key).headers
        assert headers["openai-organization"] == service.world.slug
        assert headers["openai-version"] == "2020-10-01"
        assert int(headers["openai-processing-ms"]) > 0
        told.add(headers["x-request-id"])
    assert len(told) == 4
    assert all(each.startswith("req_") for each in told)
