"""The last known answers, by name."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Snapshots(Protocol):
    """Where answers are remembered between runs. It may forget everything at any time."""

    def put(self, name: str, payload: bytes, at: datetime) -> None:
        """Remember an answer in place of the one before."""

    def get(self, name: str) -> tuple[bytes, datetime] | None:
        """Return the answer last remembered, with its time."""
