"""Getting the value of a new key to where it is needed, and having the key answer."""

from __future__ import annotations

from pathlib import Path

from oai_tui.core.delivery import DeliveryFailed, Destination, DestinationKind
from oai_tui.core.errors import KeyRefused, Problem, VaultProblem, WrongInput
from oai_tui.core.rotation import PROFILE, Method, Rotation, Step
from oai_tui.core.secret import Secret
from oai_tui.services.delivery import deliver
from oai_tui.services.revocation import is_in_use
from oai_tui.services.rotation.desk import Desk, ready
from oai_tui.services.rotation.plan import spelled


class Handing:
    """The steps from stored to waiting; every rotation given to it is held here."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def deliver(self, rotation: Rotation, destination: str) -> tuple[Rotation, str]:
        """Deliver the value to one destination; return what was done in a sentence.

        Raises WrongInput, StoreProblem, DeliveryFailed and VaultProblem: the value still waits.
        """
        if destination == PROFILE:
            return await self._take_over(rotation)
        there = Destination.parse(spelled(destination))
        if there.is_by_hand:
            raise WrongInput("Only a screen can show a key.", "Choose a file, a .env or a command.")
        is_doubted = there.text in rotation.unsure or rotation.delivering == there.text
        rotation = ready(rotation)
        secret = await self._value(rotation)
        rotation = self._desk.log.before(rotation.hand_to(there.text))
        try:
            if is_doubted and _is_there(there, secret):
                receipt = f"It was in {there.words} already."
            else:
                receipt = await deliver(there, secret, self._desk.commands)
        except Problem as problem:
            # A command that failed may have passed the value on before.
            unsure = isinstance(problem, DeliveryFailed)
            self._desk.log.after(rotation.give_up(unsure=unsure))
            raise
        return self._handed(rotation), receipt

    async def by_hand(self, rotation: Rotation, destination: str) -> Rotation:
        """Note that the person has the value."""
        rotation = ready(rotation).hand_to(spelled(destination))
        return self._handed(rotation)

    async def enough(self, rotation: Rotation) -> Rotation:
        """Count the value as delivered, whatever was wanted besides."""
        if rotation.step is Step.DELIVERED:
            return rotation
        return self._desk.log.after(ready(rotation).finish(Step.DELIVERED))

    async def prove(self, rotation: Rotation) -> Rotation:
        """Have the new key answer. Raises ApiProblem and VaultProblem; it stays delivered."""
        log = self._desk.log
        rotation = log.before(ready(rotation).begin(Step.PROVED))
        try:
            secret = await self._proved(rotation)
            if rotation.method is Method.OWN and secret is not None:
                await self._go_on_with(secret, rotation)
        except Problem:
            log.after(rotation.give_up())
            raise
        switched_at = self._desk.clock() if rotation.method is Method.OWN else None
        return log.after(rotation.finish(Step.PROVED, switched_at=switched_at))

    async def wait(self, rotation: Rotation) -> Rotation:
        """Let go of the value, as it is where it is needed and answers."""
        log = self._desk.log
        rotation = log.before(ready(rotation).begin(Step.WAITING))
        trouble = await self._desk.values.let_go(rotation)
        log.tell(rotation.id, "value", trouble)
        kept_in = rotation.kept_in if trouble else ""
        return log.after(rotation.finish(Step.WAITING, kept_in=kept_in))

    async def _take_over(self, rotation: Rotation) -> tuple[Rotation, str]:
        """Make the new key the profile's own. The session goes on with the old one until proved."""
        desk = self._desk
        if rotation.method is not Method.OWN:
            raise WrongInput("Only the key oai-tui is signed in with lives in its profile.")
        rotation = desk.log.before(ready(rotation).hand_to(PROFILE))
        try:
            await desk.values.take_over(rotation, desk.own.secret)
        except VaultProblem:
            desk.log.after(rotation.give_up(unsure=True))
            raise
        receipt = f"It is the key of this profile now, kept in {desk.values.keeping}."
        return self._handed(rotation), receipt

    async def _go_on_with(self, secret: Secret, rotation: Rotation) -> None:
        """Have the session sign with the new key from now on."""
        desk = self._desk
        if not desk.values.lasting and desk.own.secret != secret:
            await desk.values.keep_former(rotation, desk.own.secret)
            await desk.values.make_own(secret)  # for as long as this run lasts
        desk.own.use(secret)

    async def _proved(self, rotation: Rotation) -> Secret | None:
        """Return the value that answered, None when somebody else's use of the key proved it."""
        desk = self._desk
        secret = await desk.values.of(rotation)
        if PROFILE in rotation.delivered:
            secret = await self._read_back(rotation, secret)
        if secret is not None:
            await desk.keys.answers(rotation, secret, desk.clock())
            return secret
        new = await desk.keys.new(rotation)
        if new is None or new.last_used_at is None:
            raise KeyRefused(
                "The value of the new key is not here any more, and nobody was seen using it yet.",
                "Use it where it was delivered and try again, or undo.",
            )
        return None

    async def _read_back(self, rotation: Rotation, expected: Secret | None) -> Secret:
        """Return the key of the profile, which has to be the new one."""
        own = await self._desk.values.own()
        is_new = own is not None and own == expected
        if own is not None and expected is None:
            new = await self._desk.keys.new(rotation)
            is_new = new is not None and is_in_use(new, own)
        if own is None or not is_new:
            raise VaultProblem(
                "The key of this profile is not the new one.", "Deliver it once more, or undo."
            )
        return own

    def _handed(self, rotation: Rotation) -> Rotation:
        handed = rotation.handed(self._desk.clock())
        if handed.step is Step.STORED and not handed.to_deliver:
            handed = handed.finish(Step.DELIVERED)
        return self._desk.log.after(handed)

    async def _value(self, rotation: Rotation) -> Secret:
        secret = await self._desk.values.of(rotation)
        if secret is None:
            raise VaultProblem(
                "The value of the new key is not here any more.", "Undo, and begin again."
            )
        return secret


def _is_there(there: Destination, secret: Secret) -> bool:
    """Whether a file of ours has the value from before; it is never written over."""
    if there.kind is not DestinationKind.FILE:
        return False
    try:
        return Path(there.path).expanduser().read_text("ascii").strip() == secret.reveal()
    except (OSError, ValueError, RuntimeError):
        return False
