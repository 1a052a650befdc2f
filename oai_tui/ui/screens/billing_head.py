"""What the line under the top bar says of a statement: which month, which day, how old."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from oai_tui.core.period import month_of
from oai_tui.core.text import when

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement


def month_and_age(statement: Statement, now: datetime, reading: str) -> tuple[Content | str, ...]:
    """Return the month of a statement, the day of it, its age, and what is being read."""
    today = statement.now.astimezone(UTC).date()
    month = month_of(today)
    return (
        f"{month.first:%B %Y} (UTC)",
        Content.styled(f"day {today.day} of {month.days}", "$text-muted"),
        _age(statement, now, reading),
    )


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
