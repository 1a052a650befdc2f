"""One figure of the bill in words, before it is laid out for a width."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from oai_tui.core.origin import Origin as Origin

Tone = Literal["", "muted", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Gauge:
    """How much of something is used, as a part of 1, and which parts are marked."""

    share: Decimal
    marks: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `words` are the same said at length and ever shorter, for narrow screens.

    `label` is empty where the line goes on with the subject of the one before.
    """

    label: str
    figure: str
    words: tuple[str, ...]
    origin: Origin
    tone: Tone = ""
    gauge: Gauge | None = None
