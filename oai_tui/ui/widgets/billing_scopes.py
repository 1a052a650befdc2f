"""Whose brakes there are, and what the spend they are for is at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from oai_tui.core.limits import SpendLimit
from oai_tui.core.text import when
from oai_tui.services.billing.statement import Asked, Statement

if TYPE_CHECKING:
    from oai_tui.core.pace import Pace

ORGANIZATION = "organization"
"""What a choice has for the whole organization, where an empty value would be none."""

WHOLE = "The whole organization"


@dataclass(frozen=True)
class Spend:
    """What the organization (`name` "") or a project spent this month, in dollars, UTC.

    `spent` None is not known. `today` is the day the costs were read on; `age` says when that was,
    to stand behind the amount.
    """

    name: str
    spent: Decimal | None
    limit: Asked[SpendLimit]
    pace: Pace | None
    today: date
    age: str


def scopes(known: Statement) -> list[tuple[str, str]]:
    """Return names and ids of what can have a brake, the organization ("") first."""
    projects = [(each.name, each.id) for each in known.projects if each.id and not each.is_archived]
    return [(WHOLE, ""), *sorted(projects, key=lambda each: each[0].casefold())]


def spend_of(known: Statement, project_id: str) -> Spend:
    """Return the spend of a project, of the organization for ""."""
    cycle = known.cycle
    today = cycle.today if cycle else known.now.date()
    is_told = cycle is not None and cycle.is_reported
    age = _age(known)
    if not project_id:
        spent = cycle.spent if cycle and is_told else None
        return Spend("", spent, known.limit, known.pace, today, age)
    for each in known.projects:
        if each.id == project_id:
            spent = each.spent if is_told else None
            return Spend(each.name, spent, each.limit, each.pace, today, age)
    return Spend(project_id, None, Asked(), None, today, age)


def _age(known: Statement) -> str:
    if known.as_of is None:
        return ""
    if known.from_cache:
        return f", as last seen {when(known.as_of, known.now)}"
    return f", as of {known.as_of:%H:%M}"
