"""What was spent, what the limits are, what is left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec

from oai_tui.api import limits as limits_api
from oai_tui.api import projects as projects_api
from oai_tui.api import usage as usage_api
from oai_tui.api.client import Client
from oai_tui.core.billing import (
    YOUNG_DAYS,
    Cycle,
    MonthSpend,
    ProjectSpend,
    SpendAlert,
    SpendLimit,
    cycle_of,
    left_in_money,
    left_in_tokens,
    months,
    price_per_million,
    reported_through,
    spend_by_project,
)
from oai_tui.core.errors import ApiProblem, MissingScope, NotFound, WrongInput
from oai_tui.core.exact import total
from oai_tui.core.keys import Project
from oai_tui.core.period import Period, last_days, month_of
from oai_tui.core.usage import CostRow, UsageRow
from oai_tui.services.snapshots import Snapshots

MOST_LIMITS = 100
"""Projects whose own limits are asked for; each is a request of its own."""

PRICE_DAYS = 30
HISTORY_MONTHS = 12
_SNAPSHOT = "billing"

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Statement:
    """The state of the cycle. `gaps` says in a sentence each what is not known.

    `limit` None with `limit_known` means that there is none; likewise the alerts. `per_million` is
    dollars for a million tokens in and out, over `price_period` and everything bought in it.
    """

    cycle: Cycle
    limit: SpendLimit | None
    limit_known: bool
    alerts: tuple[SpendAlert, ...]
    alerts_known: bool
    projects: tuple[ProjectSpend, ...]
    months: tuple[MonthSpend, ...]
    per_million: Decimal | None
    price_period: Period
    as_of: datetime
    from_cache: bool = False
    gaps: tuple[str, ...] = ()

    @property
    def left(self) -> Decimal | None:
        """Dollars left under the organization's limit."""
        return left_in_money(self.cycle.spent, self.limit)

    @property
    def left_tokens(self) -> int | None:
        """Tokens these dollars buy at the blended price; an estimate."""
        return left_in_tokens(self.left, self.per_million)

    @property
    def has_costs(self) -> bool:
        """Whether the platform reported any cost in all these months."""
        return any(month.spent for month in self.months)


async def load(client: Client, snapshots: Snapshots, clock: Callable[[], datetime]) -> Statement:
    """Ask for everything side by side.

    Raises ApiProblem when the costs cannot be read and none are remembered; what else is missing
    becomes a gap.
    """
    now = clock()
    try:
        statement = await _ask(client, now)
    except MissingScope:
        raise
    except ApiProblem as problem:
        known = remembered(snapshots)
        if known is None:
            raise
        gap = f"{problem.what} These figures are as last seen."
        return replace(known, gaps=(*known.gaps, gap))
    snapshots.put(_SNAPSHOT, msgspec.json.encode(statement), now)
    return statement


def remembered(snapshots: Snapshots) -> Statement | None:
    """Return the statement as it was last seen, or None."""
    found = snapshots.get(_SNAPSHOT)
    try:
        known = msgspec.json.decode(found[0], type=Statement) if found else None
    except (msgspec.MsgspecError, WrongInput):
        return None
    return replace(known, from_cache=True) if known else None


async def _ask(client: Client, now: datetime) -> Statement:
    # As old as the question: nothing in the answers is younger than what they are said to be.
    today = now.astimezone(UTC).date()
    unread = _Unread()
    costs, limit, alerts, usage, projects = await asyncio.gather(
        _attempt(usage_api.costs(client, _history(today), ["project_id"])),
        _attempt(limits_api.spend_limit(client)),
        _attempt(limits_api.spend_alerts(client)),
        _attempt(_usage(client, _price_days(today))),
        _attempt(projects_api.projects(client, archived=True)),
    )
    if costs.problem:
        raise costs.problem
    rows = costs.value or []
    unread.note("the spend limit", limit)
    unread.note("the spend alerts", alerts)
    unread.note("the tokens used", usage)
    unread.note("the names of the projects", projects)
    priced = last_days(PRICE_DAYS, min(reported_through(rows, today), today - timedelta(days=1)))
    by_project = await _by_project(
        client, spend_by_project(rows, month_of(today)), projects.value or [], limit, unread
    )
    return Statement(
        cycle=cycle_of(rows, today),
        limit=limit.value,
        limit_known=limit.problem is None,
        alerts=tuple(alerts.value or ()),
        alerts_known=alerts.problem is None,
        projects=by_project,
        months=months(rows, today, HISTORY_MONTHS),
        per_million=_price(rows, usage.value or [], priced),
        price_period=priced,
        as_of=now,
        gaps=unread.sentences(),
    )


