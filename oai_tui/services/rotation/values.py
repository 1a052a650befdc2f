"""Where the value of a new key waits until it is delivered and proved, and this program's own key.

A value is never in a file of ours: it is in the place that keeps the profile's own key, or in this
process alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from oai_tui.core.errors import VaultProblem
from oai_tui.core.rotation import Rotation
from oai_tui.core.secret import Secret
from oai_tui.vault.credential import Credential
from oai_tui.vault.memory import MemoryPlace
from oai_tui.vault.place import Place


class Values:
    """The values of rotations of one profile at one origin.

    `own_place` is the name of the place where the key of this session came from.
    """

    def __init__(self, places: Sequence[Place], own_place: str, profile: str, origin: str) -> None:
        self._places = places
        self._profile = profile
        self._origin = origin
        here = (place for place in places if isinstance(place, MemoryPlace))
        self._here = next(here, None) or MemoryPlace()
        own = (place for place in places if place.name == own_place and place.can_keep)
        self._keeping = next(own, None)

    @property
    def keeping(self) -> str:
        """The name of the place that keeps values and this program's key; "" where none does."""
        return self._keeping.name if self._keeping else ""

    @property
    def lasting(self) -> str:
        """The name of the place that still keeps this program's key after it ends; "" for none."""
        return "" if self._keeping is self._here else self.keeping

    async def keep(self, rotation: Rotation, secret: Secret) -> tuple[str, str]:
        """Keep a new value; return where it is and what did not work, or "".

        It is in this process from the first instruction on.
        """
        entry, credential = self._entry(rotation), Credential(secret, self._origin)
        await self._here.save(entry, credential)
        if self._keeping is None:
            return self._here.name, (
                "The value of the new key is in this run only, as the place of your own key takes "
                "no other: deliver it before you leave."
            )
        try:
            await self._keeping.save(entry, credential)
            found = await self._keeping.load(entry, self._origin)
        except VaultProblem as problem:
            return self._here.name, f"The value of the new key is in this run only: {problem}"
        if found != credential:
            return self._here.name, (
                "The value of the new key is in this run only: the key store gave back another."
            )
        if self._keeping is not self._here:
            await self._here.delete(entry)
        return self._keeping.name, ""

    async def of(self, rotation: Rotation) -> Secret | None:
        """Return the value that waits, None when it is nowhere. Raises VaultProblem."""
        for place in self._where(rotation):
            if found := await place.load(self._entry(rotation), self._origin):
                return found.secret
        return None

    async def let_go(self, rotation: Rotation) -> str:
        """Forget what is kept of a rotation; return what did not work, or ""."""
        entry, trouble = self._entry(rotation), ""
        for place in self._where(rotation):
            try:
                await place.delete(entry)
            except VaultProblem as problem:
                trouble = f"The value of the new key could not be taken out of there: {problem}"
        return trouble

    async def take_over(self, rotation: Rotation, former: Secret) -> Secret:
        """Make the new key the profile's own; return it as it was read back.

        The former one is kept beside it. Raises VaultProblem; the profile may have either key then,
        and both live.
        """
        new, own = await self.of(rotation), await self.own()
        if new is None or self._keeping is None:
            raise VaultProblem("The value of the new key is not here any more.")
        if own not in (None, former, new):
            raise VaultProblem(
                f"The profile has got another key in {self._keeping.name} meanwhile, and it stays.",
                "Sign in again and go on, or undo.",
            )
        if former != new:
            await self.keep_former(rotation, former)
        await self._keeping.save(self._profile, Credential(new, self._origin))
        found = await self.own()
        if found != new:
            raise VaultProblem(
                "The key store did not give the new key back.", "The former one still works."
            )
        return found

    async def own(self) -> Secret | None:
        """Return the profile's own key as it is kept now. Raises VaultProblem."""
        if self._keeping is None:
            return None
        found = await self._keeping.load(self._profile, self._origin)
        return found.secret if found else None

    async def keep_former(self, rotation: Rotation, former: Secret) -> None:
        """Keep the key that this program has had so far; the first one counts. VaultProblem."""
        if await self.former(rotation) is None:
            await self._safest.save(self._before(rotation), Credential(former, self._origin))

    async def former(self, rotation: Rotation) -> Secret | None:
        """Return the key that this program had before. Raises VaultProblem."""
        found = await self._safest.load(self._before(rotation), self._origin)
        return found.secret if found else None

    async def make_own(self, secret: Secret) -> None:
        """Make a key the profile's own where that can be kept. Raises VaultProblem."""
        if self._keeping is not None:
            await self._keeping.save(self._profile, Credential(secret, self._origin))

    async def forget_former(self, rotation: Rotation) -> str:
        """Forget the key that this program had before; return what did not work, or ""."""
        try:
            await self._safest.delete(self._before(rotation))
        except VaultProblem as problem:
            return f"The former key could not be taken out of there: {problem}"
        return ""

    @property
    def _safest(self) -> Place:
        return self._keeping or self._here

    def _where(self, rotation: Rotation) -> tuple[Place, ...]:
        named = (each for each in self._places if each.name == rotation.kept_in and each.can_keep)
        wanted = (self._here, next(named, None), self._keeping)
        return tuple(dict.fromkeys(place for place in wanted if place is not None))

    def _entry(self, rotation: Rotation) -> str:
        return f"{self._profile}/rotation/{rotation.id}"

    def _before(self, rotation: Rotation) -> str:
        return f"{self._entry(rotation)}/before"
