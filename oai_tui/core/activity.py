"""What was done in the organization, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CHANGED = {"updated": "changed"}
"""The platform's words that are not the ones people use."""

HERE = "here"
"""Who did what is recorded by this program alone."""

TENANT = "tenant."
"""How the types begin that concern more than one organization's projects."""


class ActorKind(StrEnum):
    """What somebody acted with, in the platform's words."""

    UNKNOWN = ""
    SESSION = "session"
    KEY = "api_key"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the audit log, or of our own log. `type` is the platform's word, such as
    `api_key.created`.

    `actor` is an e-mail address, a name, `key …`, or "" where the platform names nobody. `scopes`
    and `expires_in` (seconds) are what was asked for, None where this was not part of the change;
    no scopes at all means all permissions. `details` are names and values as the platform has them.
    What an admin key does is filed under the default project, whatever it is about.

    A line that is `recorded_here` is our own: `said` is what was done, `was` and `is_now` what
    stood there before and after it, "" where that is not known.
    """

    id: str
    type: str
    at: datetime | None
    actor: str
    resource_id: str
    project_id: str = ""
    scopes: tuple[str, ...] | None = None
    expires_in: int | None = None
    project_name: str = ""
    actor_kind: ActorKind = ActorKind.UNKNOWN
    actor_id: str = ""
    actor_email: str = ""
    ip: str = ""
    agent: str = ""
    details: tuple[tuple[str, str], ...] = ()
    recorded_here: bool = False
    said: str = ""
    was: str = ""
    is_now: str = ""

    @property
    def is_tenant(self) -> bool:
        """Whether it concerns the tenant, which is asked for apart."""
        return self.type.startswith(TENANT)

    def detail(self, *names: str) -> str:
        """Return the first of these details that says anything, or ""."""
        told = dict(self.details)
        return next((told[name] for name in names if told.get(name)), "")

    def words(self) -> str:
        """Return it as people say it: `created by bob@acme.io`, `scopes changed by …`."""
        what, _, verb = self.type.rpartition(".")
        subject = what.rpartition(".")[2].replace("_", " ")
        if subject.endswith("api key"):
            subject = self.changed_parts() if verb == "updated" else ""
        done = CHANGED.get(verb, verb.replace("_", " "))
        by = f"by {self.actor}" if self.actor else ""
        return " ".join(part for part in (subject, done, by) if part)

    def changed_parts(self) -> str:
        """Return what of a key was changed: `scopes and expiry`, or ""."""
        parts = (("scopes", self.scopes), ("expiry", self.expires_in))
        return " and ".join(name for name, value in parts if value is not None)
