"""The figures of the bill, a line each: what the screen and the command both show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oai_tui.services.billing.lines import Gauge, Line, Origin, Tone

if TYPE_CHECKING:
    from oai_tui.services.billing.statement import Statement

__all__ = ["Gauge", "Line", "Origin", "Tone", "lines"]


def lines(statement: Statement, *, most_alerts: int = 2, most_models: int = 3) -> Iterator[Line]:
    """Yield the figures of a statement from top to bottom."""
    raise NotImplementedError
