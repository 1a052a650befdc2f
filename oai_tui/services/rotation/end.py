"""The ways a rotation ends: the old key goes, it stays, the new one goes, or nobody follows it."""

from __future__ import annotations

from oai_tui.core.creation import IllegalMove
from oai_tui.core.errors import OutcomeUnknown, Problem, Rejected, WrongInput
from oai_tui.core.keys import ApiKey
from oai_tui.core.rotation import Method, Rotation, Step
from oai_tui.services.revocation import KeptWithAccount, is_in_use
from oai_tui.services.rotation.desk import Desk, ready
from oai_tui.services.rotation.settle import ended
from oai_tui.services.rotation.watch import watched


class Ending:
    """Ends rotations; every one given to it is held here."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def revoke(self, rotation: Rotation, *, even_if_moving: bool) -> Rotation:
        """Revoke the old key. Raises WrongInput when that is not safe, and ApiProblem."""
        desk = self._desk
        old = await desk.keys.old(rotation)
        if rotation.doing is Step.REVOKED:
            if old is None:
                return await self._end(rotation, Step.REVOKED)
            rotation = rotation.give_up()
        begun = ready(rotation).begin(Step.REVOKED)
        await self._refuse_if_needed(rotation, old, even_if_moving)
        begun = desk.log.before(begun)
        if old is not None:
            await self._delete_old(begun, old)
        return await self._end(begun, Step.REVOKED)

    async def keep(self, rotation: Rotation) -> Rotation:
        """Leave the old key alive."""
        return await self._end(ready(rotation), Step.KEPT)

    async def undo(self, rotation: Rotation, *, even_if_last: bool) -> Rotation:
        """Revoke the new key. Raises WrongInput when that is not safe, and ApiProblem."""
        desk = self._desk
        if rotation.step is Step.PLANNED and rotation.doing is None:
            return await self._end(rotation, Step.FAILED)
        is_again = rotation.doing is Step.UNDONE
        begun = rotation if is_again else ready(rotation).begin(Step.UNDONE)
        old, new = await desk.keys.old(rotation), await desk.keys.new(rotation)
        if old is None and new is not None and not even_if_last:
            raise WrongInput(
                "The old key is gone: without the new one nothing would be left.",
                "Keep the new one, or revoke it in the list of keys.",
            )
        if not is_again:
            begun = desk.log.before(begun)
        if new is not None:
            if rotation.method is Method.OWN:
                await self._switch_back(begun, new)
            await self._delete_new(begun, new)
        return await self._end(begun, Step.UNDONE)

    async def forget(self, rotation: Rotation) -> Rotation:
        """Leave everything as it is, and follow it no more."""
        return await self._end(rotation, Step.FORGOTTEN)

    async def _end(self, rotation: Rotation, step: Step) -> Rotation:
        rotation.finish(step)  # raises IllegalMove before anything is forgotten
        return await ended(rotation, step, self._desk.log, self._desk.values)

    async def _refuse_if_needed(
        self, rotation: Rotation, old: ApiKey | None, even_if_moving: bool
    ) -> None:
        desk = self._desk
        if old is None:
            return
        if await desk.keys.new(rotation) is None:
            raise WrongInput(
                "The new key is gone: without the old one nothing would be left.",
                "Keep the old one, and begin again.",
            )
        if is_in_use(old, desk.own.secret):
            raise WrongInput(
                "The old key is the one you are signed in with.",
                "Sign in with the new one first, then go on.",
            )
        if rotation.method.is_admin:
            own = await desk.values.own()
            if own is not None and is_in_use(old, own):
                raise WrongInput(
                    "The old key is still the one kept for this profile.",
                    "Sign in with the new one first, then go on.",
                )
        if even_if_moving:
            return
        seen = await watched(desk.client, rotation, desk.keys.old, desk.clock())
        if seen.is_moving:
            raise WrongInput(
                "The old key was used since the new one was delivered, a moment ago.",
                "Find who still uses it, or revoke it all the same.",
            )

    async def _delete_old(self, rotation: Rotation, old: ApiKey) -> None:
        desk = self._desk
        try:
            await desk.keys.delete(rotation, old, desk.own.secret)
        except OutcomeUnknown:
            raise
        except KeptWithAccount as problem:
            desk.log.after(rotation.give_up())
            raise Rejected(
                f"{problem.what.rstrip('.')}. Its service account has the new key as well.",
                "Keep it and let it expire soon (e). Or undo, make a key for a new service account "
                "(n), and revoke this one with its account (X).",
                problem.request_id,
                problem.detail,
            ) from None
        except Problem:
            desk.log.after(rotation.give_up())
            raise

    async def _delete_new(self, rotation: Rotation, new: ApiKey) -> None:
        desk = self._desk
        is_ours = rotation.method is Method.NEW_ACCOUNT
        try:
            await desk.keys.delete(rotation, new, desk.own.secret)
        except KeptWithAccount:
            trouble = await desk.keys.delete_account(rotation, new) if is_ours else ""
            if not is_ours or trouble:
                raise
            return
        if is_ours:
            trouble = await desk.keys.delete_account(rotation, new)
            desk.log.tell(rotation.id, "account", trouble)

    async def _switch_back(self, rotation: Rotation, new: ApiKey) -> None:
        """Go back to the former key of this program before the new one goes."""
        desk = self._desk
        own, former = await desk.values.own(), await desk.values.former(rotation)
        if own is not None and former is not None and is_in_use(new, own):
            await desk.values.make_own(former)
        if not is_in_use(new, desk.own.secret):
            return
        if former is None:
            raise IllegalMove(
                "The former key of this program is not kept any more.",
                "Sign in with another admin key, then undo.",
            )
        desk.own.use(former)
