"""API keys, who owns them, and what state they are in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from oai_tui.core.secret import Secret
from oai_tui.core.text import when

EXPIRING_WITHIN = timedelta(days=14)
STALE_AFTER = timedelta(days=90)
YOUNG = timedelta(days=7)


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
    """The two kinds of key the platform lists."""

    ADMIN = "admin"
    PROJECT = "project"


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


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made, with the only copy of its value."""

    id: str
    name: str
    secret: Secret
    expires_at: datetime | None = None
    account_id: str = ""


Tone = Literal["", "muted", "good", "warn", "bad"]
"""How loudly something is shown; "warn" and "bad" are for what needs a person."""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of a key in one word, why in one sentence, and how bad it is (0 is fine)."""

    word: str
    why: str
    tone: Tone
    weight: int


def health(key: ApiKey, now: datetime) -> Health:
    """Return the most pressing thing there is to say of a key at this moment."""
    if key.expires_at and key.expires_at <= now:
        return Health("expired", f"Expired {when(key.expires_at, now)}.", "bad", 5)
    if key.owner_access == "inactive":
        why = "Its owner no longer has access to the project, and the key still answers."
        return Health("owner gone", why, "bad", 4)
    if key.expires_at and key.expires_at - now <= EXPIRING_WITHIN:
        return Health("expiring", f"Expires {when(key.expires_at, now)}.", "warn", 3)
    age = now - key.created_at if key.created_at else timedelta()
    if key.last_used_at is None:
        if age <= YOUNG:
            return Health("new", "Not seen used yet; the platform reports use late.", "muted", 0)
        return Health("not seen", "Not seen used since it was created.", "warn", 2)
    if now - key.last_used_at > STALE_AFTER:
        return Health("stale", f"Last seen used {when(key.last_used_at, now)}.", "warn", 1)
    return Health("in use", f"Last seen used {when(key.last_used_at, now)}.", "good", 0)


def matches(key: ApiKey, now: datetime, text: str) -> bool:
    """Whether every word of a filter is found in what the list shows of a key, in any case.

    A word that starts with `!` must not be found.
    """
    owner = key.owner
    shown = " ".join(
        (
            key.name,
            key.id,
            key.masked,
            key.kind,
            key.project.name if key.project else "organization",
            f"{owner.name} {owner.email} {owner.type}" if owner else "",
            health(key, now).word,
        )
    ).casefold()
    words = text.casefold().split()
    return all(
        (word[1:] not in shown or word == "!") if word.startswith("!") else word in shown
        for word in words
    )
