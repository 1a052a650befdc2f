"""How the founding of an organization is written down: ages in days before now, not dates."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE = 60
HOUR = 3_600
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Use:
    """What a key is used for; `per_day` is the mean number of requests of a weekday."""

    kinds: tuple[str, ...]
    models: tuple[str, ...]
    per_day: float
    batch: float = 0.0
    cached: float = 0.3
    spike_age: int | None = None
    spike_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """A person; `removed` ones have left the organization."""

    handle: str
    name: str
    role: str
    age: int
    removed: bool = False


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """A project with the handles of its members."""

    handle: str
    name: str
    age: int
    members: tuple[str, ...]
    archived_age: int | None = None


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """A service account of a project."""

    handle: str
    name: str
    project: str
    age: int
    role: str = "member"


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """A project key. `owner` is a handle, of a service account when `by_account`.

    `used` is seconds before now (None: never), `expires` days from now (negative: it is over),
    `deleted_age` days before now.
    """

    name: str
    project: str
    owner: str
    age: float
    used: int | None = None
    use: Use | None = None
    expires: float | None = None
    deleted_age: int | None = None
    by_account: bool = False
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdminKeyPlan:
    """An admin key; times as in KeyPlan."""

    name: str
    owner: str
    age: int
    used: int | None
    scopes: tuple[str, ...] = ()
    expires: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole organization before it has ids, secrets and dates. The first project is default.

    `limits` and `alerts` are cents a month by project handle, None for the organization.
    """

    name: str
    slug: str
    domain: str
    people: tuple[PersonPlan, ...]
    projects: tuple[ProjectPlan, ...]
    accounts: tuple[AccountPlan, ...]
    keys: tuple[KeyPlan, ...]
    admin_keys: tuple[AdminKeyPlan, ...]
    limits: tuple[tuple[str | None, int], ...]
    alerts: tuple[tuple[str | None, int], ...]
