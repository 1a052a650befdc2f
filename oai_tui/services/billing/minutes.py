"""What was used in each minute of the last hours, by project and model."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from oai_tui.api import usage as api
from oai_tui.api.client import Client
from oai_tui.core.cuts import Grain
from oai_tui.core.errors import ApiProblem, NotFound, Rejected
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.rates import Peak
from oai_tui.core.usage import COUNTED_BY, NUMBERS, Counted

MOST_ROWS = 150_000
"""Rows after which no older hours are asked for: an answer has a size it may not exceed."""

_KINDS = tuple(Kind(name) for name in api.REQUEST_KINDS)
_TOKENS = tuple(Kind(name) for name in api.TOKEN_KINDS)
_PROJECT = COUNTED_BY.index(Dimension.PROJECT)
_MODEL = COUNTED_BY.index(Dimension.MODEL)
_BATCH = COUNTED_BY.index(Dimension.BATCH)
_REQUESTS = NUMBERS.index("num_model_requests")
_IN, _OUT = NUMBERS.index("input_tokens"), NUMBERS.index("output_tokens")

Group = tuple[str, str]
"""A project's id and the name of a model."""


@dataclass(slots=True)
class Minutely:
    """Requests and tokens by group and minute (Unix seconds), as far as they are known.

    `since` None means that nothing is known. What went through the batch queue is left out: it has
    a ceiling of its own.
    """

    since: datetime | None = None
    until: datetime | None = None
    requests: dict[Group, Counter[int]] = field(default_factory=dict)
    tokens: dict[Group, Counter[int]] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()

    @property
    def groups(self) -> list[Group]:
        """Whatever was used, in an order of its own."""
        return sorted(self.requests.keys() | self.tokens.keys())

    def peak(self, project_id: str, models: Iterable[str]) -> Peak | None:
        """Return the busiest minutes of models taken together, None where there was no use."""
        requests: Counter[int] = Counter()
        tokens: Counter[int] = Counter()
        for model in models:
            requests.update(self.requests.get((project_id, model), {}))
            tokens.update(self.tokens.get((project_id, model), {}))
        if not requests and not tokens:
            return None
        most, at = _busiest(requests)
        total, when = _busiest(tokens)
        return Peak(most, at, total if tokens else None, when)

    def add(self, kind: Kind, rows: Iterable[Counted]) -> None:
        """Take the rows of one kind of usage."""
        for row in rows:
            if row.names[_BATCH] == "true":
                continue
            group = row.names[_PROJECT], row.names[_MODEL]
            made = row.numbers[_REQUESTS]
            if made:
                self.requests.setdefault(group, Counter())[row.at] += made
            used = (row.numbers[_IN] or 0) + (row.numbers[_OUT] or 0)
            if used and kind in _TOKENS:
                self.tokens.setdefault(group, Counter())[row.at] += used


def _busiest(by_minute: Counter[int]) -> tuple[int, datetime | None]:
    if not by_minute:
        return 0, None
    at = max(by_minute, key=lambda each: (by_minute[each], each))
    return by_minute[at], datetime.fromtimestamp(at, UTC)


async def busiest_minutes(
    client: Client, now: datetime, hours: int, most_rows: int = MOST_ROWS
) -> Minutely:
    """Read what was used in the last whole minutes, at most so many hours of them.

    The last hour comes first; how many before it are asked for follows from how much it was. Never
    raises ApiProblem: what could not be read is told in `gaps`.
    """
    until = now.astimezone(UTC).replace(second=0, microsecond=0)
    since = until - timedelta(hours=1)
    found = Minutely()
    reader = _Reader(client, found)
    rows = await reader.read(_KINDS, since, until)
    if not reader.read_kinds:
        found.gaps = reader.said()
        return found
    found.until, found.since = until, since
    more = min(hours - 1, most_rows // max(rows, 1))
    if more > 0:
        earlier = since - timedelta(hours=more)
        await reader.read(sorted(reader.read_kinds), earlier, since)
        found.since = earlier
    found.gaps = reader.said()
    return found


class _Reader:
    """Reads kinds of usage side by side; one that fails stops no other."""

    def __init__(self, client: Client, into: Minutely) -> None:
        self._client = client
        self._into = into
        self._problems: dict[Kind, ApiProblem] = {}
        self._mixed: set[Kind] = set()
        self.read_kinds: set[Kind] = set()

    async def read(self, kinds: Sequence[Kind], since: datetime, until: datetime) -> int:
        """Read some kinds of a stretch of time; return how many rows there were."""
        return sum(await asyncio.gather(*(self._of(kind, since, until) for kind in kinds)))

    def said(self) -> tuple[str, ...]:
        """Return what could not be read, in sentences; a kind that does not exist lacks nothing."""
        unread = {k: why for k, why in self._problems.items() if not isinstance(why, NotFound)}
        said = []
        if unread:
            labels = ", ".join(kind.label for kind in unread)
            first = next(iter(unread.values()))
            said.append(f"Usage by the minute could not be read of {labels}: {first.what}")
        elif not self.read_kinds:
            said.append("This server reports no usage by the minute.")
        if self._mixed:
            labels = ", ".join(sorted(kind.label for kind in self._mixed))
            said.append(f"Batches are counted in with {labels}: the platform does not tell them.")
        return tuple(said)

    async def _of(self, kind: Kind, since: datetime, until: datetime) -> int:
        by = (Dimension.PROJECT, Dimension.MODEL)
        splits = Dimension.BATCH in kind.dimensions and kind not in self._mixed
        try:
            try:
                rows = await self._counted(
                    kind, since, until, (*by, Dimension.BATCH) if splits else by
                )
            except Rejected:
                if not splits:
                    raise
                rows = await self._counted(kind, since, until, by)
                self._mixed.add(kind)
        except ApiProblem as problem:
            self._problems[kind] = problem
            return 0
        self.read_kinds.add(kind)
        self._into.add(kind, rows)
        return len(rows)

    async def _counted(
        self, kind: Kind, since: datetime, until: datetime, by: Sequence[Dimension]
    ) -> list[Counted]:
        return await api.counted(self._client, kind, Grain.MINUTE, since, until, by)
