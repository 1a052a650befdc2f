"""Fetching what is missing: windows side by side, each kept as soon as it is here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from oai_tui.api import usage as api
from oai_tui.api.client import Client
from oai_tui.api.exchange import SIDE_BY_SIDE
from oai_tui.core.cuts import Cut, Grain
from oai_tui.core.errors import (
    ApiProblem,
    BadAnswer,
    KeyRefused,
    RateLimited,
    Rejected,
    Unreachable,
)
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.usage import Charged, Counted
from oai_tui.services.usage.cost_pages import between, days_at_once, first_page, other_pages
from oai_tui.store.ledger import REFRESH, Ledger, Window

Progress = Callable[[int, int], None]
"""Told how many requests have answered, of how many; pages to come are not known before."""

AT_HAND = 2 * SIDE_BY_SIDE
"""Windows under way or next in line; the others can still be given up without a request."""

LARGE_AT_ONCE = 2
"""Answers under way where they are so large that one is taken in while the next is made."""

Grouping = tuple[Dimension, ...]
COSTS = "costs"
Subject = Kind | str
"""What a problem is about: a kind of usage, or the costs."""

_FOR_ALL = (Unreachable, KeyRefused, RateLimited)
"""Problems that every other request would have too."""


@dataclass(slots=True)
class Round:
    """One fetching: what is to be asked, how far it is, and what went wrong with what.

    `answered` are the subjects that something was told of.
    """

    refresh: timedelta
    on_progress: Progress
    done: int = 0
    of: int = 0
    problems: dict[Subject, ApiProblem] = field(default_factory=dict)
    answered: set[Subject] = field(default_factory=set)
    stopped: ApiProblem | None = None

    def expect(self, more: int) -> None:
        """Count requests that are to be made."""
        self.of += more

    def count(self) -> None:
        """Count one that is done with."""
        self.done += 1
        self.on_progress(self.done, max(self.done, self.of))

    def fail(self, subject: Subject, problem: ApiProblem) -> None:
        """Give a subject up, and everything where nothing else could fare better."""
        self.problems.setdefault(subject, problem)
        if isinstance(problem, _FOR_ALL):
            self.stopped = self.stopped or problem

    def is_over(self, subject: Subject) -> bool:
        """Whether to ask no more about a subject; what is not asked for that reason failed too."""
        if self.stopped:
            self.problems.setdefault(subject, self.stopped)
        return subject in self.problems


class Fetcher:
    """Asks the platform at the finest grain it takes, and remembers what it does not take."""

    def __init__(self, client: Client, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._ledger = ledger
        self._clock = clock
        self._slots = asyncio.Semaphore(AT_HAND)
        self._refused: dict[Kind, frozenset[Dimension]] = {}
        self._refused_costs: set[Grouping] = set()

    def dimensions(self, kind: Kind) -> Grouping:
        """Return what a kind is told apart by here, as far as is known."""
        refused = self._refused.get(kind, frozenset())
        return tuple(each for each in kind.dimensions if each not in refused)

    def grouping(self, needed: Iterable[Dimension], span: Cut) -> Grouping | None:
        """Return the grouping of costs that tells some dimensions apart, None where none does.

        The one of which most is known already goes before those that are finer.
        """
        wanted = set(needed)
        telling = [
            each
            for each in api.COST_GROUPINGS
            if wanted <= set(each) and each not in self._refused_costs
        ]
        if not telling:
            return None
        return max(telling, key=lambda each: (self._known(each, span), -telling.index(each)))

    def _known(self, by: Grouping, span: Cut) -> int:
        return len(self._ledger.known(by, Grain.DAY, span.start, span.end).asked)

    async def usage(self, round: Round, kinds: Iterable[Kind], grain: Grain, span: Cut) -> None:
        """Fetch what is missing of some kinds, the newest windows of all of them first."""
        now, windows = self._clock(), []
        for kind in kinds:
            missing = await asyncio.to_thread(
                self._ledger.missing, kind, grain, span.start, span.end, now, round.refresh
            )
            for since, until in missing:
                pages = api.pages(grain, since, until)
                windows += [(-start.timestamp(), kind, start, end) for start, end in pages]
        windows.sort(key=lambda each: each[0])
        round.expect(len(windows))
        await side_by_side(
            self._window(round, kind, grain, since, until) for _, kind, since, until in windows
        )

    async def costs(self, round: Round, needed: Iterable[Dimension], span: Cut) -> None:
        """Fetch what is missing of the costs, by a grouping that tells some dimensions apart.

        Where the platform takes none of those, by the finest it takes.
        """
        for wanted in (tuple(needed), ()):
            while (by := self.grouping(wanted, span)) is not None:
                if await self._costs_by(round, by, span):
                    return
        if COSTS not in round.problems:
            round.fail(COSTS, Rejected("The platform refuses costs by whatever they are grouped."))

    async def _costs_by(self, round: Round, by: Grouping, span: Cut) -> bool:
        """Fetch the costs by one grouping; tell whether the platform takes it."""
        missing = await asyncio.to_thread(
            self._ledger.missing,
            by,
            Grain.DAY,
            span.start,
            span.end,
            self._clock(),
            round.refresh,
        )
        if not missing:
            return True
        # One alone first: where the grouping is refused, the others would be so too.
        first = first_page(missing)
        round.expect(1)
        days = days_at_once(await self._cost_window(round, by, *first), first)
        if by in self._refused_costs:
            return False
        pages = other_pages(missing, first, days)
        round.expect(len(pages))
        room = asyncio.Semaphore(SIDE_BY_SIDE if days == api.MOST_COST_DAYS else LARGE_AT_ONCE)

        async def ask(page: Window) -> None:
            async with room:
                await self._cost_window(round, by, *page)

        await side_by_side(map(ask, pages))
        return by not in self._refused_costs

    async def _window(
        self, round: Round, kind: Kind, grain: Grain, since: datetime, until: datetime
    ) -> None:
        async with self._slots:
            if round.is_over(kind):
                return
            asked_at = self._clock()
            try:
                rows, refused = await self._counted(kind, grain, since, until)
            except ApiProblem as problem:
                round.fail(kind, problem)
                return
        self._refused[kind] = self._refused.get(kind, frozenset()) | refused
        await asyncio.to_thread(self._ledger.put, kind, grain, since, until, rows, asked_at)
        round.answered.add(kind)
        round.count()

    async def _counted(
        self, kind: Kind, grain: Grain, since: datetime, until: datetime
    ) -> tuple[list[Counted], frozenset[Dimension]]:
        """Ask by all dimensions, then by one fewer, the newest first, while that is refused."""
        by = list(self.dimensions(kind))
        while True:
            try:
                rows = await api.counted(self._client, kind, grain, since, until, by)
            except Rejected:
                if not by:
                    raise
                by.pop()
            else:
                return rows, frozenset(kind.dimensions) - frozenset(by)

    async def _cost_window(
        self, round: Round, by: Grouping, since: datetime, until: datetime
    ) -> int:
        """Fetch the costs between two midnights; return how many rows they came in."""
        if round.is_over(COSTS):
            return 0
        asked_at = self._clock()
        rows: list[Charged] = []
        try:
            rows, in_part = await api.charged(self._client, since, until, by)
        except Rejected:
            self._refused_costs.add(by)
        except ApiProblem as problem:
            round.fail(COSTS, problem)
        else:
            # A day that is told in part would pass for a cheaper one: it stays unknown.
            for start, end in between(since, until, in_part):
                first, last = start.timestamp(), end.timestamp()
                whole = [row for row in rows if first <= row.at < last] if in_part else rows
                await asyncio.to_thread(self._ledger.put_costs, by, start, end, whole, asked_at)
            if in_part:
                round.fail(COSTS, BadAnswer("The platform told some costs without their amount."))
            round.answered.add(COSTS)
        round.count()
        return len(rows)


async def side_by_side(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do everything at once; cancelling this cancels all of it."""
    async with asyncio.TaskGroup() as group:
        for each in work:
            group.create_task(each)


def begun(fresh: bool, on_progress: Progress | None) -> Round:
    """Return a new round; a fresh one takes no answer for time that may still change as it is."""
    return Round(timedelta(0) if fresh else REFRESH, on_progress or _silent)


def _silent(done: int, of: int) -> None:
    """Nobody is watching."""
