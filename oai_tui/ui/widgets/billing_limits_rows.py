"""Every brake on the spend as one list: hard limits, local budgets, alerts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from oai_tui.core.limits import SpendAlert, SpendLimit
from oai_tui.core.money import Money
from oai_tui.services.billing.statement import AlertState, Asked, ProjectSpend, Statement


class Brake(StrEnum):
    """What a row is; the value is its word."""

    LIMIT = "hard limit"
    DAILY = "daily budget"
    MONTHLY = "monthly budget"
    ALERT = "alert"

    @property
    def is_local(self) -> bool:
        """Whether only this program knows of it, so that it refuses nothing."""
        return self in (Brake.DAILY, Brake.MONTHLY)


@dataclass(frozen=True)
class BrakeRow:
    """A brake and how far its spend is, in dollars of the month (of the day: a daily budget), UTC.

    `name` is the project's, "" for the organization. `amount` None is not set, or with `is_known`
    False not known. `reached_on` is the day whose costs came to the amount, `due` the day of this
    month on which the pace will; `is_paced` says whether there is a pace to tell it from.
    """

    id: str
    kind: Brake
    name: str
    project_id: str
    amount: Money | None
    spent: Decimal | None
    is_known: bool = True
    is_old: bool = False
    reached_on: date | None = None
    due: date | None = None
    is_paced: bool = False
    per_day: Decimal | None = None
    limit: SpendLimit | None = None
    alert: SpendAlert | None = None

    @property
    def is_reached(self) -> bool:
        """Whether the spend has come to the amount."""
        amount, spent = self.amount, self.spent
        return amount is not None and spent is not None and spent >= amount.dollars

    @property
    def left(self) -> Decimal | None:
        """What is left until it, never below zero; None where that is not known."""
        if self.amount is None or self.spent is None:
            return None
        return max(self.amount.dollars - self.spent, Decimal(0))


def brake_rows(known: Statement) -> list[BrakeRow]:
    """Return the brakes: those of the organization first, then project by project."""
    rows = [_of_organization(known), *_budgets(known)]
    rows += [_alert(each) for each in known.alerts if not each.alert.project_id]
    for project in known.projects:
        if project.limit.value is not None:
            rows.append(_of_project(project, known))
        rows += [_alert(each) for each in known.alerts if each.alert.project_id == project.id != ""]
    listed = {row.id for row in rows}
    rows += [_alert(each) for each in known.alerts if each.alert.id not in listed]
    return rows


def _spent(known: Statement) -> Decimal | None:
    cycle = known.cycle
    return cycle.spent if cycle and cycle.is_reported else None


def _of_organization(known: Statement) -> BrakeRow:
    limit, pace, cycle = known.limit, known.pace, known.cycle
    return BrakeRow(
        "limit:",
        Brake.LIMIT,
        "",
        "",
        limit.value.amount if limit.value else None,
        _spent(known),
        is_known=limit.is_known,
        is_old=limit.is_old,
        reached_on=cycle.day_reached(limit.value.amount.dollars) if cycle and limit.value else None,
        due=known.limit_due,
        is_paced=pace is not None,
        limit=limit.value,
    )


def _of_project(project: ProjectSpend, known: Statement) -> BrakeRow:
    limit: Asked[SpendLimit] = project.limit
    is_told = known.cycle is not None and known.cycle.is_reported
    return BrakeRow(
        f"limit:{project.id}",
        Brake.LIMIT,
        project.name,
        project.id,
        limit.value.amount if limit.value else None,
        project.spent if is_told else None,
        is_known=limit.is_known,
        is_old=limit.is_old,
        due=project.limit_due,
        is_paced=project.pace is not None,
        limit=limit.value,
    )


def _budgets(known: Statement) -> Iterator[BrakeRow]:
    budget, cycle, pace = known.budget, known.cycle, known.pace
    if budget.daily:
        yield BrakeRow(
            "budget:daily",
            Brake.DAILY,
            "",
            "",
            budget.daily,
            cycle.spent_today if cycle else None,
            per_day=pace.per_day if pace else None,
        )
    if budget.monthly:
        yield BrakeRow(
            "budget:monthly",
            Brake.MONTHLY,
            "",
            "",
            budget.monthly,
            _spent(known),
            reached_on=cycle.day_reached(budget.monthly.dollars) if cycle else None,
            due=known.budget_due,
            is_paced=pace is not None,
        )


def _alert(state: AlertState) -> BrakeRow:
    alert = state.alert
    return BrakeRow(
        alert.id,
        Brake.ALERT,
        state.name,
        alert.project_id,
        alert.amount,
        state.spent,
        reached_on=state.passed_on,
        due=state.due,
        is_paced=state.pace_known,
        alert=alert,
    )
