"""What a person means to spend at most, known to this program only."""

from __future__ import annotations

from dataclasses import dataclass

from oai_tui.core.money import Money


@dataclass(frozen=True, slots=True)
class Budget:
    """What a person means to spend at most: known to this program only, refusing nothing."""

    daily: Money | None = None
    monthly: Money | None = None
