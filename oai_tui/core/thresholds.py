"""From when on something is said of a key, as the settings have it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many days on something is said of a key. `oldest_days` 0 means no policy."""

    expiring_days: int = 14
    stale_days: int = 90
    oldest_days: int = 0
    young_days: int = 7


USUAL = Thresholds()
