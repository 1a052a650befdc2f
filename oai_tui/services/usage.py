"""Usage and costs of a period, from the platform or, without it, as last seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from oai_tui.api import usage as api
from oai_tui.api.client import Client
from oai_tui.core.errors import ApiProblem, MissingScope, NotFound, Rejected, WrongInput
from oai_tui.core.period import Period
from oai_tui.core.usage import CostRow, Dimension, Metric, Pivot, UsageRow, pivot
from oai_tui.services.snapshots import Snapshots

Progress = Callable[[int, int], None]
"""Told how many requests have answered, of how many; pages to come are not known before."""

MOST_KNOWN = 24
"""Reports held in memory; the ones asked first make room."""

NameOf = Callable[[Dimension, str], str]


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of a period with their time. `gaps` says in a sentence each what is missing."""

    period: Period
    usage: tuple[UsageRow, ...] = ()
    costs: tuple[CostRow, ...] = ()
    as_of: datetime | None = None
    from_cache: bool = False
    gaps: tuple[str, ...] = ()

    def pivot(self, metric: Metric, dimension: Dimension, name_of: NameOf) -> Pivot:
        """Return the figures of one view."""
        rows = self.costs if metric is Metric.COST else self.usage
        return pivot(rows, metric, dimension, self.period, name_of)


class UsageDesk:
    """Answers questions about usage and costs; what was asked once on a day is not asked again.

    A period that holds today is asked again on refresh only, so its time is always shown.
    """

    def __init__(self, client: Client, snapshots: Snapshots, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._snapshots = snapshots
        self._clock = clock
        self._known: dict[str, Report] = {}

    async def usage(
        self, period: Period, *, fresh: bool = False, on_progress: Progress | None = None
    ) -> Report:
        """Return the token usage of a period. Raises ApiProblem when nothing is known of it."""
        question = self._usage(period, on_progress or _silent)
        return await self._ask("usage", period, fresh, question)

    async def costs(self, period: Period, dimension: Dimension, *, fresh: bool = False) -> Report:
        """Return the costs of a period by one dimension.

        Raises Rejected with the way out where the platform refuses this grouping, and ApiProblem
        when nothing is known of the period.
        """
        question = self._costs(period, dimension)
        return await self._ask(f"costs {dimension}", period, fresh, question)

    async def _ask(
        self, what: str, period: Period, fresh: bool, question: Coroutine[Any, Any, Report]
    ) -> Report:
        name = f"{what} {period.first} {period.last}"
        known = self._known.get(name)
        if known and not fresh and self._is_of_today(known):
            question.close()
            return known
        try:
            report = await question
        except (MissingScope, Rejected):
            raise
        except ApiProblem as problem:
            remembered = self._remembered(name) or self._overlapping(what, period)
            if remembered is None:
                raise
            gap = f"{problem.what} These figures are as last seen."
            return replace(remembered, from_cache=True, gaps=(*remembered.gaps, gap))
        self._known[name] = report
        if len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._snapshots.put(name, msgspec.json.encode(report), self._clock())
        self._snapshots.put(f"{what}, {period.days} days", name.encode(), self._clock())
        return report

    def _is_of_today(self, report: Report) -> bool:
        """Whether it was asked on this day, so that no day in it has ended since."""
        asked, now = report.as_of, self._clock()
        return asked is not None and asked.astimezone(UTC).date() == now.astimezone(UTC).date()

    def _overlapping(self, what: str, period: Period) -> Report | None:
        """Return the days known of a period from the last question of the same length.

        The last 30 days of yesterday are 29 of the last 30 days of today.
        """
        found = self._snapshots.get(f"{what}, {period.days} days")
        report = self._remembered(found[0].decode(errors="replace")) if found else None
        if report is None:
            return None
        first = max(period.first, report.period.first)
        last = min(period.last, report.period.last)
        return replace(report, period=Period(first, last)) if first <= last else None

    def _remembered(self, name: str) -> Report | None:
        found = self._snapshots.get(name)
        try:
            return msgspec.json.decode(found[0], type=Report) if found else None
        except (msgspec.MsgspecError, WrongInput):
            return None

    async def _usage(self, period: Period, on_progress: Progress) -> Report:
        done = 0
        # As old as the question: nothing in the answers is younger than what they are said to be.
        asked_at = self._clock()

        def count() -> None:
            nonlocal done
            done += 1
            on_progress(done, len(api.TOKEN_KINDS) * _pages(period.days, api.MOST_USAGE_DAYS))

        answers = await asyncio.gather(
            *(api.usage(self._client, kind, period, on_page=count) for kind in api.TOKEN_KINDS),
            return_exceptions=True,
        )
        rows: list[UsageRow] = []
        gaps: list[str] = []
        for kind, answer in zip(api.TOKEN_KINDS, answers, strict=True):
            if isinstance(answer, NotFound):
                gaps.append(f"This server has no usage of {kind}.")
            elif isinstance(answer, BaseException):
                raise answer
            else:
                rows.extend(answer)
        if len(gaps) == len(api.TOKEN_KINDS):
            # Nothing was told, which is not the same as nothing used.
            raise NotFound(
                "This server reports no usage at all.", "Look at the base URL, or at cost with m."
            )
        return Report(period, usage=tuple(rows), as_of=asked_at, gaps=tuple(gaps))

    async def _costs(self, period: Period, dimension: Dimension) -> Report:
        asked_at = self._clock()
        field = "line_item" if dimension is Dimension.MODEL else dimension.value
        try:
            rows = await api.costs(self._client, period, [field])
        except Rejected as problem:
            raise Rejected(
                f"The platform refuses costs by {dimension.label} for this organization.",
                "Group by model or project with g, or look at tokens with m.",
                problem.request_id,
                problem.detail,
            ) from None
        return Report(period, costs=tuple(rows), as_of=asked_at)


def _pages(days: int, most: int) -> int:
    return -(-days // most)


def _silent(done: int, of: int) -> None:
    """Nobody is watching."""
