"""Rate limits of every project, beside the busiest minutes of the last hours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from oai_tui.api import projects as projects_api
from oai_tui.api import rate_limits as api
from oai_tui.api.client import Client
from oai_tui.core.errors import ApiProblem
from oai_tui.core.keys import Project
from oai_tui.core.limits import RateLimit
from oai_tui.core.rates import Peak, RateRow, Unplaced, family_of, row_of
from oai_tui.services.billing.minutes import Minutely, busiest_minutes

__all__ = ["Peak", "RateRow", "RateTable", "Unplaced", "rates"]

HOURS = 6

Progress = Callable[[int, int], None]
"""Told how many of how many requests were answered."""


@dataclass(frozen=True, slots=True)
class RateTable:
    """Rate limits by project and model, and what they rest on.

    `since` and `until` bound the minutes that were looked at, UTC; `since` None means that usage by
    the minute is not known, so nothing can be marked. `gaps` say in sentences what is missing,
    `notes` how names were matched.
    """

    rows: tuple[RateRow, ...]
    as_of: datetime
    since: datetime | None = None
    until: datetime | None = None
    unplaced: tuple[Unplaced, ...] = ()
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def throttled(self) -> tuple[RateRow, ...]:
        """The rows near or over a ceiling, the nearest first."""
        near = [row for row in self.rows if row.throttled]
        return tuple(sorted(near, key=lambda row: row.share or 0, reverse=True))

    @property
    def basis(self) -> str:
        """A sentence that says which minutes the marks rest on."""
        return self.bases[0]

    @property
    def bases(self) -> tuple[str, ...]:
        """What the marks rest on, the longest wording first."""
        if self.since is None or self.until is None:
            return ("Usage by the minute is not known, so no model is marked.",)
        span = f"{self.since:%H:%M} to {self.until:%H:%M} UTC"
        known = f"Estimated from usage by the minute, {span}"
        late = "the last minutes come late"
        return (
            f"{known}: the platform tells ceilings but no counters, and {late}.",
            f"{known}; no API counts against a ceiling, {late}.",
            f"Estimated from the minutes {span}; the last ones come late.",
        )


async def rates(
    client: Client,
    clock: Callable[[], datetime],
    *,
    projects: Sequence[Project] | None = None,
    hours: int = HOURS,
    on_progress: Progress | None = None,
) -> RateTable:
    """Return the rate limits of projects, of all that are not archived unless some are given.

    `hours` is how far back minutes are looked at. Raises ApiProblem when nothing could be read.
    """
    if projects is None:
        projects = await projects_api.projects(client)
    reading = _Reading(client, projects, on_progress)
    listed, used = await asyncio.gather(reading.limits(), busiest_minutes(client, clock(), hours))
    return _table(listed, used, projects, reading.gaps(), clock())


class _Reading:
    """Lists the rate limits of projects side by side; one that fails stops no other."""

    def __init__(
        self, client: Client, projects: Sequence[Project], on_progress: Progress | None
    ) -> None:
        self._client = client
        self._projects = projects
        self._on_progress = on_progress
        self._answered = 0
        self._failed: dict[str, ApiProblem] = {}

    async def limits(self) -> list[RateLimit]:
        """Return all rate limits. Raises ApiProblem when no project could be read."""
        found = await asyncio.gather(*(self._of(each) for each in self._projects))
        if self._failed and len(self._failed) == len(self._projects):
            raise next(iter(self._failed.values()))
        return [limit for limits in found for limit in limits]

    def gaps(self) -> list[str]:
        """Return a sentence about the projects that could not be read."""
        if not self._failed:
            return []
        names = sorted(self._failed)
        first, more = names[0], f" and {len(names) - 1} more" if len(names) > 1 else ""
        return [f"The rate limits of {first}{more} could not be read: {self._failed[first].what}"]

    async def _of(self, project: Project) -> list[RateLimit]:
        try:
            return await api.rate_limits(self._client, project.id)
        except ApiProblem as problem:
            self._failed[project.name or project.id] = problem
            return []
        finally:
            self._answered += 1
            if self._on_progress:
                self._on_progress(self._answered, len(self._projects))


def _table(
    limits: Sequence[RateLimit],
    used: Minutely,
    projects: Sequence[Project],
    gaps: Sequence[str],
    now: datetime,
) -> RateTable:
    names = {each.id: each.name or each.id for each in projects}
    by_project: dict[str, dict[str, RateLimit]] = {}
    for limit in limits:
        by_project.setdefault(limit.project_id, {})[limit.model] = limit
    under: dict[str, set[str]] = {}
    unplaced: list[tuple[str, str]] = []
    for project_id, model in used.groups:
        row = family_of(model, by_project.get(project_id, {}))
        if row is not None:
            under.setdefault(row.id, set()).add(model)
        elif project_id in by_project:
            unplaced.append((project_id, model))
    rows = [
        row_of(
            names[limit.project_id],
            limit,
            used.peak(limit.project_id, under.get(limit.id, ())),
            under.get(limit.id, ()),
        )
        for limit in limits
    ]
    rows.sort(key=lambda row: (row.project.casefold(), row.limit.model))
    return RateTable(
        tuple(rows),
        now.astimezone(UTC),
        used.since,
        used.until,
        tuple(
            Unplaced(names[project_id], model, peak)
            for project_id, model in sorted(unplaced)
            if (peak := used.peak(project_id, (model,)))
        ),
        (*gaps, *used.gaps),
        _notes(rows, unplaced),
    )


def _notes(rows: Sequence[RateRow], unplaced: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    notes = []
    mapped = {(m, row.limit.model) for row in rows for m in row.models if m != row.limit.model}
    for model, family in sorted(mapped):
        notes.append(f"Use of {model} is counted under {family}, which has no date in its name.")
    lost = sorted({model for _, model in unplaced})
    if lost:
        first = ", ".join(lost[:3]) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")
        notes.append(f"Used, but no rate limit is listed under this name: {first}.")
    return tuple(notes)
