"""Hands on the brakes: limits, alerts and rate limits, changed one at a time and read back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from oai_tui.api import spend as api
from oai_tui.api.client import Client
from oai_tui.core.adjusting import RateChange, subject_of_rates
from oai_tui.core.alerts import sendable
from oai_tui.core.brakes import (
    NO_ALERT,
    NO_LIMIT,
    alert_words,
    limit_words,
    subject_of_alert,
    subject_of_limit,
)
from oai_tui.core.changes import Action, Change
from oai_tui.core.errors import StoreProblem, WrongInput
from oai_tui.core.limits import Ceiling, SpendAlert, SpendLimit
from oai_tui.core.money import Money
from oai_tui.services.billing.rate_changes import RateChanger, RateOutcome
from oai_tui.services.billing.settling import settled
from oai_tui.services.billing.writing import ChangedMeanwhile, Done, Found, Step, Writer
from oai_tui.store.changes import ChangeLog

T = TypeVar("T")

__all__ = ["Brakes", "ChangedMeanwhile", "Done", "RateOutcome"]


class Brakes:
    """Changes what stops or tells a spend.

    Each change reads what is there, writes down what it is going to ask for, asks once, reads back
    and writes down what it found. With nothing sent, all of them raise WrongInput, StoreProblem
    where nothing can be written down, and ChangedMeanwhile where the thing is not what the person
    saw; they raise OutcomeUnknown where it was sent and what came of it is not known or not what
    was asked for. Any other ApiProblem says that it was not done.
    """

    def __init__(
        self,
        client: Client,
        changes: ChangeLog | None,
        clock: Callable[[], datetime],
        *,
        by: Callable[[], str],
        name_of: Callable[[str], str],
        read_only: bool = False,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take what is needed: `by` is the masked key in use, `name_of` the name of a project."""
        self._client = client
        self._changes = changes
        self._clock = clock
        self._by = by
        self._name_of = name_of
        self._read_only = read_only
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def set_limit(self, seen: SpendLimit | None, wanted: Money, project_id: str = "") -> Done:
        """Set or replace the hard limit of a project, of the organization for ""."""
        if wanted.cents < 1:
            raise WrongInput("A limit is at least one cent.", "Remove it instead.")
        return await self._run(
            Step(
                self._change(
                    Action.SET_LIMIT,
                    subject_of_limit(self._name(project_id)),
                    limit_words(seen),
                    limit_words(SpendLimit(wanted)),
                    project_id,
                ),
                lambda: self._limit(project_id),
                lambda: api.set_spend_limit(self._client, wanted, project_id),
            )
        )

    async def remove_limit(self, seen: SpendLimit, project_id: str = "") -> Done:
        """Remove the hard limit of a project, of the organization for ""."""
        return await self._run(
            Step(
                self._change(
                    Action.REMOVE_LIMIT,
                    subject_of_limit(self._name(project_id)),
                    limit_words(seen),
                    NO_LIMIT,
                    project_id,
                ),
                lambda: self._limit(project_id),
                lambda: api.remove_spend_limit(self._client, project_id),
                is_repeated=True,
            )
        )

    async def create_alert(self, wanted: SpendAlert) -> Done:
        """Make an alert of its project, of the organization for ""; its id is not looked at."""
        wanted = sendable(wanted)
        return await self._run(
            Step(
                self._change(
                    Action.CREATE_ALERT,
                    subject_of_alert(self._name(wanted.project_id)),
                    NO_ALERT,
                    alert_words(wanted),
                    wanted.project_id,
                ),
                lambda: self._same_alert(wanted),
                lambda: api.create_alert(self._client, wanted),
            )
        )

    async def edit_alert(self, seen: SpendAlert, wanted: SpendAlert) -> Done:
        """Make an alert what is wanted; whose it is and its id stay."""
        wanted = replace(sendable(wanted, seen), id=seen.id, project_id=seen.project_id)
        return await self._run(
            Step(
                self._alert_change(Action.EDIT_ALERT, seen, alert_words(wanted)),
                lambda: self._alert(seen),
                lambda: api.update_alert(self._client, wanted),
            )
        )

    async def delete_alert(self, seen: SpendAlert) -> Done:
        """Delete an alert."""
        return await self._run(
            Step(
                self._alert_change(Action.DELETE_ALERT, seen, NO_ALERT),
                lambda: self._alert(seen),
                lambda: api.delete_alert(self._client, seen),
                is_repeated=True,
            )
        )

    async def set_rates(
        self,
        changes: Sequence[RateChange],
        on_progress: Callable[[int, int], None] | None = None,
    ) -> tuple[RateOutcome, ...]:
        """Set ceilings, one rate limit after another; one that fails stops no other.

        Every change comes back in its place with what became of it. `on_progress` is told how many
        of how many were sent.
        """

        async def run() -> tuple[RateOutcome, ...]:
            async with self._turn:
                changer = RateChanger(self._client, self._writer(), self._rate_change)
                return await changer.run(changes, on_progress)

        return await self._kept(run())

    async def settle_open(self) -> tuple[str, ...]:
        """Look what became of changes that were cut off; return a sentence for each.

        What cannot be read now stays open for the next time.
        """
        if self._changes is None:
            return ()
        changes = self._changes

        async def run() -> tuple[str, ...]:
            async with self._turn:
                return await settled(self._client, changes, self._clock)

        return await self._kept(run())

    async def _run(self, step: Step) -> Done:
        """Run a change to its end, even when who asked for it does not wait any more."""

        async def run() -> Done:
            async with self._turn:
                return await self._writer().run(step)

        return await self._kept(run())

    async def _kept(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # who asked has it, or went away

    def _writer(self) -> Writer:
        if self._read_only:
            raise WrongInput("This session is read-only.", "Start without --read-only.")
        if self._changes is None:
            raise StoreProblem(
                "Nothing is changed here, as it could not be written down.",
                "Look at the state folder with: oai-tui doctor",
            )
        return Writer(self._changes, self._clock, self._sleep)

    def _name(self, project_id: str) -> str:
        return self._name_of(project_id) if project_id else ""

    async def _limit(self, project_id: str) -> Found:
        limit = await api.spend_limit(self._client, project_id)
        return Found(limit_words(limit), limit.enforcement if limit else "")

    async def _alert(self, seen: SpendAlert) -> Found:
        found = await api.spend_alerts(self._client, seen.project_id)
        return Found(alert_words(next((each for each in found if each.id == seen.id), None)))

    async def _same_alert(self, wanted: SpendAlert) -> Found:
        """Return an alert that is just as wanted: its id is not known before it is made."""
        found = await api.spend_alerts(self._client, wanted.project_id)
        return Found(
            next((w for each in found if (w := alert_words(each)) == alert_words(wanted)), NO_ALERT)
        )

    def _alert_change(self, action: Action, seen: SpendAlert, wanted: str) -> Change:
        subject = subject_of_alert(self._name(seen.project_id))
        return self._change(
            action, subject, alert_words(seen), wanted, seen.project_id, target=seen.id
        )

    def _rate_change(self, change: RateChange) -> Change:
        limit = change.limit
        return replace(
            self._change(
                Action.SET_RATE,
                subject_of_rates(limit.model, self._name(limit.project_id)),
                change.was,
                change.is_to_be,
                limit.project_id,
                target=limit.id,
            ),
            parts=tuple(each.value for each in Ceiling if each in change.wanted),
        )

    def _change(
        self, action: Action, subject: str, was: str, wanted: str, project_id: str, target: str = ""
    ) -> Change:
        now, by = self._clock(), self._by()
        return Change(action, subject, was, wanted, now, by, project_id, target)
