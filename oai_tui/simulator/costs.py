"""The ledger: what use costs. It follows the meter at list prices, late and not to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from oai_tui.simulator.kinds import USAGE_KINDS
from oai_tui.simulator.metering import Dimensions, Meter, Shelf
from oai_tui.simulator.mixes import VOLUMES
from oai_tui.simulator.model import Credit
from oai_tui.simulator.prices import PICO, STORAGE, charges, percent
from oai_tui.simulator.traffic import DAY, Source, number_of, stir

_MOST_ENTRIES = 60_000
_MICRO = 10**6  # quantities are counted in millionths
_UNLABELED = "unlabeled"
_WHOLE = 100_000  # the list price; every key pays up to one percent more or less
_BUNDLE, _CREDIT = "gpt-6-astra, scale tier bundle", "service credit"
_BUNDLE_PER_DAY = PICO * 31 // 10


class Entry(NamedTuple):
    """One line of a day's bill. Amounts are in `1 / PICO` dollars, quantities in millionths.

    `dimensions` are in the order of the cost report's: project, user, key, line item, source.
    """

    dimensions: tuple[str | None, ...]
    unit: str | None
    amount: int
    quantity: int


class Tariff(NamedTuple):
    """How a variant of use is billed under one line item; `price` is that of 100,000 units."""

    dimensions: tuple[str | None, ...]
    unit: str | None
    price: int
    counts: tuple[int, ...]


class Ledger:
    """Bills a world's use. `lag` seconds pass before use shows in costs."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self._shelf = Shelf(_MOST_ENTRIES)
        self._seen: object = None
        self._tariffs: dict[tuple[str, Dimensions], tuple[Tariff, ...]] = {}

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
        world = self.meter.world
        switched = (world.idle, world.credit_cents, *world.credits)
        terms = (switched, [(s.key_id, s.start, s.stop, s.traffic) for s in sources.values()])
        if terms != self._seen:
            self._seen = terms
            self._shelf.clear()
        return self._shelf.get("costs", day, lambda: tuple(self._bill(day, start, known, sources)))

    def _bill(
        self, day: int, start: int, known: int, sources: Mapping[str | None, Source]
    ) -> Iterator[Entry]:
        if start == day:
            yield from self._credited(day)
        if self.meter.is_idle(day):
            return
        for kind in VOLUMES:
            yield from self._used(kind, day, (start, known), sources)
        yield from self._stored(day, known - start, sources)
        yield from self._unowned(day, known - start)

    def _credited(self, day: int) -> Iterator[Entry]:
        """Take off what the switches say; a credit falls on the first instant of its day."""
        world = self.meter.world
        usual = Credit(_date(world.anchor - 2 * DAY), world.credit_cents)
        for when, cents, project_id in (*world.credits, usual):
            if cents and when == _date(day):
                billed = (project_id, None, None, _CREDIT, _UNLABELED)
                yield Entry(billed, None, -cents * PICO // 100, _MICRO)

    def _used(
        self, kind: str, day: int, edges: tuple[int, int], sources: Mapping[str | None, Source]
    ) -> Iterator[Entry]:
        for dimensions, _, counts in self.meter.portions(kind, day, edges, sources):
            tariffs = self._tariffs.get((kind, dimensions))
            if tariffs is None:
                tariffs = self._tariffs[kind, dimensions] = self._tariffs_of(kind, dimensions)
            for billed, unit, price, places in tariffs:
                quantity = sum([counts[place] for place in places])
                if quantity:
                    yield Entry(billed, unit, quantity * price // _WHOLE, quantity * _MICRO)

    def _tariffs_of(self, kind: str, dimensions: Dimensions) -> tuple[Tariff, ...]:
        named = dict(zip(USAGE_KINDS[kind].dimensions, dimensions, strict=True))
        project, user, key = (_text(named.get(n)) for n in ("project_id", "user_id", "api_key_id"))
        source = _text(named.get("api_source")) or _UNLABELED
        off = number_of(self.meter.world.seed, f"price {key or project}") % 2_001 - 1_000
        times = percent(named.get("service_tier"), named.get("batch")) * (_WHOLE + off) // 100
        return tuple(
            Tariff((project, user, key, item, source), unit, price * times, places)
            for item, unit, price, places in charges(kind, str(named.get("model")))
        )

    def _stored(
        self, day: int, seconds: int, sources: Mapping[str | None, Source]
    ) -> Iterator[Entry]:
        for project_id, kept in self.meter.level(day, sources.values()).items():
            quantity = kept * seconds * _MICRO // (3600 << 30)
            amount = quantity * STORAGE.price // _MICRO
            billed = (project_id, None, None, STORAGE.line_item, _UNLABELED)
            yield Entry(billed, STORAGE.unit, amount, quantity)

    def _unowned(self, day: int, seconds: int) -> Iterator[Entry]:
        """Bill what belongs to no project: a bundle while it runs, a credit now and then."""
        world = self.meter.world
        age = (world.anchor - day) // DAY
        if age > 455:
            return
        if age < 200:
            amount = _BUNDLE_PER_DAY * seconds // DAY
            yield Entry((None, None, None, _BUNDLE, _UNLABELED), None, amount, _MICRO)
        if (day // DAY + world.seed) % 17 == 4:
            amount = -(PICO // 2 + stir(world.seed, day // DAY) % (4 * PICO)) * seconds // DAY
            yield Entry((None, None, None, _CREDIT, _UNLABELED), None, amount, _MICRO)


def totals(
    entries: Sequence[Entry], groups: tuple[str, ...], filters: Mapping[str, frozenset[str]]
) -> list[dict[str, object]]:
    """Sum entries by groups into the rows of the cost report."""
    wanted = [(_PLACES[name], values) for name, values in filters.items()]
    cut = tuple(_PLACES[name] for name in groups)
    sums: dict[tuple[object, ...], list[int]] = {}
    units: dict[tuple[object, ...], set[str | None]] = {}
    for dimensions, unit, amount, quantity in entries:
        if wanted and any(dimensions[place] not in values for place, values in wanted):
            continue
        key = tuple([dimensions[place] for place in cut])
        found = sums.get(key)
        if found is None:
            sums[key] = [amount, quantity]
            units[key] = {unit}
        else:
            found[0] += amount
            found[1] += quantity
            units[key].add(unit)
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


def _date(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
