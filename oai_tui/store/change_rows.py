"""The lines of the record of changes, and their way back: two a change, what and how it ended."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from oai_tui.core.changes import Action, Change, Outcome
from oai_tui.core.text import clean, without_keys

LONGEST = 20_000
"""Characters of a text that are kept; an alert may mail to fifty addresses."""


def line_of_request(change: Change, profile: str, origin: str) -> bytes:
    """Return the line that says what is asked for, and where."""
    return _line(
        {
            "id": change.id,
            "profile": profile,
            "origin": origin,
            "action": change.action.value,
            "subject": change.subject,
            "was": change.was,
            "wanted": change.wanted,
            "at": _written(change.at),
            "by": change.by,
            "project_id": change.project_id,
            "target": change.target,
            "parts": list(change.parts),
        }
    )


def line_of_ending(change: Change) -> bytes:
    """Return the line that says how a change ended."""
    return _line(
        {
            "id": change.id,
            "outcome": change.outcome.value,
            "is_now": change.is_now,
            "request_id": change.request_id,
            "at": _written(change.ended_at or change.at),
        }
    )


def merged(lines: Iterable[bytes], profile: str, origin: str) -> tuple[list[Change], int]:
    """Return the changes of one place, oldest first, and how many lines could not be read."""
    found: dict[str, Change] = {}
    elsewhere: set[str] = set()
    damaged = 0
    for line in lines:
        try:
            row = json.loads(line)
            id = _text(row, "id")
            if "action" in row:
                if (row["profile"], row["origin"]) == (profile, origin):
                    found[id] = _request(row)
                else:
                    elsewhere.add(id)
            elif id in found:
                found[id] = _ended(found[id], row)
            elif id not in elsewhere:
                damaged += 1
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            damaged += 1
    return list(found.values()), damaged


def _request(row: dict[str, object]) -> Change:
    parts = row["parts"]
    if not isinstance(parts, list):
        raise TypeError("parts")
    return Change(
        Action(_text(row, "action")),
        _text(row, "subject"),
        _text(row, "was"),
        _text(row, "wanted"),
        _moment(row),
        _text(row, "by"),
        _text(row, "project_id"),
        _text(row, "target"),
        tuple(clean(part, 60) for part in parts),
        _text(row, "id"),
    )


def _ended(change: Change, row: dict[str, object]) -> Change:
    return replace(
        change,
        outcome=Outcome(_text(row, "outcome")),
        is_now=_text(row, "is_now"),
        request_id=_text(row, "request_id"),
        ended_at=_moment(row),
    )


def _text(row: dict[str, object], name: str) -> str:
    found = row[name]
    if not isinstance(found, str):
        raise TypeError(name)
    return clean(found, LONGEST)


def _moment(row: dict[str, object]) -> datetime:
    return datetime.fromisoformat(_text(row, "at")).astimezone(UTC)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _line(row: dict[str, object]) -> bytes:
    """Write a row; nothing that looks like a key gets to the disk, wherever it was typed."""
    kept = {
        name: without_keys(value)[:LONGEST] if isinstance(value, str) and name != "id" else value
        for name, value in row.items()
    }
    return json.dumps(kept, separators=(",", ":")).encode() + b"\n"
