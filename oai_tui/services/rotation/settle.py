"""Finding out what became of a rotation that nobody was left to tell of."""

from __future__ import annotations

from oai_tui.core.errors import Problem, VaultProblem
from oai_tui.core.rotation import PROFILE, Method, Rotation, Step
from oai_tui.services.creation import SETTLED_AFTER
from oai_tui.services.rotation.keys import BothKeys, Listed
from oai_tui.services.rotation.log import RotationLog
from oai_tui.services.rotation.values import Values

_ABOUT = "settling"


class Settler:
    """Ends the doubts of a rotation with what the list, the platform and the key store say.

    What cannot be told stays in doubt, and is told as a trouble.
    """

    def __init__(self, log: RotationLog, values: Values, keys: BothKeys) -> None:
        self._log = log
        self._values = values
        self._keys = keys

    async def settle(self, rotation: Rotation, listed: Listed) -> Rotation:
        """Return a rotation, that is held here, as far as it is known. Raises StoreProblem."""
        self._log.tell(rotation.id, _ABOUT, "")
        if rotation.step is Step.PLANNED:
            rotation = self._made(rotation, listed)
        if rotation.step is Step.CREATED and rotation.doing in (None, Step.STORED):
            rotation = await self._stored(rotation)
        if rotation.delivering is not None:
            rotation = await self._delivered(rotation)
        if rotation.doing in (Step.PROVED, Step.WAITING):
            rotation = self._log.after(rotation.give_up())
        if rotation.doing is Step.REVOKED:
            rotation = await self._revoked(rotation)
        return rotation

    def _made(self, rotation: Rotation, listed: Listed) -> Rotation:
        """Find the new key by its nonce; one that is not there in time was never made."""
        if rotation.doing is None:
            return self._log.after(rotation.finish(Step.FAILED))
        if found := listed.find(rotation):
            account = found.owner.id if found.owner else ""
            is_new = rotation.method is Method.NEW_ACCOUNT
            return self._log.after(
                rotation.finish(
                    Step.CREATED, new_id=found.id, new_account_id=account if is_new else ""
                )
            )
        if self._keys.is_elsewhere(rotation):
            return self._in_doubt(
                rotation, f"It was begun in {rotation.organization}: sign in there to settle it."
            )
        if listed.is_whole and listed.as_of - rotation.at > SETTLED_AFTER:
            return self._log.after(rotation.finish(Step.FAILED))
        minutes = int(SETTLED_AFTER.total_seconds()) // 60
        return self._in_doubt(
            rotation,
            f"Its new key is not in the list. After {minutes} minutes that means it was not made.",
        )

    async def _stored(self, rotation: Rotation) -> Rotation:
        """See whether the value has got to where it was to wait."""
        try:
            value = await self._values.of(rotation)
        except VaultProblem as problem:
            return self._in_doubt(
                rotation, f"It cannot be told whether its value was stored. {problem}"
            )
        if value is None:
            return self._log.after(rotation.give_up()) if rotation.doing else rotation
        if rotation.doing is None:
            rotation = rotation.begin(Step.STORED)
        kept_in, trouble = await self._values.keep(rotation, value)
        self._log.tell(rotation.id, "value", trouble)
        return self._log.after(rotation.finish(Step.STORED, kept_in=kept_in))

    async def _delivered(self, rotation: Rotation) -> Rotation:
        """See whether the profile has the new key; of other destinations nothing can be told."""
        if rotation.delivering != PROFILE:
            return self._log.after(rotation.give_up(unsure=True))
        try:
            own, new = await self._values.own(), await self._values.of(rotation)
        except VaultProblem as problem:
            return self._in_doubt(rotation, f"It cannot be told which key is kept. {problem}")
        has_taken_over = new is not None and own == new
        # It is delivered once more: only then it is certain that the former key is kept as well.
        return self._log.after(rotation.give_up(unsure=has_taken_over))

    async def _revoked(self, rotation: Rotation) -> Rotation:
        """See whether the old key is gone."""
        try:
            old = await self._keys.old(rotation)
        except Problem as problem:
            return self._in_doubt(
                rotation, f"It cannot be told whether the old key was revoked. {problem}"
            )
        if old is not None:
            return self._log.after(rotation.give_up())
        return await ended(rotation, Step.REVOKED, self._log, self._values)

    def _in_doubt(self, rotation: Rotation, why: str) -> Rotation:
        self._log.tell(rotation.id, _ABOUT, why)
        return rotation


async def ended(rotation: Rotation, step: Step, log: RotationLog, values: Values) -> Rotation:
    """End a rotation: forget what was kept for it, write the end down, and let go of it.

    The value of a key that lives is forgotten only where the person has said so.
    """
    for about, trouble in (
        ("value", await values.let_go(rotation)),
        ("former", await values.forget_former(rotation)),
    ):
        log.tell(rotation.id, about, trouble)
    done = log.after(rotation.finish(step, kept_in=""))
    log.let_go(rotation.id)
    return done
