"""One key in words: what the columns of the list have no room for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from textual.content import Content

from oai_tui.core.estate import EstateRow
from oai_tui.core.health import FACTS_DAYS, Ailment, Finding
from oai_tui.core.keys import ApiKey, KeyKind
from oai_tui.core.text import UNKNOWN, count, day, money, short_id, when
from oai_tui.ui.widgets.key_columns import MARKS

COLORS = {"good": "$text-success", "warn": "$text-warning", "bad": "$text-error"}
LABEL = 12
"""Cells of the label before a fact."""

KINDS = {
    KeyKind.ADMIN: "admin key",
    KeyKind.PROJECT: "project key",
    KeyKind.DELETED: "deleted key",
    KeyKind.ACCOUNT: "service account without a key",
}


def summary(row: EstateRow, now: datetime) -> Content:
    """Return the two lines under a list that has no room for more."""
    key = row.key
    return Content.assemble(
        Content.styled(f" {key.name or UNKNOWN} ", "bold"),
        " ",
        said(row.state),
        Content.styled(
            f"\n {key.id}   {owner_words(key)}   created {day(key.created_at, now)}", "$text-muted"
        ),
    )


def said(finding: Finding, mark: str = "") -> Content:
    """Return why a key is in a state, as loudly as it presses."""
    return Content.styled(f"{mark}{finding.why}", COLORS.get(finding.tone, "$text-muted"))


def all_said(row: EstateRow, between: str) -> Content:
    """Return everything there is to say of a key, the most pressing first."""
    return Content(between).join(
        said(found, f"{MARKS.get(found.tone, '○')} ") for found in _worth_saying(row)
    )


def _worth_saying(row: EstateRow) -> list[Finding]:
    """Return the findings without the one that another says with more to it."""
    is_spending = Ailment.SPENDING in row.ailments
    return [f for f in row.findings if not (is_spending and f.ailment is Ailment.OWNER_GONE)]


def labelled(label: str, fact: Content | str) -> Content:
    """Return a fact behind its label."""
    return Content.assemble(Content.styled(f"{label:<{LABEL}}", "$text-muted"), fact)


def full(row: EstateRow, siblings: Sequence[ApiKey], now: datetime) -> Content:
    """Return everything that is known of a key itself, a line each."""
    key = row.key
    lines = [
        ("name", key.name or UNKNOWN),
        ("id", key.id),
        ("key", key.masked or UNKNOWN),
        ("kind", KINDS[key.kind]),
        ("project", _project(row)),
        *([("project id", key.project.id)] if key.project else []),
        *_owner_lines(key),
        ("access", access_words(key)),
        *([("its keys", _names(siblings))] if siblings else []),
        ("created", _moment(key.created_at, now)),
        ("last seen", _moment(key.last_used_at, now) if key.last_used_at else _unseen(key)),
        ("expires", _moment(key.expires_at, now) if key.expires_at else _unending(key)),
    ]
    states = all_said(row, "\n" + " " * LABEL)
    return Content("\n").join([*(labelled(*line) for line in lines), labelled("health", states)])


def owner_words(key: ApiKey) -> str:
    """Return who a key acts for."""
    if key.owner is None:
        return "no owner named"
    return f"{key.owner.label} ({_type(key.owner.type)})"


def access_words(key: ApiKey) -> str:
    """Return whether the owner can still reach the project."""
    return {
        "": UNKNOWN,
        "active": "the owner has access",
        "inactive": "the owner has lost access",
    }.get(key.owner_access, key.owner_access)


def dates_words(key: ApiKey, now: datetime) -> str:
    """Return when a key was created, last seen and expires."""
    seen = when(key.last_used_at, now) if key.last_used_at else _unseen(key)
    end = when(key.expires_at, now) if key.expires_at else _unending(key)
    return f"{when(key.created_at, now)}   last seen: {seen}   expires: {end}"


def siblings_words(siblings: Sequence[ApiKey]) -> str:
    """Return how many keys the same service account has, and the names of the others."""
    if not siblings:
        return "no other key of this account"
    return f"{len(siblings) + 1} keys of this account, also {_names(siblings)}"


def requests_words(row: EstateRow, last_day: date | None) -> str:
    """Return the requests of the last days with their peak; `last_day` is what they end with."""
    facts = row.facts
    if facts.requests is None:
        return f"{UNKNOWN}  {_why_unknown(row, last_day)}"
    until = f" to {last_day.day} {last_day:%b}" if last_day else ""
    text = f"{count(facts.requests)} in {FACTS_DAYS} days{until} (UTC)"
    if facts.requests and facts.daily:
        most = max(facts.daily)
        text += f", at most {count(most)} a day"
        if last_day:
            back = len(facts.daily) - 1 - facts.daily.index(most)
            peak = last_day - timedelta(days=back)
            text += f" ({peak.day} {peak:%b})"
    return text


def cost_words(row: EstateRow, last_day: date | None) -> str:
    """Return what it cost, and that the last day may still grow."""
    facts = row.facts
    if facts.cost is None:
        return f"{UNKNOWN}  {_why_unknown(row, last_day)}"
    return f"{money(facts.cost)}, last day provisional"


def _why_unknown(row: EstateRow, last_day: date | None) -> str:
    if row.key.kind in (KeyKind.ADMIN, KeyKind.ACCOUNT):
        return f"not counted for {'admin keys' if row.key.project is None else 'accounts'}"
    return "not known" if last_day else "not read yet"


def event_words(row: EstateRow, now: datetime) -> str:
    """Return the last thing the audit log says of a key."""
    event = row.facts.last_event
    if event is None:
        return f"{UNKNOWN}  none known of the last {FACTS_DAYS} days"
    return f"{event.words()} {when(event.at, now)}"


def _names(keys: Sequence[ApiKey]) -> str:
    return ", ".join(key.name or short_id(key.id) for key in keys)


def _project(row: EstateRow) -> str:
    project = row.key.project
    if project is None:
        return "the whole organization" if row.key.kind is KeyKind.ADMIN else UNKNOWN
    return f"{project.name or UNKNOWN}{' (archived)' * project.is_archived}"


def _owner_lines(key: ApiKey) -> list[tuple[str, str]]:
    owner = key.owner
    if owner is None:
        return [("owner", UNKNOWN)]
    email = f"  {owner.email}" if owner.email and owner.email != owner.label else ""
    return [("owner", f"{owner.label}{email}  {_type(owner.type)}"), ("owner id", owner.id)]


def _type(text: str) -> str:
    return text.replace("_", " ") or "owner"


def _unseen(key: ApiKey) -> str:
    return "not seen used" if key.is_live else UNKNOWN


def _unending(key: ApiKey) -> str:
    return "never" if key.is_live else UNKNOWN


def _moment(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return UNKNOWN
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC ({when(moment, now)})"
