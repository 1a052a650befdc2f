"""What is asked about usage and costs, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from oai_tui.core.compare import Change, Mover
from oai_tui.core.cuts import Cut, Grain, Step, whole
from oai_tui.core.kinds import Dimension
from oai_tui.core.metrics import Metric
from oai_tui.core.period import EARLIEST, Period
from oai_tui.core.usage import Pivot
from oai_tui.core.zone import UTC, Zone

MOST_DAYS_BY_HOUR = 2
"""Days up to which a picture is by the hour."""

MOST_SECONDS_BY_MINUTE = 6 * 3600
"""Seconds up to which a picture is by the minute."""

_LEAST = ((93 * 86400, Step.DAY), (2 * 86400 + 3600, Step.HOUR))
"""Seconds from which on no finer step is asked for: it would be pages without end."""

Filters = tuple[tuple[Dimension, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Which figure of which days, by what, of whose; every filter has to hold, "" is nobody's.

    `zone` is where the days begin; costs are known by UTC day only. `step` None lets the room
    decide. `within` narrows the period to some hours of it. `compare` asks for the period before.
    """

    period: Period
    metric: Metric = Metric.TOKENS
    dimension: Dimension = Dimension.MODEL
    filters: Filters = ()
    zone: Zone = UTC
    step: Step | None = None
    compare: bool = False
    within: Cut | None = None

    @property
    def is_cost(self) -> bool:
        """Whether it is about money."""
        return self.metric is Metric.COST

    @property
    def days_of(self) -> Zone:
        """The zone whose days are shown."""
        return UTC if self.is_cost else self.zone

    @property
    def span(self) -> Cut:
        """The instants it is about."""
        inside = None if self.is_cost else self.within
        return inside or whole(self.period, self.days_of)

    @property
    def finest(self) -> Step:
        """The finest step of a picture of it."""
        if self.is_cost or self.metric.is_level:
            return max(self.step or Step.DAY, Step.DAY, key=list(Step).index)
        span = self.span
        seconds = (span.end - span.start).total_seconds()
        if self.step:
            least = next((step for most, step in _LEAST if seconds > most), Step.MINUTE)
            return max(self.step, least, key=list(Step).index)
        if self.within and seconds <= MOST_SECONDS_BY_MINUTE:
            return Step.MINUTE
        if self.within or self.period.days <= MOST_DAYS_BY_HOUR:
            return Step.HOUR
        return Step.DAY

    @property
    def grain(self) -> Grain:
        """How finely the platform has to be asked for it."""
        finest = self.finest
        if finest is Step.MINUTE:
            return Grain.MINUTE
        if self.is_cost:
            return Grain.DAY
        return Grain.DAY if finest is not Step.HOUR and self.zone.is_utc else Grain.HOUR

    @property
    def before(self) -> Period | None:
        """The period it is held against, None where there was no API yet or no comparison."""
        before = self.period.before() if self.compare and self.within is None else None
        return before if before and before.last >= EARLIEST else None


@dataclass(frozen=True, slots=True)
class Report:
    """The answer, of what is known.

    `gaps` says in a sentence each what is missing or unsure, `notes` what there is to know although
    nothing that could be told is missing. `as_of` is the time of the oldest figure that may still
    change. `provisional` is the place of the first cut that may. Shares lie between 0 and 1, None
    where they cannot be told: `unattributed` is the part of the figure without a name in the
    dimension.
    """

    question: Question
    pivot: Pivot
    step: Step
    zone: Zone = UTC
    before: Pivot | None = None
    as_of: datetime | None = None
    from_cache: bool = False
    provisional: int | None = None
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cached_share: Decimal | None = None
    batch_share: Decimal | None = None
    unattributed: Decimal | None = None
    changes: dict[str, Change] = field(default_factory=dict)
    movers: tuple[Mover, ...] = ()

    @property
    def period(self) -> Period:
        """The days it is about."""
        return self.question.period
