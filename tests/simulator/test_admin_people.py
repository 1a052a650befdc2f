from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.admin_caller import DAY, Caller, small


def person_id(caller: Caller, name: str) -> str:
    return next(person.id for person in caller.world.people.values() if person.name == name)


def test_members_without_those_who_left() -> None:
    caller = small()
    rows = caller.get("users", limit=100)["data"]
    assert len(rows) == 10
    assert "Tom Baker" not in [row["name"] for row in rows]
    caller.refused("GET", f"users/{person_id(caller, 'Tom Baker')}", 404)
    hanako = next(row for row in rows if row["name"] == "田中 花子")
    used = caller.key_named("hanako-notebook").last_used_at
    assert hanako["api_key_last_used_at"] == used
    assert {"Research", "サポート 日本語"} <= {row["name"] for row in hanako["projects"]["data"]}


@pytest.mark.parametrize("name", ["emails", "emails[]"])
def test_members_by_email_in_both_encodings(name: str) -> None:
    caller = small()
    emails = ["bob@acme-research.example", "SAM@acme-research.example"]
    rows = caller.get("users", **{name: emails})["data"]
    assert [row["name"] for row in rows] == ["Bob Okafor", "Sam O'Neill"]


def test_removing_a_person_leaves_the_keys_without_an_owner() -> None:
    caller = small()
    sam = person_id(caller, "Sam O'Neill")
    key = caller.key_named("images")
    assert caller.delete(f"users/{sam}")["object"] == "organization.user.deleted"
    caller.refused("DELETE", f"users/{sam}", 404)
    path = f"projects/{key.project_id}"
    assert caller.get(f"{path}/api_keys/{key.id}")["owner_project_access"] == "inactive"
    assert sam not in [row["id"] for row in caller.get(f"{path}/users")["data"]]
    assert Caller(caller.world, key.value).answer("GET", "/v1/models").status_code == 200
    assert caller.newest_event()["user.deleted"] == {"id": sam}


def test_organization_keeps_an_owner() -> None:
    caller = small()
    alice, bob = person_id(caller, "Alice Chen"), person_id(caller, "Bob Okafor")
    assert caller.post(f"users/{bob}", role="reader")["role"] == "reader"
    assert caller.refused("POST", f"users/{alice}", json={"role": "reader"})["code"] == "last_owner"
    assert caller.refused("DELETE", f"users/{alice}")["code"] == "last_owner"
    caller.refused("POST", f"users/{bob}", json={"role": "king"})
    assert caller.post(f"users/{bob}", role=None, technical_level="expert")["role"] == "reader"


def test_membership_of_a_project_decides_over_the_access_of_keys() -> None:
    caller = small()
    key = caller.key_named("voice-agent")
    members = f"projects/{key.project_id}/users"
    lars = person_id(caller, "Lars Østergård")

    def access() -> Any:
        key_path = f"projects/{key.project_id}/api_keys/{key.id}"
        return caller.get(key_path)["owner_project_access"]

    assert caller.delete(f"{members}/{lars}")["object"] == "organization.project.user.deleted"
    assert access() == "inactive"
    caller.refused("GET", f"{members}/{lars}", 404)
    added = caller.post(members, email="lars@acme-research.example", role="member")
    assert added["id"] == lars
    assert access() == "active"
    assert caller.post(f"{members}/{lars}", role="owner")["role"] == "owner"
    assert caller.get(f"{members}/{lars}")["role"] == "owner"
    caller.refused("POST", members, json={"user_id": lars, "role": "member"})


@pytest.mark.parametrize(
    "body",
    [
        {"role": "member"},
        {"user_id": "user-none", "role": "member"},
        {"email": "bob@acme-research.example", "role": "reader"},
        {"email": "bob@acme-research.example"},
        {"user_id": 5, "role": "member"},
    ],
)
def test_member_is_not_added_from_a_wrong_request(body: dict[str, Any]) -> None:
    caller = small()
    caller.refused("POST", f"projects/{caller.project_id('Research')}/users", json=body)


def test_archived_project_refuses_members() -> None:
    caller = small()
    path = f"projects/{caller.project_id('Legacy chatbot')}/users"
    alice = person_id(caller, "Alice Chen")
    caller.refused("GET", path)
    caller.refused("POST", path, json={"user_id": alice, "role": "member"})
    caller.refused("POST", f"{path}/{alice}", json={"role": "owner"})
    caller.refused("DELETE", f"{path}/{alice}")


def test_invite_waits_expires_and_can_be_taken_back() -> None:
    caller = small()
    made = caller.post("invites", email="new@acme-research.example", role="reader")
    assert made["status"] == "pending"
    assert made["projects"] == [{"id": caller.world.default_project.id, "role": "member"}]
    caller.world.advance(8 * DAY)
    assert caller.get(f"invites/{made['id']}")["status"] == "expired"
    assert caller.delete(f"invites/{made['id']}")["deleted"] is True
    caller.refused("GET", f"invites/{made['id']}", 404)
    accepted = next(row for row in caller.get("invites")["data"] if row["status"] == "accepted")
    caller.refused("DELETE", f"invites/{accepted['id']}")
    none = caller.post("invites", email="n@acme-research.example", role="owner", projects=[])
    assert none["projects"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"email": "nobody", "role": "reader"},
        {"email": "a@b.example", "role": "member"},
        {"email": "a@b.example", "role": "reader", "projects": None},
        {"email": "a@b.example", "role": "reader", "projects": ["proj"]},
        {"email": "a@b.example", "role": "reader", "projects": [{"id": "x", "role": "member"}]},
        {"email": "a@b.example", "role": "reader", "projects": [{"role": "member"}]},
    ],
)
def test_invite_is_not_sent_from_a_wrong_request(body: dict[str, Any]) -> None:
    small().refused("POST", "invites", json=body)
