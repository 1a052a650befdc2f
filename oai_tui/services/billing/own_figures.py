"""What a person types of the bill: entries of the prepaid balance, and budgets."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from oai_tui.core.balance import BalanceEntry, EntryKind
from oai_tui.core.budget import Budget
from oai_tui.core.changes import Action, Change
from oai_tui.core.errors import Problem, StoreProblem, WrongInput
from oai_tui.core.money import Money
from oai_tui.services.billing.assembly import Local
from oai_tui.services.billing.figures import MOST_BALANCE_DAYS
from oai_tui.store.balance import BalanceFile
from oai_tui.store.changes import ChangeLog
from oai_tui.store.settings import Profile, Settings, SettingsFile

OLDEST = timedelta(days=MOST_BALANCE_DAYS)


class OwnFigures:
    """Keeps what only this program knows; nothing of it is sent to the platform.

    `changes` takes down what was changed, `by` names the key in use.
    """

    def __init__(
        self,
        balances: BalanceFile,
        settings: SettingsFile,
        profile: str,
        clock: Callable[[], datetime],
        changes: ChangeLog | None = None,
        by: Callable[[], str] = lambda: "",
    ) -> None:
        self._balances = balances
        self._settings = settings
        self._profile = profile
        self._clock = clock
        self._changes = changes
        self._by = by

    def read(self) -> Local:
        """Return all of it; what cannot be read is said and not taken for none."""
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

    def draft(
        self, kind: EntryKind, at: datetime, amount: Money, expires: date | None = None
    ) -> BalanceEntry:
        """Return an entry of the balance as it would be written down.

        Raises WrongInput for a time to come or long ago, a top-up of nothing, and credit that had
        expired before it was bought.
        """
        now = self._clock()
        if at > now:
            raise WrongInput(
                "That time is yet to come.", "Say what the balance was at a time before."
            )
        if at < now - OLDEST:
            raise WrongInput("That was too long ago.", "Enter a balance of the last year or so.")
        if kind is EntryKind.TOP_UP and not amount.dollars:
            raise WrongInput("A top-up of nothing changes nothing.", "Type what was bought.")
        if expires is not None and expires < at.astimezone(UTC).date():
            raise WrongInput("That credit would have expired before.", "Look at the two dates.")
        return BalanceEntry(secrets.token_hex(6), kind, at, amount, expires, now)

    async def add_balance(
        self, kind: EntryKind, at: datetime, amount: Money, expires: date | None = None
    ) -> BalanceEntry:
        """Write down what the person says of the prepaid balance.

        Raises WrongInput as `draft` does, and StoreProblem.
        """
        entry = self.draft(kind, at, amount, expires)
        await asyncio.to_thread(self._balances.add, entry)
        await self._note(Action.ADD_BALANCE, f"the {kind.value}", "", _said(entry), entry.id)
        return entry

    async def remove_balance(self, id: str) -> None:
        """Take an entry of the balance away; one that is gone is gone. Raises StoreProblem."""
        entries = await asyncio.to_thread(self._balances.entries)
        found = next((entry for entry in entries if entry.id == id), None)
        if found is not None:
            await asyncio.to_thread(self._balances.remove, id)
            subject = f"the {found.kind.value}"
            await self._note(Action.REMOVE_BALANCE, subject, _said(found), "removed", id)

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
            await self._note(Action.SET_BUDGET, "the local budget", was, wanted, "")

    async def _note(self, action: Action, subject: str, was: str, wanted: str, target: str) -> None:
        """Take a change down; it is made already, so that a log that fails is no reason to fail."""
        if self._changes is None:
            return
        now = self._clock()
        change = Change(action, subject, was, wanted, now, self._by(), target=target)
        with suppress(StoreProblem):
            await asyncio.to_thread(self._changes.note, change, now)


def budget_words(budget: Budget) -> str:
    """Return the local budgets in words: `$60.00 a day and $1,500.00 a month`, `none`."""
    parts = [f"{budget.daily} a day"] if budget.daily else []
    parts += [f"{budget.monthly} a month"] if budget.monthly else []
    return " and ".join(parts) or "none"


def _said(entry: BalanceEntry) -> str:
    until = f", to be spent by {entry.expires}" if entry.expires else ""
    return f"{entry.amount} at {entry.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC{until}"
