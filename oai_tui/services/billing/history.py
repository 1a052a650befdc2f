"""What each month cost, back to where the platform tells nothing any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from oai_tui.core.cuts import Step
from oai_tui.core.cycle import months
from oai_tui.core.errors import ApiProblem, BadAnswer, once
from oai_tui.core.history import History, history_of
from oai_tui.core.kinds import Dimension
from oai_tui.core.metrics import Metric
from oai_tui.core.period import EARLIEST, Period, month_of
from oai_tui.services.billing.tally import Progress, Tally
from oai_tui.services.usage import Question, Report, UsageDesk

BLOCK = 12
"""Months that are asked for at one go; with no cost in all of them the search ends."""


@dataclass(frozen=True, slots=True)
class ToldHistory(History):
    """A history with what is missing of it, a sentence each, and how old it is."""

    gaps: tuple[str, ...] = ()
    as_of: datetime | None = None
    from_cache: bool = False


@dataclass(slots=True)
class _Found:
    """What the blocks read so far say: the known days, and the days of each part."""

    days: dict[date, Decimal] = field(default_factory=dict)
    parts: dict[str, dict[date, Decimal]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    as_of: list[datetime] = field(default_factory=list)
    from_cache: bool = False

    def take(self, daily: Report) -> bool:
        """Take what a block says; tell whether there is any cost in it."""
        self.days.update(_known(daily, daily.pivot.figures))
        for group in daily.pivot.groups:
            self.names[group.id] = group.name
            told = self.parts.setdefault(group.id, {})
            told.update(each for each in _known(daily, group.figures) if each[1])
        self.gaps += daily.gaps
        self.as_of += [daily.as_of] if daily.as_of else []
        self.from_cache = self.from_cache or daily.from_cache
        return bool(daily.pivot.groups)


class HistoryReader:
    """Reads costs year by year, the newest first."""

    def __init__(self, usage: UsageDesk, clock: Callable[[], datetime]) -> None:
        self._usage = usage
        self._clock = clock

    async def load(
        self, dimension: Dimension, *, since: date | None, on_progress: Progress | None
    ) -> ToldHistory:
        """Return the months; what came is kept when this is cancelled.

        Raises ApiProblem when nothing is known of the newest.
        """
        today = self._clock().astimezone(UTC).date()
        tally, found = Tally(on_progress), _Found()
        for block in _blocks(today, since):
            daily = Question(block, Metric.COST, dimension, step=Step.DAY)
            try:
                await self._fetch(daily, tally, found)
            except ApiProblem as problem:
                if not found.as_of:
                    raise
                lost = f"Months before {_end_of(block)} could not be read."
                found.gaps.append(f"{lost} {problem.what}{problem.trace}")
                break
            if not await asyncio.to_thread(self._read, daily, found):
                break
        return await asyncio.to_thread(_told, found, today, dimension)

    async def _fetch(self, daily: Question, tally: Tally, found: _Found) -> None:
        """Fetch a block at one go; month by month where that leaves some of it unknown.

        The costs of half a year of a thousand projects are more than one answer may hold. A month
        that is told badly leaves the others as they are.
        """
        with suppress(BadAnswer):
            await self._usage.prepare(daily, on_progress=tally.part())
        failed: ApiProblem | None = None
        for month in reversed(list(months(daily.period.first, daily.period.last))):
            if await asyncio.to_thread(self._usage.is_whole, daily):
                return
            part = Period(month.first, min(month.last, daily.period.last))
            asked = replace(daily, period=part)
            try:
                await self._usage.prepare(asked, on_progress=tally.part())
            except ApiProblem as problem:
                failed = problem
                if not isinstance(problem, BadAnswer):
                    break
        if failed:
            if not await asyncio.to_thread(self._usage.is_known, daily):
                raise failed
            found.gaps.append(f"{failed.what}{failed.trace}")

    def _read(self, daily: Question, found: _Found) -> bool:
        return found.take(self._usage.view(daily, daily.period.days))


def _told(found: _Found, today: date, dimension: Dimension) -> ToldHistory:
    history = history_of(found.parts, found.days, today, dimension, found.names.__getitem__)
    return ToldHistory(
        history.months,
        history.dimension,
        history.told_from,
        once(found.gaps),
        min(found.as_of, default=None),
        found.from_cache,
    )


def _blocks(today: date, since: date | None) -> Iterator[Period]:
    """Yield whole months up to today in blocks, the newest first."""
    oldest = max(since or EARLIEST, EARLIEST).replace(day=1)
    last = today
    while last >= oldest:
        first = month_of(last)
        for _ in range(BLOCK - 1):
            first = first.shifted(-1)
        block = Period(max(first.first, oldest), last)
        yield block
        last = month_of(block.first).shifted(-1).last


def _known(report: Report, figures: tuple[Decimal, ...]) -> Iterator[tuple[date, Decimal]]:
    """Yield the figures of the cuts that are known, by the day they begin on."""
    cuts = zip(report.pivot.cuts, figures, strict=True)
    for place, (cut, figure) in enumerate(cuts):
        if place not in report.pivot.unknown:
            yield cut.start.date(), figure


def _end_of(block: Period) -> str:
    following = month_of(block.last).shifted(1).first
    return f"{following:%B %Y}"
