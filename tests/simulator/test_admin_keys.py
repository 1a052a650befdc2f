from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.admin_caller import Caller, small


def keys_path(caller: Caller, project: str = "Web app") -> str:
    return f"projects/{caller.project_id(project)}/api_keys"


def path_of(caller: Caller, name: str) -> str:
    key = caller.key_named(name)
    return f"projects/{key.project_id}/api_keys/{key.id}"


def test_admin_key_is_shown_once_and_then_listed_without_its_secret() -> None:
    caller = small()
    made = caller.post("admin_api_keys", name="second", expires_in_seconds=3_600)
    value = made.pop("value")
    assert made["expires_at"] == made["created_at"] + 3_600
    assert made["redacted_value"] == f"{value[:8]}...{value[-4:]}"
    assert caller.get(f"admin_api_keys/{made['id']}") == made
    assert made in caller.get("admin_api_keys")["data"]
    assert value not in caller.organization("GET", "admin_api_keys").text
    deleted = caller.delete(f"admin_api_keys/{made['id']}")
    assert deleted == {
        "id": made["id"],
        "object": "organization.admin_api_key.deleted",
        "deleted": True,
    }
    caller.refused("GET", f"admin_api_keys/{made['id']}", 404)
    caller.refused("DELETE", f"admin_api_keys/{made['id']}", 404)
    events = [event["type"] for event in caller.get("audit_logs", tenant_only="true")["data"][:2]]
    assert events == ["tenant.admin_api_key.deleted", "tenant.admin_api_key.created"]


def test_stars_keep_the_length_of_a_redacted_value() -> None:
    caller = small()
    caller.world.redaction = "stars"
    redacted = caller.get("admin_api_keys")["data"][0]["redacted_value"]
    assert len(redacted) == len(caller.world.admin_key)
    assert redacted.strip(redacted[:8] + redacted[-4:]) == "*" * (len(redacted) - 12)


def test_keys_whose_owner_is_gone_are_hidden_unless_asked_for() -> None:
    caller = small()
    path = keys_path(caller, "Research")

    def names(**params: str) -> list[str]:
        return [row["name"] for row in caller.get(path, limit=100, **params)["data"]]

    assert "tom-experiments" not in names()
    assert names() == names(owner_project_access="active")
    assert set(names(owner_project_access="inactive")) == {"grace-notebook", "tom-experiments"}
    both = names() + names(owner_project_access="inactive")
    assert sorted(names(owner_project_access="any")) == sorted(both)
    caller.refused("GET", path, params={"owner_project_access": "all"})


def test_key_of_a_person_and_of_an_account_name_their_owners() -> None:
    caller = small()
    owner = caller.get(path_of(caller, "alice-laptop"))["owner"]
    assert owner["type"] == "user"
    assert owner["user"]["email"] == "alice@acme-research.example"
    owner = caller.get(path_of(caller, "web-backend"))["owner"]
    assert owner["type"] == "service_account"
    assert owner["service_account"]["name"] == "web-api"


def test_update_sets_the_expiry_from_the_moment_of_the_request() -> None:
    caller = small()
    path = path_of(caller, "alice-laptop")
    assert caller.get(path)["expires_at"] is None
    caller.post(path, expires_in_seconds=600)
    caller.world.advance(100)
    updated = caller.post(path, expires_in_seconds=600, scopes=["api.all.read"])
    assert updated["expires_at"] == caller.world.now() + 600
    assert "scopes" not in updated
    assert "value" not in updated
    event = caller.newest_event()
    assert event["type"] == "api_key.updated"
    assert event["api_key.updated"]["changes_requested"] == {
        "scopes": ["api.all.read"],
        "expires_in_seconds": 600,
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"scopes": None},
        {"scopes": "api.all"},
        {"scopes": [1]},
        {"expires_in_seconds": None},
        {"expires_in_seconds": 0},
        {"expires_in_seconds": 31_536_001},
        {"expires_in_seconds": True},
        {"expires_in_seconds": "60"},
        {"expires_in_seconds": 1.5},
    ],
)
def test_update_refuses_what_is_not_allowed(body: dict[str, Any]) -> None:
    caller = small()
    path = path_of(caller, "alice-laptop")
    before, events = caller.get(path), len(caller.world.audit)
    caller.refused("POST", path, json=body)
    assert caller.get(path) == before
    assert len(caller.world.audit) == events


def test_expired_key_and_key_of_an_archived_project_cannot_be_updated() -> None:
    caller = small()
    error = caller.refused("POST", path_of(caller, "checkout-copy"), json={"scopes": []})
    assert error["code"] == "api_key_expired"
    error = caller.refused("POST", path_of(caller, "chatbot"), json={"scopes": []})
    assert error["code"] == "project_archived"


def test_deleted_key_vanishes_and_is_logged() -> None:
    caller = small()
    key, path = caller.key_named("alice-laptop"), path_of(caller, "alice-laptop")
    assert caller.delete(path)["object"] == "organization.project.api_key.deleted"
    listed = caller.get(keys_path(caller), owner_project_access="any")["data"]
    assert key.id not in [row["id"] for row in listed]
    for method in ("GET", "DELETE"):
        caller.refused(method, path, 404)
    event = caller.newest_event()
    assert (event["type"], event["api_key.deleted"]) == ("api_key.deleted", {"id": key.id})
    assert key.deleted_at == caller.world.now()


def test_older_platform_refuses_to_delete_the_key_of_an_account() -> None:
    caller = small()
    caller.world.service_account_key_delete = "refused"
    caller.refused("DELETE", path_of(caller, "web-backend"))
    caller.delete(path_of(caller, "alice-laptop"))
    caller.world.service_account_key_delete = "allowed"
    caller.delete(path_of(caller, "web-backend"))


def test_key_is_found_in_its_own_project_only() -> None:
    caller = small()
    key = caller.key_named("alice-laptop")
    caller.refused("GET", f"{keys_path(caller, 'Research')}/{key.id}", 404)
    caller.refused("GET", f"projects/proj_none/api_keys/{key.id}", 404)


def test_policy_holds_for_updates() -> None:
    caller = small()
    caller.world.policy_max_key_lifetime = 1_000
    path = path_of(caller, "alice-laptop")
    caller.refused("POST", path, json={"expires_in_seconds": 1_001})
    caller.post(path, expires_in_seconds=1_000)
    caller.world.policy_service_accounts_only = True
    caller.refused("POST", path, json={"expires_in_seconds": 10})
    caller.post(path_of(caller, "web-backend"), expires_in_seconds=10)
