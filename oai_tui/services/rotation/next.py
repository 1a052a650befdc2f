"""What is to be done next with a rotation, and what the ways out of it would mean, in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from oai_tui.core.delivery import Destination, DestinationKind
from oai_tui.core.errors import WrongInput
from oai_tui.core.rotation import PROFILE, Method, Rotation, Step


class Action(StrEnum):
    """What can be done with a rotation; the values name the methods of `Rotator`."""

    SETTLE = "settle"
    DELIVER = "deliver"
    PROVE = "prove"
    WAIT = "wait"
    REVOKE = "revoke"
    KEEP = "keep"
    UNDO = "undo"
    FORGET = "forget"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Next:
    """The next thing to do, in a sentence, and whether it takes a person to say so.

    `destination` is where to deliver to next; "" when a person has to choose, or it is no
    delivery. `others` are the other things that can be done.
    """

    action: Action
    words: str
    needs_person: bool = True
    destination: str = ""
    others: tuple[Action, ...] = ()


def following(rotation: Rotation, *, has_value: bool) -> Next:
    """Return what is to be done next. `has_value` is whether the new key's value is at hand."""
    if rotation.is_finished:
        return Next(Action.NOTHING, _ENDED[rotation.step], needs_person=False)
    if rotation.doing is not None and (found := _doubt(rotation)):
        return found
    if rotation.step is Step.PLANNED:
        return Next(
            Action.SETTLE, "Nothing was sent yet.", needs_person=False, others=(Action.FORGET,)
        )
    if rotation.step is Step.CREATED:
        return _created(has_value)
    if rotation.step is Step.STORED:
        return _stored(rotation, has_value)
    return _later(rotation)


def words_of(destination: str) -> str:
    """Return a destination as part of a sentence, whatever another version wrote there."""
    if destination == PROFILE:
        return "the profile of oai-tui"
    known = _parsed(destination)
    return known.words if known else destination


def consequences(rotation: Rotation, action: Action) -> tuple[str, ...]:
    """Return what an action would mean, a sentence each."""
    old = f"{rotation.old_name or rotation.old_id} ({rotation.old_id})"
    new = f"{rotation.name} ({rotation.new_id or 'id not known'})"
    match action:
        case Action.REVOKE:
            return (f"The old key {old} stops working for good.", "There is no way back from that.")
        case Action.KEEP:
            said = f"The old key {old} goes on working beside {new}."
            if rotation.method is Method.OWN:
                return (said, "oai-tui does not keep its value any more.")
            return (said,)
        case Action.UNDO:
            return _of_undoing(rotation, old, new)
        case Action.FORGET:
            return _of_forgetting(rotation, old, new)
    return ()


_ENDED = {
    Step.REVOKED: "Done: the new key is in use and the old one is gone.",
    Step.KEPT: "Done: the new key is in use and the old one was kept.",
    Step.UNDONE: "Undone: the new key is gone and the old one is as it was.",
    Step.FAILED: "No new key was made; the old one is as it was.",
    Step.FORGOTTEN: "Forgotten: oai-tui does not follow it any more.",
}


def _doubt(rotation: Rotation) -> Next | None:
    if rotation.doing is Step.CREATED:
        words = "It is not known whether the new key was made; the list of keys tells."
        return Next(Action.SETTLE, words, needs_person=False, others=(Action.FORGET,))
    if rotation.doing is Step.REVOKED:
        words = "It is not known whether the old key was revoked; the platform tells."
        return Next(Action.SETTLE, words, needs_person=False, others=(Action.FORGET,))
    if rotation.doing is Step.STORED:
        words = "It is not known whether the value was stored; the key store tells."
        return Next(Action.SETTLE, words, needs_person=False, others=(Action.UNDO, Action.FORGET))
    if rotation.doing is Step.UNDONE:
        return Next(
            Action.UNDO, "Its undoing was begun and has to be ended.", others=(Action.FORGET,)
        )
    return None


