"""From when on something is said of a key or of the spend, as the settings have it."""

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


@dataclass(frozen=True, slots=True)
class Warnings:
    """When to warn. `near_percent` None leaves it to the pace, as long as there is one.

    `runway_days` are the days of balance from which it is near; `pace` says whether a forecast past
    an amount is near.
    """

    near_percent: int | None = None
    runway_days: int = 7
    pace: bool = True
