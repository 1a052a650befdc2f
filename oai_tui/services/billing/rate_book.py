"""Rate limits: asked for project by project, remembered with their age."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta

from oai_tui.api import projects as projects_api
from oai_tui.api import rate_limits as api
from oai_tui.api.client import Client
from oai_tui.core.errors import ApiProblem, KeyRefused, MissingScope, RateLimited, Unreachable
from oai_tui.core.limits import RateLimit
from oai_tui.services.billing.rate_changes import RateOutcome
from oai_tui.services.billing.rate_memory import Listed, Memory, keep, recall
from oai_tui.services.billing.rate_use import RateUse, rate_use
from oai_tui.services.billing.statement import YOUNG
from oai_tui.services.snapshots import Snapshots

REFRESH = timedelta(minutes=5)
"""How long use by the minute is taken as it is."""

HOURS = 6
"""How far back minutes are looked at."""

_FOR_ALL = (Unreachable, KeyRefused, RateLimited, MissingScope)
"""Problems that the same question about any other project would have too."""


class RateBook:
    """Asks for rate limits and for what was used under them, and keeps what came.

    `memory` is what is known; `problems` says by project why it could not be asked again.
    """

    def __init__(self, client: Client, snapshots: Snapshots, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._snapshots = snapshots
        self._clock = clock
        self._is_recalled = self._is_changed = False
        self._used_at: datetime | None = None
        self._were_doubted: dict[str, bool] = {}  # by the projects that are being changed
        self.memory = Memory()
        self.use: RateUse | None = None
        self.problems: dict[str, ApiProblem] = {}
        self.unlisted: ApiProblem | None = None

    async def recall(self) -> None:
        """Take what the last run remembered, once."""
        if not self._is_recalled:
            self.memory = await asyncio.to_thread(recall, self._snapshots)
            self._is_recalled = True

    def as_it_is(self) -> RateBook:
        """Return what is known now, to be looked at beside the event loop."""
        found = copy(self)
        found.memory = replace(self.memory, listed=dict(self.memory.listed))
        found.problems = dict(self.problems)
        return found

    async def keep(self) -> None:
        """Remember what is known for the next run."""
        if self._is_changed:
            self._is_changed = False
            # What is written beside the event loop must stand still meanwhile.
            now = replace(self.memory, listed=dict(self.memory.listed))
            await asyncio.to_thread(keep, self._snapshots, now, self._clock())

    async def ask_projects(self, *, fresh: bool) -> None:
        """List the projects that live. Raises ApiProblem where none are remembered instead."""
        memory, asked_at = self.memory, self._clock()
        if not fresh and self._is_young(memory.projects_at):
            return
        try:
            found = await projects_api.projects(self._client)
        except ApiProblem as problem:
            if not memory.projects:
                raise
            self.unlisted = problem
            return
        self.unlisted, self._is_changed = None, True
        living = {each.id: each.name or each.id for each in found if not each.is_archived}
        memory.projects, memory.projects_at = living, asked_at
        memory.listed = {id: each for id, each in memory.listed.items() if id in living}

    async def ask_use(self, *, fresh: bool) -> None:
        """Ask what was used in the last hours, unless that was answered just now."""
        now = self._clock()
        is_young = self._used_at is not None and now - self._used_at < REFRESH
        if fresh or not is_young or not (self.use and self.use.is_known):
            self.use, self._used_at = await rate_use(self._client, now, HOURS), now

    def needs_asking(self, project_id: str) -> bool:
        """Whether the rate limits of a project are not known, doubted, or were long ago."""
        known = self.memory.listed.get(project_id)
        return known is None or known.is_doubted or not self._is_young(known.at)

    async def ask(self, project_id: str) -> None:
        """Ask for the rate limits of a project; what another was refused for all is not asked."""
        hopeless = next((p for p in self.problems.values() if isinstance(p, _FOR_ALL)), None)
        if hopeless:
            self.problems[project_id] = hopeless
            return
        # As old as the question: nothing in an answer is younger than what it is said to be.
        asked_at = self._clock()
        try:
            limits = await api.rate_limits(self._client, project_id)
        except ApiProblem as problem:
            self.problems[project_id] = problem
        else:
            self.problems.pop(project_id, None)
            is_changing = project_id in self._were_doubted
            self.memory.listed[project_id] = Listed(asked_at, tuple(limits), is_changing)
            self._is_changed = True

    def doubt(self, project_ids: Iterable[str]) -> None:
        """Doubt what is known of projects until `take` tells what came of their changes."""
        for id in project_ids:
            known = self.memory.listed.get(id)
            self._were_doubted.setdefault(id, known is not None and known.is_doubted)
            if known:
                self.memory.listed[id] = replace(known, is_doubted=True)
                self._is_changed = True

    def take(self, outcomes: Iterable[RateOutcome]) -> None:
        """Take what was read back of changes; where nothing was, the project is doubted."""
        by_project: dict[str, list[RateOutcome]] = {}
        for each in outcomes:
            by_project.setdefault(each.change.limit.project_id, []).append(each)
        for id, group in by_project.items():
            if known := self.memory.listed.get(id):
                was_doubted = self._were_doubted.pop(id, known.is_doubted)
                known = replace(known, is_doubted=was_doubted)
                self.memory.listed[id] = _changed(known, group)
                self._is_changed = True

    def _is_young(self, at: datetime | None) -> bool:
        return at is not None and self._clock() - at < YOUNG


def _changed(known: Listed, outcomes: Iterable[RateOutcome]) -> Listed:
    read_back = {each.change.limit.id: each.change for each in outcomes if each.done}

    def now(limit: RateLimit) -> RateLimit:
        change = read_back.get(limit.id)
        return replace(limit, ceilings={**limit.ceilings, **change.wanted}) if change else limit

    doubted = known.is_doubted or any(each.problem for each in outcomes)
    return Listed(known.at, tuple(map(now, known.limits)), doubted)
