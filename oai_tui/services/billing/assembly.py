"""Putting the bill together from what is known. Asks nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial

from oai_tui.core.balance import Balance, BalanceEntry
from oai_tui.core.budget import Budget
from oai_tui.core.cycle import Costs, Cycle, cycle_of
from oai_tui.core.estimating import drifts, estimate
from oai_tui.core.exact import minus, plus, total
from oai_tui.core.limits import SpendAlert, SpendLimit
from oai_tui.core.money import Money
from oai_tui.core.pace import Pace, pace_of
from oai_tui.core.remaining import Cap, CapKind, nearest
from oai_tui.core.text import short_id
from oai_tui.core.thresholds import Warnings
from oai_tui.core.verdict import Verdict, verdict_of
from oai_tui.services.billing.figures import Figures
from oai_tui.services.billing.gaps import cost_gaps, notes, unread
from oai_tui.services.billing.limits import LimitBook
from oai_tui.services.billing.scopes import ORGANIZATION
from oai_tui.services.billing.statement import (
    AlertState,
    Asked,
    ProjectSpend,
    Statement,
)

_NO_PROJECT = "(no project)"

MOST_PACED = 100
"""Projects whose pace is told though nothing limits them yet: what a limit would do is asked of
those that spend."""


@dataclass(frozen=True, slots=True)
class Local:
    """What only this program knows: what a person typed, and when to warn."""

    entries: tuple[BalanceEntry, ...] = ()
    budget: Budget = field(default_factory=Budget)
    warnings: Warnings = field(default_factory=Warnings)
    gaps: tuple[str, ...] = ()


def statement_of(
    now: datetime, figures: Figures, book: LimitBook, local: Local, names: Mapping[str, str]
) -> Statement:
    """Return the statement of everything that is known. `names` are those of projects by id."""
    cycle = None
    if figures.are_known:
        cycle = cycle_of(figures.costs, figures.today, figures.credits)
    pace = pace_of(cycle) if cycle else None
    projects = tuple(_projects(figures, book, cycle, names))
    limit, alerts = book.limit(ORGANIZATION), _alerts(figures, book, cycle, pace, projects)
    balance = None
    if figures.are_known:
        per_day = pace.per_day if pace else None
        balance = estimate(local.entries, figures.costs, now, per_day)
    caps = tuple(_caps(cycle, limit, projects, local.budget, balance))
    paces = {project.id: project.pace for project in projects if project.pace}
    return Statement(
        now=now,
        cycle=cycle,
        limit=limit,
        alerts=alerts,
        alerts_known=book.alerts(ORGANIZATION).is_known,
        projects=projects,
        budget=local.budget,
        caps=caps,
        nearest=nearest(caps),
        price=figures.price,
        prices=figures.prices,
        pace=pace,
        balance=balance,
        entries=local.entries,
        drifts=drifts(local.entries, figures.costs, now) if figures.are_known else (),
        verdict=verdict_of(
            cycle, caps, pace, balance, local.warnings, paces=paces, unread=_unjudged(limit)
        ),
        warnings=local.warnings,
        as_of=figures.as_of,
        from_cache=figures.from_cache,
        gaps=(*cost_gaps(figures), *figures.gaps, *unread(book, now), *local.gaps),
        notes=(*figures.notes, *notes(projects, local.entries, now)),
    )


def judged(statement: Statement, warnings: Warnings) -> Verdict:
    """Return the verdict on a statement with other thresholds."""
    return verdict_of(
        statement.cycle,
        statement.caps,
        statement.pace,
        statement.balance,
        warnings,
        paces={project.id: project.pace for project in statement.projects if project.pace},
        unread=_unjudged(statement.limit),
    )


def _projects(
    figures: Figures, book: LimitBook, cycle: Cycle | None, known: Mapping[str, str]
) -> Iterator[ProjectSpend]:
    """Yield every project that can spend, did, or has a limit; the largest spend first."""
    archived = {project.id for project in book.projects if project.is_archived}
    by_project = figures.by_project or {}
    spent = {id: _spent(costs, cycle) for id, costs in by_project.items()}
    ids = {id for id, amount in spent.items() if amount}
    ids |= {project.id for project in book.projects if not project.is_archived}
    ids |= {id for id in book.scopes() if id and _is_braked(book, id)}
    names = _names(ids, known)
    is_split = figures.by_project is not None and cycle is not None
    is_told = is_split and cycle is not None and cycle.is_reported
    order = sorted(ids, key=lambda id: (-(spent.get(id) or Decimal(0)), names[id], id))
    for place, id in enumerate(order):
        is_paced = place < MOST_PACED or _is_braked(book, id)
        own = by_project.get(id, dict.fromkeys(figures.costs, Decimal(0)))
        yield ProjectSpend(
            id,
            names[id],
            spent.get(id, Decimal(0)) if is_told else None,
            book.limit(id) if id else Asked(),
            bool(id) and book.alerts(id).is_known,
            id in archived,
            pace_of(cycle_of(own, figures.today, figures.credits_by_project.get(id)))
            if is_split and id and is_paced
            else None,
        )


def _is_braked(book: LimitBook, id: str) -> bool:
    return book.limit(id).value is not None or bool(book.alerts(id).value)


def _spent(costs: Costs, cycle: Cycle | None) -> Decimal:
    return total(cost for day, cost in costs.items() if cycle and day in cycle.month)


def _names(ids: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return the names of projects, told apart where two have the same."""
    names = {id: known.get(id, short_id(id)) if id else _NO_PROJECT for id in ids}
    seen = Counter(names.values())
    return {
        id: name if seen[name] == 1 else f"{name} ({short_id(id)})" for id, name in names.items()
    }


