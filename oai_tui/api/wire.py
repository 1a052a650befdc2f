"""The JSON as the platform sends it, and its way into the core.

Everything the contract calls optional, and much that it calls required, may be missing or null in
real answers, so every member here has a default; what has no meaning without a member says so by
raising BadAnswer. Unknown members are ignored. Outside text is cleaned here, once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Generic, TypeVar

import msgspec

from oai_tui.core.keys import ApiKey, KeyKind, Owner, Project, ServiceAccount
from oai_tui.core.text import clean, short_key

Item = TypeVar("Item")


class Listing(msgspec.Struct, Generic[Item]):
    """A page of a list with an id cursor. `data` has no default: a page without it is no page."""

    data: list[Item]
    has_more: bool = False
    last_id: str | None = None


class Deleted(msgspec.Struct):
    """The answer to a deletion."""

    deleted: bool = False


class Party(msgspec.Struct):
    """A user or service account inside an owner."""

    id: str | None = None
    name: str | None = None
    email: str | None = None


class KeyOwner(msgspec.Struct):
    """The owner of a key: nested for project keys, flat for admin keys."""

    type: str | None = None
    id: str | None = None
    name: str | None = None
    email: str | None = None
    user: Party | None = None
    service_account: Party | None = None

    def to_core(self) -> Owner | None:
        """Return the owner, or None where the platform names nobody."""
        party = self.user or self.service_account or self
        if not (party.id or party.name or party.email):
            return None
        guess = "service_account" if self.service_account else "user" if self.user else ""
        return _owner(
            clean(self.type or guess, 40),
            clean(party.id),
            clean(party.name),
            clean(party.email),
        )


# Ten thousand keys have few owners; one object each keeps memory and the collector small.
@lru_cache(maxsize=4096)
def _owner(type: str, id: str, name: str, email: str) -> Owner:
    return Owner(type, id, name, email)


class Key(msgspec.Struct):
    """A project key or an admin key."""

    id: str
    name: str | None = None
    redacted_value: str | None = None
    value: str | None = None
    created_at: int | None = None
    last_used_at: int | None = None
    expires_at: int | None = None
    owner: KeyOwner | None = None
    owner_project_access: str | None = None

    def to_core(self, project: Project | None) -> ApiKey:
        """Return the key; without a project it is an admin key."""
        return ApiKey(
            id=clean(self.id),
            name=clean(self.name),
            kind=KeyKind.PROJECT if project else KeyKind.ADMIN,
            masked=short_key(clean(self.redacted_value, 400)),
            created_at=instant(self.created_at),
            last_used_at=instant(self.last_used_at),
            expires_at=instant(self.expires_at),
            owner=self.owner.to_core() if self.owner else None,
            owner_access=clean(self.owner_project_access, 40),
            project=project,
        )


class ProjectItem(msgspec.Struct):
    """A project."""

    id: str
    name: str | None = None
    status: str | None = None
    created_at: int | None = None
    archived_at: int | None = None

    def to_core(self) -> Project:
        """Return the project; one with a date of archiving is archived whatever its status says."""
        status = "archived" if self.archived_at else clean(self.status, 40) or "active"
        return Project(clean(self.id), clean(self.name), status, instant(self.created_at))


class AccountItem(msgspec.Struct):
    """A service account, with its first key where it was just made."""

    id: str
    name: str | None = None
    role: str | None = None
    created_at: int | None = None
    api_key: Key | None = None

    def to_core(self, project_id: str) -> ServiceAccount:
        """Return the account."""
        return ServiceAccount(
            clean(self.id),
            project_id,
            clean(self.name),
            clean(self.role, 40),
            instant(self.created_at),
        )


class UserItem(msgspec.Struct):
    """A member of the organization."""

    id: str
    name: str | None = None
    email: str | None = None


class Enforcement(msgspec.Struct):
    """Whether a limit is enforced, in the platform's word."""

    status: str | None = None


class LimitItem(msgspec.Struct):
    """A hard spend limit. `threshold_amount` is in cents."""

    threshold_amount: int | None = None
    currency: str | None = None
    interval: str | None = None
    enforcement: Enforcement | None = None


class Channel(msgspec.Struct):
    """Where an alert goes."""

    recipients: list[str] | None = None
    subject_prefix: str | None = None


class AlertItem(msgspec.Struct):
    """A spend alert. `threshold_amount` is in cents."""

    id: str
    threshold_amount: int | None = None
    currency: str | None = None
    interval: str | None = None
    notification_channel: Channel | None = None


class RateLimitItem(msgspec.Struct):
    """The ceilings of a model in a project; those that do not apply to it are missing."""

    id: str
    model: str | None = None
    max_requests_per_1_minute: int | None = None
    max_tokens_per_1_minute: int | None = None
    max_images_per_1_minute: int | None = None
    max_audio_megabytes_per_1_minute: int | None = None
    max_requests_per_1_day: int | None = None
    batch_1_day_max_input_tokens: int | None = None


def instant(seconds: int | None) -> datetime | None:
    """Return a moment; None for what is missing, zero or outside the years 2000 to 2200."""
    if not seconds or not 946684800 <= seconds <= 7258118400:
        return None
    return datetime.fromtimestamp(seconds, UTC)
