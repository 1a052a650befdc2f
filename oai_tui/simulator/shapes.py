"""The organization's things as the platform writes them in JSON."""

from __future__ import annotations

from oai_tui.simulator.ceilings import OPTIONAL_CEILINGS
from oai_tui.simulator.minting import redacted
from oai_tui.simulator.model import (
    AdminKey,
    Alert,
    AuditEvent,
    Invite,
    Key,
    Person,
    Project,
    RateLimit,
    ServiceAccount,
    SpendLimit,
)
from oai_tui.simulator.world import World

Answer = dict[str, object]


def admin_key(world: World, key: AdminKey) -> Answer:
    """Write an admin key without its secret."""
    owner = world.people[key.owner_id]
    return {
        "object": "organization.admin_api_key",
        "id": key.id,
        "name": key.name,
        "redacted_value": redacted(key.value, world.redaction),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "owner": {
            "type": "user",
            "object": "organization.user",
            "id": owner.id,
            "name": owner.name,
            "created_at": owner.added_at,
            "role": owner.role,
        },
    }


def project(project: Project) -> Answer:
    """Write a project."""
    return {
        "id": project.id,
        "object": "organization.project",
        "name": project.name,
        "created_at": project.created_at,
        "archived_at": project.archived_at,
        "status": "active" if project.archived_at is None else "archived",
        "external_key_id": project.external_key_id,
        "residency": project.residency,
    }


def project_key(world: World, key: Key) -> Answer:
    """Write a project key without its secret and, as the platform does, without its scopes."""
    return {
        "object": "organization.project.api_key",
        "id": key.id,
        "name": key.name,
        "redacted_value": redacted(key.value, world.redaction),
        "created_at": key.created_at,
        "last_used_at": key.last_used_at,
        "expires_at": key.expires_at,
        "owner_project_access": key.owner_access,
        "owner": _owner(world, key),
    }


def _owner(world: World, key: Key) -> Answer:
    if key.owner_type == "service_account":
        account = world.service_accounts[key.owner_id]
        identity: Answer = {
            "id": account.id,
            "name": account.name,
            "role": account.role,
            "created_at": account.created_at,
        }
        return {"type": "service_account", "service_account": identity}
    person = world.people[key.owner_id]
    membership = world.projects[key.project_id].members.get(person.id)
    user: Answer = {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": "member" if membership is None else membership.role,
        "created_at": person.added_at,
    }
    return {"type": "user", "user": user}


def service_account(account: ServiceAccount) -> Answer:
    """Write a service account."""
    return {
        "object": "organization.project.service_account",
        "id": account.id,
        "name": account.name,
        "role": account.role,
        "created_at": account.created_at,
    }


def new_key(key: Key) -> Answer:
    """Write a new key of a service account, the only time with its secret."""
    return {
        "object": "organization.project.service_account.api_key",
        "id": key.id,
        "name": key.name,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "value": key.value,
    }


def person(world: World, person: Person) -> Answer:
    """Write a member of the organization."""
    used = [key.last_used_at for key in world.keys_of_owner(person.id) if key.last_used_at]
    memberships = [
        {"id": project.id, "name": project.name, "role": project.members[person.id].role}
        for project in world.projects.values()
        if person.id in project.members
    ]
    return {
        "object": "organization.user",
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "added_at": person.added_at,
        "created": person.added_at,
        "is_default": False,
        "is_service_account": False,
        "is_scim_managed": False,
        "is_scale_tier_authorized_purchaser": None,
        "api_key_last_used_at": max(used, default=None),
        "technical_level": person.technical_level,
        "developer_persona": person.developer_persona,
        "user": _account_of(person),
        "projects": {"object": "list", "data": memberships},
    }


def _account_of(person: Person) -> Answer:
    return {
        "object": "user",
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "picture": None,
        "enabled": True,
        "banned": False,
        "banned_at": None,
    }


def project_person(project: Project, person: Person) -> Answer:
    """Write a member of a project."""
    membership = project.members[person.id]
    return {
        "object": "organization.project.user",
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": membership.role,
        "added_at": membership.added_at,
    }


def invite(world: World, invite: Invite) -> Answer:
    """Write an invitation with the state it has now."""
    return {
        "object": "organization.invite",
        "id": invite.id,
        "email": invite.email,
        "role": invite.role,
        "status": invite_status(world, invite),
        "created_at": invite.created_at,
        "expires_at": invite.expires_at,
        "accepted_at": invite.accepted_at,
        "projects": [{"id": id, "role": role} for id, role in invite.projects],
    }


def invite_status(world: World, invite: Invite) -> str:
    """Say whether an invitation is `accepted`, `expired` or `pending`."""
    if invite.accepted_at is not None:
        return "accepted"
    return "expired" if invite.expires_at <= world.now() else "pending"


def rate_limit(ceiling: RateLimit) -> Answer:
    """Write the ceilings of a model; those that do not apply to it are left out."""
    answer: Answer = {
        "object": "project.rate_limit",
        "id": ceiling.id,
        "model": ceiling.model,
        "max_requests_per_1_minute": ceiling.max_requests_per_1_minute,
        "max_tokens_per_1_minute": ceiling.max_tokens_per_1_minute,
    }
    for name in OPTIONAL_CEILINGS:
        if getattr(ceiling, name) is not None:
            answer[name] = getattr(ceiling, name)
    return answer


def level(project_id: str | None) -> str:
    """Give the first word of an object name: whose limit or alert it is."""
    return "organization" if project_id is None else "project"


def spend_limit(project_id: str | None, limit: SpendLimit) -> Answer:
    """Write a hard spend limit."""
    return {
        "object": f"{level(project_id)}.spend_limit",
        "threshold_amount": limit.cents,
        "currency": "USD",
        "interval": "month",
        "enforcement": {"status": limit.status},
    }


def alert(alert: Alert) -> Answer:
    """Write a spend alert."""
    return {
        "id": alert.id,
        "object": f"{level(alert.project_id)}.spend_alert",
        "threshold_amount": alert.cents,
        "currency": "USD",
        "interval": "month",
        "notification_channel": {
            "type": "email",
            "recipients": alert.recipients,
            "subject_prefix": alert.subject_prefix,
        },
    }


def audit_event(world: World, event: AuditEvent) -> Answer:
    """Write a line of the audit log."""
    answer: Answer = {"id": event.id, "type": event.type, "effective_at": event.at}
    if event.project_id is not None:
        title = world.projects[event.project_id].name
        answer["project"] = {"id": event.project_id, "name": title}
    return answer | {"actor": event.actor, event.type: event.details}
