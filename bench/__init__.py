"""The figures the program must measure up to, each a ratio within one run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, against what it is held, as a ratio, and the most it may be."""

    name: str
    ratio: float
    limit: float

    @property
    def ok(self) -> bool:
        return self.ratio <= self.limit