def _alerts(
    figures: Figures,
    book: LimitBook,
    cycle: Cycle | None,
    pace: Pace | None,
    projects: Sequence[ProjectSpend],
) -> tuple[AlertState, ...]:
    found = [_alert(alert, "", cycle, pace) for alert in book.alerts(ORGANIZATION).value or ()]
    for project in projects:
        alerts = book.alerts(project.id).value or () if project.id else ()
        if not alerts:
            continue
        own: Cycle | None = None
        if cycle and figures.by_project is not None:
            none = dict.fromkeys(figures.costs, Decimal(0))
            own = cycle_of(figures.by_project.get(project.id, none), cycle.today)
        found += [_alert(alert, project.name, own, project.pace) for alert in alerts]
    return tuple(sorted(found, key=lambda state: (state.alert.amount, state.name, state.alert.id)))


def _alert(alert: SpendAlert, name: str, cycle: Cycle | None, pace: Pace | None) -> AlertState:
    amount = alert.amount.dollars
    if cycle is None or not cycle.is_reported:
        due = pace.reached(amount) if pace else None
        return AlertState(alert, name, due=due, pace_known=pace is not None)
    passed = cycle.spent >= amount
    return AlertState(
        alert,
        name,
        cycle.spent,
        passed_on=cycle.day_reached(amount) if passed else None,
        due=pace.reached(amount) if pace and not passed else None,
        pace_known=pace is not None,
    )


def _caps(
    cycle: Cycle | None,
    limit: Asked[SpendLimit],
    projects: Sequence[ProjectSpend],
    budget: Budget,
    balance: Balance | None,
) -> Iterator[Cap]:
    is_awaited = cycle is not None and not cycle.is_reported
    month = partial(Cap, is_awaited=is_awaited)
    spent = cycle.spent if cycle and cycle.is_reported else None
    if limit.value:
        yield month(CapKind.LIMIT, "hard limit", limit.value.amount, spent, limit.value.enforcement)
    for project in projects:
        if project.limit.value:
            own = project.limit.value
            each = (project.name, own.amount, project.spent, own.enforcement, project.id)
            yield month(CapKind.PROJECT, *each)
    if budget.daily:
        today = cycle.spent_today if cycle else None
        is_early = cycle is not None and today is None
        name = "daily budget (local)"
        yield Cap(CapKind.DAILY, name, budget.daily, today, is_awaited=is_early)
    if budget.monthly:
        yield month(CapKind.MONTHLY, "monthly budget (local)", budget.monthly, spent)
    if balance:
        typed = plus(balance.since.amount.dollars, balance.topped_up.dollars)
        could_be_spent = Money(minus(typed, balance.gone))
        yield Cap(CapKind.BALANCE, "balance", could_be_spent, balance.spent)


def _unjudged(limit: Asked[SpendLimit]) -> tuple[str, ...]:
    return () if limit.is_known else ("the hard limit",)
