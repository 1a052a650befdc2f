from __future__ import annotations

import pytest

from tests.simulator.admin_caller import DAY, NOW, small


@pytest.mark.parametrize("name", ["event_types", "event_types[]"])
def test_events_by_type_in_both_encodings(name: str) -> None:
    rows = small().get("audit_logs", limit=100, **{name: ["api_key.created", "login.failed"]})
    assert {row["type"] for row in rows["data"]} == {"api_key.created", "login.failed"}


def test_events_by_time() -> None:
    caller = small()
    times = sorted({row["effective_at"] for row in caller.all_pages("audit_logs", 100)})
    early, late = times[10], times[-10]

    def found(**bounds: int) -> list[int]:
        params = {f"effective_at[{word}]": value for word, value in bounds.items()}
        rows = caller.all_pages("audit_logs", 100, **params)
        return sorted({row["effective_at"] for row in rows})

    assert found(gt=early, lt=late) == times[11:-10]
    assert found(gte=early, lte=late) == times[10:-9]
    caller.refused("GET", "audit_logs", params={"effective_at[gt]": "yesterday"})


def test_events_by_actor_project_and_resource() -> None:
    caller = small()
    bob = next(person for person in caller.world.people.values() if person.name == "Bob Okafor")
    for params in ({"actor_ids[]": bob.id}, {"actor_emails": bob.email.upper()}):
        rows = caller.get("audit_logs", limit=100, **params)["data"]
        assert rows
        assert all(row["actor"]["session"]["user"]["id"] == bob.id for row in rows)
    web = caller.project_id("Web app")
    rows = caller.get("audit_logs", limit=100, **{"project_ids[]": web})["data"]
    assert {row["project"]["id"] for row in rows} == {web}
    key = caller.key_named("preview")
    rows = caller.get("audit_logs", **{"resource_ids[]": key.id})["data"]
    assert [row["type"] for row in rows] == ["api_key.created"]


def test_what_an_admin_key_does_belongs_to_the_default_project() -> None:
    caller = small()
    caller.post("projects", name="made")
    event = caller.newest_event()
    assert event["project"]["id"] == caller.world.default_project.id
    assert event["effective_at"] == NOW
    actor = event["actor"]["api_key"]
    rows = caller.get("audit_logs", **{"actor_ids[]": [actor["id"]]})["data"]
    assert [row["id"] for row in rows] == [event["id"]]


def test_tenant_events_are_apart() -> None:
    caller = small()
    tenant = caller.get("audit_logs", limit=100, tenant_only="true")["data"]
    assert [row["type"] for row in tenant] == ["tenant.admin_api_key.created"] * 4
    usual = caller.all_pages("audit_logs", 100)
    assert not any(row["type"].startswith("tenant.") for row in usual)
    for tenant_only, event_type in (
        ("true", "api_key.created"),
        ("false", "tenant.admin_api_key.created"),
        ("false", "no such type"),
    ):
        params = {"tenant_only": tenant_only, "event_types[]": event_type}
        assert caller.refused("GET", "audit_logs", params=params)["param"] == "event_types"


def test_history_tells_of_keys_accounts_logins_and_projects() -> None:
    caller = small()
    rows = caller.all_pages("audit_logs", 100)
    types = {row["type"] for row in rows}
    assert types >= {
        "api_key.created",
        "api_key.updated",
        "api_key.deleted",
        "service_account.created",
        "rate_limit.updated",
        "login.succeeded",
        "login.failed",
        "project.created",
        "project.archived",
    }
    assert all(row["type"] in row for row in rows)
    assert any(row["effective_at"] < NOW - 365 * DAY for row in rows)
