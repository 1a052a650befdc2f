"""What every place for a key can do, and the four things that can be said about one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from oai_tui.core.errors import VaultLocked, VaultMissing, VaultProblem
from oai_tui.vault.credential import Credential


class Condition(StrEnum):
    """Whether a place can be used now. Locked never means that no key is stored."""

    WORKING = "working"
    MISSING = "missing"
    LOCKED = "locked"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class PlaceState:
    """A condition in words: `detail` names the place, `why` and `way_out` are one sentence each."""

    condition: Condition
    detail: str
    why: str
    way_out: str = ""

    @classmethod
    def after(cls, problem: VaultProblem, detail: str) -> PlaceState:
        """Return the state a failed attempt shows."""
        if isinstance(problem, VaultMissing):
            condition = Condition.MISSING
        elif isinstance(problem, VaultLocked):
            condition = Condition.LOCKED
        else:
            condition = Condition.SILENT
        return cls(condition, detail, problem.what, problem.way_out)


class Place(Protocol):
    """Somewhere a key can live. Every failure is a VaultProblem, and none holds a secret."""

    @property
    def name(self) -> str:
        """The word for it in settings and on screen."""
        ...

    @property
    def can_keep(self) -> bool:
        """Whether keys can be put there, not only found."""
        ...

    async def state(self) -> PlaceState:
        """Return whether it can be used now; never raises."""
        ...

    async def load(self, profile: str, origin: str) -> Credential | None:
        """Return the key of a profile, or None if there is none.

        Raises VaultProblem when the key was stored for another origin.
        """
        ...

    async def save(self, profile: str, credential: Credential) -> None:
        """Keep a key, replacing the profile's former one; returns only once it was read back."""
        ...

    async def delete(self, profile: str) -> None:
        """Forget the key of a profile; having none is fine."""
        ...
