"""Our own record of changes as lines beside those of the audit log.

The platform's log has no event for spend limits and alerts, and knows nothing of budgets and
balances; rate limits it records itself, so that ours only add what stood there before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from oai_tui.core.activity import HERE, Event
from oai_tui.core.activity_filter import ActivityFilter
from oai_tui.core.changes import Action, Change, Outcome

CLOSE = timedelta(minutes=2)
"""How far apart the platform's clock and ours may put one and the same change."""


class Record(Protocol):
    """The changes that were made from here."""

    trouble: str

    def recent(self, most: int | None = None) -> tuple[Change, ...]:
        """Return them, the newest first. Raises StoreProblem."""


def wanted_of(changes: Iterable[Change], asked: ActivityFilter) -> tuple[Change, ...]:
    """Return the changes that a filter lets through, whatever its text."""
    return tuple(change for change in changes if asked.admits(event_of(change), change.project_id))


def is_told_by_platform(change: Change) -> bool:
    """Whether the audit log has a line of a change, so that ours would tell it twice."""
    return change.action is Action.SET_RATE and change.outcome is Outcome.DONE


def event_of(change: Change) -> Event:
    """Return a change as a line."""
    done = change.outcome is Outcome.DONE
    said = change.action.label if done else f"{change.action.label} ({change.outcome.label})"
    ended = f"{change.ended_at:%Y-%m-%d %H:%M:%S} UTC" if change.ended_at else ""
    details = (
        ("subject", change.subject),
        ("wanted", change.wanted),
        ("outcome", change.outcome.label),
        ("answered", ended),
        ("request", change.request_id),
        ("key", change.by),
        ("concerns", change.target),
    )
    return Event(
        id=f"{HERE}-{change.id}",
        type=f"{HERE}.{change.action}",
        at=change.at,
        actor=f"{HERE} · {change.by}" if change.by else HERE,
        resource_id=change.target,
        project_id=change.project_id,
        details=tuple((name, value) for name, value in details if value),
        recorded_here=True,
        said=said,
        was=change.was,
        is_now=(change.is_now or change.wanted) if done else change.is_now,
    )


def with_before(event: Event, changes: Sequence[Change]) -> Event:
    """Return a line of the platform with what stood there before, where we made the change."""
    change = made_here(event, changes)
    if change is None:
        return event
    return replace(event, was=change.was, is_now=change.is_now or change.wanted)


def made_here(event: Event, changes: Sequence[Change]) -> Change | None:
    """Return the change of ours that a line of the platform is about, None where it is not ours."""
    if event.type != "rate_limit.updated" or event.at is None:
        return None
    for change in changes:
        is_it = change.target == event.resource_id and abs(change.at - event.at) <= CLOSE
        if is_it and is_told_by_platform(change):
            return change
    return None
