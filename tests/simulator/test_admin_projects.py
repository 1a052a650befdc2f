from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.admin_caller import Caller, small


def test_archived_projects_are_listed_when_asked_for() -> None:
    caller = small()
    names = [row["name"] for row in caller.get("projects")["data"]]
    assert len(names) == 7
    assert "Legacy chatbot" not in names
    rows = caller.get("projects", include_archived="true")["data"]
    archived = [row for row in rows if row["status"] == "archived"]
    assert [row["name"] for row in archived] == ["Legacy chatbot"]
    assert archived[0]["archived_at"] > archived[0]["created_at"]
    caller.refused("GET", "projects", params={"include_archived": "perhaps"})


def test_project_is_made_renamed_and_archived_for_good() -> None:
    caller = small()
    made = caller.post("projects", name="New", residency="EU_STORAGE_PROCESSING")
    path = f"projects/{made['id']}"
    assert caller.post(path, name="Newer")["name"] == "Newer"
    assert caller.get(path)["residency"] == "EU_STORAGE_PROCESSING"
    account = caller.post(f"{path}/service_accounts", name="x")
    assert caller.post(f"{path}/archive")["status"] == "archived"
    for again in (path, f"{path}/archive"):
        assert caller.refused("POST", again, json={"name": "z"})["code"] == "project_archived"
    holder = Caller(caller.world, account["api_key"]["value"])
    answer = holder.answer("GET", "/v1/models")
    assert answer.status_code == 401
    assert "archived" in answer.json()["error"]["message"]
    types = [event["type"] for event in caller.get("audit_logs", limit=5)["data"]]
    assert types[0] == "project.archived"
    assert types[3:] == ["project.updated", "project.created"]


def test_default_project_cannot_be_changed() -> None:
    caller = small()
    path = f"projects/{caller.world.default_project.id}"
    assert caller.refused("POST", path, json={"name": "Main"})["code"] == "default_project"
    assert caller.refused("POST", f"{path}/archive")["code"] == "default_project"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": None},
        {"name": "x", "residency": "MOON"},
        {"name": "x", "residency": "GLOBAL", "geography": "eu"},
        {"name": "x", "external_key_id": 1},
    ],
)
def test_project_is_not_made_from_a_wrong_request(body: dict[str, Any]) -> None:
    small().refused("POST", "projects", json=body)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'"name"',
        b"null",
        b"\xff",
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b"[" * 100_000,
        b'{"name": ' + b"9" * 5_000 + b"}",
    ],
)
def test_body_that_is_no_json_object_is_refused(content: bytes) -> None:
    small().refused("POST", "projects", content=content)


def test_unknown_project_is_not_found_anywhere() -> None:
    caller = small()
    for path in ("", "/api_keys", "/service_accounts", "/users", "/spend_limit", "/spend_alerts"):
        caller.refused("GET", f"projects/proj_none{path}", 404)
