"""API keys, the projects they are in, and who owns them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from oai_tui.core.secret import Secret


@dataclass(frozen=True, slots=True)
class Owner:
    """Whoever a key acts for. `type` is the platform's word: `user` or `service_account`."""

    type: str
    id: str
    name: str
    email: str = ""

    @property
    def is_service_account(self) -> bool:
        """Whether this is a service account, for which keys can be made by API."""
        return self.type == "service_account"

    @property
    def label(self) -> str:
        """The name a person knows it by."""
        return self.name or self.email or self.id


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the organization. `status` is the platform's word."""

    id: str
    name: str
    status: str = "active"
    created_at: datetime | None = None

    @property
    def is_archived(self) -> bool:
        """Whether it can no longer be used or changed."""
        return self.status == "archived"


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """An identity in a project that is not a person."""

    id: str
    project_id: str
    name: str
    role: str = ""
    created_at: datetime | None = None


class KeyKind(StrEnum):
    """What stands in the list of keys.

    The platform lists the first two. A deleted key is only seen in usage and costs, and a service
    account without a key has its own id as the id of its row.
    """

    ADMIN = "admin"
    PROJECT = "project"
    DELETED = "deleted"
    ACCOUNT = "service_account"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the platform lists it; never its value.

    `masked` is short (`sk-proj…w3fK`). `last_used_at` None means that no use was seen, `expires_at`
    None that it never expires; both lag on the platform's side. `owner_access` is the platform's
    word for whether the owner can still reach the project: `active`, `inactive` or "".
    """

    id: str
    name: str
    kind: KeyKind
    masked: str
    created_at: datetime | None
    last_used_at: datetime | None = None
    expires_at: datetime | None = None
    owner: Owner | None = None
    owner_access: str = ""
    project: Project | None = None

    @property
    def is_live(self) -> bool:
        """Whether the platform lists it, so that it can be revoked or rotated."""
        return self.kind is KeyKind.PROJECT or self.kind is KeyKind.ADMIN


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made, with the only copy of its value."""

    id: str
    name: str
    secret: Secret
    expires_at: datetime | None = None
    account_id: str = ""
