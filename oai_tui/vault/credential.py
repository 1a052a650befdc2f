"""A key together with the place on the network it was stored for."""

from __future__ import annotations

from dataclasses import dataclass

from oai_tui.core.errors import VaultProblem
from oai_tui.core.secret import Secret
from oai_tui.core.text import clean


@dataclass(frozen=True, slots=True)
class Credential:
    """A key and its origin, the `scheme://host[:port]` it may be sent to."""

    secret: Secret
    origin: str

    def only_for(self, origin: str) -> Credential:
        """Return itself if it was stored for this origin; raises VaultProblem for another one."""
        if self.origin != origin:
            raise VaultProblem(
                f"The stored key is for {clean(self.origin)} and is not sent to {clean(origin)}.",
                "Log in again for this base URL, or go back to the other one.",
            )
        return self
