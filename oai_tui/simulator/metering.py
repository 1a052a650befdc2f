"""The meter: what was used between any two instants, the same sum however time is cut."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from oai_tui.simulator.mixes import VOLUMES, Profile, Variant, variants
from oai_tui.simulator.model import Credit, Key, Traffic
from oai_tui.simulator.traffic import (
    DAY,
    SHAPES,
    WHOLE,
    Cell,
    Source,
    cells_of_day,
    number_of,
    share_over,
    stir,
    strength,
)

_MOST_CELLS = 60_000
_MONTHS_BACK = 455 * DAY
_GIBIBYTE = 1 << 30

T = TypeVar("T")
Dimensions = tuple[str | bool | None, ...]
Portion = tuple[Dimensions, int, Sequence[int]]


class MeteredWorld(Protocol):
    """The part of a world that use and costs follow from."""

    @property
    def seed(self) -> int:
        """The number that everything follows from."""

    @property
    def anchor(self) -> int:
        """The time at which the means of traffic were measured, Unix seconds."""

    @property
    def keys(self) -> Mapping[str, Key]:
        """Every key there ever was, by id."""

    @property
    def cost_lag_hours(self) -> int:
        """Hours until what was used shows in costs."""

    @property
    def idle(self) -> int:
        """Days without any use: that of the anchor, those before it, and all later ones."""

    @property
    def credits(self) -> Sequence[Credit]:
        """What is taken off the costs of days."""

    @property
    def credit_cents(self) -> int:
        """What is taken off the costs of two days before the anchor."""

    def now(self) -> int:
        """Give the world's time, Unix seconds."""


