"""One simulated organization while it lives: its things, its clock, its secrets, its switches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Literal

from oai_tui.simulator.ceilings import ceilings_of
from oai_tui.simulator.minting import hexadecimal, identifier, secret
from oai_tui.simulator.model import (
    AdminKey,
    Alert,
    AuditEvent,
    Credit,
    Key,
    Organization,
    Person,
    Project,
    RateLimit,
    ServiceAccount,
)
from oai_tui.simulator.seed import found_organization

Scale = Literal["small", "large"]


class World:
    """An organization with a clock. Collections map ids to things, oldest first.

    The switches may be set at any time: `new_key_delay` and `revocation_delay` (seconds until a
    new key is accepted, and until a revoked one no longer is), `missing_scope_status` (401 or
    403), `error_shape` (`string` or `envelope`, of missing scopes), `no_limit_shape` (`missing`
    or `zero`), `service_account_key_delete` (`allowed` or `refused`), `redaction` (`dots` or
    `stars`), `policy_max_key_lifetime` (seconds or None), `policy_service_accounts_only`,
    `cost_lag_hours` (until what was used shows in costs), `credits` (taken off costs),
    `credit_cents` (taken off those of two days before the clock was set), `idle` (days without any
    use: that on which the clock was set and those before it; none is used later either),
    `audit_enabled` (whether the audit log can be read).
    """

    def __init__(self, organization: Organization, seed: int, scale: Scale, clock: _Clock) -> None:
        self.seed = seed
        self.scale = scale
        self.anchor = clock.anchor
        self.name = organization.name
        self.slug = organization.slug
        self.people = organization.people
        self.projects = organization.projects
        self.service_accounts = organization.service_accounts
        self.keys: dict[str, Key] = {}
        self.admin_keys: dict[str, AdminKey] = {}
        self.invites = organization.invites
        self.alerts = organization.alerts
        self.spend_limits = organization.spend_limits
        self.rate_limits: dict[str, dict[str, RateLimit]] = {}
        self.audit = organization.audit
        self._clock = clock
        self._counter = 0
        self._requests = 0
        self._by_value: dict[str, AdminKey | Key] = {}
        self._keys_by_project: dict[str, list[Key]] = {}
        self._keys_by_owner: dict[str, list[Key]] = {}
        self._set_switches()
        for key in organization.keys.values():
            self.add_key(key)
        for admin_key in organization.admin_keys.values():
            self.add_admin_key(admin_key)

    def _set_switches(self) -> None:
        self.new_key_delay: float = 0
        self.revocation_delay: float = 0
        self.missing_scope_status: Literal[401, 403] = 403
        self.error_shape: Literal["string", "envelope"] = "string"
        self.no_limit_shape: Literal["missing", "zero"] = "missing"
        self.service_account_key_delete: Literal["allowed", "refused"] = "allowed"
        self.redaction: Literal["dots", "stars"] = "dots"
        self.policy_max_key_lifetime: int | None = None
        self.policy_service_accounts_only = False
        self.cost_lag_hours: int = 5
        self.credits: list[Credit] = []
        self.credit_cents: int = 0
        self.idle: int = 0
        self.audit_enabled = True

    @classmethod
    def seeded(cls, seed: int = 7, scale: Scale = "small", now: int | None = None) -> World:
        """Found an organization; `now` (Unix seconds) stops the clock there, None is real time."""
        clock = _Clock(now)
        return cls(found_organization(seed, scale, clock.anchor), seed, scale, clock)

    def now(self) -> int:
        """Give the time in Unix seconds."""
        return self._clock.now()

    def advance(self, seconds: int) -> None:
        """Move a stopped clock forward; a running one moves by itself."""
        self._clock.advance(seconds)

    @property
    def admin_key(self) -> str:
        """The value of the first admin key, which may do everything."""
        return next(iter(self.admin_keys.values())).value

    @property
    def usage_only_key(self) -> str:
        """The value of an admin key that may read usage and costs and nothing else."""
        return self._admin_value(("api.usage.read",))

    @property
    def management_only_key(self) -> str:
        """The value of an admin key that may manage everything but not read usage and costs."""
        return self._admin_value(("api.management.read", "api.management.write"))

    def _admin_value(self, scopes: tuple[str, ...]) -> str:
        return next(key.value for key in self.admin_keys.values() if key.scopes == scopes)

    @property
    def default_project(self) -> Project:
        """The project to which actions of admin keys are attributed."""
        return next(project for project in self.projects.values() if project.is_default)

    def new_id(self, prefix: str, length: int = 16) -> str:
        """Make an id that nothing else has."""
        self._counter += 1
        return identifier(self.seed, f"later {self._counter}", prefix, length)

    def new_secret(self, kind: str) -> str:
        """Make the value of a new key of `kind` `admin`, `user` or `service_account`."""
        self._counter += 1
        return secret(self.seed, f"later {self._counter}", kind)

    def new_request(self) -> tuple[str, int]:
        """Count a request; gives its id and the milliseconds it claims to have taken."""
        self._requests += 1
        digits = hexadecimal(self.seed, f"request {self._requests}", 32)
        return f"req_{digits}", 20 + int(digits[:2], 16) % 100

    def add_key(self, key: Key) -> None:
        """Take a project key into the organization."""
        self.keys[key.id] = key
        self._by_value[key.value] = key
        self._keys_by_project.setdefault(key.project_id, []).append(key)
        self._keys_by_owner.setdefault(key.owner_id, []).append(key)

    def add_admin_key(self, key: AdminKey) -> None:
        """Take an admin key into the organization."""
        self.admin_keys[key.id] = key
        self._by_value[key.value] = key

    def key_with_value(self, value: str) -> AdminKey | Key | None:
        """Find the key with this secret, deleted ones included."""
        return self._by_value.get(value)

    def is_live(self, key: AdminKey | Key) -> bool:
        """Say whether the platform accepts this key at this moment."""
        now = self.now()
        known = key.created_at < self.anchor or now >= key.created_at + self.new_key_delay
        revoked = key.deleted_at is not None and now >= key.deleted_at + self.revocation_delay
        return known and not revoked and not self.is_expired(key)

    def is_expired(self, key: AdminKey | Key) -> bool:
        """Say whether the key's time is over."""
        return key.expires_at is not None and key.expires_at <= self.now()

    def keys_of_project(self, project_id: str) -> list[Key]:
        """Give all keys a project ever had, oldest first."""
        return self._keys_by_project.get(project_id, [])

    def keys_of_owner(self, owner_id: str) -> list[Key]:
        """Give all keys a person or service account ever had, oldest first."""
        return self._keys_by_owner.get(owner_id, [])

    def accounts_of_project(self, project_id: str) -> Iterator[ServiceAccount]:
        """Give all service accounts a project ever had, oldest first."""
        accounts = self.service_accounts.values()
        return (account for account in accounts if account.project_id == project_id)

    def members(self) -> Iterator[Person]:
        """Give the people who belong to the organization now."""
        return (person for person in self.people.values() if not person.removed)

    def alerts_of(self, project_id: str | None) -> Iterator[Alert]:
        """Give the spend alerts of a project, or of the organization for None, oldest first."""
        return (alert for alert in self.alerts.values() if alert.project_id == project_id)

    def rate_limits_of(self, project_id: str) -> dict[str, RateLimit]:
        """Give the ceilings of a project by id; made when first asked for."""
        if project_id not in self.rate_limits:
            ceilings = ceilings_of(self.seed, project_id)
            self.rate_limits[project_id] = {ceiling.id: ceiling for ceiling in ceilings}
        return self.rate_limits[project_id]

    def record(
        self,
        actor: AdminKey,
        type: str,
        resource_id: str,
        details: dict[str, object] | None = None,
    ) -> None:
        """Write a line of the audit log; what admin keys do belongs to the default project."""
        self.audit.append(
            AuditEvent(
                id=self.new_id("audit_log-", 24),
                type=type,
                at=self.now(),
                actor=self._as_actor(actor),
                project_id=None if type.startswith("tenant.") else self.default_project.id,
                resource_id=resource_id,
                details={"id": resource_id} | (details or {}),
            )
        )

    def _as_actor(self, key: AdminKey) -> dict[str, object]:
        owner = self.people[key.owner_id]
        user = {"id": owner.id, "email": owner.email}
        return {"type": "api_key", "api_key": {"id": key.id, "type": "user", "user": user}}


class _Clock:
    """Real time, or a time that stands still until it is moved."""

    def __init__(self, fixed: int | None) -> None:
        self._fixed = fixed
        self.anchor = self.now()

    def now(self) -> int:
        return int(time.time()) if self._fixed is None else self._fixed

    def advance(self, seconds: int) -> None:
        if self._fixed is None:
            raise ValueError("a running clock cannot be moved")
        self._fixed += seconds
