"""The steps of a rotation as a command takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from oai_tui.cli.asking import sure, unbroken
from oai_tui.cli.handing import hand, shown_instead
from oai_tui.cli.telling import is_progress_seen, progress, say
from oai_tui.core.errors import Problem, WrongInput

if TYPE_CHECKING:
    from oai_tui.core.rotation import Rotation
    from oai_tui.services.rotation import Proposal, Rotator, Wish
    from oai_tui.services.session import Session

LOOK_EVERY = 60.0
"""Seconds between two looks at the old keys while they are waited for."""


def rotator_of(session: Session) -> Rotator:
    """Return what rotates keys in a session. Raises Problem where nothing can."""
    if session.rotator is None:
        raise Problem(session.trouble)
    return session.rotator


async def begun(rotator: Rotator, proposal: Proposal, wish: Wish) -> Rotation:
    """Make a new key and bring the rotation as far as it goes. Raises Problem."""
    rotation = await unbroken(rotator.start(proposal, wish))
    say(f"Made {rotation.name} ({rotation.new_id}).")
    return await advanced(rotator, rotation, yes=True)


async def advanced(rotator: Rotator, rotation: Rotation, *, yes: bool) -> Rotation:
    """Go on until only the old key is left to decide about. Raises Problem.

    A value that could be delivered nowhere is offered to the person at the terminal.
    """
    from oai_tui.core.rotation import Step

    while not rotation.is_finished and rotation.step is not Step.WAITING:
        try:
            rotation = await unbroken(_one_stretch(rotator, rotation, yes))
        except Problem:
            rotation = rotator.find(rotation.id) or rotation
            if rotation.step is not Step.STORED or rotation.delivered:
                raise
            value = await rotator.value(rotation)
            if value is None or not shown_instead(value):
                raise
            rotation = await rotator.delivered_by_hand(rotation, "show")
            rotation = await _enough(rotator, rotation)
    return rotation


async def delivered_to(rotator: Rotator, rotation: Rotation, places: Sequence[str]) -> Rotation:
    """Bring the value to places of the person's choice, in the stead of those wished before."""
    for place in places:
        rotation = await unbroken(_delivered(rotator, rotation, place))
    return await _enough(rotator, rotation)


async def waited(rotator: Rotator, rotations: Sequence[Rotation], seconds: float) -> None:
    """Wait, and show on a terminal how long still and whether the old keys are used."""
    if not is_progress_seen():
        await asyncio.sleep(seconds)
        return
    now = asyncio.get_running_loop().time
    end, next_look, seen = now() + seconds, now(), ""
    try:
        while (left := end - now()) > 0:
            if now() >= next_look:
                seen, next_look = await _seen(rotator, rotations), now() + LOOK_EVERY
            progress(f"{_clock(left)} to go; {seen}. Ctrl-C leaves all keys alive.")
            await asyncio.sleep(min(left, 1.0))
    finally:
        progress("")


async def revoked(rotator: Rotator, rotation: Rotation, *, even_if_used: bool = False) -> Rotation:
    """Revoke the old key. Raises Problem, with the way to do it all the same if there is one."""
    try:
        return await unbroken(rotator.revoke(rotation, even_if_moving=even_if_used))
    except WrongInput as problem:
        if not (await rotator.watch(rotation)).is_moving:
            raise Problem(problem.what, problem.way_out) from None
        raise Problem(
            problem.what,
            "Find who still uses it, or revoke it all the same: "
            f"oai-tui keys rotations --resume {rotation.id} --even-if-used",
        ) from None


def tell_state(rotator: Rotator, rotation: Rotation) -> None:
    """Say how far a rotation is, and what does not work with it."""
    if trouble := rotator.trouble_of(rotation):
        say(trouble)
    say(f"{rotation.old_name or rotation.old_id}: {rotation.step}")


def way_to_go_on(rotation: Rotation) -> str:
    """Return what to type for the next step of a rotation, when this command has ended."""
    from oai_tui.core.rotation import Step
    from oai_tui.vault.memory import MemoryPlace

    name, command = rotation.old_name or rotation.old_id, "oai-tui keys rotations"
    if rotation.step is Step.WAITING:
        return (
            f"Both keys live. When nobody uses the old {name} any more: "
            f"{command} --resume {rotation.id}"
        )
    if rotation.kept_in == MemoryPlace.name and not rotation.delivered:
        return (
            f"The value of {rotation.name} ends with this command and nobody has it: "
            f"{command} --undo {rotation.id}"
        )
    return f"To go on with {name}: {command} --resume {rotation.id}"


async def _one_stretch(rotator: Rotator, rotation: Rotation, yes: bool) -> Rotation:
    """Make the moves that need nobody, then hand over what needs somebody. Raises Problem."""
    from oai_tui.core.rotation import Step
    from oai_tui.services.rotation import Action

    progress("delivering, and asking until the new key answers …")
    rotation = await rotator.advance(rotation, lambda _, said: say(f"  {said}"))
    if rotation.is_finished or rotation.step is Step.WAITING:
        return rotation
    todo = await rotator.next_of(rotation)
    if todo.action is not Action.DELIVER:
        raise Problem(todo.words)
    if not todo.destination:
        raise Problem(todo.words, f"oai-tui keys rotations --resume {rotation.id} --deliver PLACE")
    if todo.destination in rotation.unsure:
        say(todo.words)
        sure("Deliver it again?", yes)
    return await _delivered(rotator, rotation, todo.destination)


async def _delivered(rotator: Rotator, rotation: Rotation, place: str) -> Rotation:
    from oai_tui.core.delivery import Destination

    there = Destination.parse(place)
    if not there.is_by_hand:
        rotation, said = await rotator.deliver(rotation, place)
        say(f"  {said}")
        return rotation
    value = await rotator.value(rotation)
    if value is None:
        raise Problem("The value of the new key is not here any more.", "Undo this rotation.")
    hand(there, value)
    return await rotator.delivered_by_hand(rotation, place)


async def _enough(rotator: Rotator, rotation: Rotation) -> Rotation:
    """Go on without the places that do not have the value."""
    from oai_tui.core.rotation import Step

    return await rotator.finish_delivery(rotation) if rotation.step is Step.STORED else rotation


async def _seen(rotator: Rotator, rotations: Sequence[Rotation]) -> str:
    looks = await asyncio.gather(*(rotator.watch(each) for each in rotations))
    used = sum(bool(look.is_moving) for look in looks)
    if len(rotations) == 1:
        return "the old key is still used" if used else "no use of the old key seen lately"
    return f"{used} of {len(rotations)} old keys still used"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
