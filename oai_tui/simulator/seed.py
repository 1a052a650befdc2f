"""Founding an organization: a plan, a seed and a moment give ids, secrets and dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Literal

from oai_tui.simulator.minting import identifier, secret
from oai_tui.simulator.model import (
    AdminKey,
    Alert,
    Invite,
    Key,
    Membership,
    Organization,
    Person,
    Project,
    ServiceAccount,
    SpendLimit,
    Traffic,
)
from oai_tui.simulator.plan import DAY, AdminKeyPlan, KeyPlan, PersonPlan, Plan, ProjectPlan, Use
from oai_tui.simulator.plan_large import large_plan
from oai_tui.simulator.plan_small import SMALL
from oai_tui.simulator.seed_audit import write_history


@dataclass
class _Founding:
    """The organization while it is being made, with the ids that handles have been given."""

    plan: Plan
    seed: int
    anchor: int
    random: Random
    made: Organization
    people: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)

    def moment(self, age: float) -> int:
        """Give a time `age` days before now, at an odd hour when it is days away."""
        jitter = self.random.randrange(DAY // 2) if age >= 1 else 0
        return self.anchor - int(age * DAY) - jitter


def found_organization(seed: int, scale: Literal["small", "large"], anchor: int) -> Organization:
    """Found the organization of a scale, its history ending at `anchor` (Unix seconds)."""
    plan = SMALL if scale == "small" else large_plan(seed)
    made = Organization(plan.name, plan.slug)
    founding = _Founding(plan, seed, anchor, Random(f"founding {seed}"), made)
    _add_people(founding)
    _add_projects(founding)
    _add_accounts(founding)
    _add_keys(founding)
    _add_admin_keys(founding)
    _add_invites(founding)
    _add_limits(founding)
    made.audit = write_history(made, seed, anchor)
    return made


def _add_people(founding: _Founding) -> None:
    for plan in sorted(founding.plan.people, key=lambda person: -person.age):
        person = _person(founding, plan)
        founding.people[plan.handle] = person.id
        founding.made.people[person.id] = person


def _person(founding: _Founding, plan: PersonPlan) -> Person:
    return Person(
        id=identifier(founding.seed, f"person {plan.handle}", "user-", 24),
        name=plan.name,
        email=f"{plan.handle}@{founding.plan.domain}",
        role=plan.role,
        added_at=founding.moment(plan.age),
        removed=plan.removed,
    )


def _add_projects(founding: _Founding) -> None:
    default = founding.plan.projects[0].handle
    for plan in sorted(founding.plan.projects, key=lambda project: -project.age):
        project = _project(founding, plan)
        project.is_default = plan.handle == default
        founding.projects[plan.handle] = project.id
        founding.made.projects[project.id] = project


def _project(founding: _Founding, plan: ProjectPlan) -> Project:
    created_at = founding.moment(plan.age)
    members: dict[str, Membership] = {}
    for place, handle in enumerate(plan.members):
        person = founding.made.people[founding.people[handle]]
        role = "owner" if place == 0 else "member"
        members[person.id] = Membership(role, max(created_at, person.added_at))
    archived = plan.archived_age
    return Project(
        id=identifier(founding.seed, f"project {plan.handle}", "proj_", 24),
        name=plan.name,
        created_at=created_at,
        archived_at=None if archived is None else founding.moment(archived),
        members=members,
    )


def _add_accounts(founding: _Founding) -> None:
    for plan in sorted(founding.plan.accounts, key=lambda account: -account.age):
        account = ServiceAccount(
            id=identifier(founding.seed, f"account {plan.handle}", "svc_acct_", 24),
            project_id=founding.projects[plan.project],
            name=plan.name,
            role=plan.role,
            created_at=founding.moment(plan.age),
        )
        founding.accounts[plan.handle] = account.id
        founding.made.service_accounts[account.id] = account


def _add_keys(founding: _Founding) -> None:
    keys = [_key(founding, plan, place) for place, plan in enumerate(founding.plan.keys)]
    for key in sorted(keys, key=lambda key: key.created_at):
        founding.made.keys[key.id] = key


def _key(founding: _Founding, plan: KeyPlan, place: int) -> Key:
    kind = "service_account" if plan.by_account else "user"
    owner = (founding.accounts if plan.by_account else founding.people)[plan.owner]
    gone = not plan.by_account and founding.made.people[owner].removed
    created_at = founding.moment(plan.age)
    deleted = plan.deleted_age
    used = None if plan.used is None else _last_use(founding, plan.used, created_at)
    return Key(
        id=identifier(founding.seed, f"key {place}", "key_"),
        project_id=founding.projects[plan.project],
        name=plan.name,
        owner_type=kind,
        owner_id=owner,
        value=secret(founding.seed, f"key {place}", kind),
        created_at=created_at,
        expires_at=None if plan.expires is None else founding.anchor + int(plan.expires * DAY),
        last_used_at=used,
        deleted_at=None if deleted is None else founding.anchor - deleted * DAY,
        owner_access="inactive" if gone else "active",
        scopes=plan.scopes,
        traffic=_traffic(founding, plan.use, created_at, used),
    )


def _last_use(founding: _Founding, ago: int, created_at: int) -> int:
    """Give the moment of the last use; what was used within hours is still used today."""
    moment = max(founding.anchor - ago, created_at)
    return max(moment, _midnight(founding.anchor)) if ago < DAY // 2 else moment


def _traffic(
    founding: _Founding, use: Use | None, created_at: int, last_used_at: int | None
) -> Traffic | None:
    if use is None or last_used_at is None:
        return None
    today, last = _midnight(founding.anchor), _midnight(last_used_at)
    return Traffic(
        kinds=use.kinds,
        models=use.models,
        requests_per_day=round(use.per_day * founding.random.uniform(0.9, 1.1), 1),
        first_day=_midnight(created_at),
        last_day=None if last == today else last,
        batch_share=use.batch,
        cached_share=use.cached,
        spike_day=None if use.spike_age is None else _working_day(today - use.spike_age * DAY),
        spike_factor=use.spike_factor,
    )


def _midnight(moment: int) -> int:
    return moment - moment % DAY


def _working_day(day: int) -> int:
    """Give the day, or the Friday before when it is on a weekend, where a spike would drown."""
    weekday = (day // DAY + 3) % 7
    return day - max(weekday - 4, 0) * DAY


def _add_admin_keys(founding: _Founding) -> None:
    for place, plan in enumerate(founding.plan.admin_keys):
        key = _admin_key(founding, plan, place)
        founding.made.admin_keys[key.id] = key


def _admin_key(founding: _Founding, plan: AdminKeyPlan, place: int) -> AdminKey:
    return AdminKey(
        id=identifier(founding.seed, f"admin key {place}", "key_"),
        name=plan.name,
        owner_id=founding.people[plan.owner],
        value=secret(founding.seed, f"admin key {place}", "admin"),
        created_at=founding.moment(plan.age),
        expires_at=None if plan.expires is None else founding.anchor + int(plan.expires * DAY),
        last_used_at=None if plan.used is None else founding.anchor - plan.used,
        scopes=plan.scopes,
    )


def _add_invites(founding: _Founding) -> None:
    project = founding.projects[founding.plan.projects[1].handle]
    for number, (who, age, accepted) in enumerate(
        (("carmen", 641, True), ("nina", 40, False), ("omar", 2, False))
    ):
        created_at = founding.moment(age)
        invite = Invite(
            id=identifier(founding.seed, f"invite {number}", "invite-", 24),
            email=f"{who}@{founding.plan.domain}",
            role="reader",
            created_at=created_at,
            expires_at=created_at + 7 * DAY,
            accepted_at=created_at + DAY // 2 if accepted else None,
            projects=[(project, "member")],
        )
        founding.made.invites[invite.id] = invite


def _add_limits(founding: _Founding) -> None:
    for handle, cents in founding.plan.limits:
        founding.made.spend_limits[_project_id(founding, handle)] = SpendLimit(cents)
    for place, (handle, cents) in enumerate(founding.plan.alerts):
        alert = Alert(
            id=identifier(founding.seed, f"alert {place}", "alert_", 24),
            project_id=_project_id(founding, handle),
            cents=cents,
            recipients=[f"finance@{founding.plan.domain}"],
            subject_prefix="OpenAI spend",
            created_at=founding.moment(300 - place),
        )
        founding.made.alerts[alert.id] = alert


def _project_id(founding: _Founding, handle: str | None) -> str | None:
    return None if handle is None else founding.projects[handle]
