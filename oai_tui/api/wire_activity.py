"""The lines of the audit log as the platform sends them, and their way into the core.

Its types are open and the details of each stand in a member named as the type, so a line is read in
parts: one that is not as documented is left out, and never takes the line, or the page, with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from oai_tui.api.wire import instant
from oai_tui.core.activity import ActorKind, Event
from oai_tui.core.text import clean, short_id, without_keys

MOST_SCOPES = 200
"""More scopes than the platform has are noise."""

MOST_DETAILS = 40
LONGEST_DETAIL = 300
DEEPEST = 4
"""Levels of members within members that are read."""

WRAPPERS = ("data.", "changes_requested.")
"""Around what was asked for; the verb of the type says which it is."""

Part = TypeVar("Part")


class Changes(msgspec.Struct):
    """What was asked for."""

    scopes: list[str] | None = None
    expires_in_seconds: int | None = None


class Details(msgspec.Struct):
    """What a line says beside its type: a creation has `data`, an update what was requested."""

    id: str | None = None
    data: Changes | None = None
    changes_requested: Changes | None = None


class Named(msgspec.Struct):
    """The id in details that are otherwise not as documented."""

    id: str | None = None


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
    ip_address: str | None = None
    user_agent: str | None = None


class KeyActor(msgspec.Struct):
    """A key that was used, and whose it is."""

    id: str | None = None
    user: Identity | None = None
    service_account: Identity | None = None


class Actor(msgspec.Struct):
    """Whoever did it."""

    session: SessionActor | None = None
    api_key: KeyActor | None = None

    def who(self) -> Identity:
        """Return the person or service account behind it; an empty one where none is named."""
        key = self.api_key or KeyActor()
        people = (self.session and self.session.user, key.user, key.service_account)
        return next((each for each in people if each and each.label()), Identity())

    def label(self) -> str:
        """Return an e-mail address, a name, `key …`, or "" where nobody is named."""
        key_id = self.api_key.id if self.api_key else None
        return self.who().label() or (f"key {short_id(clean(key_id))}" if key_id else "")

    def kind(self) -> ActorKind:
        """Return what was acted with."""
        if self.api_key:
            return ActorKind.KEY
        return ActorKind.SESSION if self.session else ActorKind.UNKNOWN


class Place(msgspec.Struct):
    """The project it happened in."""

    id: str | None = None
    name: str | None = None


class Entry(msgspec.Struct):
    """A line of the audit log without the details of its type."""

    id: str
    type: str = ""
    effective_at: int | None = None
    project: msgspec.Raw = msgspec.Raw()
    actor: msgspec.Raw = msgspec.Raw()


class AuditPage(msgspec.Struct):
    """A page of the audit log. `data` has no default: a page without it is no page."""

    data: list[msgspec.Raw]
    has_more: bool = False
    last_id: str | None = None


def event_of(line: msgspec.Raw) -> Event:
    """Return a line. Raises msgspec.MsgspecError for one without an id."""
    entry = msgspec.json.decode(line, type=Entry)
    raw = _member(line, entry.type)
    details = _part(raw, Details) or Details(id=(_part(raw, Named) or Named()).id)
    changes = details.changes_requested or details.data or Changes()
    place = _part(entry.project, Place) or Place()
    actor = _part(entry.actor, Actor) or Actor()
    session, who = actor.session or SessionActor(), actor.who()
    return Event(
        id=clean(entry.id),
        type=clean(entry.type, 80),
        at=instant(entry.effective_at),
        actor=actor.label(),
        resource_id=clean(details.id),
        project_id=clean(place.id),
        scopes=_scopes(changes.scopes),
        expires_in=changes.expires_in_seconds,
        project_name=clean(place.name),
        actor_kind=actor.kind(),
        actor_id=clean(who.id or (actor.api_key.id if actor.api_key else None)),
        actor_email=clean(who.email),
        ip=clean(session.ip_address, 60),
        agent=clean(session.user_agent, 200),
        details=_pairs(raw),
    )


def _member(line: msgspec.Raw, name: str) -> msgspec.Raw:
    try:
        return msgspec.json.decode(line, type=dict[str, msgspec.Raw]).get(name, msgspec.Raw())
    except msgspec.MsgspecError:
        return msgspec.Raw()


def _part(raw: msgspec.Raw, into: type[Part]) -> Part | None:
    """Return a part of a line; None for one that is missing, null or not as documented."""
    if not bytes(raw):
        return None
    try:
        return msgspec.json.decode(raw, type=into | None)
    except msgspec.MsgspecError:
        return None


def _pairs(raw: msgspec.Raw) -> tuple[tuple[str, str], ...]:
    """Return the details by name, as many and as long as a person reads."""
    try:
        known = msgspec.json.decode(raw) if bytes(raw) else None
    except (msgspec.MsgspecError, RecursionError):
        return ()
    found: dict[str, str] = {}
    for name, value in _flat(known, "", DEEPEST):
        if len(found) == MOST_DETAILS:
            break
        found.setdefault(clean(name, 80), clean(without_keys(value), LONGEST_DETAIL))
    return tuple(found.items())


def _flat(value: object, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and depth:
        for inner, each in value.items():
            yield from _flat(each, f"{name}.{inner}" if name else str(inner), depth - 1)
    elif isinstance(value, list):
        few = value[:MOST_SCOPES]
        yield _bare(name), ", ".join(_said(each) for each in few)
    elif value is not None and name:
        yield _bare(name), _said(value)


def _bare(name: str) -> str:
    return next((name.removeprefix(each) for each in WRAPPERS if name.startswith(each)), name)


def _said(value: object) -> str:
    if isinstance(value, str):
        return value[: LONGEST_DETAIL * 4]
    return msgspec.json.encode(value).decode()[:LONGEST_DETAIL]


def _scopes(scopes: list[str] | None) -> tuple[str, ...] | None:
    return None if scopes is None else tuple(clean(scope, 80) for scope in scopes[:MOST_SCOPES])
