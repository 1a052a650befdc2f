from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.admin_caller import Caller, small


def accounts_path(caller: Caller, project: str = "Web app") -> str:
    return f"projects/{caller.project_id(project)}/service_accounts"


def test_account_comes_with_a_key_that_is_listed_without_its_secret() -> None:
    caller = small()
    path = accounts_path(caller)
    made = caller.post(path, name="worker", expires_in_seconds=3_600)
    key = made.pop("api_key")
    assert made["role"] == "member"
    assert key["value"].startswith("sk-svcacct-")
    assert key["expires_at"] == key["created_at"] + 3_600
    assert caller.get(f"{path}/{made['id']}") == made
    assert made in caller.get(path, limit=100)["data"]
    keys = caller.get(f"projects/{caller.project_id('Web app')}/api_keys", limit=100)["data"]
    listed = next(row for row in keys if row["id"] == key["id"])
    assert listed["owner"]["service_account"]["id"] == made["id"]
    assert listed["last_used_at"] is None
    types = [event["type"] for event in caller.get("audit_logs", limit=2)["data"]]
    assert types == ["api_key.created", "service_account.created"]


def test_account_alone_has_no_role_and_no_key_until_it_is_given_them() -> None:
    caller = small()
    path = accounts_path(caller)
    made = caller.post(path, name="later", create_service_account_only=True)
    assert (made["role"], made["api_key"]) == ("none", None)
    value = caller.post(f"{path}/{made['id']}/api_keys")["value"]
    holder = Caller(caller.world, value)
    assert holder.answer("GET", "/v1/models").status_code == 403
    caller.post(f"{path}/{made['id']}", role="member")
    assert holder.answer("GET", "/v1/models").status_code == 200
    assert caller.newest_event()["service_account.updated"]["changes_requested"] == {
        "role": "member"
    }


def test_second_key_of_an_account_keeps_its_identity() -> None:
    caller = small()
    account = next(a for a in caller.world.service_accounts.values() if a.name == "web-api")
    path = f"{accounts_path(caller)}/{account.id}"
    made = caller.post(f"{path}/api_keys", name="next", scopes=["api.model.request"])
    assert made["object"] == "organization.project.service_account.api_key"
    assert (made["name"], made["expires_at"]) == ("next", None)
    key = caller.get(f"projects/{account.project_id}/api_keys/{made['id']}")
    assert key["owner"]["service_account"]["id"] == account.id
    details = caller.newest_event()["api_key.created"]
    assert details == {"id": made["id"], "data": {"scopes": ["api.model.request"]}}
    caller.delete(f"projects/{account.project_id}/api_keys/{made['id']}")
    assert caller.get(path)["name"] == "web-api"


def test_deleting_an_account_revokes_all_its_keys() -> None:
    caller = small()
    account = next(a for a in caller.world.service_accounts.values() if a.name == "ci")
    values = [key.value for key in caller.world.keys_of_owner(account.id)]
    assert len(values) == 2
    caller.delete(f"{accounts_path(caller)}/{account.id}")
    caller.refused("GET", f"{accounts_path(caller)}/{account.id}", 404)
    for value in values:
        answer = Caller(caller.world, value).answer("GET", "/v1/models")
        assert answer.json()["error"]["code"] == "invalid_api_key"
    types = [event["type"] for event in caller.get("audit_logs", limit=3)["data"]]
    assert types == ["api_key.deleted", "api_key.deleted", "service_account.deleted"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": None},
        {"name": 7},
        {"name": "x", "expires_in_seconds": 0},
        {"name": "x", "expires_in_seconds": 31_536_001},
        {"name": "x", "create_service_account_only": "yes"},
        {"name": "x", "create_service_account_only": True, "expires_in_seconds": 60},
    ],
)
def test_account_is_not_made_from_a_wrong_request(body: dict[str, Any]) -> None:
    caller = small()
    before = len(caller.world.service_accounts)
    caller.refused("POST", accounts_path(caller), json=body)
    assert len(caller.world.service_accounts) == before


def test_nulls_that_mean_nothing_are_accepted() -> None:
    made = small()
    path = accounts_path(made)
    account = made.post(path, name="x", create_service_account_only=None, expires_in_seconds=None)
    assert account["api_key"]["expires_at"] is None
    made.refused("POST", f"{path}/{account['id']}/api_keys", json={"scopes": None})
    made.refused("POST", f"{path}/{account['id']}", json={"role": "none"})


def test_policy_makes_an_expiry_necessary_and_leaves_nothing_behind() -> None:
    caller = small()
    caller.world.policy_max_key_lifetime = 86_400
    path, before = accounts_path(caller), len(caller.world.service_accounts)
    error = caller.refused("POST", path, json={"name": "x"})
    assert error["param"] == "expires_in_seconds"
    caller.refused("POST", path, json={"name": "x", "expires_in_seconds": 86_401})
    assert len(caller.world.service_accounts) == before
    made = caller.post(path, name="x", expires_in_seconds=86_400)
    caller.refused("POST", f"{path}/{made['id']}/api_keys", json={})
    assert caller.post(path, name="y", create_service_account_only=True)["api_key"] is None


def test_archived_project_refuses_accounts() -> None:
    caller = small()
    path = accounts_path(caller, "Legacy chatbot")
    for method, body in (("GET", None), ("POST", {"name": "x"})):
        assert caller.refused(method, path, json=body)["code"] == "project_archived"
