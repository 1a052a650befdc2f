from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.admin_caller import Caller, small


def account_key(caller: Caller, **body: Any) -> Any:
    project = caller.project_id("Web app")
    return caller.post(f"projects/{project}/service_accounts", name="worker", **body)["api_key"]


def models_status(caller: Caller, value: str) -> int:
    return Caller.answer(
        caller, "GET", "/v1/models", headers={"authorization": f"Bearer {value}"}
    ).status_code


def test_unsigned_and_unknown_keys_are_refused_without_showing_the_key() -> None:
    caller = small()
    unsigned = caller.refused("GET", "projects", 401, headers={"authorization": "Token x"})
    assert "didn't provide an API key" in unsigned["message"]
    caller.key = "sk-admin-" + "a" * 100 + "cdef"
    error = caller.refused("GET", "projects", 401)
    assert error["code"] == "invalid_api_key"
    assert "Incorrect API key provided: sk-admin-****cdef." in error["message"]


def test_every_answer_carries_the_platforms_headers() -> None:
    caller = small()
    first, second = caller.organization("GET", "projects"), caller.answer("GET", "/nowhere")
    for answer in (first, second):
        assert answer.headers["x-request-id"].startswith("req_")
        assert answer.headers["openai-organization"] == "acme-research"
        assert answer.headers["openai-version"] == "2020-10-01"
        assert int(answer.headers["openai-processing-ms"]) > 0
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_project_key_lacks_management_scopes() -> None:
    caller = small()
    caller.key = caller.key_named("web-backend").value
    answer = caller.organization("GET", "projects")
    assert answer.status_code == 403
    assert "Missing scopes: api.management.read." in answer.json()["error"]
    answer = caller.organization("POST", "projects", json={"name": "x"})
    assert "Missing scopes: api.management.write." in answer.json()["error"]


def test_missing_scopes_can_be_told_in_the_other_status_and_shape() -> None:
    caller = small()
    caller.world.missing_scope_status = 401
    caller.world.error_shape = "envelope"
    caller.key = caller.world.usage_only_key
    error = caller.refused("GET", "projects", 401)
    assert "Missing scopes: api.management.read." in error["message"]
    assert error["code"] is None


def test_restricted_admin_key_manages() -> None:
    caller = small()
    caller.key = caller.world.management_only_key
    assert caller.get("projects")["data"]
    assert caller.post("projects", name="made")["name"] == "made"


def test_use_of_an_admin_key_shows_in_its_last_use() -> None:
    caller = small()
    caller.world.advance(1_000)
    listed = caller.get("admin_api_keys")["data"][0]
    assert listed["last_used_at"] == caller.world.now()


@pytest.mark.parametrize("kind", ["admin", "service account"])
def test_revoked_key_is_refused_at_once(kind: str) -> None:
    caller = small()
    if kind == "admin":
        made = caller.post("admin_api_keys", name="second")
        second = Caller(caller.world, made["value"])
        assert second.get("projects")
        caller.delete(f"admin_api_keys/{made['id']}")
        assert second.refused("GET", "projects", 401)["code"] == "invalid_api_key"
        return
    made = account_key(caller)
    assert models_status(caller, made["value"]) == 200
    caller.delete(f"projects/{caller.project_id('Web app')}/api_keys/{made['id']}")
    assert models_status(caller, made["value"]) == 401


def test_delays_of_new_and_revoked_keys() -> None:
    caller = small()
    world = caller.world
    world.new_key_delay, world.revocation_delay = 15, 20
    made = account_key(caller)
    assert models_status(caller, made["value"]) == 401
    world.advance(15)
    assert models_status(caller, made["value"]) == 200
    caller.delete(f"projects/{caller.project_id('Web app')}/api_keys/{made['id']}")
    world.advance(19)
    assert models_status(caller, made["value"]) == 200
    world.advance(1)
    assert models_status(caller, made["value"]) == 401


def test_key_ends_at_its_expiry() -> None:
    caller = small()
    made = account_key(caller, expires_in_seconds=60)
    caller.world.advance(59)
    assert models_status(caller, made["value"]) == 200
    caller.world.advance(1)
    assert models_status(caller, made["value"]) == 401


def test_models_are_for_project_keys() -> None:
    caller = small()
    assert caller.answer("GET", "/v1/models").status_code == 403
    caller.key = caller.key_named("web-backend").value
    models = caller.answer("GET", "/v1/models").json()["data"]
    assert {"id", "object", "created", "owned_by"} == set(models[0])
    assert caller.answer("GET", f"/v1/models/{models[0]['id']}").json() == models[0]
    missing = caller.answer("GET", "/v1/models/gpt-none")
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "model_not_found"
    caller.key = caller.key_named("staging").value
    assert "Missing scopes: api.model.read" in caller.answer("GET", "/v1/models").json()["error"]


def test_old_billing_pages_ask_for_a_session_key() -> None:
    caller = small()
    for prefix in ("/v1", ""):
        for page in ("credit_grants", "subscription", "usage"):
            path = f"{prefix}/dashboard/billing/{page}"
            answer = caller.answer("GET", path)
            assert answer.status_code == 403
            error = answer.json()["error"]
            assert f"GET {path} must be made with a session key" in error["message"]
            assert error["type"] == "server_error"
    caller.key = caller.key_named("web-backend").value
    assert caller.answer("GET", "/v1/dashboard/billing/usage").status_code == 401


def test_unknown_addresses_and_methods_are_told_in_the_envelope() -> None:
    caller = small()
    assert caller.refused("GET", "nothing", 404)["code"] == "unknown_url"
    assert caller.refused("GET", "projects/", 404)["code"] == "unknown_url"
    assert caller.refused("PATCH", "projects", 405)["code"] == "method_not_supported"
    web = caller.project_id("Web app")
    caller.refused("POST", f"projects/{web}/api_keys", 405, json={"name": "x"})
