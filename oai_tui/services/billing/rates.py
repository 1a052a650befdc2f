"""Rate limits of every project, beside what was used under them in the last hours."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from time import perf_counter

from oai_tui.api.client import Client
from oai_tui.api.exchange import SIDE_BY_SIDE
from oai_tui.core.adjusting import RateChange
from oai_tui.core.errors import ApiProblem
from oai_tui.core.keys import Project
from oai_tui.services.billing.rate_book import RateBook
from oai_tui.services.billing.rate_changes import RateOutcome
from oai_tui.services.billing.rate_table import RateTable, RateTables
from oai_tui.services.snapshots import Snapshots

__all__ = ["RateDesk", "RateTable"]

PULSE = 0.25
"""Seconds between two partial tables at least."""

REST = 8
"""How many times as long as making and showing a table took, nothing is shown after it."""


class RateDesk:
    """Tells rate limits: what is remembered at once, then what arrives. Changes nothing."""

    def __init__(self, client: Client, snapshots: Snapshots, clock: Callable[[], datetime]) -> None:
        self._book = RateBook(client, snapshots, clock)
        self._tables = RateTables()
        self._asking = asyncio.Lock()

    async def load(
        self, *, fresh: bool = False, only: Collection[str] = ()
    ) -> AsyncGenerator[RateTable, None]:
        """Yield what is remembered, then what arrives, then the whole.

        Asks for what is not known or old, with `fresh` for everything; `only` are the ids of those
        of the `projects` that are meant, all of them without any. What came is kept when this
        is left early. Raises ApiProblem when nothing is known and nothing could be read.
        """
        book = self._book
        await book.recall()
        # Beside the event loop: of a large organization it is the longest step.
        remembered = await asyncio.to_thread(self._tables.table, book.as_it_is(), only)
        if remembered.rows:
            yield remembered
        async with self._asking:
            reading = _Reading(book, only, fresh=fresh)
            task = asyncio.create_task(reading.run())
            try:
                pulse = PULSE
                while (await asyncio.wait({task}, timeout=pulse))[1]:
                    began = perf_counter()
                    yield self._table(reading)
                    pulse = max(PULSE, REST * (perf_counter() - began))
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError, ApiProblem):
                    await task
                await book.keep()
            task.result()
        yield self._table(reading)

    async def projects(self) -> list[Project]:
        """List the projects that are not archived. Raises ApiProblem where none are remembered."""
        await self._book.recall()
        await self._book.ask_projects(fresh=True)
        return [Project(id, name) for id, name in self._book.memory.projects.items()]

    async def doubt(self, changes: Iterable[RateChange]) -> None:
        """Remember that what becomes of changes is not known, until `take` is told; then ask.

        It is called before they are sent, so that a run which is cut off leaves no ceiling behind
        that is taken for the one there is.
        """
        await self._book.recall()
        self._book.doubt({each.limit.project_id for each in changes})
        await self._book.keep()

    async def take(self, outcomes: Iterable[RateOutcome]) -> None:
        """Take in what became of changes; where that is not known, it is asked for by `load`."""
        await self._book.recall()
        async with self._asking:  # an answer that is under way is older than the changes
            self._book.take(outcomes)
            await self._book.keep()

    def _table(self, reading: _Reading) -> RateTable:
        table = self._tables.table(self._book, reading.only)
        return replace(table, read=reading.read, to_read=reading.to_read)


class _Reading:
    """One reading of what is not known or old, the projects that used something lately first."""

    def __init__(self, book: RateBook, only: Collection[str], *, fresh: bool) -> None:
        self._book = book
        self._fresh = fresh
        self._waiting: deque[str] = deque()
        self.only = only
        self.read = self.to_read = 0

    async def run(self) -> None:
        """Read everything. Raises ApiProblem when nothing is known and nothing could be read."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read_use())
                group.create_task(self._read_limits())
        except BaseExceptionGroup as failed:
            raise _first(failed) from None
        book = self._book
        if book.problems and not any(id in book.memory.listed for id in self._ids):
            raise next(iter(book.problems.values()))

    async def _read_use(self) -> None:
        await self._book.ask_use(fresh=self._fresh)
        self._put_used_first()

    async def _read_limits(self) -> None:
        book = self._book
        book.problems = {}
        if not self.only:
            await book.ask_projects(fresh=self._fresh)
        wanted = [id for id in self._ids if self._fresh or book.needs_asking(id)]
        self._waiting.extend(sorted(wanted, key=lambda id: id in book.memory.listed))
        self._put_used_first()
        self.to_read = len(wanted)
        async with asyncio.TaskGroup() as group:
            for _ in range(min(SIDE_BY_SIDE, len(wanted))):
                group.create_task(self._work())

    async def _work(self) -> None:
        while self._waiting:
            await self._book.ask(self._waiting.popleft())
            self.read += 1

    @property
    def _ids(self) -> Collection[str]:
        return self.only or self._book.memory.projects

    def _put_used_first(self) -> None:
        if use := self._book.use:
            self._waiting = deque(sorted(self._waiting, key=lambda id: id not in use.models))


def _first(failed: BaseException) -> BaseException:
    """Return what failed first, out of however many groups it is in."""
    while isinstance(failed, BaseExceptionGroup):
        failed = failed.exceptions[0]
    return failed
