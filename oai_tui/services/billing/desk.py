"""The desk that tells the bill."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

from oai_tui.api.client import Client
from oai_tui.core.balance import Balance, Drift, EntryKind
from oai_tui.core.changes import Change
from oai_tui.core.errors import StoreProblem
from oai_tui.core.kinds import Dimension
from oai_tui.core.money import Money
from oai_tui.services.billing.assembly import Local, statement_of
from oai_tui.services.billing.figures import FigureReader, Figures
from oai_tui.services.billing.history import HistoryReader, ToldHistory
from oai_tui.services.billing.limits import LimitBook
from oai_tui.services.billing.overtaken import overtaken
from oai_tui.services.billing.own_figures import OwnFigures
from oai_tui.services.billing.scopes import ORGANIZATION
from oai_tui.services.billing.statement import Statement
from oai_tui.services.billing.tally import Progress, Tally
from oai_tui.services.directory import Directory
from oai_tui.services.snapshots import Snapshots
from oai_tui.services.usage import UsageDesk
from oai_tui.store.changes import ChangeLog

MOST_AT_ONCE = 50
"""Projects whose limits and alerts are asked for before the statement is told."""

MOST_IN_ALL = 1_000
"""Projects that are asked for theirs afterwards, at one go."""


class BillingDesk:
    """Tells what was spent, what is left and how long it lasts; changes nothing.

    `own` is what the person typed, which the bill is told from too. `changes` tells what was set
    here, and may since have been set from elsewhere.
    """

    def __init__(
        self,
        client: Client,
        usage: UsageDesk,
        snapshots: Snapshots,
        directory: Directory,
        own: OwnFigures,
        clock: Callable[[], datetime],
        changes: ChangeLog | None = None,
    ) -> None:
        self._usage = usage
        self._directory = directory
        self._own = own
        self._clock = clock
        self._changes = changes
        self._book = LimitBook(client, snapshots, clock)
        self._figures = FigureReader(usage)
        self._asking = asyncio.Lock()
        self._was_read = False

    def remembered(self) -> Statement | None:
        """Return the statement as far as it is known without a request, None when nothing is."""
        self._teach(all=False)
        local = self._own.read()
        known = self._told(self._figures.latest(self._clock(), local.entries), local)
        if known.as_of is None and self._book.is_empty:
            return None
        return known if self._was_read else replace(known, from_cache=True)

    async def load(self, *, fresh: bool = False, on_progress: Progress | None = None) -> Statement:
        """Ask for what is not known or may have changed, and tell the state of the cycle.

        What came is kept when this is cancelled. Raises ApiProblem when neither costs nor limits
        can be read and none are remembered.
        """
        local = await asyncio.to_thread(self._own.read)
        tally, now = Tally(on_progress), self._clock()
        book, fetch = self._book, self._figures.fetch
        async with self._asking:
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(book.ask_organization(fresh=fresh, count=tally.count))
                    group.create_task(fetch(now, local.entries, fresh=fresh, tally=tally))
                self._teach(all=book.was_listed)
                figures = await asyncio.to_thread(self._figures.told, now, local.entries)
                self._raise_if_nothing(figures)
                known = await asyncio.to_thread(self._told, figures, local)
                ids = _to_ask(known)[:MOST_AT_ONCE]
                await book.ask_projects(ids, fresh=fresh, count=tally.count)
            finally:
                await book.keep()
        self._was_read = True
        return await asyncio.to_thread(self._told_with_changes, figures, local)

    async def load_rest(self, *, on_progress: Progress | None = None) -> Statement:
        """Ask for the limits and alerts of the projects that `load` left out.

        What came is kept when this is cancelled.
        """
        local = await asyncio.to_thread(self._own.read)
        async with self._asking:
            figures = await asyncio.to_thread(self._figures.latest, self._clock(), local.entries)
            known = await asyncio.to_thread(self._told, figures, local)
            ids = [id for id in _to_ask(known) if self._book.needs_asking(id)][:MOST_IN_ALL]
            try:
                count = Tally(on_progress).count
                await self._book.ask_projects(ids, fresh=False, count=count)
            finally:
                await self._book.keep()
        return await asyncio.to_thread(self._told_with_changes, figures, local)

    def forget(self, project_id: str = ORGANIZATION) -> None:
        """Have the limit and the alerts of a project, "" the organization, asked for again."""
        self._book.forget(project_id)

    async def preview(
        self, kind: EntryKind, at: datetime, amount: Money, expires: date | None = None
    ) -> tuple[Balance | None, Drift | None]:
        """Return what the balance would be with an entry, and how far off the estimate was at it.

        Nothing is written and nothing asked. Raises WrongInput as `OwnFigures.draft` does.
        """
        entry = self._own.draft(kind, at, amount, expires)

        def told() -> Statement:
            local = self._own.read()
            local = replace(local, entries=(*local.entries, entry))
            return self._told(self._figures.latest(self._clock(), local.entries), local)

        known = await asyncio.to_thread(told)
        return known.balance, next((each for each in known.drifts if each.entry == entry), None)

    async def history(
        self,
        dimension: Dimension,
        *,
        since: date | None = None,
        on_progress: Progress | None = None,
    ) -> ToldHistory:
        """Return every month by project or line item, back to where the platform tells nothing.

        What came is kept when this is cancelled. Raises ApiProblem when nothing is known.
        """
        reader = HistoryReader(self._usage, self._clock)
        return await reader.load(dimension, since=since, on_progress=on_progress)

    def _told(self, figures: Figures, local: Local) -> Statement:
        names = self._directory.known(Dimension.PROJECT)
        return statement_of(self._clock(), figures, self._book, local, names)

    def _told_with_changes(self, figures: Figures, local: Local) -> Statement:
        """Tell the bill, and which brakes are not any more what they were set to here."""
        known = self._told(figures, local)
        changes: tuple[Change, ...] = ()
        with suppress(StoreProblem):  # whoever changes something hears of a log that fails
            changes = self._changes.recent() if self._changes else ()
        return replace(known, overtaken=overtaken(changes, self._book, known.now))

    def _teach(self, *, all: bool) -> None:
        """Let the directory know the projects: all of them, or those that are new to it.

        What others learned since an older list was read is newer than that.
        """
        known = self._directory.known(Dimension.PROJECT)
        learned = [each for each in self._book.projects if all or each.id not in known]
        self._directory.learn_estate(learned, ())

    def _raise_if_nothing(self, figures: Figures) -> None:
        if figures.are_known or not self._book.is_empty:
            return
        problem = self._figures.problem or next(iter(self._book.problems.values()), None)
        if problem is not None:
            raise problem


def _to_ask(known: Statement) -> list[str]:
    """Return the projects that may have limits, those that spent most first."""
    return [p.id for p in known.projects if p.id and (p.spent or not p.is_archived)]
