"""How the lines of activity read: a column each. They stand newest first and in no other order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from oai_tui.core.activity_words import has_failed
from oai_tui.core.text import UNKNOWN
from oai_tui.services.activity import Line
from oai_tui.ui.widgets.table import Cell, Column

BETWEEN = " · "


def activity_columns(clock: Callable[[], datetime]) -> tuple[Column[Line], ...]:
    """Return the columns; where space is short the project goes first, then whom it was about."""
    return (
        Column("when", "WHEN (UTC)", 12, lambda line: Cell(moment(line.event.at, clock()))),
        Column("who", "WHO", 18, _who, grow=True, priority=8),
        Column("what", "WHAT", 20, _what, grow=True, priority=9),
        Column(
            "subject", "SUBJECT", 20, lambda line: about(line) or UNKNOWN, grow=True, priority=7
        ),
        Column("project", "PROJECT", 14, _project, grow=True, priority=5),
    )


def moment(at: datetime | None, now: datetime) -> str:
    """Return a time of this year to the minute, one of another year to the day."""
    if at is None:
        return UNKNOWN
    at = at.astimezone(UTC)
    if at.year != now.astimezone(UTC).year:
        return f"{at.day:>2} {at:%b %Y}"
    return f"{at.day:>2} {at:%b %H:%M}"


def about(line: Line) -> str:
    """Return what a line is about, and what it came to."""
    parts = [part for part in (line.subject, line.effect) if part]
    if not parts and line.event.ip:
        return f"from {line.event.ip}"
    return BETWEEN.join(parts)


def _who(line: Line) -> Cell:
    return Cell(line.who or UNKNOWN, "accent" if line.event.recorded_here else "")


def _what(line: Line) -> Cell:
    return Cell(line.what, "warn" if has_failed(line.event) else "")


def _project(line: Line) -> Cell:
    return Cell(line.project or UNKNOWN, "" if line.project else "muted")
