"""What was used in each minute of the last hours, by project and model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from oai_tui.core.cuts import Grain
from oai_tui.core.kinds import REQUEST_KINDS, TOKEN_KINDS, Kind
from oai_tui.core.limits import Ceiling
from oai_tui.core.rates import Used
from oai_tui.core.usage import NUMBERS, Counted
from oai_tui.services.billing.use_kinds import Group, KindReader, group_of, is_batch

MOST_ROWS = 150_000
"""Rows after which no older hours are asked for: an answer has a size it may not exceed."""

_REQUESTS = NUMBERS.index("num_model_requests")
_IN, _OUT = NUMBERS.index("input_tokens"), NUMBERS.index("output_tokens")
_IMAGES = NUMBERS.index("images")

_PER_MINUTE = (Ceiling.REQUESTS, Ceiling.TOKENS, Ceiling.IMAGES)


@dataclass(slots=True)
class Minutely:
    """What was used by ceiling, group and minute (Unix seconds), as far as that is known.

    `since` None means that nothing is known. What went through the batch queue is left out: it has
    a ceiling of its own.
    """

    since: datetime | None = None
    until: datetime | None = None
    by_ceiling: dict[Ceiling, dict[Group, Counter[int]]] = field(
        default_factory=lambda: {each: {} for each in _PER_MINUTE}
    )

    @property
    def groups(self) -> set[Group]:
        """Whatever was used."""
        return {group for by_group in self.by_ceiling.values() for group in by_group}

    def used(self, project_id: str, models: Iterable[str]) -> dict[Ceiling, Used]:
        """Return the busiest minute of models taken together, under each ceiling they came."""
        found = {}
        names = tuple(models)
        for ceiling, by_group in self.by_ceiling.items():
            counted: Counter[int] = Counter()
            for model in names:
                counted.update(by_group.get((project_id, model), {}))
            if counted:
                found[ceiling] = _busiest(counted)
        return found

    def add(self, kind: Kind, rows: Iterable[Counted]) -> None:
        """Take the rows of one kind of usage."""
        for row in rows:
            if is_batch(row):
                continue
            group, numbers = group_of(row), row.numbers
            self._count(Ceiling.REQUESTS, group, row.at, numbers[_REQUESTS])
            self._count(Ceiling.IMAGES, group, row.at, numbers[_IMAGES])
            if kind in TOKEN_KINDS:
                tokens = (numbers[_IN] or 0) + (numbers[_OUT] or 0)
                self._count(Ceiling.TOKENS, group, row.at, tokens)

    def _count(self, ceiling: Ceiling, group: Group, at: int, amount: int | None) -> None:
        if amount:
            self.by_ceiling[ceiling].setdefault(group, Counter())[at] += amount


def _busiest(by_minute: Counter[int]) -> Used:
    at = max(by_minute, key=lambda each: (by_minute[each], each))
    return Used(by_minute[at], datetime.fromtimestamp(at, UTC))


async def busiest_minutes(
    reader: KindReader, now: datetime, hours: int, most_rows: int = MOST_ROWS
) -> Minutely:
    """Read what was used in the last whole minutes, at most so many hours of them.

    The last hour comes first; how many before it are asked for follows from how much it was. Never
    raises ApiProblem: the reader can say what could not be read.
    """
    until = now.astimezone(UTC).replace(second=0, microsecond=0)
    since = until - timedelta(hours=1)
    found = Minutely()
    answered = await reader.read(REQUEST_KINDS, Grain.MINUTE, since, until)
    for kind, rows in answered:
        found.add(kind, rows)
    if not answered:
        return found
    found.until, found.since = until, since
    more = min(hours - 1, most_rows // max(sum(len(rows) for _, rows in answered), 1))
    if more > 0:
        earlier = since - timedelta(hours=more)
        kinds = [kind for kind, _ in answered]
        for kind, rows in await reader.read(kinds, Grain.MINUTE, earlier, since):
            found.add(kind, rows)
        found.since = earlier
    return found
