"""Changes that were cut off: what came of them is read, never guessed, and never sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from oai_tui.api import rate_limits as rates_api
from oai_tui.api import spend as api
from oai_tui.api.client import Client
from oai_tui.core.adjusting import NO_RATE_LIMIT, rate_words
from oai_tui.core.brakes import NO_ALERT, alert_words, limit_words
from oai_tui.core.changes import Action, Change, Outcome
from oai_tui.core.errors import ApiProblem
from oai_tui.core.lifetime import moment
from oai_tui.core.limits import Ceiling, SpendAlert
from oai_tui.store.changes import ChangeLog


async def settled(
    client: Client, changes: ChangeLog, clock: Callable[[], datetime]
) -> tuple[str, ...]:
    """Look up every change that nobody knows the end of; return a sentence for each.

    One that cannot be looked up now stays open. Raises StoreProblem.
    """
    said, found = [], changes.abandoned()
    try:
        for change in found:
            try:
                now = await _now(client, change)
            except ApiProblem as problem:
                said.append(f"{_begun(change)} What came of it could not be read: {problem.what}")
                continue
            outcome = _outcome(change, now)
            changes.tell(change, outcome, clock(), now)
            said.append(f"{_begun(change)} {_ended(change, outcome, now)}")
    finally:
        for change in found:
            changes.let_go(change)
    return tuple(said)


def _outcome(change: Change, now: str) -> Outcome:
    if now == change.wanted:
        return Outcome.DONE
    return Outcome.REFUSED if now == change.was else Outcome.UNKNOWN


async def _now(client: Client, change: Change) -> str:
    if change.action in (Action.SET_LIMIT, Action.REMOVE_LIMIT):
        return limit_words(await api.spend_limit(client, change.project_id))
    if change.action is Action.SET_RATE:
        limits = await rates_api.rate_limits(client, change.project_id)
        for limit in limits:
            if limit.id == change.target:
                return rate_words({c: limit.ceilings.get(c) for c in Ceiling if c in change.parts})
        return NO_RATE_LIMIT
    return found_alert(change, await api.spend_alerts(client, change.project_id))


def found_alert(change: Change, alerts: Iterable[SpendAlert]) -> str:
    """Return the alert a change is about in words; one made here is known by what it says."""
    for alert in alerts:
        words = alert_words(alert)
        if change.target == alert.id or (not change.target and words == change.wanted):
            return words
    return NO_ALERT


def _begun(change: Change) -> str:
    return (
        f"A change of {moment(change.at)} was cut off: {change.subject}, from {change.was} to "
        f"{change.wanted}."
    )


def _ended(change: Change, outcome: Outcome, now: str) -> str:
    if outcome is Outcome.DONE:
        return "It was made."
    if outcome is Outcome.REFUSED:
        return f"It was not made: still {now}."
    return f"Now it is neither: {now}."
