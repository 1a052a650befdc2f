"""What was spent, what the limits are, what is left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec

from oai_tui.api import keys as keys_api
from oai_tui.api import limits as limits_api
from oai_tui.api import usage as usage_api
from oai_tui.api.client import Client
from oai_tui.core.billing import (
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
)
from oai_tui.core.errors import ApiProblem, MissingScope, NotFound
from oai_tui.core.exact import plus, total
from oai_tui.core.keys import Project
from oai_tui.core.period import Period, last_days, month_of
from oai_tui.core.usage import CostRow
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

    `limit` None with `limit_known` means that there is none. `per_million` is dollars for a million
    tokens in and out, over the last 30 days and everything that was bought in them.
    """

    cycle: Cycle
    limit: SpendLimit | None
    limit_known: bool
    alerts: tuple[SpendAlert, ...]
    projects: tuple[ProjectSpend, ...]
    months: tuple[MonthSpend, ...]
    per_million: Decimal | None
    as_of: datetime
    from_cache: bool = False
    gaps: tuple[str, ...] = ()

    @property
    def left(self) -> Decimal | None:
        """Dollars left under the organization's limit."""
        return left_in_money(self.cycle, self.limit)

    @property
    def left_tokens(self) -> int | None:
        """Tokens these dollars buy at the blended price; an estimate."""
        return left_in_tokens(self.left, self.per_million)


async def load(client: Client, snapshots: Snapshots, clock: Callable[[], datetime]) -> Statement:
    """Ask for everything side by side.

    Raises ApiProblem when the costs cannot be read and none are remembered; what else is missing
    becomes a gap.
    """
    today = clock().date()
    try:
        statement = await _ask(client, today, clock)
    except MissingScope:
        raise
    except ApiProblem as problem:
        known = remembered(snapshots)
        if known is None:
            raise
        gap = f"{problem.what} These figures are as last seen."
        return replace(known, gaps=(*known.gaps, gap))
    snapshots.put(_SNAPSHOT, msgspec.json.encode(statement), clock())
    return statement


def remembered(snapshots: Snapshots) -> Statement | None:
    """Return the statement as it was last seen, or None."""
    found = snapshots.get(_SNAPSHOT)
    try:
        known = msgspec.json.decode(found[0], type=Statement) if found else None
    except msgspec.MsgspecError:
        return None
    return replace(known, from_cache=True) if known else None


async def _ask(client: Client, today: date, clock: Callable[[], datetime]) -> Statement:
    gaps: list[str] = []
    recent = last_days(PRICE_DAYS, today - timedelta(days=1))
    costs, limit, alerts, tokens, projects = await asyncio.gather(
        usage_api.costs(client, _history(today), ["project_id"]),
        _or_gap(limits_api.spend_limit(client), "The spend limit", gaps),
        _or_gap(limits_api.spend_alerts(client), "The spend alerts", gaps),
        _or_gap(_tokens(client, recent), "The tokens used", gaps),
        _or_gap(keys_api.projects(client, archived=True), "The names of the projects", gaps),
    )
    cycle = cycle_of(costs, today)
    paid = total(row.amount for row in costs if row.day in recent)
    return Statement(
        cycle=cycle,
        limit=limit.value,
        limit_known=limit.known,
        alerts=tuple(alerts.value or ()),
        projects=await _by_project(client, costs, cycle.month, projects.value or [], gaps),
        months=months(costs, today, HISTORY_MONTHS),
        per_million=price_per_million(paid, tokens.value) if tokens.value else None,
        as_of=clock(),
        gaps=tuple(gaps),
    )


def _history(today: date) -> Period:
    first = month_of(today).first
    for _ in range(HISTORY_MONTHS - 1):
        first = month_of(first).shifted(-1).first
    return Period(first, today)


@dataclass(frozen=True, slots=True)
class _Found(Generic[Known]):
    """An answer that may be nothing, told apart from no answer."""

    value: Known | None
    known: bool


async def _or_gap(
    question: Coroutine[Any, Any, Known], subject: str, gaps: list[str]
) -> _Found[Known]:
    try:
        return _Found(await question, True)
    except ApiProblem as problem:
        gaps.append(f"{subject} could not be read: {problem.what}")
        return _Found(None, False)


async def _tokens(client: Client, period: Period) -> int:
    answers = await asyncio.gather(
        *(_tokens_of(client, kind, period) for kind in usage_api.TOKEN_KINDS)
    )
    return sum(answers)


async def _tokens_of(client: Client, kind: str, period: Period) -> int:
    try:
        rows = await usage_api.usage(client, kind, period, group_by=())
    except NotFound:
        return 0
    return sum(row.input_tokens + row.output_tokens for row in rows)


async def _by_project(
    client: Client,
    costs: Sequence[CostRow],
    month: Period,
    projects: Sequence[Project],
    gaps: list[str],
) -> tuple[ProjectSpend, ...]:
    """Return every project that can spend or did, with its limit, the largest spend first."""
    spent: dict[str, Decimal] = {}
    for row in costs:
        if row.day in month:
            spent[row.project_id] = plus(spent.get(row.project_id, Decimal(0)), row.amount)
    names = {project.id: project.name for project in projects}
    can_spend = [project.id for project in projects if not project.is_archived]
    ids = sorted(
        {*spent, *can_spend}, key=lambda id: (-spent.get(id, Decimal(0)), names.get(id, id))
    )
    with_limits = [id for id in ids if id][:MOST_LIMITS]
    if len(with_limits) < len(can_spend):
        gaps.append(f"Limits are shown for the {MOST_LIMITS} projects that spent most.")
    limits = await asyncio.gather(
        *(
            _or_gap(limits_api.spend_limit(client, id), f"The limit of {names.get(id, id)}", gaps)
            for id in with_limits
        )
    )
    known = dict(zip(with_limits, limits, strict=True))
    nothing: _Found[SpendLimit] = _Found(None, False)
    return tuple(
        ProjectSpend(
            id,
            names.get(id, id) if id else "(no project)",
            spent.get(id, Decimal(0)),
            known.get(id, nothing).value,
            known.get(id, nothing).known,
        )
        for id in ids
    )
