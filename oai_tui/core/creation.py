"""The making of one key, step by step: a request that makes a key can be lost half-way.

planned → sent → created → delivered
             ↘ unknown ↗            failed and forgotten at the side
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from oai_tui.core.errors import Problem


class CreationKind(StrEnum):
    """What is being made."""

    ADMIN_KEY = "admin_key"
    SERVICE_ACCOUNT = "service_account"
    SERVICE_ACCOUNT_KEY = "service_account_key"


class CreationState(StrEnum):
    """How far it has come."""

    PLANNED = "planned"
    """Nothing was sent yet."""
    SENT = "sent"
    """The request may have reached the platform."""
    CREATED = "created"
    """The key lives and its id is known; nobody else has its value yet."""
    DELIVERED = "delivered"
    """The value is where the person wanted it."""
    UNKNOWN = "unknown"
    """No answer came: a key may live that nobody has. Its nonce finds it."""
    FAILED = "failed"
    """No key lives from this: it was refused, never made, or revoked again."""
    FORGOTTEN = "forgotten"
    """The person took it upon themselves."""


_MOVES: dict[CreationState, frozenset[CreationState]] = {
    CreationState.PLANNED: frozenset(
        {CreationState.SENT, CreationState.FAILED, CreationState.FORGOTTEN}
    ),
    CreationState.SENT: frozenset(
        {CreationState.CREATED, CreationState.UNKNOWN, CreationState.FAILED}
    ),
    CreationState.UNKNOWN: frozenset(
        {CreationState.CREATED, CreationState.FAILED, CreationState.FORGOTTEN}
    ),
    CreationState.CREATED: frozenset(
        {CreationState.DELIVERED, CreationState.FAILED, CreationState.FORGOTTEN}
    ),
    CreationState.DELIVERED: frozenset(),
    CreationState.FAILED: frozenset(),
    CreationState.FORGOTTEN: frozenset(),
}

UNFINISHED = tuple(state for state, following in _MOVES.items() if following)
"""The states somebody still has to do something about."""


class IllegalMove(Problem):
    """A step that cannot follow the one before it, or a living key without its id."""


@dataclass(frozen=True, slots=True)
class Creation:
    """One key being made. `nonce` is in the key's name; `at` is when it was planned (aware).

    `origin` is the platform it was asked of, `organization` that platform's name of the
    organization, empty where no answer had told it.
    """

    nonce: str
    kind: CreationKind
    profile: str
    origin: str
    organization: str
    project_id: str | None
    account_id: str | None
    name: str
    at: datetime
    state: CreationState = CreationState.PLANNED
    key_id: str | None = None

    def moved(self, state: CreationState, key_id: str | None = None) -> Creation:
        """Return it one step further; an id once known is kept. Raises IllegalMove."""
        if state not in _MOVES[self.state]:
            raise IllegalMove(f"A creation that is {self.state} cannot become {state}.")
        known = self.key_id or key_id
        if key_id is not None and key_id != known:
            raise IllegalMove("A creation cannot change to another key.")
        if state is CreationState.CREATED and not known:
            raise IllegalMove("A key cannot count as created while its id is not known.")
        return replace(self, state=state, key_id=known)
