"""Many ceilings at once: one sent after another, each told by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from oai_tui.api import rate_limits as api
from oai_tui.api.client import Client
from oai_tui.core.adjusting import NO_RATE_LIMIT, RateChange, rate_words
from oai_tui.core.changes import Change
from oai_tui.core.errors import ApiProblem, Problem, WrongInput
from oai_tui.core.limits import RateLimit
from oai_tui.services.billing.writing import Done, Found, Step, Writer, compare

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class RateOutcome:
    """What became of one change: exactly one of `done` and `problem` is there."""

    change: RateChange
    done: Done | None = None
    problem: Problem | None = None


class RateChanger:
    """Sets ceilings project by project, so that each project is listed once before and after."""

    def __init__(
        self, client: Client, writer: Writer, as_change: Callable[[RateChange], Change]
    ) -> None:
        self._client = client
        self._writer = writer
        self._as_change = as_change
        self._sent = 0

    async def run(
        self, changes: Sequence[RateChange], on_progress: Progress | None = None
    ) -> tuple[RateOutcome, ...]:
        """Make the changes; return one outcome each, in their order."""
        by_project: dict[str, dict[int, RateChange]] = {}
        for place, change in enumerate(changes):
            by_project.setdefault(change.limit.project_id, {})[place] = change

        def count() -> None:
            self._sent += 1
            if on_progress:
                on_progress(self._sent, len(changes))

        found: dict[int, Done | Problem] = {}
        for project_id, group in by_project.items():
            found |= await self._of_project(project_id, group, count)
        return tuple(
            RateOutcome(change, done=each)
            if isinstance(each := found[place], Done)
            else RateOutcome(change, problem=each)
            for place, change in enumerate(changes)
        )

    async def _of_project(
        self, project_id: str, group: dict[int, RateChange], count: Callable[[], None]
    ) -> dict[int, Done | Problem]:
        before = _Listing(self._client, project_id)
        after = _Listing(self._client, project_id)
        ended: dict[int, Done | Problem] = {}
        sent: dict[int, tuple[Change, ApiProblem | None]] = {}
        for place, change in group.items():
            try:
                sent[place] = await self._send(change, before)
            except Problem as problem:
                ended[place] = problem
            count()
        for place, (asked, unclear) in sent.items():
            try:
                read = after.reading(group[place])
                ended[place] = await self._writer.conclude(asked, unclear, read)
            except Problem as problem:
                ended[place] = problem
        return ended

    async def _send(self, change: RateChange, before: _Listing) -> tuple[Change, ApiProblem | None]:
        untold = [each.label for each in change.wanted if each not in change.limit.ceilings]
        if untold or not change.wanted:
            raise WrongInput(
                f"{change.limit.model} has no ceiling of {' or '.join(untold) or 'any kind'} here.",
                "Only what the platform lists can be set.",
            )
        asked = self._as_change(change)
        compare(asked, await before.reading(change)())
        limit = change.limit
        return await self._writer.send(
            Step(
                asked,
                before.reading(change),
                lambda: api.set_rate_limit(self._client, limit.project_id, limit.id, change.wanted),
            )
        )


class _Listing:
    """The rate limits of a project, listed once for the first look of every change."""

    def __init__(self, client: Client, project_id: str) -> None:
        self._client = client
        self._project_id = project_id
        self._limits: dict[str, RateLimit] | None = None

    def reading(self, change: RateChange) -> Callable[[], Awaitable[Found]]:
        """Return what tells how the ceilings of a change are; asked again, it lists anew."""
        looked = False

        async def read() -> Found:
            nonlocal looked
            if looked or self._limits is None:
                found = await api.rate_limits(self._client, self._project_id)
                self._limits = {limit.id: limit for limit in found}
            looked = True
            limit = self._limits.get(change.limit.id)
            if limit is None:
                return Found(NO_RATE_LIMIT)
            return Found(rate_words({each: limit.ceilings.get(each) for each in change.wanted}))

        return read