def _history(today: date) -> Period:
    first = month_of(today).first
    for _ in range(HISTORY_MONTHS - 1):
        first = month_of(first).shifted(-1).first
    return Period(first, today)


def _price_days(today: date) -> Period:
    """Return the days a price may be made of, whichever of them have their costs already."""
    return last_days(PRICE_DAYS + YOUNG_DAYS - 1, today - timedelta(days=1))


def _price(costs: Sequence[CostRow], usage: Sequence[UsageRow], period: Period) -> Decimal | None:
    paid = total(row.amount for row in costs if row.day in period)
    tokens = sum(row.input_tokens + row.output_tokens for row in usage if row.day in period)
    return price_per_million(paid, tokens)


@dataclass(frozen=True, slots=True)
class _Answer(Generic[Known]):
    """What a question brought; an answer may be None, so the problem tells whether it came."""

    value: Known | None = None
    problem: ApiProblem | None = None


async def _attempt(question: Coroutine[Any, Any, Known]) -> _Answer[Known]:
    try:
        return _Answer(await question)
    except ApiProblem as problem:
        return _Answer(problem=problem)


class _Unread:
    """What could not be read, one sentence for each reason."""

    def __init__(self) -> None:
        self._subjects: dict[str, list[str]] = {}
        self._notes: list[str] = []

    def note(self, subject: str, answer: _Answer[Any]) -> None:
        """Take the subject down when it has no answer."""
        if answer.problem:
            self._subjects.setdefault(answer.problem.what, []).append(subject)

    def say(self, sentence: str) -> None:
        """Take a whole sentence down."""
        self._notes.append(sentence)

    def sentences(self) -> tuple[str, ...]:
        """Return the sentences."""
        read = [
            f"Could not be read: {', '.join(subjects)}. {why}"
            for why, subjects in self._subjects.items()
        ]
        return (*read, *self._notes)


async def _usage(client: Client, period: Period) -> list[UsageRow]:
    answers = await asyncio.gather(
        *(_usage_of(client, kind, period) for kind in usage_api.TOKEN_KINDS)
    )
    return [row for rows in answers for row in rows]


async def _usage_of(client: Client, kind: str, period: Period) -> list[UsageRow]:
    try:
        return await usage_api.usage(client, kind, period, group_by=())
    except NotFound:
        return []


async def _by_project(
    client: Client,
    spent: Mapping[str, Decimal],
    projects: Sequence[Project],
    organization: _Answer[SpendLimit | None],
    unread: _Unread,
) -> tuple[ProjectSpend, ...]:
    """Return every project that can spend or did, with its limit, the largest spend first."""
    names = {project.id: project.name or project.id for project in projects}
    can_spend = {project.id for project in projects if not project.is_archived}
    ids = sorted(
        {*spent, *can_spend}, key=lambda id: (-spent.get(id, Decimal(0)), names.get(id, id))
    )
    limits: dict[str, _Answer[SpendLimit | None]] = {}
    if isinstance(organization.problem, MissingScope):
        # A key that may not read one limit may read none: each would be refused on its own.
        unread.note("the limits of the projects", organization)
    else:
        limits = await _limits(client, [id for id in ids if id], unread)
    unasked: _Answer[SpendLimit | None] = _Answer()
    return tuple(
        ProjectSpend(
            id,
            names.get(id, id) if id else "(no project)",
            spent.get(id, Decimal(0)),
            limits.get(id, unasked).value,
            id in limits and limits[id].problem is None,
        )
        for id in ids
    )


async def _limits(
    client: Client, ids: Sequence[str], unread: _Unread
) -> dict[str, _Answer[SpendLimit | None]]:
    asked = ids[:MOST_LIMITS]
    answers = await asyncio.gather(*(_attempt(limits_api.spend_limit(client, id)) for id in asked))
    if len(asked) < len(ids):
        unread.say(f"Limits are shown for the {MOST_LIMITS} projects that spent most.")
    failed = {answer.problem.what: answer for answer in answers if answer.problem}
    for why, answer in failed.items():
        number = sum(a.problem is not None and a.problem.what == why for a in answers)
        unread.note(
            "the limit of a project" if number == 1 else f"{number} limits of projects", answer
        )
    return dict(zip(asked, answers, strict=True))