def _created(has_value: bool) -> Next:
    others = (Action.UNDO, Action.FORGET)
    if has_value:
        return Next(Action.SETTLE, "The value is still to be stored.", False, others=others)
    return Next(
        Action.UNDO,
        "The new key lives, but its value was lost on the way: revoke it, and begin again.",
        others=(Action.FORGET,),
    )


def _stored(rotation: Rotation, has_value: bool) -> Next:
    others = (Action.UNDO, Action.FORGET)
    if not has_value and not rotation.delivered:
        return Next(
            Action.UNDO,
            "The value of the new key is not here any more: revoke it, and begin again.",
            others=(Action.FORGET,),
        )
    if not has_value:
        words = "The value is not here any more; go on with where it was delivered."
        return Next(Action.DELIVER, words, others=others)
    by_itself = [each for each in rotation.to_deliver if not _is_by_hand(each)]
    sure = [each for each in by_itself if each not in rotation.unsure or _does_no_harm(each)]
    if sure:
        words = f"Deliver the value to {words_of(sure[0])}."
        return Next(Action.DELIVER, words, False, sure[0], others)
    if by_itself:
        words = f"It is not certain that {words_of(by_itself[0])} has the value: deliver it again."
        return Next(Action.DELIVER, words, True, by_itself[0], others)
    if rotation.to_deliver:
        there = rotation.to_deliver[0]
        return Next(Action.DELIVER, f"Hand the value over: {words_of(there)}.", True, there, others)
    return Next(Action.DELIVER, "Choose where the value is to go.", others=others)


def _later(rotation: Rotation) -> Next:
    others = (Action.UNDO, Action.FORGET)
    if rotation.step is Step.DELIVERED:
        return Next(Action.PROVE, "Have the new key answer.", False, others=others)
    if rotation.step is Step.PROVED:
        return Next(Action.WAIT, "Let go of the value and watch the old key.", False, others=others)
    if rotation.keep_old:
        return Next(Action.KEEP, "Keep the old key, as you wished.", False, others=others)
    words = "Revoke the old key once nobody uses it any more."
    return Next(Action.REVOKE, words, others=(Action.KEEP, *others))


def _is_by_hand(destination: str) -> bool:
    known = _parsed(destination)
    return destination != PROFILE and (known is None or known.is_by_hand)


def _does_no_harm(destination: str) -> bool:
    """Whether delivering once more there leaves things as delivering once does."""
    known = _parsed(destination)
    return destination == PROFILE or bool(known and known.kind is DestinationKind.ENV)


def _parsed(destination: str) -> Destination | None:
    try:
        return Destination.parse(destination)
    except WrongInput:
        return None


def _of_undoing(rotation: Rotation, old: str, new: str) -> tuple[str, ...]:
    said = [f"The new key {new} stops working; the old key {old} goes on as before."]
    if rotation.method is Method.OWN:
        said.append("oai-tui goes back to the old key first.")
    dead = [
        words_of(each) for each in rotation.delivered if not (each == PROFILE or _is_by_hand(each))
    ]
    perhaps = [words_of(each) for each in rotation.unsure if each != PROFILE]
    if any(_is_by_hand(each) for each in rotation.delivered):
        said.append("Whoever took it from the screen or the clipboard has a dead key then.")
    if dead:
        said.append(f"A dead key is left in: {', '.join(dead)}. Put the old value back there.")
    if perhaps:
        said.append(f"A dead key may be left in: {', '.join(perhaps)}.")
    return tuple(said)


def _of_forgetting(rotation: Rotation, old: str, new: str) -> tuple[str, ...]:
    if rotation.step is Step.PLANNED and rotation.doing is None:
        return ("Nothing was sent, so nothing is left behind.",)
    if rotation.step is Step.PLANNED:
        said = [f"If the new key was made, it goes on living as {rotation.name}."]
    else:
        said = [f"Both keys go on living: {old} and {new}."]
        if rotation.step is not Step.WAITING:
            said.append("The value of the new key is thrown away where it still waits.")
    return (*said, "oai-tui does not offer to end this any more.")
