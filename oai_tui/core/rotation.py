"""The steps of a rotation and the legal moves between them.

planned → created → stored → delivered → proved → waiting → revoked
                                                          ↘ kept
undone from created on, failed before it, and forgotten from every step that is not an end. No way
leads from created to revoked but through proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from oai_tui.core.creation import IllegalMove

PROFILE = "profile"
"""The destination of a new admin key that this program signs in with: its own profile."""


class Method(StrEnum):
    """How a key gets a successor."""

    SAME_ACCOUNT = "same_account"
    """A further key of the service account that the old one belongs to."""
    NEW_ACCOUNT = "new_account"
    """A new service account with a key: the platform makes no keys for people."""
    ADMIN = "admin"
    """A further admin key."""
    OWN = "own"
    """A further admin key, in the place of the one this program is signed in with."""

    @property
    def is_admin(self) -> bool:
        """Whether keys of the organization itself are exchanged."""
        return self in (Method.ADMIN, Method.OWN)


class Step(StrEnum):
    """How far a rotation has come."""

    PLANNED = "planned"
    """Nothing was sent yet."""
    CREATED = "created"
    """The new key lives and its id is known."""
    STORED = "stored"
    """Its value waits where `kept_in` says."""
    DELIVERED = "delivered"
    """Its value is where it is needed."""
    PROVED = "proved"
    """The platform answered it."""
    WAITING = "waiting"
    """Both keys live, and the old one is watched until nobody uses it."""
    REVOKED = "revoked"
    """The old key is gone: done."""
    KEPT = "kept"
    """The old key stays by the person's wish: done."""
    UNDONE = "undone"
    """The new key was revoked again; the old one is as before."""
    FAILED = "failed"
    """No new key was made."""
    FORGOTTEN = "forgotten"
    """The person took it upon themselves."""


_FOLLOWING: Mapping[Step, tuple[Step, ...]] = MappingProxyType(
    {
        Step.PLANNED: (Step.CREATED, Step.FAILED, Step.FORGOTTEN),
        Step.CREATED: (Step.STORED, Step.UNDONE, Step.FORGOTTEN),
        Step.STORED: (Step.DELIVERED, Step.UNDONE, Step.FORGOTTEN),
        Step.DELIVERED: (Step.PROVED, Step.UNDONE, Step.FORGOTTEN),
        Step.PROVED: (Step.WAITING, Step.UNDONE, Step.FORGOTTEN),
        Step.WAITING: (Step.REVOKED, Step.KEPT, Step.UNDONE, Step.FORGOTTEN),
    }
)
_DECISIONS = (Step.DELIVERED, Step.KEPT, Step.FAILED, Step.FORGOTTEN)
"""Steps that change nothing outside, so that they are written once and not begun before."""

_DELIVERABLE = (Step.STORED, Step.DELIVERED, Step.PROVED)


