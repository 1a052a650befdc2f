"""The checklist of the contract notes, section 11: one test a line, `line_N_…`."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from oai_tui.simulator.server import Running, running
from oai_tui.simulator.world import World
from tests.simulator.conformance.serving import (
    DAY,
    MIDNIGHT,
    NOW,
    PREFIX,
    Platform,
    names,
    platform,
    served,
)


@pytest.fixture
def service() -> Iterator[Platform]:
    with platform() as made:
        yield made


@pytest.fixture
def project(service: Platform) -> str:
    return names(service.world, "{project_id}")["project_id"]


def project_key(world: World) -> str:
    return next(
        key.value
        for key in world.keys.values()
        if world.is_live(key) and world.projects[key.project_id].archived_at is None
    )


def archived(world: World) -> str:
    return next(project.id for project in world.projects.values() if project.archived_at)


@pytest.mark.parametrize("name", ["group_by", "group_by[]", "group_by%5B%5D"])
def test_line_1_lists_in_a_query_in_both_spellings(service: Platform, name: str) -> None:
    plain = service.get("costs", start_time=MIDNIGHT - DAY, group_by=["project_id", "line_item"])
    query = f"start_time={MIDNIGHT - DAY}&{name}=project_id&{name}=line_item"
    assert service.call("GET", f"{PREFIX}/costs?{query}").json() == plain
    comma = f"start_time={MIDNIGHT - DAY}&{name}=project_id,line_item"
    service.refusal("GET", f"costs?{comma}")


@pytest.mark.parametrize(
    "path",
    ["admin_api_keys", "projects", "users", "invites", "spend_alerts", "audit_logs",
     "projects/{}/api_keys", "projects/{}/service_accounts", "projects/{}/users",
     "projects/{}/rate_limits"],
)  # fmt: skip
def test_line_1_pages_by_cursor(service: Platform, project: str, path: str) -> None:
    path = path.format(project)
    page = service.get(path, limit=1)
    first, second = page["data"][0]["id"], None
    assert (page["first_id"], page["last_id"], len(page["data"])) == (first, first, 1)
    if page["has_more"]:
        second = service.get(path, limit=1, after=page["last_id"])["data"][0]["id"]
        assert [row["id"] for row in service.get(path, limit=2)["data"]] == [first, second]
    assert path.endswith(("/users", "/service_accounts", "/api_keys")) or second is not None


@pytest.mark.parametrize("path", ["costs", "usage/completions"])
def test_line_1_page_tokens_are_opaque_and_belong_to_their_query(
    service: Platform, path: str
) -> None:
    query = {"start_time": MIDNIGHT - 9 * DAY, "limit": 1}
    page = service.get(path, **query)
    token = page["next_page"]
    assert page["has_more"]
    assert token.startswith("page_")
    assert len(base64.b64decode(token.removeprefix("page_"))) == 24
    assert service.get(path, **query, page=token)["data"][0]["start_time"] == MIDNIGHT - 8 * DAY
    for other in (
        {"start_time": MIDNIGHT - 8 * DAY},
        {"group_by": "project_id"},
        {"project_ids": "x"},
    ):
        service.refusal("GET", path, params={**query, **other, "page": token})
    service.refusal("GET", path, params={**query, "page": f"{token[:-6]}AAAAA="})


def test_line_2_secrets_are_shown_once(service: Platform, project: str) -> None:
    made = service.call("POST", f"{PREFIX}/admin_api_keys", json={"name": "a"}).json()
    accounts = f"{PREFIX}/projects/{project}/service_accounts"
    robot = service.call("POST", accounts, json={"name": "robot"}).json()
    again = service.call("POST", f"{accounts}/{robot['id']}/api_keys").json()
    fresh = (made, robot["api_key"], again)
    for method, address in served(service.world):
        if method == "GET" and address.startswith(PREFIX) and "usage" not in address:
            path = address.format(**names(service.world, address))
            query = {"start_time": MIDNIGHT, "owner_project_access": "any", "tenant_only": "true"}
            told = service.call("GET", path, params=query).text
            assert not any(key["value"] in told for key in fresh)
            assert not any(key.value in told for key in service.world.keys.values())
    for key in fresh:
        where = f"projects/{project}/api_keys" if key is not made else "admin_api_keys"
        shown = service.get(f"{where}/{key['id']}")
        start, _, end = shown["redacted_value"].partition("...")
        assert key["value"].startswith(start)
        assert key["value"].endswith(end)
        assert (len(end), shown["last_used_at"]) == (4, None)


def test_line_2_keys_without_an_owner_are_hidden_unless_asked_for(service: Platform) -> None:
    orphan = next(
        key
        for key in service.world.keys.values()
        if key.owner_access == "inactive" and key.deleted_at is None
    )
    path = f"projects/{orphan.project_id}/api_keys"
    for query, seen in (({}, False), ({"owner_project_access": "active"}, False),
                        ({"owner_project_access": "inactive"}, True),
                        ({"owner_project_access": "any"}, True)):  # fmt: skip
        listed = [key["id"] for key in service.get(path, limit=100, **query)["data"]]
        assert (orphan.id in listed) == seen


@pytest.mark.parametrize("status", [401, 403])
def test_line_3_keys_that_may_not_do_this(service: Platform, status: int) -> None:
    world = service.world
    world.missing_scope_status = status  # type: ignore[assignment]
    for key, path, scope in (
        (project_key(world), "projects", "api.management.read"),
        (project_key(world), "costs", "api.usage.read"),
        (world.management_only_key, "costs", "api.usage.read"),
        (world.management_only_key, "usage/completions", "api.usage.read"),
        (world.usage_only_key, "projects", "api.management.read"),
    ):
        answer = service.refusal("GET", path, key=key, params={"start_time": MIDNIGHT})
        assert (answer.status_code, f"Missing scopes: {scope}" in answer.text) == (status, True)
    assert service.call("GET", f"{PREFIX}/projects", key=world.management_only_key).is_success


def test_line_3_a_revoked_key_is_a_wrong_key(service: Platform) -> None:
    made = service.call("POST", f"{PREFIX}/admin_api_keys", json={"name": "short"}).json()
    service.call("DELETE", f"{PREFIX}/admin_api_keys/{made['id']}")
    error = service.refusal("GET", "projects", key=made["value"]).json()["error"]
    assert (error["code"], error["type"]) == ("invalid_api_key", "invalid_request_error")
    assert error["message"].startswith("Incorrect API key provided: sk-admin-****")
    assert made["value"][9:-4] not in error["message"]


def test_line_4_what_is_wrong_in_itself(service: Platform, project: str) -> None:
    world, gone = service.world, archived(service.world)
    keys = f"projects/{project}/api_keys"
    key_id = names(world, "{project_id}")["key_id"]
    late = next(
        k for k in world.keys.values()
        if world.is_expired(k) and not k.deleted_at and not world.projects[k.project_id].archived_at
    )  # fmt: skip
    lifetime = {"expires_in_seconds": 60}
    default = f"projects/{world.default_project.id}"
    group = "group_by=user_id&group_by=project_id"
    for method, path, body in (
        ("POST", f"projects/{gone}", {"name": "x"}),
        ("GET", f"projects/{gone}/service_accounts", None),
        ("POST", f"projects/{gone}/service_accounts", {"name": "x"}),
        ("POST", f"projects/{gone}/users", {"user_id": "x", "role": "member"}),
        ("POST", default, {"name": "x"}),
        ("POST", f"{keys}/{key_id}", {"scopes": None}),
        ("POST", f"{keys}/{key_id}", {"expires_in_seconds": None}),
        ("POST", f"{keys}/{key_id}", {}),
        ("POST", f"{keys}/{key_id}", {"expires_in_seconds": 31_536_001}),
        ("POST", f"{keys}/{key_id}", {"expires_in_seconds": 0}),
        ("POST", f"projects/{late.project_id}/api_keys/{late.id}", lifetime),
        ("GET", f"costs?start_time={MIDNIGHT}&{group}", None),
        ("GET", f"costs?start_time={MIDNIGHT}&group_by=model", None),
        ("GET", f"costs?start_time={MIDNIGHT}&limit=181", None),
        ("GET", f"usage/completions?start_time={MIDNIGHT}&limit=32", None),
        ("GET", "usage/completions", None),
        ("GET", "projects?limit=101", None),
    ):
        answer = service.refusal(method, path, json=body)
        assert (answer.status_code, path) == (400, path)
        assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(now=NOW) as made:
        yield made


def asked(simulator: Running, fault: str, path: str = "projects") -> httpx.Response:
    simulator.faults.set(fault)
    headers = {"authorization": f"Bearer {simulator.admin_key}"}
    try:
        return httpx.get(f"{simulator.base_url}/organization/{path}", headers=headers)
    finally:
        simulator.faults.clear()


@pytest.mark.parametrize(
    ("fault", "status", "shape", "wait"),
    [
        ("404-envelope", 404, "envelope", None),
        ("404-bare", 404, "bare", None),
        ("401-plain", 401, "string", None),
        ("403-plain", 403, "string", None),
        ("429", 429, "envelope", "1"),
        ("429=7", 429, "envelope", "7"),
        ("429-bare", 429, "envelope", None),
        ("500", 500, "envelope", None),
        ("503", 503, "envelope", None),
    ],
)
def test_line_5_failures(
    simulator: Running, fault: str, status: int, shape: str, wait: str | None
) -> None:
    answer = asked(simulator, fault)
    body: Any = answer.json()
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, wait)
    told = {
        "envelope": lambda: set(body["error"]) == {"message", "type", "param", "code"},
        "string": lambda: isinstance(body["error"], str),
        "bare": lambda: set(body) == {"code", "message"},
    }
    assert told[shape]()


def test_line_5_answers_that_are_late_or_no_json(simulator: Running) -> None:
    assert asked(simulator, "latency=60").elapsed.total_seconds() >= 0.06
    for fault in ("502-html", "wrong-type", "empty-body"):
        with pytest.raises(ValueError, match="Expecting value"):
            asked(simulator, fault).json()
    with pytest.raises(httpx.RemoteProtocolError):
        asked(simulator, "cut-body")


def test_line_5_rate_limits_are_not_found_without_an_envelope(service: Platform) -> None:
    answer = service.refusal("GET", "projects/proj_none/rate_limits")
    assert answer.json() == {"code": 404, "message": "The project proj_none was not found"}


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
        return sum(row["amount"]["value"] for row in rows)

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
