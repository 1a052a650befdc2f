"""Limits and alerts: asked for scope by scope, remembered with their age."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from oai_tui.api import projects as projects_api
from oai_tui.api import spend as api
from oai_tui.api.client import Client
from oai_tui.api.exchange import SIDE_BY_SIDE
from oai_tui.core.errors import (
    ApiProblem,
    KeyRefused,
    MissingScope,
    NotFound,
    RateLimited,
    Unreachable,
)
from oai_tui.core.keys import Project
from oai_tui.core.limits import SpendAlert, SpendLimit
from oai_tui.services.billing.scopes import (
    NAME,
    ORGANIZATION,
    Book,
    Place,
    Scope,
    Subject,
    recalled,
)
from oai_tui.services.billing.statement import YOUNG, Asked
from oai_tui.services.snapshots import Snapshots

REFRESH = timedelta(minutes=5)
"""How long an answer is taken as it is."""

_FOR_EVERYTHING = (Unreachable, KeyRefused, RateLimited)
"""Problems that every other request would have too."""

_FOR_ALL = (MissingScope, NotFound)
"""Problems that the same question about any other project would have too."""

Counting = Callable[[int], Callable[[], None]]
"""Told how many requests are to come; returns what is to be called when one has answered."""


class LimitBook:
    """Asks for limits and alerts, keeps what came, and knows what did not."""

    def __init__(self, client: Client, snapshots: Snapshots, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._snapshots = snapshots
        self._clock = clock
        self._known: Book | None = None
        self._problems: dict[Place, ApiProblem] = {}
        self._is_changed = False
        self._was_listed = False

    @property
    def projects(self) -> tuple[Project, ...]:
        """The projects as last listed, archived ones too."""
        return self._book.projects

    @property
    def was_listed(self) -> bool:
        """Whether the projects were listed when the organization was asked about last."""
        return self._was_listed

    @property
    def problems(self) -> dict[Place, ApiProblem]:
        """What could not be read when it was last asked for, and why."""
        return self._problems

    @property
    def is_empty(self) -> bool:
        """Whether no limit and no alert is known to be there or not."""
        return all(
            scope.limit_at is None and scope.alerts_at is None
            for scope in self._book.scopes.values()
        )

    def limit(self, id: str) -> Asked[SpendLimit]:
        """Return the limit of a project, "" the organization."""
        scope = self._book.scopes.get(id, Scope())
        return Asked(scope.limit, scope.limit_at, (Subject.LIMIT, id) in self._problems)

    def alerts(self, id: str) -> Asked[tuple[SpendAlert, ...]]:
        """Return the alerts of a project, "" the organization."""
        scope = self._book.scopes.get(id, Scope())
        return Asked(scope.alerts, scope.alerts_at, (Subject.ALERTS, id) in self._problems)

    def scopes(self) -> Iterable[str]:
        """Return of whom anything is known."""
        return tuple(self._book.scopes)

    def forget(self, id: str) -> None:
        """Have the limit and the alerts of a project asked for again."""
        scope = self._book.scopes.get(id)
        if scope:
            scope.limit_at = scope.alerts_at = None
            scope.limit, scope.alerts = None, ()

    def at(self, place: Place) -> datetime | None:
        """Return when something was last answered, None where it never was."""
        subject, id = place
        scope = self._book.scopes.get(id, Scope())
        if subject is Subject.PROJECTS:
            return self._book.projects_at
        return scope.limit_at if subject is Subject.LIMIT else scope.alerts_at

    def is_young(self, subject: Subject, id: str, *, fresh: bool) -> bool:
        """Whether an answer is there that need not be asked for again."""
        at, age = self.at((subject, id)), YOUNG if subject is Subject.PROJECTS else REFRESH
        return not fresh and at is not None and self._clock() - at < age

    def needs_asking(self, id: str) -> bool:
        """Whether the limit or the alerts of a project are not known, or were long ago."""
        now = self._clock()
        limit, alerts = self.limit(id), self.alerts(id)
        return not (limit.is_younger(YOUNG, now) and alerts.is_younger(YOUNG, now))

    async def ask_organization(self, *, fresh: bool, count: Counting) -> None:
        """Ask for the organization's limit and alerts and for the list of projects."""
        self._problems, self._was_listed = {}, False
        wanted = [
            (each, ORGANIZATION)
            for each in Subject
            if not self.is_young(each, ORGANIZATION, fresh=fresh)
        ]
        done = count(len(wanted))
        async with asyncio.TaskGroup() as group:
            for place in wanted:
                group.create_task(self._ask(place, done))

    async def ask_projects(self, ids: Sequence[str], *, fresh: bool, count: Counting) -> None:
        """Ask for the limits and alerts of projects, those named first before the others.

        What the key may not read of the organization is not asked of its projects, and what one
        refuses for a reason that holds for all is not asked of the rest.
        """
        wanted = [
            (subject, id)
            for id in ids
            for subject in (Subject.LIMIT, Subject.ALERTS)
            if not self.is_young(subject, id, fresh=fresh)
        ]
        done = count(len(wanted))
        slots = asyncio.Semaphore(SIDE_BY_SIDE)
        async with asyncio.TaskGroup() as group:
            for place in wanted:
                group.create_task(self._ask_in_turn(place, slots, done))

    async def keep(self) -> None:
        """Remember what is known for the next run."""
        if self._is_changed:
            self._is_changed = False
            payload = msgspec.json.encode(self._book)
            await asyncio.to_thread(self._snapshots.put, NAME, payload, self._clock())

    async def _ask_in_turn(
        self, place: Place, slots: asyncio.Semaphore, done: Callable[[], None]
    ) -> None:
        async with slots:
            hopeless = self._hopeless(place[0])
            if hopeless is None:
                await self._ask(place, done)
                return
        self._problems[place] = hopeless
        done()

    async def _ask(self, place: Place, done: Callable[[], None]) -> None:
        subject, id = place
        # As old as the question: nothing in an answer is younger than what it is said to be.
        asked_at = self._clock()
        try:
            await self._learn(subject, id, asked_at)
        except ApiProblem as problem:
            self._problems[place] = problem
        else:
            self._problems.pop(place, None)
        done()

    async def _learn(self, subject: Subject, id: str, asked_at: datetime) -> None:
        book = self._book
        self._is_changed = True
        if subject is Subject.PROJECTS:
            book.projects = tuple(await projects_api.projects(self._client, archived=True))
            book.projects_at = asked_at
            self._was_listed = True
        elif subject is Subject.LIMIT:
            limit = await api.spend_limit(self._client, id or None)
            scope = book.scopes.setdefault(id, Scope())
            scope.limit, scope.limit_at = limit, asked_at
        else:
            alerts = tuple(await api.spend_alerts(self._client, id or None))
            scope = book.scopes.setdefault(id, Scope())
            scope.alerts, scope.alerts_at = alerts, asked_at

    def _hopeless(self, subject: Subject) -> ApiProblem | None:
        """Return what stands in the way of asking any project, None where nothing does."""
        return next(
            (
                problem
                for (what, _), problem in self._problems.items()
                if isinstance(problem, _FOR_EVERYTHING)
                or (what is subject and isinstance(problem, _FOR_ALL))
            ),
            None,
        )

    @property
    def _book(self) -> Book:
        if self._known is None:
            self._known = recalled(self._snapshots)
        return self._known
