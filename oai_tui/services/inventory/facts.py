"""Asking what keys did in the last 30 days: their requests, their costs, who changed them last."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from oai_tui.api import activity
from oai_tui.api import usage as api
from oai_tui.api.client import Client
from oai_tui.core.activity import Event
from oai_tui.core.errors import ApiProblem, MissingScope, NotFound, Rejected
from oai_tui.core.exact import plus
from oai_tui.core.health import FACTS_DAYS
from oai_tui.core.period import Period, last_days
from oai_tui.services.inventory.ledgers import Costs, Events, Requests

DAYS_AT_ONCE = 6
"""Days asked for in one question: what ten thousand keys did in more of them is too much to take
in without a stall."""

FEW = 100
"""Keys in use up to which all other days are asked for in one question."""

MOST_EVENTS = 1_000
"""Lines of the audit log that are read at most; the newest come first."""

TOLD_NOT = (Rejected, MissingScope, NotFound)
"""Answers that say that the platform does not tell this here, today or tomorrow."""


async def read_requests(client: Client, asked_at: datetime) -> Requests:
    """Return the requests of each key by day. Raises ApiProblem."""
    period = last_days(FACTS_DAYS, asked_at.date())
    place = {day: number for number, day in enumerate(period)}
    by_key: defaultdict[str, list[int]] = defaultdict(lambda: [0] * period.days)
    unread: set[str] = set()

    async def of(days: Period) -> None:
        told = await api.requests_by_key(client, days)
        unread.update(told.unread)
        for id, counted in told.by_key.items():
            if id:
                _add(by_key[id], counted, place)

    newest, *others = _cut(period)
    await of(newest)
    await _all_of(map(of, others if len(by_key) > FEW else _joined(others)))
    return Requests(
        asked_at, period, {id: tuple(days) for id, days in by_key.items()}, tuple(sorted(unread))
    )


async def read_costs(client: Client, asked_at: datetime) -> Costs:
    """Return the costs of each key. Raises Rejected where the platform refuses this grouping."""
    by_key: dict[str, Decimal] = {}

    async def of(days: Period) -> None:
        for row in await api.costs(client, days, ["api_key_id"]):
            if id := row.api_key_id:
                by_key[id] = plus(by_key.get(id, Decimal(0)), row.amount)

    newest, *others = _cut(last_days(FACTS_DAYS, asked_at.date()))
    await of(newest)
    await _all_of(map(of, others if len(by_key) > FEW else _joined(others)))
    return Costs(asked_at, by_key)


async def read_events(client: Client, asked_at: datetime) -> Events:
    """Return the newest event of each key and account. Raises ApiProblem where there is no log."""
    found = await activity.events(
        client,
        types=(*activity.KEY_EVENTS, *activity.ACCOUNT_EVENTS),
        since=asked_at - timedelta(days=FACTS_DAYS),
        limit=MOST_EVENTS,
    )
    newest: dict[str, Event] = {}
    for event in found:
        known = newest.get(event.resource_id)
        if event.resource_id and (known is None or _is_later(event, known)):
            newest[event.resource_id] = event
    return Events(asked_at, newest)


def why_not(what: Callable[..., object], problem: ApiProblem) -> str:
    """Return the sentence for facts that the platform does not tell here."""
    if what is read_costs and isinstance(problem, Rejected):
        return "The platform refuses costs by key, so costs are not shown here."
    return f"{NAMES[what]} are not known: {problem.what}"


def not_counted(requests: Requests) -> str:
    """Return the sentence for counts that lack something."""
    kinds = ", ".join(kind.replace("_", " ") for kind in requests.unread)
    return f"The requests of {kinds} could not be read, so keys may have made more than is shown."


NAMES: Mapping[Callable[..., object], str] = {
    read_requests: "The requests of keys",
    read_costs: "The costs of keys",
    read_events: "The last changes of keys",
}


async def _all_of(questions: Iterable[Awaitable[None]]) -> None:
    """Ask side by side; the first failure stops the others."""
    tasks = [asyncio.ensure_future(each) for each in questions]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _cut(period: Period) -> list[Period]:
    """Return a period in parts of a few days, the newest first."""
    last = period.last
    parts = []
    while last >= period.first:
        first = max(period.first, last - timedelta(days=DAYS_AT_ONCE - 1))
        parts.append(Period(first, last))
        last = first - timedelta(days=1)
    return parts


def _joined(parts: list[Period]) -> list[Period]:
    """Return neighbouring parts, the newest first, as one."""
    return [Period(parts[-1].first, parts[0].last)] if parts else []


def _add(days: list[int], counted: Mapping[date, int], place: Mapping[date, int]) -> None:
    for day, requests in counted.items():
        days[place[day]] += requests


def _is_later(event: Event, known: Event) -> bool:
    return event.at is not None and known.at is not None and event.at > known.at
