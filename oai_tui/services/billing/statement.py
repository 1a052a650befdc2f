"""The state of the cycle: everything the bill is told from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, TypeVar

from oai_tui.core.budget import Budget
from oai_tui.core.limits import SpendAlert, SpendLimit
from oai_tui.core.thresholds import Warnings
from oai_tui.core.verdict import Verdict

if TYPE_CHECKING:
    from oai_tui.core.balance import Balance, BalanceEntry, Drift
    from oai_tui.core.cycle import Cycle
    from oai_tui.core.pace import Pace
    from oai_tui.core.remaining import Cap, Price

T = TypeVar("T")

YOUNG = timedelta(hours=1)
"""How old the list of projects may be, and the limits of those that are not asked first."""


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """An answer and when it was asked for. `at` None means that it is not known at all.

    `is_old` is set where the platform did not answer this time and the value is as last seen. A
    limit that is known to be None is not set.
    """

    value: T | None = None
    at: datetime | None = None
    is_old: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it was ever answered."""
        return self.at is not None

    def is_younger(self, age: timedelta, now: datetime) -> bool:
        """Whether it was answered less than so long ago."""
        return self.at is not None and now - self.at < age


@dataclass(frozen=True, slots=True)
class ProjectSpend:
    """What a project cost in the cycle. `id` "" is what no project was charged for.

    `spent` None is not known. `pace` is told of projects with a limit or an alert only.
    """

    id: str
    name: str
    spent: Decimal | None
    limit: Asked[SpendLimit] = field(default_factory=lambda: Asked())
    alerts_known: bool = False
    is_archived: bool = False
    pace: Pace | None = None

    @property
    def limit_known(self) -> bool:
        """Whether it is known if there is a limit, and which."""
        return self.limit.is_known

    @property
    def limit_due(self) -> date | None:
        """The day of this month its limit is reached at its pace, None where it is not."""
        return _due(self.pace, self.limit.value)


@dataclass(frozen=True, slots=True)
class AlertState:
    """An alert and how far its spend is. `name` is the project's, "" for the organization.

    `spent` None is not known. `passed_on` is the day whose costs passed it, `due` the day of this
    month on which the pace will.
    """

    alert: SpendAlert
    name: str = ""
    spent: Decimal | None = None
    passed_on: date | None = None
    due: date | None = None
    pace_known: bool = False

    @property
    def is_passed(self) -> bool:
        """Whether the spend has reached it."""
        return self.spent is not None and self.spent >= self.alert.amount.dollars


@dataclass(frozen=True, slots=True)
class Statement:
    """The state of the cycle at `now`. `gaps` say in a sentence each what is not known.

    `notes` are what there is to know although nothing is missing, `overtaken` what was changed
    here and is something else now. `as_of` is the age of the oldest cost that may still change;
    `from_cache` means that the costs are as last seen. `cycle` and what rests on it is None where
    costs are not known. `alerts` are of the organization and of projects, the smallest first;
    `alerts_known` speaks of the organization's. `price` is of everything bought, `prices` of the
    most used models.
    """

    now: datetime
    cycle: Cycle | None
    limit: Asked[SpendLimit]
    alerts: tuple[AlertState, ...]
    alerts_known: bool
    projects: tuple[ProjectSpend, ...]
    budget: Budget
    caps: tuple[Cap, ...]
    nearest: Cap | None
    price: Price
    prices: tuple[Price, ...]
    pace: Pace | None
    balance: Balance | None
    entries: tuple[BalanceEntry, ...]
    drifts: tuple[Drift, ...]
    verdict: Verdict
    warnings: Warnings = field(default_factory=Warnings)
    as_of: datetime | None = None
    from_cache: bool = False
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    overtaken: tuple[str, ...] = ()

    @property
    def limit_due(self) -> date | None:
        """The day of this month the hard limit is reached at the pace, None where it is not."""
        return _due(self.pace, self.limit.value)

    @property
    def budget_due(self) -> date | None:
        """The day of this month the monthly budget is reached at the pace."""
        monthly = self.budget.monthly
        return self.pace.usual.reached(monthly.dollars) if self.pace and monthly else None

    @property
    def unasked(self) -> int:
        """Of how many projects that can spend the limit is not known, or was asked long ago."""
        return sum(
            not project.limit.is_younger(YOUNG, self.now)
            for project in self.projects
            if project.id and not project.is_archived
        )


def _due(pace: Pace | None, limit: SpendLimit | None) -> date | None:
    return pace.usual.reached(limit.amount.dollars) if pace and limit else None
