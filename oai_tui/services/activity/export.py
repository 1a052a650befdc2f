"""Lines of activity as flat rows, for spreadsheets and for scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from oai_tui.services.activity.lines import Line
from oai_tui.services.flat import csv_of, json_of

Value = str | int | None

PLATFORM = "platform"
HERE = "oai-tui"

FIELDS = (
    *("id", "type", "effective_at", "actor_type", "actor_id", "actor", "ip_address"),
    *("action", "resource_id", "resource", "project_id", "project"),
    *("effect", "was", "is_now", "details", "recorded_by"),
)
"""The names of the columns, the platform's own where it has one."""


def lines_csv(lines: Iterable[Line]) -> str:
    """Return the lines with their head, times as `2026-11-22T12:00:00Z`.

    No text in it is taken for a formula by a spreadsheet.
    """
    return csv_of(FIELDS, [_flat(line, _iso) for line in lines])


def lines_json(lines: Iterable[Line]) -> str:
    """Return the lines as one array of flat objects, times in Unix seconds as the platform's own.

    What is not known is null.
    """
    return json_of([_flat(line, _unix) for line in lines])


def _flat(line: Line, moment: Callable[[datetime | None], Value]) -> Mapping[str, Value]:
    event = line.event
    values: tuple[Value, ...] = (
        *(event.id, event.type, moment(event.at)),
        *(event.actor_kind.value or None, event.actor_id or None, line.who or None),
        event.ip or None,
        *(line.what, event.resource_id or None, line.subject or None),
        *(event.project_id or None, line.project or None),
        *(line.effect or None, event.was or None, event.is_now or None),
        "; ".join(f"{name}={value}" for name, value in event.details) or None,
        HERE if event.recorded_here else PLATFORM,
    )
    return dict(zip(FIELDS, values, strict=True))


def _iso(moment: datetime | None) -> Value:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _unix(moment: datetime | None) -> Value:
    return int(moment.timestamp()) if moment else None
