"""How a key's day comes about: computed from the seed, the key and the day, never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from oai_tui.simulator.mixes import Variant
from oai_tui.simulator.model import Key, Traffic

DAY = 86_400
WHOLE = 1 << 20  # the fixed-point one, in which a share of a day is counted
NEVER = 1 << 40  # a time after every other

_MASK = (1 << 64) - 1
_SHIFTS = tuple(range(0, 60, 5))
_GROWTH_DAYS = 455  # fifteen months
_OFFICE = (1, 1, 1, 1, 1, 2, 4, 9, 18, 26, 30, 28, 22, 26, 30, 30, 27, 22, 14, 9, 7, 5, 3, 2)


class Cell(NamedTuple):
    """A key's use of one variant over a whole day; `totals[0]` counts the requests."""

    source: str | None
    dimensions: tuple[str | bool | None, ...]
    totals: tuple[int, ...]
    shape: int
    phase: int


@dataclass(frozen=True, slots=True)
class Source:
    """Whatever uses the platform: a key, or None for use that nobody can be named for.

    It is used from `start` until before `stop`, both Unix seconds.
    """

    key_id: str | None
    project_id: str | None
    user_id: str | None
    traffic: Traffic
    start: int = 0
    stop: int = NEVER

    @classmethod
    def of(cls, key: Key, traffic: Traffic) -> Source:
        """Take what matters for metering from a key."""
        stop = min(key.deleted_at or NEVER, key.expires_at or NEVER)
        user_id = key.owner_id if key.owner_type == "user" else None
        return cls(key.id, key.project_id, user_id, traffic, key.created_at, stop)


def number_of(seed: int, text: str) -> int:
    """Return 64 bits that always come out the same for the same seed and text."""
    digest = blake2b(text.encode(), digest_size=8, key=seed.to_bytes(8, "big", signed=True))
    return int.from_bytes(digest.digest(), "big")


def stir(number: int, salt: int) -> int:
    """Return 64 well-mixed bits from two numbers (the finalizer of splitmix64)."""
    mixed = (number + (salt + 1) * 0x9E3779B97F4A7C15) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed ^ (mixed >> 31)


def _shape(hours: Sequence[float]) -> tuple[int, ...]:
    """Turn 24 weights into the share of the day that is over at each full hour."""
    total, gone, shares = sum(hours), 0.0, [0]
    for weight in hours:
        gone += weight
        shares.append(int(gone / total * WHOLE + 0.5))
    return tuple(shares)


def _shapes() -> tuple[tuple[int, ...], ...]:
    """Build the shapes of a day: six time zones of people, then machines, four of each."""
    shapes = []
    for zone in (0, 1, 5, 8, 18, 21):
        for salt in range(4):
            noise = [0.7 + stir(zone * 31 + hour, salt) % 600 / 1000 for hour in range(24)]
            shapes.append(_shape([_OFFICE[(h - zone) % 24] * noise[h] for h in range(24)]))
    for salt in range(4):
        shapes.append(_shape([0.6 + stir(9_000 + h, salt) % 800 / 1000 for h in range(24)]))
    return tuple(shapes)


SHAPES = _shapes()
_PEOPLE = len(SHAPES) - 4


def share_over(shape: int, second: int) -> int:
    """Return the share of the day, of `WHOLE`, that is over `second` seconds after midnight."""
    hours = SHAPES[shape]
    hour, rest = divmod(second, 3600)
    if hour >= 24:
        return WHOLE
    return hours[hour] + (hours[hour + 1] - hours[hour]) * rest // 3600


def strength(key_number: int, traffic: Traffic, day: int, anchor: int) -> float:
    """Return how many times its mean a key is used on `day`; 0 outside its lifetime.

    `day` is a midnight UTC, `anchor` the time at which the mean was measured.
    """
    if day < traffic.first_day or (traffic.last_day is not None and day > traffic.last_day):
        return 0.0
    index, age = day // DAY, (anchor // DAY) - day // DAY
    factor = max(0.35, min(1.2, 1.0 - 0.5 * age / _GROWTH_DAYS))
    if (index + 3) % 7 >= 5:
        factor /= 3
    if day == traffic.spike_day:
        factor *= traffic.spike_factor
    noise = 0.65 + stir(key_number, index) % 701 / 1000
    weather = 0.92 + stir(7, index) % 161 / 1000
    return factor * noise * weather


def cells_of_day(
    source: Source,
    variants: Sequence[Variant],
    requests: float,
    key_number: int,
    day: int,
) -> list[Cell]:
    """Spread a mean of `requests` over the variants of a key and compute what they used."""
    index = day // DAY
    luck = stir(key_number ^ 0x5EED, index)
    count = int(requests + luck % 1000 / 1000)
    if not count:
        return []
    people = source.user_id is not None
    shape = key_number % 6 * 4 + luck % 4 if people else _PEOPLE + luck % 4
    start = luck >> 40 & (WHOLE - 1)
    gone = weight = 0
    cells = []
    for variant in variants:
        weight += variant.weight
        reached = (count * weight + start) // WHOLE if weight < WHOLE else count
        if reached > gone:
            bits = stir(variant.number, index)
            cells.append(_cell(source, variant, reached - gone, shape, bits))
            gone = reached
    return cells


def _cell(source: Source, variant: Variant, count: int, shape: int, bits: int) -> Cell:
    """Draw the amounts of one variant: each within 15 percent of its mean."""
    used = [
        int(count * mean * (0.85 + (bits >> shift & 31) * 0.01))
        for mean, shift in zip(variant.means, _SHIFTS, strict=False)
    ]
    return Cell(source.key_id, variant.dimensions, (count, *used), shape, bits >> 44)
