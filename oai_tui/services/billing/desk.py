"""The desk that tells the bill."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from oai_tui.api.client import Client
from oai_tui.core.balance import Balance, BalanceEntry, Drift, EntryKind
from oai_tui.core.changes import Action, Change
from oai_tui.core.errors import Problem, StoreProblem, WrongInput
from oai_tui.core.kinds import Dimension
from oai_tui.core.limits import Budget
from oai_tui.core.money import Money
from oai_tui.services.billing.assembly import Local, statement_of
from oai_tui.services.billing.figures import MOST_BALANCE_DAYS, FigureReader, Figures
from oai_tui.services.billing.history import HistoryReader, ToldHistory
from oai_tui.services.billing.limits import LimitBook
from oai_tui.services.billing.scopes import ORGANIZATION
from oai_tui.services.billing.statement import Statement
from oai_tui.services.billing.tally import Progress, Tally
from oai_tui.services.directory import Directory
from oai_tui.services.snapshots import Snapshots
from oai_tui.services.usage import UsageDesk
from oai_tui.store.balance import BalanceFile
from oai_tui.store.changes import ChangeLog
from oai_tui.store.settings import Profile, Settings, SettingsFile

MOST_AT_ONCE = 50
"""Projects whose limits and alerts are asked for before the statement is told."""

MOST_IN_ALL = 1_000
"""Projects that are asked for theirs afterwards, at one go."""

OLDEST = timedelta(days=MOST_BALANCE_DAYS)


class BillingDesk:
    """Tells what was spent, what is left and how long it lasts; changes nothing at the platform.

    `changes` takes down what a person changed of what only this program knows, `by` names the key
    in use.
    """

    def __init__(
        self,
        client: Client,
        usage: UsageDesk,
        snapshots: Snapshots,
        directory: Directory,
        balances: BalanceFile,
        settings: SettingsFile,
        profile: str,
        clock: Callable[[], datetime],
        changes: ChangeLog | None = None,
        by: Callable[[], str] = lambda: "",
    ) -> None:
        self._usage = usage
        self._directory = directory
        self._balances = balances
        self._settings = settings
        self._profile = profile
        self._clock = clock
        self._changes = changes
        self._by = by
        self._book = LimitBook(client, snapshots, clock)
        self._figures = FigureReader(usage)
        self._asking = asyncio.Lock()
        self._was_read = False

    def remembered(self) -> Statement | None:
        """Return the statement as far as it is known without a request, None when nothing is."""
        self._teach(all=False)
        local = self._local()
        known = self._told(self._figures.latest(self._clock(), local.entries), local)
        if known.as_of is None and self._book.is_empty:
            return None
        return known if self._was_read else replace(known, from_cache=True)

    async def load(self, *, fresh: bool = False, on_progress: Progress | None = None) -> Statement:
        """Ask for what is not known or may have changed, and tell the state of the cycle.

        What came is kept when this is cancelled. Raises ApiProblem when neither costs nor limits
        can be read and none are remembered.
        """
        local, tally, now = await asyncio.to_thread(self._local), Tally(on_progress), self._clock()
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
        return await asyncio.to_thread(self._told, figures, local)

    async def load_rest(self, *, on_progress: Progress | None = None) -> Statement:
        """Ask for the limits and alerts of the projects that `load` left out.

        What came is kept when this is cancelled.
        """
        local = await asyncio.to_thread(self._local)
        async with self._asking:
            figures = await asyncio.to_thread(self._figures.latest, self._clock(), local.entries)
            known = await asyncio.to_thread(self._told, figures, local)
            ids = [id for id in _to_ask(known) if self._book.needs_asking(id)][:MOST_IN_ALL]
            try:
                count = Tally(on_progress).count
                await self._book.ask_projects(ids, fresh=False, count=count)
            finally:
                await self._book.keep()
        return await asyncio.to_thread(self._told, figures, local)

    def forget(self, project_id: str = ORGANIZATION) -> None:
        """Have the limit and the alerts of a project, "" the organization, asked for again."""
        self._book.forget(project_id)

    async def add_balance(
        self, kind: EntryKind, at: datetime, amount: Money, expires: date | None = None
    ) -> BalanceEntry:
        """Write down what the person says of the prepaid balance.

        Raises WrongInput for a time to come or a top-up of nothing, and StoreProblem.
        """
        now = self._clock()
        _refuse_entry(kind, at, amount, expires, now)
        entry = BalanceEntry(secrets.token_hex(6), kind, at, amount, expires, now)
        await asyncio.to_thread(self._balances.add, entry)
        await asyncio.to_thread(
            self._note, Action.ADD_BALANCE, f"the {kind.value}", "", _said(entry), entry.id
        )
        return entry

    async def preview(
        self, kind: EntryKind, at: datetime, amount: Money, expires: date | None = None
    ) -> tuple[Balance | None, Drift | None]:
        """Return what the balance would be with an entry, and how far off the estimate was at it.

        Nothing is written and nothing asked. Raises WrongInput as `add_balance` does.
        """
        now = self._clock()
        _refuse_entry(kind, at, amount, expires, now)
        entry = BalanceEntry("", kind, at, amount, expires, now)

        def told() -> Statement:
            local = self._local()
            local = replace(local, entries=(*local.entries, entry))
            return self._told(self._figures.latest(now, local.entries), local)

        known = await asyncio.to_thread(told)
        return known.balance, next((each for each in known.drifts if each.entry == entry), None)

    async def remove_balance(self, id: str) -> None:
        """Take an entry of the balance away; one that is gone is gone. Raises StoreProblem."""
        entries = await asyncio.to_thread(self._balances.entries)
        found = next((entry for entry in entries if entry.id == id), None)
        if found is not None:
            await asyncio.to_thread(self._balances.remove, id)
            subject = f"the {found.kind.value}"
            await asyncio.to_thread(
                self._note, Action.REMOVE_BALANCE, subject, _said(found), "removed", id
            )

    async def set_budget(self, budget: Budget) -> None:
        """Write down the local budgets. Raises WrongInput and StoreProblem."""

        def change(settings: Settings) -> Settings:
            profile = settings.profiles.get(self._profile, Profile())
            before.append(profile.budget)
            profiles = {**settings.profiles, self._profile: replace(profile, budget=budget)}
            return replace(settings, profiles=profiles)

        before: list[Budget] = []
        await asyncio.to_thread(self._settings.update, change)
        if before[-1] != budget:
            was, wanted = budget_words(before[-1]), budget_words(budget)
            await asyncio.to_thread(
                self._note, Action.SET_BUDGET, "the local budget", was, wanted, ""
            )

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

    def _teach(self, *, all: bool) -> None:
        """Let the directory know the projects: all of them, or those that are new to it.

        What others learned since an older list was read is newer than that.
        """
        known = self._directory.known(Dimension.PROJECT)
        learned = [each for each in self._book.projects if all or each.id not in known]
        self._directory.learn_estate(learned, ())

    def _local(self) -> Local:
        """Read what only this program knows; what cannot be read is said and not taken for none."""
        gaps: list[str] = []
        entries: tuple[BalanceEntry, ...] = ()
        settings = Settings()
        try:
            entries = self._balances.entries()
        except StoreProblem as problem:
            gaps.append(f"The balance you entered could not be read. {problem}")
        if self._balances.set_aside:
            name = self._balances.set_aside.name
            gaps.append(f"The file of the balance was damaged and is kept as {name}.")
        try:
            settings = self._settings.load()
        except Problem as problem:
            gaps.append(f"The budgets could not be read. {problem}")
        profile = settings.profiles.get(self._profile, Profile())
        return Local(entries, profile.budget, settings.warnings, tuple(gaps))

    def _raise_if_nothing(self, figures: Figures) -> None:
        if figures.are_known or not self._book.is_empty:
            return
        problem = self._figures.problem or next(iter(self._book.problems.values()), None)
        if problem is not None:
            raise problem

    def _note(self, action: Action, subject: str, was: str, wanted: str, target: str) -> None:
        """Take a change down; it is made already, so that a log that fails is no reason to fail."""
        if self._changes is None:
            return
        now = self._clock()
        change = Change(action, subject, was, wanted, now, self._by(), target=target)
        with suppress(StoreProblem):
            self._changes.note(change, now)


def _to_ask(known: Statement) -> list[str]:
    """Return the projects that may have limits, those that spent most first."""
    return [p.id for p in known.projects if p.id and (p.spent or not p.is_archived)]


def budget_words(budget: Budget) -> str:
    """Return the local budgets in words: `$60.00 a day and $1,500.00 a month`, `none`."""
    parts = [f"{budget.daily} a day"] if budget.daily else []
    parts += [f"{budget.monthly} a month"] if budget.monthly else []
    return " and ".join(parts) or "none"


def _said(entry: BalanceEntry) -> str:
    until = f", to be spent by {entry.expires}" if entry.expires else ""
    return f"{entry.amount} at {entry.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC{until}"


def _refuse_entry(
    kind: EntryKind, at: datetime, amount: Money, expires: date | None, now: datetime
) -> None:
    if at > now:
        raise WrongInput("That time is yet to come.", "Say what the balance was at a time before.")
    if at < now - OLDEST:
        raise WrongInput("That was too long ago.", "Enter a balance of the last year or so.")
    if kind is EntryKind.TOP_UP and not amount.dollars:
        raise WrongInput("A top-up of nothing changes nothing.", "Type what was bought.")
    if expires is not None and expires < at.astimezone(UTC).date():
        raise WrongInput("That credit would have expired before.", "Look at the two dates.")
