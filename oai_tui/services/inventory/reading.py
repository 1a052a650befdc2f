"""Reading the whole estate: everything side by side, the list before all else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from oai_tui.api import keys as api
from oai_tui.api import projects as projects_api
from oai_tui.api.client import Client
from oai_tui.api.exchange import SIDE_BY_SIDE
from oai_tui.api.lane import Lane
from oai_tui.core.errors import ApiProblem, Rejected
from oai_tui.core.keys import ApiKey, Project
from oai_tui.services.inventory import facts as key_facts
from oai_tui.services.inventory.gaps import Gaps
from oai_tui.services.inventory.known import Inventory, Wants
from oai_tui.services.inventory.ledgers import Requests
from oai_tui.services.inventory.memory import ADMIN, Memory, Part
from oai_tui.services.inventory.picture import gone, picture, shown
from oai_tui.services.inventory.rows import RowMemo

WORKERS = 2 * SIDE_BY_SIDE
"""Questions held ready, so that no request waits for us while another is being taken in. A task for
each of a thousand projects at once would stall the event loop."""

FACTS_SIDE_BY_SIDE = 3
"""Requests for facts at once. The platform adds them up slowly, and the list must not wait."""

MOST_FORMER = 2_000
"""Deleted keys whose names are remembered; the ones gone first make room."""

Question = Callable[[Client, datetime], Awaitable[Any]]

LEDGERS: tuple[tuple[str, Question], ...] = (
    ("requests", key_facts.read_requests),
    ("costs", key_facts.read_costs),
    ("events", key_facts.read_events),
)

Job = Callable[[], Awaitable[None]]


class Reading:
    """One reading of the estate over what was known before.

    `is_listed` is set once the projects are known; from then on `picture` shows what there is.
    """

    def __init__(
        self,
        client: Client,
        wants: Wants,
        asked_at: datetime,
        before: Memory | None,
        memo: RowMemo,
    ) -> None:
        self._client = client
        self._lane = Lane(client, FACTS_SIDE_BY_SIDE)
        self._wants = wants
        self._at = asked_at
        self._memo = memo
        self.memory = before or Memory(asked_at)
        self.memory.as_of = asked_at
        self.memory.gaps = self.memory.notes = ()
        self._gaps = Gaps()
        self._notes: list[str] = []
        self.is_listed = False
        self._is_settled = False
        self.read = 0
        self._to_read = 0

    def picture(self) -> Inventory:
        """Return what is known by now."""
        memory = self.memory
        memory.gaps, memory.notes = self._gaps.sentences(), tuple(self._notes)
        known = picture(memory, self._wants, self._memo, is_settled=self._is_settled)
        return replace(known, read=self.read, to_read=self._to_read)

    async def run(self) -> None:
        """Read everything. Raises ApiProblem when not even the projects can be listed."""
        try:
            async with asyncio.TaskGroup() as group:
                for job in self._beside():
                    self._to_read += 1
                    group.create_task(self._done(job))
                self._to_read += 1
                jobs = self._take(await projects_api.projects(self._client, archived=True))
                self.read += 1
                self.is_listed = True
                self._to_read += len(jobs)
                waiting = iter(jobs)
                for _ in range(min(WORKERS, len(jobs))):
                    group.create_task(self._work(waiting))
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None
        self._settle()

    def _beside(self) -> Iterator[Job]:
        """Yield what can be asked while the projects are still being listed."""
        yield self._admin_keys
        yield self._members
        for name, question in LEDGERS:
            yield partial(self._ledger, name, question)

    def _take(self, projects: list[Project]) -> list[Job]:
        """Take the projects in; return what there is to ask of each, all keys first."""
        memory = self.memory
        memory.projects = tuple(projects)
        places = {project.id for project in projects} | {ADMIN}
        for place in memory.parts.keys() - places:
            self._forget(memory.parts.pop(place), ())
        for place in memory.accounts.keys() - places:
            del memory.accounts[place]
        wanted = shown(memory.projects, self._wants)
        jobs: list[Job] = [partial(self._keys, project) for project in wanted]
        if self._wants.accounts:
            # The platform refuses the accounts of archived projects.
            active = (project for project in wanted if not project.is_archived)
            jobs += [partial(self._accounts, project) for project in active]
        return jobs

    async def _work(self, jobs: Iterator[Job]) -> None:
        for job in jobs:
            await self._done(job)

    async def _done(self, job: Job) -> None:
        await job()
        self.read += 1

    async def _keys(self, project: Project) -> None:
        found: list[ApiKey] = []
        try:
            async for page in api.project_keys(self._client, project):
                found.extend(page)
        except ApiProblem as problem:
            part = self.memory.parts.get(project.id)
            if project.is_archived and isinstance(problem, Rejected):
                self.memory.parts.setdefault(project.id, Part(self._at))
            else:
                self._gaps.of_project("keys", project, problem, part.at if part else None)
        else:
            self._listed(project.id, tuple(found))

    async def _admin_keys(self) -> None:
        try:
            self._listed(ADMIN, tuple(await api.admin_keys(self._client)))
        except ApiProblem as problem:
            part = self.memory.parts.get(ADMIN)
            self._gaps.add("The admin keys", problem, part.at if part else None)

    async def _accounts(self, project: Project) -> None:
        try:
            found = await api.service_accounts(self._client, project.id)
            self.memory.accounts[project.id] = tuple(found)
        except ApiProblem as problem:
            self._gaps.of_project("service accounts", project, problem, None)

    async def _members(self) -> None:
        try:
            self.memory.members = await api.users(self._client)
        except ApiProblem as problem:
            self._gaps.add("The members", problem, None)

    async def _ledger(self, name: str, question: Question) -> None:
        found = None
        try:
            found = await question(self._lane, self._at)
        except key_facts.TOLD_NOT as problem:
            self._notes.append(key_facts.why_not(question, problem))
        except ApiProblem as problem:
            known = getattr(self.memory.ledgers, name)
            self._gaps.add(key_facts.NAMES[question], problem, known.at if known else None)
            return
        if isinstance(found, Requests) and found.unread:
            self._gaps.tell(key_facts.not_counted(found))
        self.memory.learn(msgspec.structs.replace(self.memory.ledgers, **{name: found}))

    def _listed(self, place: str, keys: tuple[ApiKey, ...]) -> None:
        """Take in the keys of one place. What it had before and has no longer was deleted."""
        before = self.memory.parts.get(place)
        self._forget(before, keys)
        # What did not change stays the same object, so that its row need not be made again.
        known = {key.id: key for key in before.keys} if before else {}
        keys = tuple(old if (old := known.get(key.id)) == key else key for key in keys)
        self.memory.parts[place] = Part(self._at, keys)

    def _forget(self, before: Part | None, keys: tuple[ApiKey, ...]) -> None:
        former = self.memory.former
        former.update((key.id, key) for key in gone(before, keys))
        for key in keys:
            former.pop(key.id, None)

    def _settle(self) -> None:
        former = self.memory.former
        for id in list(former)[: max(0, len(former) - MOST_FORMER)]:
            del former[id]
        self._is_settled = True
