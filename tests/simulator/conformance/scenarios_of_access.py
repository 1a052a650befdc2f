"""What the official client does to keys, projects, accounts and people."""

from __future__ import annotations

import openai
import pytest

from tests.simulator.conformance.covering import absent, covers, ids
from tests.simulator.conformance.official import Platform
from tests.simulator.conformance.serving import DAY, NOW


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
