"""How the list of keys reads: a column each, and the lines of one key's details."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from textual.content import Content

from oai_tui.core.health import findings
from oai_tui.core.keys import ApiKey, Owner
from oai_tui.core.text import UNKNOWN, ago, day, when
from oai_tui.ui.widgets.table import Cell, Column

NEVER_SEEN = "not seen"


def key_columns(clock: Callable[[], datetime]) -> tuple[Column[ApiKey], ...]:
    """Return the columns of the key list, the ones to give up first with the lowest priority."""
    return (
        Column("name", "NAME", 20, lambda key: key.name or UNKNOWN, _name, grow=True, priority=9),
        Column("project", "PROJECT", 14, _project, _project_text, grow=True, priority=6),
        Column("owner", "OWNER", 17, _owner, _owner_text, grow=True, priority=4),
        Column("key", "KEY", 14, lambda key: Cell(key.masked, "muted"), priority=5),
        Column(
            "created",
            "CREATED",
            8,
            lambda key: day(key.created_at, clock()),
            lambda key: key.created_at,
            priority=1,
        ),
        Column(
            "used",
            "LAST SEEN",
            9,
            lambda key: _used(key, clock()),
            lambda key: key.last_used_at,
            priority=7,
        ),
        Column(
            "expires",
            "EXPIRES",
            8,
            lambda key: _expires(key, clock()),
            lambda key: key.expires_at,
            priority=3,
        ),
        Column(
            "health",
            "STATE",
            12,
            lambda key: _health(key, clock()),
            lambda key: -findings(key, clock())[0].weight,
            priority=8,
        ),
    )


def details(key: ApiKey, now: datetime) -> Content:
    """Return everything that is known of a key, a line each."""
    owner = key.owner
    state = findings(key, now)[0]
    lines = [
        ("name", key.name or UNKNOWN),
        ("id", key.id),
        ("key", key.masked),
        ("kind", "admin key" if key.project is None else "project key"),
        ("project", key.project.name or UNKNOWN if key.project else "the whole organization"),
        *([("project id", key.project.id)] if key.project else []),
        *_owner_lines(owner),
        ("access", _access(key)),
        ("created", _moment(key.created_at, now)),
        ("last seen", _moment(key.last_used_at, now) if key.last_used_at else "not seen used"),
        ("expires", _moment(key.expires_at, now) if key.expires_at else "never"),
        ("state", f"{state.word}. {state.why}"),
    ]
    return Content("\n").join(
        Content.assemble(Content.styled(f"{label:<12}", "$text-muted"), text)
        for label, text in lines
    )


def summary(key: ApiKey, now: datetime) -> Content:
    """Return the two lines under the list: what the columns have no room for."""
    state = findings(key, now)[0]
    owner = f"{key.owner.label} ({_type(key.owner.type)})" if key.owner else "no owner named"
    tone = {"good": "$text-success", "warn": "$text-warning", "bad": "$text-error"}
    return Content.assemble(
        Content.styled(f" {key.name or UNKNOWN} ", "bold"),
        Content.styled(f" {state.why}", tone.get(state.tone, "$text-muted")),
        Content.styled(
            f"\n {key.id}   {owner}   created {day(key.created_at, now)}", "$text-muted"
        ),
    )


def _owner_lines(owner: Owner | None) -> list[tuple[str, str]]:
    if owner is None:
        return [("owner", UNKNOWN)]
    email = f"  {owner.email}" if owner.email and owner.email != owner.label else ""
    return [("owner", f"{owner.label}{email}  {_type(owner.type)}"), ("owner id", owner.id)]


def _name(key: ApiKey) -> str:
    return key.name.casefold()


def _project_text(key: ApiKey) -> str:
    return key.project.name.casefold() if key.project else ""


def _project(key: ApiKey) -> Cell:
    if key.project is None:
        return Cell("organization", "accent")
    return Cell(key.project.name or key.project.id, "muted" if key.project.is_archived else "")


def _owner_text(key: ApiKey) -> str | None:
    return key.owner.label.casefold() if key.owner else None


def _owner(key: ApiKey) -> Cell:
    if key.owner is None:
        return Cell(UNKNOWN, "muted")
    if key.owner_access == "inactive":
        return Cell(f"{key.owner.label} (gone)", "bad")
    return Cell(f"svc {key.owner.label}" if key.owner.is_service_account else key.owner.label)


def _used(key: ApiKey, now: datetime) -> Cell:
    return Cell(ago(key.last_used_at, now)) if key.last_used_at else Cell(NEVER_SEEN, "muted")


def _expires(key: ApiKey, now: datetime) -> Cell:
    if key.expires_at is None:
        return Cell(UNKNOWN, "muted")
    text = ago(key.expires_at, now)
    return Cell("expired", "bad") if key.expires_at <= now else Cell(text)


def _health(key: ApiKey, now: datetime) -> Cell:
    state = findings(key, now)[0]
    mark = {"bad": "✖", "warn": "▲", "good": "●"}.get(state.tone, "○")
    return Cell(f"{mark} {state.word}", state.tone)


def _type(text: str) -> str:
    return text.replace("_", " ") or "owner"


def _access(key: ApiKey) -> str:
    return {
        "": UNKNOWN,
        "active": "the owner has access",
        "inactive": "the owner has lost access",
    }.get(key.owner_access, key.owner_access)


def _moment(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return UNKNOWN
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC ({when(moment, now)})"