@dataclass(frozen=True, slots=True)
class Rotation:
    """One key being exchanged for another. Holds ids, names and states, never a value.

    `id` is the nonce in the new key's full `name`. `step` is the last one finished, `doing` the one
    being made, written before it is made; `delivering` is the destination being delivered to. Found
    without anybody at work, either means that the outcome is not known. `destinations` are the ones
    wanted, `delivered` those that have the value, `unsure` those that may have it, each as
    `core.delivery` spells them. `expires_in` is seconds, None for never; `scopes` None for not
    asked. `kept_in` names the place where the value waits, "" for nowhere. `switched_at` is when
    the new key was first delivered. `revision` counts the writes of the journal.
    """

    id: str
    method: Method
    profile: str
    origin: str
    organization: str
    project_id: str
    account_id: str
    old_id: str
    old_name: str
    old_masked: str
    name: str
    at: datetime
    expires_in: int | None = None
    scopes: tuple[str, ...] | None = None
    destinations: tuple[str, ...] = ()
    keep_old: bool = False
    step: Step = Step.PLANNED
    doing: Step | None = None
    delivered: tuple[str, ...] = ()
    delivering: str | None = None
    unsure: tuple[str, ...] = ()
    new_id: str = ""
    new_account_id: str = ""
    kept_in: str = ""
    switched_at: datetime | None = None
    revision: int = 0

    @property
    def is_finished(self) -> bool:
        """Whether nobody has to see to it any more."""
        return self.step not in _FOLLOWING

    @property
    def is_in_doubt(self) -> bool:
        """Whether it is not known, without looking, what became of the last move."""
        return self.doing is not None or self.delivering is not None

    @property
    def base_name(self) -> str:
        """The new key's name without its nonce."""
        return self.name.removesuffix(f"-{self.id}")

    @property
    def to_deliver(self) -> tuple[str, ...]:
        """The wanted destinations that do not have the value yet."""
        return tuple(each for each in self.destinations if each not in self.delivered)

    def may(self, step: Step) -> bool:
        """Whether this step can follow the last one finished."""
        return step in _FOLLOWING.get(self.step, ())

    def begin(self, step: Step) -> Rotation:
        """Return it with a step being made. Raises IllegalMove."""
        self._must_be_idle(step)
        self._must_follow(step)
        if step in _DECISIONS:
            raise IllegalMove(f"Becoming {step} is decided, not begun.")
        return replace(self, doing=step)

    def finish(
        self,
        step: Step,
        *,
        new_id: str = "",
        new_account_id: str = "",
        kept_in: str | None = None,
        switched_at: datetime | None = None,
    ) -> Rotation:
        """Return it one step further, with what became known. Raises IllegalMove.

        A step that changes something outside has to have been begun.
        """
        self._must_follow(step)
        if step in (Step.DELIVERED, Step.KEPT):
            self._must_be_idle(step)
        elif step is Step.FAILED and self.doing not in (None, Step.CREATED):
            raise IllegalMove(f"A rotation that is being {self.doing} cannot fail as unmade.")
        elif step not in _DECISIONS and self.doing is not step:
            raise IllegalMove(f"A rotation cannot become {step} unless that was begun.")
        after = replace(
            self,
            step=step,
            doing=None,
            delivering=None,
            new_id=new_id or self.new_id,
            new_account_id=new_account_id or self.new_account_id,
            kept_in=self.kept_in if kept_in is None else kept_in,
            switched_at=switched_at or self.switched_at,
        )
        after._must_be_whole(self)
        return after

    def hand_to(self, destination: str) -> Rotation:
        """Return it with the value on its way to a destination. Raises IllegalMove."""
        if self.step not in _DELIVERABLE:
            raise IllegalMove(f"The value cannot be delivered while the rotation is {self.step}.")
        self._must_be_idle("delivered")
        return replace(self, delivering=destination)

    def handed(self, at: datetime) -> Rotation:
        """Return it with the value at the destination it was on its way to. Raises IllegalMove."""
        if self.delivering is None:
            raise IllegalMove("Nothing is being delivered.")
        there = self.delivering
        return replace(
            self,
            delivering=None,
            delivered=(*(each for each in self.delivered if each != there), there),
            unsure=tuple(each for each in self.unsure if each != there),
            switched_at=self.switched_at or at,
        )

    def give_up(self, *, unsure: bool = False) -> Rotation:
        """Return it without what was being made, which is certain not to have been made.

        A delivery may be given up `unsure`: then the destination may hold the value. Raises
        IllegalMove when nothing is being made, and for an undoing, which can only be made again.
        """
        if self.delivering is not None:
            known = (*self.delivered, *self.unsure)
            is_news = unsure and self.delivering not in known
            more = (self.delivering,) if is_news else ()
            return replace(self, delivering=None, unsure=(*self.unsure, *more))
        if self.doing is None:
            raise IllegalMove("Nothing is being made that could be given up.")
        if self.doing is Step.UNDONE:
            raise IllegalMove("An undoing that was begun can only be made again.")
        return replace(self, doing=None)

    def _must_follow(self, step: Step) -> None:
        if not self.may(step):
            raise IllegalMove(f"A rotation that is {self.step} cannot become {step}.")

    def _must_be_idle(self, wish: str) -> None:
        if self.doing is not None:
            raise IllegalMove(
                f"A rotation that is being {self.doing} cannot become {wish} before it is known "
                "what came of that."
            )
        if self.delivering is not None:
            raise IllegalMove(f"A rotation cannot become {wish} in the middle of a delivery.")

    def _must_be_whole(self, before: Rotation) -> None:
        if before.new_id not in ("", self.new_id):
            raise IllegalMove("A rotation cannot change to another new key.")
        if self.step is Step.CREATED and not self.new_id:
            raise IllegalMove("A key cannot count as created while its id is not known.")
        if self.step is Step.STORED and not self.kept_in:
            raise IllegalMove("A value cannot count as stored nowhere.")
        if self.step is Step.DELIVERED and not self.delivered:
            raise IllegalMove("A key that was delivered nowhere cannot count as delivered.")
