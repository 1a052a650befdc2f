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
    assert rows[0]["id"] == event["id"]
    assert {row["project"]["id"] for row in rows} == {caller.world.default_project.id}


def test_tenant_events_are_apart() -> None:
    caller = small()
    tenant = caller.get("audit_logs", limit=100, tenant_only="true")["data"]
    types = [row["type"] for row in tenant]
    assert types.count("tenant.admin_api_key.created") == 4
    assert set(types) == {
        "tenant.admin_api_key.created",
        "tenant.billing.alerts.updated",
        "tenant.billing.info.updated",
    }
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


def test_whoever_acts_is_a_session_or_a_key() -> None:
    rows = small().all_pages("audit_logs", 100)
    kinds = {row["actor"]["type"] for row in rows}
    assert kinds == {"session", "api_key"}
    for row in rows:
        actor = row["actor"][row["actor"]["type"]]
        assert "@" in actor["user"]["email"]
        assert ("ip_address" in actor) is (row["actor"]["type"] == "session")


def test_a_sign_in_that_failed_says_why() -> None:
    rows = small().get("audit_logs", limit=100, **{"event_types[]": "login.failed"})["data"]
    codes = {row["login.failed"]["error_code"] for row in rows}
    assert codes == {"invalid_credentials", "mfa_failed", "sso_required"}
    assert all(row["login.failed"]["error_message"] for row in rows)


def test_a_log_that_is_switched_off_is_refused() -> None:
    caller = small()
    caller.world.audit_enabled = False
    told = caller.refused("GET", "audit_logs", 403)
    assert "audit logging" in told["message"]
    caller.world.audit_enabled = True
    assert caller.get("audit_logs")["data"]
