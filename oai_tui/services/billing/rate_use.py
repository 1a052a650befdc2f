"""What was used lately under the ceilings: in the busiest minutes, and since midnight."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from oai_tui.api.client import Client
from oai_tui.core.cuts import Grain
from oai_tui.core.kinds import REQUEST_KINDS, Kind
from oai_tui.core.limits import Ceiling
from oai_tui.core.rates import Used
from oai_tui.core.usage import NUMBERS, Counted
from oai_tui.services.billing.minutes import Minutely, busiest_minutes
from oai_tui.services.billing.use_kinds import Group, KindReader, group_of, is_batch

_REQUESTS, _IN = NUMBERS.index("num_model_requests"), NUMBERS.index("input_tokens")


@dataclass(slots=True)
class Today:
    """Sums since midnight UTC by ceiling and group; a ceiling that is absent is not known.

    Requests in batches count under the ceiling of batches only, by their input tokens.
    """

    by_ceiling: dict[Ceiling, Counter[Group]] = field(default_factory=dict)

    def used(self, project_id: str, models: Iterable[str]) -> dict[Ceiling, Used]:
        """Return what models used together."""
        names = tuple(models)
        return {
            ceiling: Used(sum(by_group[project_id, model] for model in names))
            for ceiling, by_group in self.by_ceiling.items()
        }


@dataclass(frozen=True, slots=True)
class RateUse:
    """What was used by project and model, and since when.

    `gaps` say in sentences what could not be read. `models` are the names that were used, by
    project.
    """

    minutes: Minutely
    today: Today
    gaps: tuple[str, ...] = ()
    models: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        groups = self.minutes.groups.union(*self.today.by_ceiling.values())
        models: dict[str, list[str]] = {}
        for project_id, model in sorted(groups):
            models.setdefault(project_id, []).append(model)
        object.__setattr__(self, "models", {id: tuple(names) for id, names in models.items()})

    @property
    def is_known(self) -> bool:
        """Whether anything is known of the minutes."""
        return self.minutes.since is not None

    @property
    def is_day_known(self) -> bool:
        """Whether it is known how many requests there were since midnight."""
        return Ceiling.DAILY_REQUESTS in self.today.by_ceiling

    def used(self, project_id: str, models: Iterable[str]) -> dict[Ceiling, Used]:
        """Return what models used together under each ceiling, {} where there was no use."""
        names = tuple(models)
        if not names:
            return {}
        return self.minutes.used(project_id, names) | self.today.used(project_id, names)


async def rate_use(client: Client, now: datetime, hours: int) -> RateUse:
    """Read the minutes of the last hours, at most so many, and the day so far.

    Never raises ApiProblem: what could not be read is told in `gaps`.
    """
    reader = KindReader(client)
    minutes, today = await asyncio.gather(
        busiest_minutes(reader, now, hours), _used_today(reader, now)
    )
    return RateUse(minutes, today, reader.said())


async def _used_today(reader: KindReader, now: datetime) -> Today:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    answered = await reader.read(REQUEST_KINDS, Grain.DAY, midnight, midnight + timedelta(days=1))
    if not reader.is_whole(Grain.DAY):
        return Today()  # a sum without one of its parts is no sum
    requests: Counter[Group] = Counter()
    batches: Counter[Group] = Counter()
    for _, rows in answered:
        _add(rows, requests, batches)
    found = {Ceiling.DAILY_REQUESTS: requests}
    if Kind.COMPLETIONS not in reader.mixed:
        found[Ceiling.BATCH] = batches
    return Today(found)


def _add(rows: Iterable[Counted], requests: Counter[Group], batches: Counter[Group]) -> None:
    for row in rows:
        if is_batch(row):
            batches[group_of(row)] += row.numbers[_IN] or 0
        else:
            requests[group_of(row)] += row.numbers[_REQUESTS] or 0
