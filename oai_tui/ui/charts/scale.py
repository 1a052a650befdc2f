"""The y axis: round numbers on whole rows, so that grid, labels and bars agree exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

EIGHTHS = 8
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a figure stands: zero in the middle of row `zero`, `step` for each `stride` rows.

    Rows count from the bottom, heights are in eighths of a row.
    """

    step: Decimal
    stride: int
    zero: int
    rows: int

    @property
    def base(self) -> int:
        """The height of zero, in eighths from the bottom edge."""
        return self.zero * EIGHTHS + EIGHTHS // 2

    def eighths(self, value: Decimal) -> int:
        """Return how far above zero a figure stands, in eighths of a row, negative below."""
        return int((value * self.stride * EIGHTHS / self.step).to_integral_value())

    def height(self, value: Decimal) -> float:
        """Return the distance of a figure from the bottom edge, in rows."""
        return self.base / EIGHTHS + float(value * self.stride / self.step)

    def ticks(self) -> Iterator[tuple[int, Decimal]]:
        """Yield the row of each round figure and the figure, from the bottom up."""
        first = -(self.zero // self.stride)
        last = (self.rows - 1 - self.zero) // self.stride
        for count in range(first, last + 1):
            yield self.zero + count * self.stride, self.step * count


def fit(low: Decimal, high: Decimal, rows: int, *, whole: bool) -> Scale:
    """Return the scale that shows low..high (with zero) largest, with round steps 1, 2, 5."""
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    strides = range(2, min(8, rows // 2) + 1) if rows > 4 else range(1, 3)
    choices = [_widest(low, high, rows, stride, whole) for stride in strides]
    return max(choices, key=lambda scale: _merit(scale, high - low))


def _merit(scale: Scale, span: Decimal) -> Decimal:
    filled = span * scale.stride / scale.step / scale.rows
    return filled - abs(scale.stride - 4) * Decimal("0.03")


def _widest(low: Decimal, high: Decimal, rows: int, stride: int, whole: bool) -> Scale:
    for step in _round_steps((high - low) * stride / rows, whole):
        below = max(0, ceil(-low * stride / step - HALF))
        if high * stride / step <= rows - below - HALF:
            return Scale(step, stride, below, rows)
    raise AssertionError("round steps grow without end")


def _round_steps(least: Decimal, whole: bool) -> Iterator[Decimal]:
    exponent = least.adjusted() if least else 0
    if whole:
        exponent = max(exponent, 0)
    while True:
        for digit in (1, 2, 5):
            step = Decimal(digit).scaleb(exponent)
            if step >= least:
                yield Decimal(int(step)) if exponent > 0 else step
        exponent += 1
