"""Every operation that the official client and the simulator share, with its real effects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openai
import pytest

from oai_tui.simulator.kinds import USAGE_KINDS
from tests.simulator.conformance.official import Platform, Scenario, client_methods, official
from tests.simulator.conformance.serving import DAY, MIDNIGHT, NOW

COVERED: dict[Scenario, frozenset[str]] = {}

# Resources of the client that the simulator does not have, and why not.
NOT_SERVED = {
    "certificates": "mutual TLS is set up once, by other tools than ours",
    "data_retention": "no part of keys, usage, costs or limits",
    "external_keys": "customer-managed encryption, no part of keys to the API",
    "external_storage": "no part of keys, usage, costs or limits",
    "groups": "directory groups are managed where they come from",
    "roles": "custom roles are not shown by the app",
    "users.roles": "custom roles are not shown by the app",
    "workload_identity_providers": "federated login is not shown by the app",
    "projects.certificates": "mutual TLS is set up once, by other tools than ours",
    "projects.data_retention": "no part of keys, usage, costs or limits",
    "projects.groups": "directory groups are managed where they come from",
    "projects.hosted_tool_permissions": "no part of keys, usage, costs or limits",
    "projects.model_permissions": "no part of keys, usage, costs or limits",
    "projects.roles": "custom roles are not shown by the app",
    "projects.service_tier_settings": "no part of keys, usage, costs or limits",
    "projects.users.roles": "custom roles are not shown by the app",
}


def covers(resource: str, *methods: str) -> Callable[[Scenario], Scenario]:
    def note(scenario: Scenario) -> Scenario:
        COVERED[scenario] = frozenset(f"{resource}.{method}" for method in methods)
        return scenario

    return note


def ids(things: Any) -> list[str]:
    return [thing.id for thing in things]


def absent(call: Callable[..., Any], *parts: Any, **named: Any) -> None:
    with pytest.raises(openai.NotFoundError):
        call(*parts, **named)


@covers("admin_api_keys", "create", "retrieve", "list", "delete")
def admin_keys(platform: Platform) -> None:
    keys = platform.organization.admin_api_keys
    made = [keys.create(name=f"made {number}", expires_in_seconds=DAY) for number in range(3)]
    assert len({key.value for key in made}) == 3
    assert made[0].expires_at == NOW + DAY
    assert ids(keys.list(limit=2)) == list(platform.world.admin_keys)
    assert ids(keys.list(limit=2, order="desc")) == list(platform.world.admin_keys)[::-1]
    assert keys.retrieve(made[0].id).redacted_value.endswith(made[0].value[-4:])
    with platform.signed(made[0].value) as other:
        assert other.admin.organization.projects.list(limit=1).data
        assert keys.delete(made[0].id).deleted
        with pytest.raises(openai.AuthenticationError) as refused:
            other.admin.organization.projects.list()
        assert refused.value.code == "invalid_api_key"
    absent(keys.retrieve, made[0].id)
    assert made[0].id not in ids(keys.list(limit=2))


@covers("projects", "create", "retrieve", "update", "list", "archive")
def projects(platform: Platform) -> None:
    resource = platform.organization.projects
    made = [resource.create(name=f"made {n}", residency="EU_STORAGE_PROCESSING") for n in range(3)]
    assert ids(made) == ids(resource.list(limit=2))[-3:]
    assert resource.update(made[1].id, name="renamed").name == "renamed"
    assert resource.retrieve(made[1].id).name == "renamed"
    archived = resource.archive(made[2].id)
    assert (archived.status, archived.archived_at) == ("archived", NOW)
    assert made[2].id not in ids(resource.list(limit=2))
    everything = ids(resource.list(limit=2, include_archived=True))
    assert everything == list(platform.world.projects)
    with pytest.raises(openai.BadRequestError):
        resource.update(made[2].id, name="too late")
    with pytest.raises(openai.BadRequestError):
        resource.update(platform.world.default_project.id, name="mine")


@covers("projects.api_keys", "retrieve", "update", "list", "delete")
def project_keys(platform: Platform) -> None:
    keys, project_id = platform.organization.projects.api_keys, platform.project_id()
    accounts = platform.client.admin.organization.projects.service_accounts
    fresh = [accounts.create(project_id, name=f"worker {n}").api_key for n in range(3)]
    value, first = fresh[0].value, fresh[0].id  # type: ignore[union-attr]
    assert "whisper-1" in platform.models(value)
    listed = list(keys.list(project_id, limit=2, owner_project_access="any"))
    assert ids(fresh) == ids(listed)[-3:]
    assert len(set(ids(listed))) == len(listed)
    assert keys.retrieve(first, project_id=project_id).last_used_at == NOW
    changed = keys.update(first, project_id=project_id, expires_in_seconds=60, scopes=["api.none"])
    assert changed.expires_at == NOW + 60
    assert changed.redacted_value != value
    with pytest.raises(openai.PermissionDeniedError):
        platform.models(value)
    keys.update(first, project_id=project_id, scopes=[])
    platform.models(value)
    assert keys.delete(first, project_id=project_id).deleted
    with pytest.raises(openai.AuthenticationError):
        platform.models(value)
    absent(keys.retrieve, first, project_id=project_id)
    assert first not in ids(keys.list(project_id, limit=2, owner_project_access="any"))


@covers("projects.service_accounts", "create", "retrieve", "update", "list", "delete")
def service_accounts(platform: Platform) -> None:
    accounts, project_id = platform.organization.projects.service_accounts, platform.project_id()
    made = [accounts.create(project_id, name=f"robot {number}") for number in range(3)]
    alone = accounts.create(project_id, name="alone", create_service_account_only=True)
    assert (alone.role, alone.api_key) == ("none", None)
    brief = accounts.create(project_id, name="brief", expires_in_seconds=DAY)
    assert brief.api_key.expires_at == NOW + DAY
    listed = ids(accounts.list(project_id, limit=2))
    assert listed[-5:] == [*ids(made), alone.id, brief.id]
    renamed = accounts.update(made[0].id, project_id=project_id, name="android", role="owner")
    assert accounts.retrieve(made[0].id, project_id=project_id) == renamed
    assert (renamed.name, renamed.role) == ("android", "owner")
    platform.models(made[1].api_key.value)
    assert accounts.delete(made[1].id, project_id=project_id).deleted
    with pytest.raises(openai.AuthenticationError):
        platform.models(made[1].api_key.value)
    absent(accounts.retrieve, made[1].id, project_id=project_id)
    assert made[1].id not in ids(accounts.list(project_id))


@covers("projects.service_accounts.api_keys", "create")
def keys_of_service_accounts(platform: Platform) -> None:
    organization, project_id = platform.organization, platform.project_id()
    account = platform.client.admin.organization.projects.service_accounts.create(
        project_id, name="robot"
    )
    made = organization.projects.service_accounts.api_keys.create(
        account.id,
        project_id=project_id,
        name="second",
        scopes=["api.model.read"],
        expires_in_seconds=60,
    )
    assert (made.name, made.expires_at) == ("second", NOW + 60)
    assert platform.models(made.value) == platform.models(account.api_key.value)  # type: ignore[union-attr]
    for signed in (made.value, account.api_key.value):  # type: ignore[union-attr]
        with (
            platform.signed(signed) as client,
            pytest.raises((openai.PermissionDeniedError, openai.AuthenticationError)),
        ):
            client.admin.organization.projects.list()
    platform.world.advance(61)
    with pytest.raises(openai.AuthenticationError):
        platform.models(made.value)


@covers("users", "retrieve", "update", "list", "delete")
def users(platform: Platform) -> None:
    resource = platform.organization.users
    listed = list(resource.list(limit=2))
    assert ids(listed) == ids(platform.world.members())
    person = next(user for user in listed if user.role == "reader")
    assert ids(resource.list(emails=[person.email, listed[0].email], limit=1)) == [
        user.id for user in listed if user.id in (person.id, listed[0].id)
    ]
    assert resource.update(person.id, role="owner", technical_level="expert").role == "owner"
    assert resource.retrieve(person.id).technical_level == "expert"
    assert resource.delete(person.id).deleted
    absent(resource.retrieve, person.id)
    assert person.id not in ids(resource.list(limit=2))


@covers("projects.users", "create", "retrieve", "update", "list", "delete")
def project_users(platform: Platform) -> None:
    users = platform.organization.projects.users
    project_id = platform.client.admin.organization.projects.create(name="empty").id
    people = list(platform.world.members())[-3:]
    for person in people:
        users.create(project_id, user_id=person.id, role="member")
    listed = ids(users.list(project_id, limit=2))
    assert set(ids(people)) < set(listed)
    assert len(set(listed)) == len(listed)
    changed = users.update(people[0].id, project_id=project_id, role="owner")
    assert changed == users.retrieve(people[0].id, project_id=project_id)
    assert changed.role == "owner"
    assert users.delete(people[1].id, project_id=project_id).deleted
    absent(users.retrieve, people[1].id, project_id=project_id)
    with pytest.raises(openai.BadRequestError):
        users.create(project_id, user_id=people[0].id, role="member")


@covers("invites", "create", "retrieve", "list", "delete")
def invites(platform: Platform) -> None:
    resource = platform.organization.invites
    project = {"id": platform.project_id(), "role": "owner"}
    made = [
        resource.create(email=f"new{n}@example.com", role="reader", projects=[project])
        for n in range(3)
    ]
    assert ids(resource.list(limit=2))[-3:] == ids(made)
    assert resource.retrieve(made[0].id) == made[0]
    assert (made[0].status, made[0].projects[0].role) == ("pending", "owner")
    assert resource.delete(made[0].id).deleted
    absent(resource.retrieve, made[0].id)
    accepted = next(invite for invite in resource.list() if invite.status == "accepted")
    with pytest.raises(openai.BadRequestError):
        resource.delete(accepted.id)


@covers("projects.rate_limits", "list_rate_limits", "update_rate_limit")
def rate_limits(platform: Platform) -> None:
    limits, project_id = platform.organization.projects.rate_limits, platform.project_id()
    every = list(limits.list_rate_limits(project_id))
    assert list(limits.list_rate_limits(project_id, limit=2)) == every
    asked = {"max_requests_per_1_minute": 7, "max_tokens_per_1_minute": 11}
    changed = limits.update_rate_limit(every[0].id, project_id=project_id, **asked)
    assert changed.to_dict().items() >= asked.items()
    assert next(iter(limits.list_rate_limits(project_id))) == changed
    absent(limits.update_rate_limit, "rl-none", project_id=project_id)
    absent(limits.list_rate_limits, "proj_none")


def _spend_limit(limit: Any, *where: str) -> None:
    made = limit.update(*where, currency="USD", interval="month", threshold_amount=12_345)
    assert (made.threshold_amount, made.enforcement.status) == (12_345, "enforcing")
    assert limit.retrieve(*where) == made
    assert limit.delete(*where).deleted
    absent(limit.retrieve, *where)


@covers("spend_limit", "retrieve", "update", "delete")
def spend_limit(platform: Platform) -> None:
    _spend_limit(platform.organization.spend_limit)


@covers("projects.spend_limit", "retrieve", "update", "delete")
def spend_limit_of_a_project(platform: Platform) -> None:
    _spend_limit(platform.organization.projects.spend_limit, platform.project_id())


def _spend_alerts(alerts: Any, *where: str) -> None:
    named = {"project_id": where[0]} if where else {}

    def asked(cents: int) -> dict[str, Any]:
        channel = {"type": "email", "recipients": ["cfo@example.com"], "subject_prefix": "Spend"}
        return {
            "currency": "USD",
            "interval": "month",
            "threshold_amount": cents,
            "notification_channel": channel,
        }

    made = [alerts.create(*where, **asked(100 * number)) for number in range(3)]
    listed = ids(alerts.list(*where, limit=2))
    assert listed[-3:] == ids(made)
    assert ids(alerts.list(*where, limit=2, order="desc")) == listed[::-1]
    assert alerts.update(made[0].id, **named, **asked(7)).threshold_amount == 7
    assert alerts.retrieve(made[0].id, **named).threshold_amount == 7
    assert alerts.delete(made[0].id, **named).deleted
    absent(alerts.retrieve, made[0].id, **named)


@covers("spend_alerts", "create", "retrieve", "update", "list", "delete")
def spend_alerts(platform: Platform) -> None:
    _spend_alerts(platform.organization.spend_alerts)


@covers("projects.spend_alerts", "create", "retrieve", "update", "list", "delete")
def spend_alerts_of_a_project(platform: Platform) -> None:
    _spend_alerts(platform.organization.projects.spend_alerts, platform.project_id())


@covers("audit_logs", "list")
def audit_logs(platform: Platform) -> None:
    logs = platform.organization.audit_logs
    made = platform.client.admin.organization.admin_api_keys.create(name="traced")
    traced = logs.list(tenant_only=True, resource_ids=[made.id]).data
    assert [event.type for event in traced] == ["tenant.admin_api_key.created"]
    every = list(logs.list(limit=100))
    assert every == list(logs.list(limit=20))
    assert {event.type for event in every} >= {"api_key.created", "login.failed"}
    moments = [event.effective_at for event in every]
    assert moments == sorted(moments, reverse=True)
    since = NOW - 30 * DAY
    recent = logs.list(effective_at={"gte": since, "lt": NOW}, event_types=["login.succeeded"])
    found = list(recent)
    assert found
    assert found == [
        event
        for event in every
        if event.type == "login.succeeded" and since <= event.effective_at < NOW
    ]


@covers("usage", *USAGE_KINDS)
def usage(platform: Platform) -> None:
    for name, kind in USAGE_KINDS.items():
        read = getattr(platform.organization.usage, name)
        groups = [group for group in kind.dimensions if group != "vector_store_id"]
        pages = _pages(read, start_time=MIDNIGHT - 4 * DAY, limit=2, group_by=groups)
        whole = read(start_time=MIDNIGHT - 4 * DAY, limit=31, group_by=groups)
        assert [bucket for page in pages for bucket in page] == whole.data
        rows = [row for bucket in whole.data for row in bucket.results]
        assert {row.object for row in rows} == {kind.object}
        project_id = next(row.project_id for row in rows if row.project_id)
        narrowed = read(
            start_time=MIDNIGHT - 4 * DAY, project_ids=[project_id], group_by=["project_id"]
        )
        part = [row for bucket in narrowed.data for row in bucket.results]
        assert {row.project_id for row in part} == {project_id}


def _pages(read: Callable[..., Any], **query: Any) -> list[list[Any]]:
    page = read(**query)
    pages = [page.data]
    while page.has_more:
        page = read(**query, page=page.next_page)
        pages.append(page.data)
    assert page.next_page is None
    assert len(pages) == 3
    return pages


@covers("usage", "costs")
def costs(platform: Platform) -> None:
    read = platform.organization.usage.costs
    days = {"start_time": MIDNIGHT - 4 * DAY, "group_by": ["project_id", "line_item", "api_key_id"]}
    whole = read(**days, limit=180)
    assert [bucket for page in _pages(read, **days, limit=2) for bucket in page] == whole.data
    rows = [row for bucket in whole.data for row in bucket.results]
    assert all(row.amount.currency == "usd" for row in rows)
    item = next(row.line_item for row in rows if row.project_id)
    part = read(**days, line_items=[item])
    assert {row.line_item for bucket in part.data for row in bucket.results} == {item}
    people = read(start_time=MIDNIGHT - 4 * DAY, group_by=["user_id", "api_source"])
    assert any(row.user_id for bucket in people.data for row in bucket.results)
    with pytest.raises(openai.BadRequestError):
        read(start_time=MIDNIGHT, group_by=["user_id", "project_id"])


@pytest.mark.parametrize("scenario", COVERED, ids=lambda scenario: scenario.__name__)
def test_the_official_client_does_it(scenario: Scenario) -> None:
    with official() as platform:
        scenario(platform)
    assert platform.seen == COVERED[scenario]


def test_every_method_of_the_official_client_is_decided_about() -> None:
    covered = frozenset().union(*COVERED.values())
    declined = {
        method
        for method in client_methods()
        if any(method.startswith(f"{resource}.") for resource in NOT_SERVED)
    }
    assert not covered & declined
    assert covered | declined == client_methods()
    assert (len(covered), len(declined)) == (63, 80)
