"""Exchanging a key for another without ever being without a working one.

Every move is written to the journal before and after it is made, so that whoever starts next,
after whatever ending, finds out how far it came and can go on or back.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime

from oai_tui.api.client import Client
from oai_tui.core.creation import IllegalMove
from oai_tui.core.errors import (
    VaultProblem,
)
from oai_tui.core.keys import ApiKey
from oai_tui.core.rotation import Rotation, Step
from oai_tui.core.secret import Secret
from oai_tui.services.rotation.delivery import Handing
from oai_tui.services.rotation.desk import Desk, SignedIn
from oai_tui.services.rotation.end import Ending
from oai_tui.services.rotation.keys import BothKeys, Connect, Listed, Sleep
from oai_tui.services.rotation.log import RotationLog
from oai_tui.services.rotation.next import Action, Next, consequences, following, words_of
from oai_tui.services.rotation.plan import (
    Proposal,
    Wish,
    proposed,
    refused,
)
from oai_tui.services.rotation.settle import Settler
from oai_tui.services.rotation.start import Starting
from oai_tui.services.rotation.values import Values
from oai_tui.services.rotation.watch import Watch, watched
from oai_tui.services.setup import Setup
from oai_tui.store.journal import Journal
from oai_tui.vault.memory import MemoryPlace

__all__ = [
    "Action",
    "Next",
    "Proposal",
    "Rotator",
    "SignedIn",
    "Watch",
    "Wish",
    "consequences",
    "words_of",
]

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Rotator:
    """Rotates keys for one profile, one line of the journal each.

    A rotation that is given to it names which one is meant; what is done follows from how far it
    has come by then. Every move raises IllegalMove when it cannot follow, or when another oai-tui
    is working on the rotation, and StoreProblem when it could not be written down before.
    """

    def __init__(
        self,
        setup: Setup,
        client: Client,
        journal: Journal,
        own: SignedIn,
        own_place: str,
        connect: Connect,
        *,
        sleep: Sleep = asyncio.sleep,
        nonce: Callable[[], str] = lambda: "".join(secrets.choice(_ALPHABET) for _ in range(5)),
    ) -> None:
        """`own_place` names where the key of this session came from; `connect` opens a client."""
        origin = client.base_url.origin
        self._setup = setup
        self._journal = journal
        self._desk = Desk(
            client,
            RotationLog(journal, setup.folders.state, setup.profile, origin),
            Values(setup.places, own_place, setup.profile, origin),
            BothKeys(client, connect, sleep),
            own,
            setup.clock,
            setup.commands,
        )
        self._starting = Starting(self._desk, setup, nonce)
        self._handing = Handing(self._desk)
        self._ending = Ending(self._desk)
        self._settler = Settler(self._desk.log, self._desk.values, self._desk.keys)

    def propose(self, key: ApiKey, *, known_scopes: tuple[str, ...] | None = None) -> Proposal:
        """Return how a key can be rotated. Raises StoreProblem."""
        desk = self._desk
        for other in self.unfinished():
            if key.id in (other.old_id, other.new_id):
                return refused(
                    key, desk.own.secret, "This key is in a rotation that is unfinished."
                )
        origin = desk.client.base_url.origin
        known = self._journal.remembered(self._setup.profile, origin, key.id)
        return proposed(key, desk.own.secret, known, desk.values.lasting, known_scopes)

    async def start(self, proposal: Proposal, wish: Wish) -> Rotation:
        """Make the new key and put its value where it waits.

        Raises WrongInput, DeliveryFailed and StoreProblem before anything was sent, ApiProblem when
        no key was made, and OutcomeUnknown when that is not known: then it is `unfinished`.
        """
        return await self._starting.start(proposal, wish)

    async def deliver(self, rotation: Rotation, destination: str) -> tuple[Rotation, str]:
        """Deliver the value to one destination; return what was done in a sentence.

        When every wanted one has it, it counts as delivered. Raises WrongInput, StoreProblem,
        DeliveryFailed and VaultProblem: the value still waits.
        """
        with self._desk.log.working_on(rotation.id) as current:
            return await self._handing.deliver(current, destination)

    async def delivered_by_hand(self, rotation: Rotation, destination: str) -> Rotation:
        """Note that a screen has shown the value or sent it to the terminal."""
        with self._desk.log.working_on(rotation.id) as current:
            return await self._handing.by_hand(current, destination)

    async def finish_delivery(self, rotation: Rotation) -> Rotation:
        """Count the value as delivered although not every wanted destination has it."""
        with self._desk.log.working_on(rotation.id) as current:
            return await self._handing.enough(current)

    async def prove(self, rotation: Rotation) -> Rotation:
        """Have the new key answer; one the platform does not know yet is asked for 20 s.

        When it is this program's own, the session goes on with it. Raises ApiProblem and
        VaultProblem; the rotation stays delivered.
        """
        with self._desk.log.working_on(rotation.id) as current:
            return await self._handing.prove(current)

    async def wait(self, rotation: Rotation) -> Rotation:
        """Let go of the value; both keys live until somebody decides about the old one."""
        with self._desk.log.working_on(rotation.id) as current:
            return await self._handing.wait(current)

    async def watch(self, rotation: Rotation) -> Watch:
        """Look whether anyone is still on the old key. What is not told is a gap.

        Raises WrongInput for a rotation of another organization than the one signed in to.
        """
        return await watched(self._desk.client, rotation, self._desk.keys.old, self._desk.clock())

    async def revoke(self, rotation: Rotation, *, even_if_moving: bool = False) -> Rotation:
        """Revoke the old key for good.

        Raises WrongInput while the old key was used in the last quarter of an hour (unless told),
        is the one signed in with or kept, or the new one is gone; VaultProblem when what is kept
        cannot be told; OutcomeUnknown; and ApiProblem when the old key lives.
        """
        with self._desk.log.working_on(rotation.id) as current:
            return await self._ending.revoke(current, even_if_moving=even_if_moving)

    async def keep(self, rotation: Rotation) -> Rotation:
        """End with the old key alive."""
        with self._desk.log.working_on(rotation.id) as current:
            return await self._ending.keep(current)

    async def undo(self, rotation: Rotation, *, even_if_last: bool = False) -> Rotation:
        """Revoke the new key; this program's own goes back to the former one before.

        Raises WrongInput when the old key is gone and nothing would be left (unless told),
        OutcomeUnknown and ApiProblem: then it is to be undone again.
        """
        with self._desk.log.working_on(rotation.id) as current:
            return await self._ending.undo(current, even_if_last=even_if_last)

    async def forget(self, rotation: Rotation) -> Rotation:
        """Follow it no more; whatever lives goes on living."""
        with self._desk.log.working_on(rotation.id) as current:
            return await self._ending.forget(current)

    async def settle(
        self,
        rotation: Rotation,
        keys: Iterable[ApiKey],
        *,
        whole: bool,
        as_of: datetime | None = None,
    ) -> Rotation:
        """Find out what became of a move that nobody was left to tell of.

        `keys` are listed ones, all of them when `whole`, as of a time, now unless told. What stays
        in doubt is told by `trouble_of`. One that is being worked on is returned as it is.
        """
        seen = Listed(tuple(keys), whole, as_of or self._desk.clock())
        log = self._desk.log
        was_held = log.is_held(rotation.id)
        try:
            with log.working_on(rotation.id) as current:
                return await self._settler.settle(current, seen)
        except IllegalMove:
            return self.find(rotation.id) or rotation
        finally:
            if not was_held:
                log.let_go(rotation.id)

    def unfinished(self) -> tuple[Rotation, ...]:
        """Return what somebody still has to see to, oldest first. Raises StoreProblem."""
        return self._desk.log.unfinished()

    def find(self, id: str) -> Rotation | None:
        """Return a rotation as it is now, finished ones included. Raises StoreProblem."""
        return self._desk.log.find(id)

    def is_elsewhere(self, rotation: Rotation) -> bool:
        """Whether another oai-tui is working on it now."""
        return self._desk.log.is_elsewhere(rotation.id)

    def trouble_of(self, rotation: Rotation) -> str:
        """Return what does not work with it although its moves were made, or ""."""
        return self._desk.log.trouble_of(rotation.id)

    async def value(self, rotation: Rotation) -> Secret | None:
        """Return the value that waits, None when it is nowhere. Raises VaultProblem."""
        return await self._desk.values.of(rotation)

    async def next_of(self, rotation: Rotation) -> Next:
        """Return what is to be done next, and whether it takes a person."""
        if self.is_elsewhere(rotation):
            return Next(Action.NOTHING, "Another oai-tui is working on it.")
        has_value = False
        if rotation.step in (Step.CREATED, Step.STORED):
            try:
                has_value = await self.value(rotation) is not None
            except VaultProblem as problem:
                return Next(
                    Action.SETTLE, f"Its value cannot be read. {problem}", others=(Action.FORGET,)
                )
        return following(rotation, has_value=has_value)

    async def advance(
        self, rotation: Rotation, on_step: Callable[[Rotation, str], None] | None = None
    ) -> Rotation:
        """Go on as far as no person is needed: deliver, prove, wait, and keep where wished.

        `on_step` is told each step with a sentence. Raises what the moves raise.
        """
        while True:
            todo = await self.next_of(rotation)
            if todo.needs_person:
                return rotation
            said = ""
            match todo.action:
                case Action.DELIVER:
                    rotation, said = await self.deliver(rotation, todo.destination)
                case Action.PROVE:
                    rotation, said = await self.prove(rotation), "The new key answers."
                case Action.WAIT:
                    rotation, said = await self.wait(rotation), "Both keys live now."
                case Action.KEEP:
                    rotation, said = await self.keep(rotation), "The old key was kept."
                case _:
                    return rotation
            if on_step:
                on_step(rotation, said)

    def let_go(self, rotation: Rotation) -> None:
        """Let another oai-tui go on with it, unless its value is in this run only."""
        if rotation.kept_in != MemoryPlace.name:
            self._desk.log.let_go(rotation.id)

    def close(self) -> None:
        """Let go of everything."""
        self._desk.log.close()
