"""One model that works near its ceiling: the ceiling is set to what its use lately needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from oai_tui.simulator.metering import Meter, MeteredWorld
from oai_tui.simulator.model import RateLimit
from oai_tui.simulator.traffic import DAY

TIGHT_MODEL = "gpt-6-astra"
_HOURS = 6
_TAKEN = 0.95
"""The part of the ceiling that the busiest minute takes."""

_PROJECT, _MODEL, _BATCH = 0, 3, 4
_KINDS = ("completions", "decisions")


class CeilingWorld(MeteredWorld, Protocol):
    """The part of a world that its ceilings follow from."""

    def rate_limits_of(self, project_id: str) -> dict[str, RateLimit]:
        """Give the ceilings of a project by id."""


def tighten(world: CeilingWorld, project_id: str) -> None:
    """Lower the tokens a minute of one model, in the project that uses it most, to what it needs.

    Its busiest minute of the last hours then took 95 percent of them.
    """
    if _heaviest_user(world) != project_id:
        return
    busiest = max(_tokens_by_minute(world, project_id).values(), default=0)
    for ceiling in world.rate_limits_of(project_id).values():
        if ceiling.model == TIGHT_MODEL and busiest:
            ceiling.max_tokens_per_1_minute = _rounded(int(busiest / _TAKEN))


def _heaviest_user(world: MeteredWorld) -> str | None:
    """Return the project whose living keys make the most requests to the model."""
    requests: Counter[str] = Counter()
    for key in world.keys.values():
        traffic = key.traffic
        if traffic and not key.deleted_at and TIGHT_MODEL in traffic.models[:1]:
            requests[key.project_id] += int(traffic.requests_per_day)
    return max(requests, key=lambda each: (requests[each], each), default=None)


def _tokens_by_minute(world: MeteredWorld, project_id: str) -> Counter[int]:
    meter, until = Meter(world), world.now() // 60 * 60
    sources = {
        key_id: source
        for key_id, source in meter.sources().items()
        if source.project_id == project_id
    }
    found: Counter[int] = Counter()
    for day, edges in _minutes(until - _HOURS * 3600, until):
        for kind in _KINDS:
            for dimensions, place, counts in meter.portions(kind, day, edges, sources):
                if dimensions[_MODEL] == TIGHT_MODEL and not dimensions[_BATCH]:
                    found[edges[place]] += sum(counts[1:])
    return found


def _minutes(since: int, until: int) -> Iterable[tuple[int, list[int]]]:
    """Yield each UTC day with the edges of the minutes of it that are asked for."""
    while since < until:
        day = since // DAY * DAY
        end = min(day + DAY, until)
        yield day, list(range(since, end + 1, 60))
        since = end


def _rounded(number: int) -> int:
    """Round up to two digits, as people set ceilings, but not so far that little of it is taken."""
    step = 10 ** max(len(str(number)) - 2, 0)
    rounded = -(-number // step) * step
    return rounded if number / rounded > 0.96 else number
