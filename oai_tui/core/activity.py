"""What the audit log says was done to a key, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

CHANGED = {"updated": "changed"}
"""The platform's words that are not the ones people use."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the audit log. `type` is the platform's word, such as `api_key.created`.

    `actor` is an e-mail address, a name, `key …`, or "" where the platform names nobody. `scopes`
    and `expires_in` (seconds) are what was asked for, None where this was not part of the change;
    no scopes at all means all permissions.
    """

    id: str
    type: str
    at: datetime | None
    actor: str
    resource_id: str
    project_id: str = ""
    scopes: tuple[str, ...] | None = None
    expires_in: int | None = None

    def words(self) -> str:
        """Return it as people say it: `created by bob@acme.io`, `scopes changed by …`."""
        what, _, verb = self.type.rpartition(".")
        subject = what.rpartition(".")[2].replace("_", " ")
        if subject.endswith("api key"):
            subject = self._changed_parts() if verb == "updated" else ""
        done = CHANGED.get(verb, verb.replace("_", " "))
        by = f"by {self.actor}" if self.actor else ""
        return " ".join(part for part in (subject, done, by) if part)

    def _changed_parts(self) -> str:
        parts = (("scopes", self.scopes), ("expiry", self.expires_in))
        return " and ".join(name for name, value in parts if value is not None)
