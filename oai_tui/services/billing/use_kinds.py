"""Reading usage kind by kind, told apart by project, model and batch."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime

from oai_tui.api import usage as api
from oai_tui.api.client import Client
from oai_tui.core.cuts import Grain
from oai_tui.core.errors import ApiProblem, NotFound, Rejected
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.usage import COUNTED_BY, Counted

_BY = (Dimension.PROJECT, Dimension.MODEL)
_PROJECT, _MODEL, _BATCH = (COUNTED_BY.index(each) for each in (*_BY, Dimension.BATCH))

Group = tuple[str, str]
"""A project's id and the name of a model."""


def group_of(row: Counted) -> Group:
    """Return the project and the model of a row."""
    return row.names[_PROJECT], row.names[_MODEL]


def is_batch(row: Counted) -> bool:
    """Whether a row went through the batch queue, as far as the platform tells that."""
    return row.names[_BATCH] == "true"


class KindReader:
    """Reads kinds of usage side by side; one that fails stops no other.

    `read_kinds` are those that were answered of each grain that was asked for, `mixed` those whose
    batches are counted in.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._problems: dict[tuple[Grain, Kind], ApiProblem] = {}
        self.mixed: set[Kind] = set()
        self.read_kinds: dict[Grain, set[Kind]] = {}

    async def read(
        self, kinds: Iterable[Kind], grain: Grain, since: datetime, until: datetime
    ) -> list[tuple[Kind, list[Counted]]]:
        """Return the rows of kinds between two instants; a kind that fails is left out."""
        wanted = tuple(kinds)
        self.read_kinds.setdefault(grain, set())
        found = await asyncio.gather(*(self._of(kind, grain, since, until) for kind in wanted))
        return [(k, rows) for k, rows in zip(wanted, found, strict=True) if rows is not None]

    def is_whole(self, grain: Grain) -> bool:
        """Whether some kind was answered, and every one that exists."""
        return bool(self.read_kinds.get(grain)) and all(of != grain for of, _ in self._unread)

    def said(self) -> tuple[str, ...]:
        """Return what could not be read, in sentences; a kind that does not exist lacks nothing."""
        unread, said = self._unread, []
        if unread:
            kinds = {kind for _, kind in unread}
            labels = ", ".join(kind.label for kind in Kind if kind in kinds)
            first = next(iter(unread.values()))
            why = f"{first.what}{first.trace}"
            said.append(f"Usage by the minute could not be read of {labels}: {why}")
        failed = {grain for grain, _ in unread}
        none = [each for each, kinds in self.read_kinds.items() if not kinds and each not in failed]
        if none:
            said.append(f"This server reports no usage by the {' and none by the '.join(none)}.")
        if self.mixed:
            labels = ", ".join(sorted(kind.label for kind in self.mixed))
            said.append(f"Batches are counted in with {labels}: the platform does not tell them.")
        return tuple(said)

    @property
    def _unread(self) -> dict[tuple[Grain, Kind], ApiProblem]:
        return {of: why for of, why in self._problems.items() if not isinstance(why, NotFound)}

    async def _of(
        self, kind: Kind, grain: Grain, since: datetime, until: datetime
    ) -> list[Counted] | None:
        splits = Dimension.BATCH in kind.dimensions and kind not in self.mixed
        by = (*_BY, Dimension.BATCH) if splits else _BY
        try:
            rows = await self._split(kind, grain, since, until, by)
        except ApiProblem as problem:
            self._problems[grain, kind] = problem
            return None
        self.read_kinds[grain].add(kind)
        return rows

    async def _split(
        self, kind: Kind, grain: Grain, since: datetime, until: datetime, by: Sequence[Dimension]
    ) -> list[Counted]:
        """Return rows told apart as asked, without batches where the platform refuses those."""
        try:
            return await api.counted(self._client, kind, grain, since, until, by)
        except Rejected:
            if Dimension.BATCH not in by:
                raise
            rows = await api.counted(self._client, kind, grain, since, until, _BY)
            self.mixed.add(kind)
            return rows
