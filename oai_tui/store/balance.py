"""What a person says of the prepaid balance, which no API tells: kept, and never lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oai_tui.core.balance import BalanceEntry

FILE = "balance.json"


class BalanceFile:
    """The entries of one profile at one origin. `set_aside` is where a damaged file was kept."""

    def __init__(self, folder: Path, profile: str, origin: str) -> None:
        self.path = folder / FILE
        self.set_aside: Path | None = None
        self._place = (profile, origin)

    def entries(self) -> tuple[BalanceEntry, ...]:
        """Return the entries, the oldest first. Raises StoreProblem."""
        raise NotImplementedError

    def add(self, entry: BalanceEntry) -> None:
        """Keep an entry. Raises StoreProblem."""
        raise NotImplementedError

    def remove(self, id: str) -> None:
        """Take an entry away; one that is not there is gone already. Raises StoreProblem."""
        raise NotImplementedError
