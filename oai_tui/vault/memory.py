"""Keys kept for this run only."""

from __future__ import annotations

from oai_tui.vault.credential import Credential
from oai_tui.vault.place import Condition, PlaceState


class MemoryPlace:
    """Keeps keys in this process and nowhere else."""

    name = "this run only"
    can_keep = True

    def __init__(self) -> None:
        self._kept: dict[str, Credential] = {}

    async def state(self) -> PlaceState:
        """Return that it works, and for how long."""
        return PlaceState(Condition.WORKING, self.name, "The key is forgotten when oai-tui ends.")

    async def load(self, profile: str, origin: str) -> Credential | None:
        """Return the key of a profile; raises VaultProblem if it is for another origin."""
        kept = self._kept.get(profile)
        return kept and kept.only_for(origin)

    async def save(self, profile: str, credential: Credential) -> None:
        """Keep a key until the program ends."""
        self._kept[profile] = credential

    async def delete(self, profile: str) -> None:
        """Forget the key of a profile."""
        self._kept.pop(profile, None)
