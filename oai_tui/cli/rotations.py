"""Seeing to the rotations that are not finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from oai_tui.cli.asking import askable, sure, unbroken
from oai_tui.cli.estate import changing, with_session
from oai_tui.cli.handing import deliver_option, destinations
from oai_tui.cli.keys import keys
from oai_tui.cli.options import yes_option
from oai_tui.cli.rotation_steps import advanced, delivered_to, revoked, rotator_of, tell_state
from oai_tui.cli.rows import format_option, table
from oai_tui.cli.telling import problems_told, say
from oai_tui.core.errors import WrongInput

if TYPE_CHECKING:
    from oai_tui.core.rotation import Rotation
    from oai_tui.services.rotation import Rotator
    from oai_tui.services.session import Session

HEADS = ("ID", "OLD KEY", "NEW KEY", "STEP", "NEXT")
FIELDS = (
    *("id", "old_id", "old_name", "new_id", "new_name", "step", "in_doubt"),
    *("delivered", "begun_at", "next"),
)


@keys.command(short_help="List the unfinished rotations, or go on with one.")
@click.option("--resume", metavar="ID", help="Go on with one; its old key is revoked at the end.")
@click.option("--undo", metavar="ID", help="Revoke the new key; the old one stays.")
@click.option("--forget", metavar="ID", help="Follow it no more; both keys go on living.")
@click.option("--even-if-used", is_flag=True, help="Revoke an old key that is still used.")
@deliver_option
@format_option
@yes_option
@click.pass_context
def rotations(
    context: click.Context,
    resume: str | None,
    undo: str | None,
    forget: str | None,
    even_if_used: bool,
    places: tuple[str, ...],
    form: str,
    yes: bool,
) -> None:
    """List the rotations that are not finished, or see to one of them.

    With --resume, --deliver says where the value goes in the stead of where it did not get to.
    """
    chosen = [each for each in (resume, undo, forget) if each]
    with problems_told():
        if len(chosen) > 1:
            raise WrongInput("Only one thing can be done at a time.", "Give one ID.")
        if (places or even_if_used) and not resume:
            raise WrongInput("--deliver and --even-if-used go with --resume ID.")
    if not chosen:
        with_session(context, lambda session: _listed(session, form))
        return
    changing(context)

    async def run(session: Session) -> None:
        rotator = rotator_of(session)
        rotation = _unfinished(rotator, chosen[0])
        askable(yes)
        wanted = destinations(places, session.setup.commands) if places else []
        if not forget:
            rotation = await _settled(session, rotator, rotation)
        if resume:
            if wanted:
                rotation = await delivered_to(rotator, rotation, [each.text for each in wanted])
            await _resumed(rotator, rotation, even_if_used, yes)
        elif not rotation.is_finished:
            await _ended(rotator, rotation, "undo" if undo else "forget", yes)
        else:
            tell_state(rotator, rotation)

    with_session(context, run)


async def _resumed(rotator: Rotator, rotation: Rotation, even_if_used: bool, yes: bool) -> None:
    rotation = await advanced(rotator, rotation, yes=yes)
    if not rotation.is_finished:
        _tell_consequences(rotation, "revoke")
        sure(f"Revoke the old key {rotation.old_name or rotation.old_id}?", yes)
        rotation = await revoked(rotator, rotation, even_if_used=even_if_used)
    tell_state(rotator, rotation)


async def _ended(rotator: Rotator, rotation: Rotation, action: str, yes: bool) -> None:
    _tell_consequences(rotation, action)
    sure(f"{action.capitalize()} the rotation of {rotation.old_name or rotation.old_id}?", yes)
    end = rotator.undo if action == "undo" else rotator.forget
    tell_state(rotator, await unbroken(end(rotation)))


async def _settled(session: Session, rotator: Rotator, rotation: Rotation) -> Rotation:
    """Find out what became of a rotation that was broken off in the middle of a move."""
    from oai_tui.core.rotation import Step
    from oai_tui.services.rotation.queue import listed_beside

    if not rotation.is_in_doubt and rotation.step not in (Step.PLANNED, Step.CREATED):
        return rotation
    asked_at = session.setup.clock()
    beside = await listed_beside(session.client, rotation)
    return await rotator.settle(rotation, beside, whole=True, as_of=asked_at)


def _tell_consequences(rotation: Rotation, action: str) -> None:
    from oai_tui.services.rotation import Action, consequences

    for each in consequences(rotation, Action(action)):
        say(f"  · {each}")


async def _listed(session: Session, form: str) -> None:
    from oai_tui.services.flat import csv_of, json_of

    rotator = rotator_of(session)
    found = rotator.unfinished()
    nexts = [(await rotator.next_of(each)).words for each in found]
    if form == "table":
        rows = [
            (each.id, each.old_name or each.old_id, each.name, _step(each), words)
            for each, words in zip(found, nexts, strict=True)
        ]
        if rows:
            click.echo(table(HEADS, rows))
        else:
            say("Nothing is being rotated.")
        return
    flat = [_flat(each, words) for each, words in zip(found, nexts, strict=True)]
    click.echo(json_of(flat) if form == "json" else csv_of(FIELDS, flat), nl=False)


def _flat(rotation: Rotation, words: str) -> dict[str, object]:
    values = (
        *(rotation.id, rotation.old_id, rotation.old_name, rotation.new_id or None),
        *(rotation.name, rotation.step.value, rotation.is_in_doubt),
        *(" ".join(rotation.delivered), int(rotation.at.timestamp()), words),
    )
    return dict(zip(FIELDS, values, strict=True))


def _step(rotation: Rotation) -> str:
    return f"{rotation.step}, in doubt" if rotation.is_in_doubt else rotation.step.value


def _unfinished(rotator: Rotator, word: str) -> Rotation:
    """Return the rotation with this id, or of a key with this id or name. Raises WrongInput."""
    from oai_tui.core.text import clean

    unfinished = rotator.unfinished()
    found = [each for each in unfinished if word in (each.id, each.old_id, each.new_id)]
    found = found or [each for each in unfinished if word in (each.old_name, each.name)]
    if len(found) == 1:
        return found[0]
    shown = clean(word, 40)
    if found:
        ids = ", ".join(each.id for each in found)
        raise WrongInput(f"{len(found)} rotations are of keys called {shown}: {ids}.", "Give one.")
    raise WrongInput(
        f"No unfinished rotation is called {shown}.", "oai-tui keys rotations lists them."
    )