class Shelf:
    """Remembers computed days, up to a total size; the least recently asked for goes first."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._rows: OrderedDict[tuple[str, int], Sequence[object]] = OrderedDict()

    def get(self, name: str, day: int, make: Callable[[], Sequence[T]]) -> Sequence[T]:
        """Give the rows remembered for a name and a day, made now if there are none."""
        found = self._rows.get((name, day))
        if found is None:
            found = self._rows[name, day] = make()
            self._size += len(found) + 1
            while self._size > self._most and len(self._rows) > 1:
                self._size -= len(self._rows.popitem(last=False)[1]) + 1
        else:
            self._rows.move_to_end((name, day))
        return found  # type: ignore[return-value]

    def clear(self) -> None:
        """Forget every day."""
        self._rows.clear()
        self._size = 0


class Meter:
    """Counts what a world's keys use. Only whole days are remembered, in a bounded shelf."""

    def __init__(self, world: MeteredWorld) -> None:
        self.world = world
        self._shelf = Shelf(_MOST_CELLS)
        self._stamp: list[tuple[str, Traffic]] = []
        self._variants: dict[tuple[str, str | None], tuple[Variant, ...]] = {}
        self._numbers: dict[str | None, int] = {}

    def sources(self) -> dict[str | None, Source]:
        """Give everything that uses the platform, by key id; what is remembered is made fit."""
        used = [(key.id, key.traffic) for key in self.world.keys.values() if key.traffic]
        if used != self._stamp:
            self._stamp = used
            self._shelf.clear()
            self._variants.clear()
        keys = self.world.keys
        found: dict[str | None, Source] = {
            key_id: Source.of(keys[key_id], traffic) for key_id, traffic in used
        }
        first = self.world.anchor // DAY * DAY - _MONTHS_BACK
        nobody = Traffic(("completions",), ("gpt-4o-mini-2024-07-18",), 14.0, first)
        found[None] = Source(None, None, None, nobody)
        return found

    def portions(
        self, kind: str, day: int, edges: Sequence[int], sources: Mapping[str | None, Source]
    ) -> Iterator[Portion]:
        """Yield dimensions, place of the interval and counts of what was used on a day.

        `edges` are ascending instants within the day, both midnights included; interval i lies
        between edges i and i + 1.
        """
        now = self.world.now()
        if day >= now or self.is_idle(day):
            return
        cells = self._shelf.get(kind, day, lambda: self._cells(kind, day, sources))
        whole = len(edges) == 2 and edges[0] == day and edges[1] == day + DAY <= now
        shared: dict[int, list[int]] = {}
        for cell in cells:
            source = sources.get(cell.source)
            if source is None or source.start >= edges[-1] or source.stop <= edges[0]:
                continue
            inside = source.start <= day and source.stop >= day + DAY
            if whole and inside:
                yield cell.dimensions, 0, cell.totals
                continue
            if inside:
                shares = shared.get(cell.shape)
                if shares is None:
                    shares = shared[cell.shape] = _shares(cell.shape, day, edges, day, now)
            else:
                stop = min(source.stop, now)
                shares = _shares(cell.shape, day, edges, source.start, stop)
            yield from _cut(cell, shares)

    def level(
        self, day: int, sources: Iterable[Source], kind: str = "file_search_calls"
    ) -> dict[str, int]:
        """Give the bytes that each project keeps in vector stores on a day."""
        found: dict[str, int] = {}
        if self.is_idle(day):
            return found
        for source in sources:
            if source.project_id is None or source.start >= day + DAY:
                continue
            kept = {kind, "vector_stores"}.intersection(source.traffic.kinds)
            if kept and source.traffic.first_day <= day and source.project_id not in found:
                found[source.project_id] = self._bytes(source.project_id, day)
        return found

    def is_idle(self, day: int) -> bool:
        """Say whether nothing is used on a day, given by its midnight in Unix seconds."""
        idle = self.world.idle
        return idle > 0 and self.world.anchor // DAY - day // DAY < idle

    def _bytes(self, project_id: str, day: int) -> int:
        number = self._number(project_id)
        age = max(0, day - self.world.anchor + _MONTHS_BACK) // DAY
        base = _GIBIBYTE // 4 + number % (6 * _GIBIBYTE)
        return base + age * (2_000_000 + number % 9_000_000) + stir(number, age) % 5_000_000

    def _number(self, name: str | None) -> int:
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = number_of(self.world.seed, name or "nobody")
        return number

    def _cells(self, kind: str, day: int, sources: Mapping[str | None, Source]) -> tuple[Cell, ...]:
        cells: list[Cell] = []
        anchor = self.world.anchor
        for source in sources.values():
            traffic = source.traffic
            if kind not in traffic.kinds:
                continue
            number = self._number(source.key_id)
            times = strength(number, traffic, day, anchor)
            if times:
                part = 1.0 if kind == traffic.kinds[0] else VOLUMES[kind]
                mean = traffic.requests_per_day * part * times
                mixed = self._variants_of(kind, source, number)
                cells += cells_of_day(source, mixed, mean, stir(number, len(kind)), day)
        return tuple(cells)

    def _variants_of(self, kind: str, source: Source, number: int) -> tuple[Variant, ...]:
        found = self._variants.get((kind, source.key_id))
        if found is None:
            traffic = source.traffic
            profile = Profile(
                source.project_id,
                source.user_id,
                source.key_id,
                traffic.models,
                traffic.batch_share,
                traffic.cached_share,
                number,
            )
            found = self._variants[kind, source.key_id] = variants(kind, profile)
        return found


def _shares(shape: int, day: int, edges: Sequence[int], start: int, stop: int) -> list[int]:
    """Return the share of the day that is over at each edge, seen through start and stop."""
    assert 0 <= shape < len(SHAPES)
    lowest, highest = max(start, day) - day, max(0, min(stop, day + DAY) - day)
    return [share_over(shape, max(lowest, min(edge - day, highest))) for edge in edges]


def _cut(cell: Cell, shares: Sequence[int]) -> Iterator[Portion]:
    """Cut a cell's whole numbers at shares of its day; the pieces add up to the whole.

    Requests fall at instants of their own, and what they used falls with them.
    """
    totals, count = cell.totals, cell.totals[0]
    phase = cell.phase
    before = (count * shares[0] + phase) // WHOLE
    for place, share in enumerate(shares[1:]):
        after = (count * share + phase) // WHOLE
        if after > before:
            if after - before == count:
                yield cell.dimensions, place, totals
            else:
                piece = [total * after // count - total * before // count for total in totals]
                yield cell.dimensions, place, piece
            before = after
