"""Every answer of every served address, good or bad, has the shape of the contract."""

from __future__ import annotations

import json
from typing import Any

import pytest

from oai_tui.simulator.world import World
from tests.simulator.conformance.contract import (
    contract,
    needs_contract,
    operations,
    plain,
    problems,
)
from tests.simulator.conformance.serving import (
    DAY,
    MIDNIGHT,
    NOW,
    Platform,
    names,
    platform,
    served,
)

pytestmark = needs_contract

SERVED = [
    (method, address)
    for method, address in served(World.seeded(7, "small", NOW))
    if address.startswith("/v1/organization/")
]
CHANNEL = {"type": "email", "recipients": ["cfo@example.com"]}
LIMIT = {"threshold_amount": 5_000, "currency": "USD", "interval": "month"}
BODIES: dict[str, dict[str, Any]] = {
    "admin_api_keys": {"name": "new"},
    "projects": {"name": "new"},
    "projects/{}": {"name": "renamed"},
    "projects/{}/archive": {},
    "projects/{}/api_keys/{}": {"scopes": ["api.all.read"], "expires_in_seconds": 60},
    "projects/{}/service_accounts": {"name": "robot"},
    "projects/{}/service_accounts/{}": {"role": "owner"},
    "projects/{}/service_accounts/{}/api_keys": {},
    "users/{}": {"developer_persona": "builder"},
    "projects/{}/users": {"email": "bob@acme.example", "role": "owner"},
    "projects/{}/users/{}": {"role": "owner"},
    "invites": {"email": "new@example.com", "role": "owner"},
    "projects/{}/rate_limits/{}": {"max_requests_per_1_minute": 3},
    "spend_limit": LIMIT,
    "projects/{}/spend_limit": LIMIT,
    "spend_alerts": {**LIMIT, "notification_channel": CHANNEL},
    "spend_alerts/{}": {**LIMIT, "notification_channel": CHANNEL},
    "projects/{}/spend_alerts": {**LIMIT, "notification_channel": CHANNEL},
    "projects/{}/spend_alerts/{}": {**LIMIT, "notification_channel": CHANNEL},
}
every_route = pytest.mark.parametrize(("method", "address"), SERVED)


def body_for(service: Platform, method: str, address: str) -> dict[str, Any] | None:
    if method != "POST":
        return None
    body = BODIES[plain(address).removeprefix("/organization/")]
    if address.endswith("}/users"):
        outsider = next(p for p in service.world.members() if p.id not in _project(service).members)
        return {"user_id": outsider.id, "role": "owner"}
    return body


def _project(service: Platform) -> Any:
    return service.world.projects[names(service.world, "{project_id}")["project_id"]]


def _query(address: str) -> dict[str, Any]:
    if "/usage/" in address or address.endswith("/costs"):
        return {"start_time": MIDNIGHT - DAY, "limit": 2, "group_by": "project_id"}
    return {}


def _fits(method: str, address: str, answer: Any) -> None:
    found = problems(method, address, answer.status_code, answer.json())
    assert not found, "\n".join(found[:10])


@every_route
def test_good_answers(method: str, address: str) -> None:
    with platform() as service:
        path = address.format(**names(service.world, address))
        body = body_for(service, method, address)
        answer = service.call(method, path, params=_query(address), json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()
        _fits(method, address, answer)


@every_route
def test_refusals_of_keys(method: str, address: str) -> None:
    with platform() as service:
        world = service.world
        path = address.format(**names(world, address))
        project_key = next(
            k.value
            for k in world.keys.values()
            if world.is_live(k) and world.projects[k.project_id].archived_at is None
        )
        for key, status in (("sk-admin-nobody", 401), ("", 401), (project_key, 403)):
            for shape in ("envelope", "string"):
                world.error_shape = shape
                answer = service.call(method, path, key=key)
                assert answer.status_code == status
                _fits(method, address, answer)


@every_route
def test_refusals_of_requests(method: str, address: str) -> None:
    with platform() as service:
        wrong = dict.fromkeys(names(service.world, address), "nobody")
        if "{" in address:
            answer = service.call(method, address.format(**wrong), json={"name": "x"})
            assert answer.status_code == 404
            _fits(method, address, answer)
        if method == "POST":
            path = address.format(**names(service.world, address))
            answer = service.call(method, path, content=b"no json")
            assert answer.status_code == 400
            _fits(method, address, answer)
        if method == "GET" and "limit=" in _lists(address):
            answer = service.call(
                method, address.format(**names(service.world, address)), params="limit=-1"
            )
            assert answer.status_code == 400
            _fits(method, address, answer)


def _lists(address: str) -> str:
    operation = operations()["GET", plain(address)]
    return " ".join(f"{each['name']}=" for each in operation.get("parameters", ()))


@pytest.mark.parametrize("address", [a for m, a in SERVED if m == "GET" and "{" not in a])
def test_all_seeded_things_have_the_shape(address: str) -> None:
    with platform() as service:
        query = _query(address)
        query |= {"include_archived": "true"} if address.endswith("projects") else {}
        query |= {"limit": 100} if not query else {}
        for tenant in ("false", "true") if address.endswith("audit_logs") else ("",):
            after: dict[str, Any] = {"tenant_only": tenant} if tenant else {}
            while True:
                answer = service.call("GET", address, params={**query, **after})
                _fits("GET", address, answer)
                page = answer.json()
                if not page.get("has_more") or "next_page" in page:
                    break
                after["after"] = page["last_id"]


def test_all_keys_of_all_projects_have_the_shape() -> None:
    address = "/v1/organization/projects/{project_id}/api_keys"
    with platform() as service:
        for project_id in service.world.projects:
            answer = service.call(
                "GET",
                address.format(project_id=project_id),
                params={"owner_project_access": "any", "limit": 100},
            )
            _fits("GET", address, answer)


@pytest.mark.parametrize(
    "kind", ["completions", "decisions", "images", "web_search_calls", "costs"]
)
def test_usage_in_all_dimensions_has_the_shape(kind: str) -> None:
    address = f"/v1/organization/{'costs' if kind == 'costs' else f'usage/{kind}'}"
    allowed = next(
        each["schema"]["items"]["enum"]
        for each in operations()["GET", plain(address)]["parameters"]
        if each["name"] == "group_by"
    )
    groups = [name for name in allowed if kind != "costs" or name != "user_id"]
    found: list[Any] = []
    with platform() as service:
        for start in (MIDNIGHT, MIDNIGHT - 300 * DAY):
            query = {"start_time": start, "limit": 5, "group_by": groups}
            answer = service.call("GET", address, params=query)
            found += [row for bucket in answer.json()["data"] for row in bucket["results"]]
            _fits("GET", address, answer)
    assert all(any(row[name] is not None for row in found) for name in groups)


def test_the_contract_is_read_strictly() -> None:
    """The checks above would see a missing field, a wrong type and an invented field."""
    address = "/v1/organization/projects/{project_id}/api_keys/{api_key_id}"
    with platform() as service:
        path = address.format(
            project_id=(named := names(service.world, address))["project_id"],
            api_key_id=named["key_id"],
        )
        fine = service.call("GET", path).json()
    changes: list[dict[str, Any]] = [{"created_at": "now"}, {"scopes": []}, {"last_used_at": 0.5}]
    for change in changes:
        assert problems("GET", address, 200, fine | change)
    for name in ("owner", "redacted_value"):
        assert problems("GET", address, 200, {k: v for k, v in fine.items() if k != name})
    assert not problems("GET", address, 200, fine)
    assert "nullable" not in json.dumps(contract())
