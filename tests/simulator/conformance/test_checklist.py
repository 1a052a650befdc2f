"""The checklist of the contract notes, section 11, lines 1 to 5: `line_N_…`."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from oai_tui.simulator.server import Running
from oai_tui.simulator.world import World
from tests.simulator.conformance.official import asked
from tests.simulator.conformance.serving import (
    DAY,
    MIDNIGHT,
    PREFIX,
    Platform,
    names,
    project_key,
    served,
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
    assert service.get(f"{path}/{orphan.id}")["owner_project_access"] == "inactive"


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
        ("POST", f"{keys}/{key_id}", {"scopes": [], "expires_in_seconds": None}),
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
