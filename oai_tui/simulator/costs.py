"""The ledger: what use costs. It follows the meter at list prices, late and not to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from oai_tui.simulator.kinds import USAGE_KINDS
from oai_tui.simulator.metering import Dimensions, Meter, Shelf
from oai_tui.simulator.mixes import VOLUMES
from oai_tui.simulator.prices import PICO, STORAGE, charges, percent
from oai_tui.simulator.traffic import DAY, Source, number_of, stir

_MOST_ENTRIES = 60_000
_MICRO = 10**6  # quantities are counted in millionths
_UNLABELED = "unlabeled"
_BILLED_BY = ("project_id", "user_id", "api_key_id", "api_source", "model", "service_tier", "batch")
_BUNDLE_PER_DAY = PICO * 31 // 10


class Entry(NamedTuple):
    """One line of a day's bill; `owner` is project, user, key and source of the request."""

    owner: tuple[str | None, str | None, str | None, str]
    line_item: str
    unit: str | None
    amount: int
    quantity: int

    @property
    def dimensions(self) -> Dimensions:
        """The entry's values in the order of the cost report's dimensions."""
        project, user, key, source = self.owner
        return project, user, key, self.line_item, source


class Ledger:
    """Bills a world's use. `lag` seconds pass before use shows in costs."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self._shelf = Shelf(_MOST_ENTRIES)
        self._seen: object = None

    def entries(
        self, start: int, end: int, lag: int, sources: Mapping[str | None, Source]
    ) -> Sequence[Entry]:
        """Give the bill of what was used from `start` until before `end`, within one UTC day."""
        known = min(end, self.meter.world.now() - lag)
        day = start // DAY * DAY
        if known <= start:
            return ()
        if start > day or known < day + DAY:
            return tuple(self._bill(day, start, known, sources))
        terms = [(s.key_id, s.start, s.stop, s.traffic) for s in sources.values()]
        if terms != self._seen:
            self._seen = terms
            self._shelf.clear()
        return self._shelf.get("costs", day, lambda: tuple(self._bill(day, start, known, sources)))

    def _bill(
        self, day: int, start: int, known: int, sources: Mapping[str | None, Source]
    ) -> Iterator[Entry]:
        for kind in VOLUMES:
            yield from self._used(kind, day, (start, known), sources)
        yield from self._stored(day, known - start, sources)
        yield from self._unowned(day, known - start)

    def _used(
        self, kind: str, day: int, edges: tuple[int, int], sources: Mapping[str | None, Source]
    ) -> Iterator[Entry]:
        places = {name: place for place, name in enumerate(USAGE_KINDS[kind].dimensions)}
        at = [places.get(name) for name in _BILLED_BY]
        seed = self.meter.world.seed
        for dimensions, _, counts in self.meter.portions(kind, day, edges, sources):
            project, user, key, source, model, tier, batch = (
                None if place is None else dimensions[place] for place in at
            )
            owner = (_text(project), _text(user), _text(key), _text(source) or _UNLABELED)
            times = percent(tier, batch) * _wobble(seed, owner[2] or owner[0])
            for charge in charges(kind, str(model)):
                quantity = sum([counts[place] for place in charge.counts])
                if quantity:
                    amount = quantity * charge.price * times // 10_000_000
                    yield Entry(owner, charge.line_item, charge.unit, amount, quantity * _MICRO)

    def _stored(
        self, day: int, seconds: int, sources: Mapping[str | None, Source]
    ) -> Iterator[Entry]:
        for project_id, kept in self.meter.level(day, sources.values()).items():
            quantity = kept * seconds * _MICRO // (3600 << 30)
            amount = quantity * STORAGE.price // _MICRO
            owner = (project_id, None, None, _UNLABELED)
            yield Entry(owner, STORAGE.line_item, STORAGE.unit, amount, quantity)

    def _unowned(self, day: int, seconds: int) -> Iterator[Entry]:
        """Bill what belongs to no project: a bundle while it runs, a credit now and then."""
        world = self.meter.world
        age = (world.anchor - day) // DAY
        if age > 455:
            return
        owner = (None, None, None, _UNLABELED)
        if age < 200:
            amount = _BUNDLE_PER_DAY * seconds // DAY
            yield Entry(owner, "gpt-6-astra, scale tier bundle", None, amount, _MICRO)
        if (day // DAY + world.seed) % 17 == 4:
            amount = -(PICO // 2 + stir(world.seed, day // DAY) % (4 * PICO)) * seconds // DAY
            yield Entry(owner, "service credit", None, amount, _MICRO)


def totals(
    entries: Sequence[Entry], groups: tuple[str, ...], filters: Mapping[str, frozenset[str]]
) -> list[dict[str, object]]:
    """Sum entries by groups into the rows of the cost report."""
    wanted = [(_PLACES[name], values) for name, values in filters.items()]
    cut = tuple(_PLACES[name] for name in groups)
    sums: dict[tuple[object, ...], list[int]] = {}
    units: dict[tuple[object, ...], set[str | None]] = {}
    for entry in entries:
        dimensions = entry.dimensions
        if any(dimensions[place] not in values for place, values in wanted):
            continue
        key = tuple([dimensions[place] for place in cut])
        found = sums.get(key)
        if found is None:
            sums[key] = [entry.amount, entry.quantity]
            units[key] = {entry.unit}
        else:
            found[0] += entry.amount
            found[1] += entry.quantity
            units[key].add(entry.unit)
    return [
        _row(dict(zip(groups, key, strict=True)), tuple(found), units[key])
        for key, found in sums.items()
    ]


_NAMES = ("project_id", "user_id", "api_key_id", "line_item", "api_source")
_PLACES = {name: place for place, name in enumerate(_NAMES)}


def _row(
    group: dict[str, object], found: tuple[int, ...], units: set[str | None]
) -> dict[str, object]:
    amount, quantity = found
    counted = "line_item" in group
    return {
        "object": "organization.costs.result",
        "amount": {"value": amount / PICO, "currency": "usd"},
        **{name: group.get(name) for name in ("line_item", *_NAMES[:3], "api_source")},
        "quantity": _plain(quantity) if counted else None,
        "quantity_unit": next(iter(units)) if counted and len(units) == 1 else None,
    }


def _plain(quantity: int) -> int | float:
    whole, rest = divmod(quantity, _MICRO)
    return quantity / _MICRO if rest else whole


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _wobble(seed: int, name: str | None) -> int:
    """Return about 100,000 (one), off by up to one percent, the same for a key at all times."""
    known = _WOBBLES.get((seed, name))
    if known is None:
        if len(_WOBBLES) > 50_000:
            _WOBBLES.clear()
        known = _WOBBLES[seed, name] = 99_000 + number_of(seed, f"price {name}") % 2_001
    return known


_WOBBLES: dict[tuple[int, str | None], int] = {}
