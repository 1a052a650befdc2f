"""What the line under the top bar says of a statement: which month, which day, how old."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from oai_tui.core.period import month_of
from oai_tui.core.text import when

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement


GAP = 2
"""Cells before each part."""


def month_and_age(
    statement: Statement, now: datetime, reading: str, room: int
) -> tuple[Content, ...]:
    """Return the month of a statement, its age and what is being read.

    Between them stands the day of the month, where there is room for it.
    """
    today = statement.now.astimezone(UTC).date()
    month = month_of(today)
    name = Content(f"{month.first:%B %Y} (UTC)")
    day = Content.styled(f"day {today.day} of {month.days}", "$text-muted")
    parts = name, day, _age(statement, now, reading)
    if sum(GAP + part.cell_length for part in parts) > room:
        return name, parts[-1]
    return parts


def _age(statement: Statement, now: datetime, reading: str) -> Content:
    then = statement.as_of
    if then is None:
        return Content.styled(reading, "$text-muted")
    day = "" if then.date() == now.astimezone(UTC).date() else f"{then.day} {then:%b} "
    age = f"as of {day}{then:%H:%M} UTC"
    if statement.from_cache:
        age = f"{age}, {when(then, now)}"
    tone = "$text-warning" if statement.from_cache and not reading else "$text-muted"
    return Content.styled(f"{age}, {reading}" if reading else age, tone)
