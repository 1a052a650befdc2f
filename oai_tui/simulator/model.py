"""What a simulated organization is made of. Times are Unix seconds, amounts of money are cents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class Credit(NamedTuple):
    """An amount taken off the costs of a UTC day, of the organization or of one project."""

    day: date
    cents: int
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """How a key is used. Usage rows are computed from this, the seed and the clock when asked.

    `requests_per_day` is the mean of a weekday near now; `first_day` and `last_day` are
    midnights UTC, both inclusive, `last_day` None for a key still in use. Shares lie in 0..1.
    On `spike_day` (a midnight UTC) the requests are `spike_factor` times as many.
    """

    kinds: tuple[str, ...]
    models: tuple[str, ...]
    requests_per_day: float
    first_day: int
    last_day: int | None = None
    batch_share: float = 0.0
    cached_share: float = 0.3
    spike_day: int | None = None
    spike_factor: float = 1.0


@dataclass(slots=True)
class Person:
    """A member of the organization; `removed` members no longer have access to anything."""

    id: str
    name: str
    email: str
    role: str
    added_at: int
    removed: bool = False
    technical_level: str | None = None
    developer_persona: str | None = None


@dataclass(slots=True)
class Membership:
    """What a person may do in a project (`owner` or `member`), and since when."""

    role: str
    added_at: int


@dataclass(slots=True)
class Project:
    """A project; `archived_at` set means that it can no longer be used or changed."""

    id: str
    name: str
    created_at: int
    archived_at: int | None = None
    is_default: bool = False
    members: dict[str, Membership] = field(default_factory=dict)
    residency: str = "GLOBAL"
    external_key_id: str | None = None


@dataclass(slots=True)
class ServiceAccount:
    """An identity of a project that is not a person."""

    id: str
    project_id: str
    name: str
    role: str
    created_at: int
    deleted_at: int | None = None


@dataclass(slots=True)
class Key:
    """A project key. `value` is its secret; deleted keys stay known for usage and refusals."""

    id: str
    project_id: str
    name: str
    owner_type: str  # "user" | "service_account"
    owner_id: str
    value: str
    created_at: int
    expires_at: int | None = None
    last_used_at: int | None = None
    deleted_at: int | None = None
    owner_access: str = "active"  # "active" | "inactive"
    scopes: tuple[str, ...] = ()
    traffic: Traffic | None = None


@dataclass(slots=True)
class AdminKey:
    """A key of the organization itself; `scopes` empty means that it may do everything."""

    id: str
    name: str
    owner_id: str
    value: str
    created_at: int
    expires_at: int | None = None
    last_used_at: int | None = None
    deleted_at: int | None = None
    scopes: tuple[str, ...] = ()


@dataclass(slots=True)
class RateLimit:
    """The ceilings of one model in one project."""

    id: str
    project_id: str
    model: str
    max_requests_per_1_minute: int
    max_tokens_per_1_minute: int
    max_images_per_1_minute: int | None = None
    max_audio_megabytes_per_1_minute: int | None = None
    max_requests_per_1_day: int | None = None
    batch_1_day_max_input_tokens: int | None = None


@dataclass(slots=True)
class Alert:
    """A spend alert of the organization (`project_id` None) or of a project; `cents` a month."""

    id: str
    project_id: str | None
    cents: int
    recipients: list[str]
    subject_prefix: str | None
    created_at: int


@dataclass(slots=True)
class SpendLimit:
    """A hard monthly limit; `status` is the platform's word: `inactive` or `enforcing`."""

    cents: int
    status: str = "enforcing"


@dataclass(slots=True)
class AuditEvent:
    """One line of the audit log; `details` stands under a property named as the type."""

    id: str
    type: str
    at: int
    actor: dict[str, object]
    project_id: str | None
    resource_id: str
    details: dict[str, object]


@dataclass(slots=True)
class Invite:
    """An invitation into the organization; `projects` are pairs of project id and role."""

    id: str
    email: str
    role: str
    created_at: int
    expires_at: int
    accepted_at: int | None = None
    projects: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Organization:
    """Everything an organization is when the simulator starts, oldest first in every collection."""

    name: str
    slug: str
    people: dict[str, Person] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    service_accounts: dict[str, ServiceAccount] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    admin_keys: dict[str, AdminKey] = field(default_factory=dict)
    invites: dict[str, Invite] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    spend_limits: dict[str | None, SpendLimit] = field(default_factory=dict)
    audit: list[AuditEvent] = field(default_factory=list)
