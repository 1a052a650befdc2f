"""What was done to one key, as far back as the audit log tells."""

from __future__ import annotations

from dataclasses import dataclass

from oai_tui.api import activity
from oai_tui.api.client import Client
from oai_tui.core.activity import Event
from oai_tui.core.errors import ApiProblem
from oai_tui.core.keys import ApiKey, KeyKind

MOST_EVENTS = 50


@dataclass(frozen=True, slots=True)
class Story:
    """The audit trail of a key, newest first. `note` says why there is none, if so."""

    events: tuple[Event, ...] = ()
    note: str = ""

    @property
    def scopes(self) -> tuple[str, ...] | None:
        """The scopes last asked for, () for all permissions, None where the log does not tell.

        The platform itself never shows the scopes of a key.
        """
        told = (event.scopes for event in self.events if event.scopes is not None)
        return next(told, None)


async def story(client: Client, key: ApiKey) -> Story:
    """Return what the audit log says of a key or an account; a log that says nothing is noted."""
    types = activity.ADMIN_KEY_EVENTS if key.kind is KeyKind.ADMIN else ()
    try:
        found = await activity.events(client, types=types, resources=(key.id,), limit=MOST_EVENTS)
    except ApiProblem as problem:
        return Story(note=f"The audit log could not be read: {problem.what}{problem.trace}")
    return Story(tuple(found), "" if found else "The audit log does not mention it.")
