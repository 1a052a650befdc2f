"""Limits and alerts that are not what was set here last: two may set the same one at a time.

The platform takes the last write and tells nobody. Each of two programs that set a limit within
the same second reads its own figure back; a later look is what tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from oai_tui.core.brakes import NO_ALERT, NO_LIMIT, limit_words
from oai_tui.core.changes import Action, Change, Outcome
from oai_tui.core.lifetime import moment
from oai_tui.core.text import clean
from oai_tui.services.billing.limits import LimitBook
from oai_tui.services.billing.settling import found_alert

LATELY = timedelta(days=7)
"""How long it is told; by then whoever changed it here has heard of it."""

LONGEST = 60
"""Characters of an alert that are told; it may mail to fifty addresses."""

_LIMIT = (Action.SET_LIMIT, Action.REMOVE_LIMIT)
_ALERT = (Action.CREATE_ALERT, Action.EDIT_ALERT, Action.DELETE_ALERT)


def overtaken(changes: Iterable[Change], book: LimitBook, now: datetime) -> tuple[str, ...]:
    """Return a sentence for each that was changed here lately and is something else now.

    `changes` come the newest first. What was looked at before the change ended tells nothing.
    """
    return tuple(
        _sentence(change, is_now)
        for change in _last(changes)
        if change.outcome is Outcome.DONE and change.ended_at and now - change.ended_at < LATELY
        for is_now in _seen_since(change, change.ended_at, book)
        if is_now != change.wanted
    )


def _last(changes: Iterable[Change]) -> Iterable[Change]:
    """Return the last change of each limit and alert that is not known to be refused."""
    last: dict[tuple[str, str], Change] = {}
    for change in reversed(tuple(changes)):
        if change.outcome is Outcome.REFUSED or change.action not in (*_LIMIT, *_ALERT):
            continue
        # An alert made here has no id in the record until it is changed once more.
        last.pop((change.project_id, change.was), None)
        is_limit = change.action in _LIMIT
        last[change.project_id, "" if is_limit else change.target or change.wanted] = change
    return last.values()


def _seen_since(change: Change, ended_at: datetime, book: LimitBook) -> Iterator[str]:
    """Return how what was changed was found afterwards; nothing where nobody looked."""
    if change.action in _LIMIT:
        limit = book.limit(change.project_id)
        if limit.at and limit.at > ended_at:
            yield limit_words(limit.value)
        return
    alerts = book.alerts(change.project_id)
    if alerts.at and alerts.at > ended_at:
        yield found_alert(change, alerts.value or ())


def _sentence(change: Change, is_now: str) -> str:
    subject = f"{change.subject[:1].upper()}{change.subject[1:]}"
    nothing = (NO_LIMIT, NO_ALERT)
    was = "removed" if change.wanted in nothing else f"set to {clean(change.wanted, LONGEST)}"
    then = f"now it is {clean(is_now, LONGEST)}: somebody changed it since."
    if is_now in nothing:
        then = "it is not there any more: somebody changed or removed it since."
    return f"{subject} was {was} here on {moment(change.at)}; {then}"
