"""What was changed from here: asked for, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What is done to a brake or to a figure of our own."""

    SET_LIMIT = "set-limit"
    REMOVE_LIMIT = "remove-limit"
    CREATE_ALERT = "create-alert"
    EDIT_ALERT = "edit-alert"
    DELETE_ALERT = "delete-alert"
    SET_RATE = "set-rate"
    SET_BUDGET = "set-budget"
    ADD_BALANCE = "add-balance"
    REMOVE_BALANCE = "remove-balance"

    @property
    def label(self) -> str:
        """What was done, to stand before the subject: `set`."""
        return _LABELS[self]

    @property
    def is_local(self) -> bool:
        """Whether it changes a figure of ours, of which the platform knows nothing."""
        return self in (Action.SET_BUDGET, Action.ADD_BALANCE, Action.REMOVE_BALANCE)


_LABELS = {
    Action.SET_LIMIT: "set",
    Action.REMOVE_LIMIT: "removed",
    Action.CREATE_ALERT: "created",
    Action.EDIT_ALERT: "edited",
    Action.DELETE_ALERT: "deleted",
    Action.SET_RATE: "set",
    Action.SET_BUDGET: "set",
    Action.ADD_BALANCE: "entered",
    Action.REMOVE_BALANCE: "removed",
}


class Outcome(StrEnum):
    """How a change ended."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The words for it."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.ASKED: "under way or cut off",
    Outcome.DONE: "done",
    Outcome.REFUSED: "not made",
    Outcome.UNKNOWN: "not known",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one thing: how it was, how it was wanted, and what came of it.

    `by` is the masked key it was made with. `project_id` "" is the whole organization. `target` is
    the id of the alert or rate limit, `parts` name the ceilings it is about. `is_now` is how the
    thing was found afterwards.
    """

    action: Action
    subject: str
    was: str
    wanted: str
    at: datetime
    by: str = ""
    project_id: str = ""
    target: str = ""
    parts: tuple[str, ...] = ()
    id: str = ""
    outcome: Outcome = Outcome.ASKED
    is_now: str = ""
    request_id: str = ""
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing is written down of how it ended."""
        return self.outcome is Outcome.ASKED
