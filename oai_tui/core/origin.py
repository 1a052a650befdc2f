"""Where a figure of money comes from."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """Where a figure comes from; told beside it wherever it is shown."""

    REPORTED = "reported"
    ENTERED = "entered"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"
