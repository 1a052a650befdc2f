"""The audit log of what happened before the simulator started."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from oai_tui.simulator.ceilings import ceiling_id
from oai_tui.simulator.minting import identifier
from oai_tui.simulator.model import AdminKey, AuditEvent, Key, Organization, Person
from oai_tui.simulator.plan import DAY

_NEWEST_KEYS = 60
_NEWEST_OTHERS = 20
_LOGINS = 165
_FAILED_LOGINS = 14
_LOGIN_DAYS = 120
_REFUSALS = (
    ("invalid_credentials", "The password is not right."),
    ("mfa_failed", "The second factor was not accepted."),
    ("sso_required", "This organization asks for single sign-on."),
)
_BILLING = (("alerts", 9), ("info", 61), ("alerts", 133))


@dataclass(frozen=True, slots=True)
class _Entry:
    at: int
    type: str
    person: Person
    project_id: str | None
    resource_id: str
    details: dict[str, object]
    key: AdminKey | None = None


def write_history(organization: Organization, seed: int, anchor: int) -> list[AuditEvent]:
    """Write the log of an organization from what it is, oldest first."""
    random = Random(f"history {seed}")
    entries = [
        *_of_keys(organization, random),
        *_of_updates(organization, seed, random, anchor),
        *_of_accounts(organization),
        *_of_projects(organization),
        *_of_people(organization, random, anchor),
        *_of_admin_keys(organization),
        *_of_logins(organization, random, anchor),
        *_of_billing(organization, anchor),
    ]
    entries.sort(key=lambda entry: entry.at)
    return [_event(entry, seed, place, random) for place, entry in enumerate(entries)]


def _event(entry: _Entry, seed: int, place: int, random: Random) -> AuditEvent:
    return AuditEvent(
        id=identifier(seed, f"history {place}", "audit_log-", 24),
        type=entry.type,
        at=entry.at,
        actor=_actor(entry, random),
        project_id=entry.project_id,
        resource_id=entry.resource_id,
        details=entry.details,
    )


def _actor(entry: _Entry, random: Random) -> dict[str, object]:
    user = {"id": entry.person.id, "email": entry.person.email}
    address = f"203.0.113.{random.randrange(2, 250)}"
    if entry.key:
        return {"type": "api_key", "api_key": {"id": entry.key.id, "type": "user", "user": user}}
    session = {"user": user, "ip_address": address}
    return {"type": "session", "session": session}


def _entry(
    at: int, type: str, person: Person, project_id: str | None, resource_id: str, **more: object
) -> _Entry:
    return _Entry(at, type, person, project_id, resource_id, {"id": resource_id} | more)


def _owner(organization: Organization) -> Person:
    return next(person for person in organization.people.values() if person.role == "owner")


def _maker(organization: Organization, key: Key) -> Person:
    return organization.people.get(key.owner_id, _owner(organization))


def _of_keys(organization: Organization, random: Random) -> list[_Entry]:
    entries = []
    for key in list(organization.keys.values())[-_NEWEST_KEYS:]:
        who = _maker(organization, key)
        data = {"scopes": list(key.scopes)}
        entries.append(
            _entry(key.created_at, "api_key.created", who, key.project_id, key.id, data=data)
        )
        if key.expires_at is not None:
            moment = key.created_at + random.randrange(1, 60)
            asked = {"expires_in_seconds": key.expires_at - moment}
            entries.append(
                _entry(
                    moment,
                    "api_key.updated",
                    who,
                    key.project_id,
                    key.id,
                    changes_requested=asked,
                )
            )
        if key.deleted_at is not None:
            entries.append(_entry(key.deleted_at, "api_key.deleted", who, key.project_id, key.id))
    return entries


def _of_updates(organization: Organization, seed: int, random: Random, anchor: int) -> list[_Entry]:
    projects = list(organization.projects.values())
    entries = []
    for number in range(18):
        project = random.choice(projects[:12])
        model = random.choice(("gpt-5.6", "gpt-6-astra", "o4-mini"))
        asked = {"max_requests_per_1_minute": random.choice((500, 1_000, 2_000, 5_000))}
        entries.append(
            _entry(
                max(project.created_at + DAY, anchor - (number * 17 + 3) * DAY),
                "rate_limit.updated",
                _owner(organization),
                project.id,
                ceiling_id(seed, project.id, model),
                changes_requested=asked,
            )
        )
    return entries


def _of_accounts(organization: Organization) -> list[_Entry]:
    """Tell of the newest accounts; every other one was made with an admin key."""
    who = _owner(organization)
    key = next(each for each in organization.admin_keys.values() if each.owner_id == who.id)
    default = next(each.id for each in organization.projects.values() if each.is_default)
    accounts = list(organization.service_accounts.values())[-_NEWEST_OTHERS:]
    return [
        _Entry(
            account.created_at,
            "service_account.created",
            who,
            default if number % 2 else account.project_id,
            account.id,
            {"id": account.id, "data": {"role": account.role}},
            key if number % 2 else None,
        )
        for number, account in enumerate(accounts)
    ]


def _of_projects(organization: Organization) -> list[_Entry]:
    who = _owner(organization)
    entries = []
    for project in list(organization.projects.values())[-_NEWEST_OTHERS:]:
        data = {"name": project.id, "title": project.name}
        entries.append(
            _entry(project.created_at, "project.created", who, project.id, project.id, data=data)
        )
        if project.archived_at is not None:
            entries.append(
                _entry(project.archived_at, "project.archived", who, project.id, project.id)
            )
    return entries


def _of_people(organization: Organization, random: Random, anchor: int) -> list[_Entry]:
    who = _owner(organization)
    entries = []
    for person in list(organization.people.values())[-_NEWEST_OTHERS:]:
        data = {"role": person.role}
        entries.append(_entry(person.added_at, "user.added", who, None, person.id, data=data))
        if person.removed:
            left = anchor - random.randrange(40, 80) * DAY
            entries.append(_entry(left, "user.deleted", who, None, person.id))
    for invite in organization.invites.values():
        data = {"email": invite.email, "role": invite.role}
        entries.append(_entry(invite.created_at, "invite.sent", who, None, invite.id, data=data))
        if invite.accepted_at is not None:
            entries.append(_entry(invite.accepted_at, "invite.accepted", who, None, invite.id))
    return entries


def _of_admin_keys(organization: Organization) -> list[_Entry]:
    return [
        _entry(
            key.created_at,
            "tenant.admin_api_key.created",
            organization.people[key.owner_id],
            None,
            key.id,
        )
        for key in organization.admin_keys.values()
    ]


def _of_logins(organization: Organization, random: Random, anchor: int) -> list[_Entry]:
    present = [person for person in organization.people.values() if not person.removed]
    entries = []
    for number in range(_LOGINS + _FAILED_LOGINS):
        person = random.choice(present)
        at = max(anchor - random.randrange(300, _LOGIN_DAYS * DAY), person.added_at)
        if number < _LOGINS:
            entries.append(_Entry(at, "login.succeeded", person, None, person.id, {}))
            continue
        code, message = _REFUSALS[number % len(_REFUSALS)]
        details: dict[str, object] = {"error_code": code, "error_message": message}
        entries.append(_Entry(at, "login.failed", person, None, person.id, details))
    return entries


def _of_billing(organization: Organization, anchor: int) -> list[_Entry]:
    who = _owner(organization)
    return [
        _entry(anchor - days * DAY, f"tenant.billing.{what}.updated", who, None, f"billing_{what}")
        for what, days in _BILLING
    ]
