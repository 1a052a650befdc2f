"""The lines of the audit log as the platform sends them, and their way into the core."""

from __future__ import annotations

import msgspec

from oai_tui.api.wire import instant
from oai_tui.core.activity import Event
from oai_tui.core.text import clean, short_id

MOST_SCOPES = 200
"""More scopes than the platform has are noise."""


class Changes(msgspec.Struct):
    """What was asked for."""

    scopes: list[str] | None = None
    expires_in_seconds: int | None = None


class Details(msgspec.Struct):
    """What a line says beside its type: a creation has `data`, an update what was requested."""

    id: str | None = None
    data: Changes | None = None
    changes_requested: Changes | None = None


class Identity(msgspec.Struct):
    """A person or a service account that did something."""

    id: str | None = None
    name: str | None = None
    email: str | None = None

    def label(self) -> str:
        """Return the name a person knows it by, or ""."""
        return clean(self.email or self.name or self.id)


class SessionActor(msgspec.Struct):
    """Somebody who was signed in to the dashboard."""

    user: Identity | None = None


class KeyActor(msgspec.Struct):
    """A key that was used, and whose it is."""

    id: str | None = None
    user: Identity | None = None
    service_account: Identity | None = None


class Actor(msgspec.Struct):
    """Whoever did it."""

    session: SessionActor | None = None
    api_key: KeyActor | None = None

    def label(self) -> str:
        """Return an e-mail address, a name, `key …`, or "" where nobody is named."""
        key = self.api_key or KeyActor()
        people = (self.session and self.session.user, key.user, key.service_account)
        named = next((label for each in people if each and (label := each.label())), "")
        return named or (f"key {short_id(clean(key.id))}" if key.id else "")


class Place(msgspec.Struct):
    """The project it happened in."""

    id: str | None = None


class Entry(msgspec.Struct):
    """A line of the audit log. Its details stand in a member named as its type.

    The types are open; of those that concern no key only the type, time and actor are read.
    """

    id: str
    type: str = ""
    effective_at: int | None = None
    project: Place | None = None
    actor: Actor | None = None
    key_created: Details | None = msgspec.field(default=None, name="api_key.created")
    key_updated: Details | None = msgspec.field(default=None, name="api_key.updated")
    key_deleted: Details | None = msgspec.field(default=None, name="api_key.deleted")
    account_created: Details | None = msgspec.field(default=None, name="service_account.created")
    account_updated: Details | None = msgspec.field(default=None, name="service_account.updated")
    account_deleted: Details | None = msgspec.field(default=None, name="service_account.deleted")
    admin_created: Details | None = msgspec.field(default=None, name="tenant.admin_api_key.created")
    admin_updated: Details | None = msgspec.field(default=None, name="tenant.admin_api_key.updated")
    admin_deleted: Details | None = msgspec.field(default=None, name="tenant.admin_api_key.deleted")

    def to_core(self) -> Event:
        """Return the line."""
        details = self._details()
        changes = details.changes_requested or details.data or Changes()
        return Event(
            id=clean(self.id),
            type=clean(self.type, 80),
            at=instant(self.effective_at),
            actor=self.actor.label() if self.actor else "",
            resource_id=clean(details.id),
            project_id=clean(self.project.id) if self.project else "",
            scopes=_scopes(changes.scopes),
            expires_in=changes.expires_in_seconds,
        )

    def _details(self) -> Details:
        known = (
            *(self.key_created, self.key_updated, self.key_deleted),
            *(self.account_created, self.account_updated, self.account_deleted),
            *(self.admin_created, self.admin_updated, self.admin_deleted),
        )
        return next((each for each in known if each), Details())


def _scopes(scopes: list[str] | None) -> tuple[str, ...] | None:
    return None if scopes is None else tuple(clean(scope, 80) for scope in scopes[:MOST_SCOPES])
