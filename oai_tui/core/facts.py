"""What a key did lately, as far as it is told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from oai_tui.core.activity import Event


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a key did in the last 30 UTC days. None is not known, which is not zero.

    `cost` is in dollars. `daily` are its requests by day, the oldest first, today last.
    """

    requests: int | None = None
    cost: Decimal | None = None
    daily: tuple[int, ...] = ()
    last_event: Event | None = None

    @property
    def is_active(self) -> bool:
        """Whether it was used or cost something; False while neither is known."""
        return bool(self.requests or self.cost)
