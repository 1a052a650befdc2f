"""Rotating keys, and seeing to the rotations that are not finished."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from oai_tui.cli.estate import changing, meant, progress, sure, with_session
from oai_tui.cli.handing import deliver_option, destinations, hand
from oai_tui.cli.key_changes import scopes_of, scopes_option, yes_option
from oai_tui.cli.keys import keys
from oai_tui.cli.rows import format_option, table
from oai_tui.cli.telling import problems_told, say
from oai_tui.core.errors import Problem, WrongInput

if TYPE_CHECKING:
    from oai_tui.core.estate import EstateRow
    from oai_tui.core.rotation import Rotation
    from oai_tui.services.rotation import Proposal, Rotator, Wish
    from oai_tui.services.session import Session

HEADS = ("ID", "OLD KEY", "NEW KEY", "STEP", "NEXT")
FIELDS = (
    *("id", "old_id", "old_name", "new_id", "new_name", "step", "in_doubt"),
    *("delivered", "begun_at", "next"),
)
LOOK_EVERY = 60.0
"""Seconds between two looks while the old key is waited for."""


@keys.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--expires", metavar="WHEN", help="90d, 2027-01-31 or never; else as the old one.")
@scopes_option
@deliver_option
@click.option(
    "--wait", metavar="TIME", help="After this long revoke the old key, unless it is still used."
)
@click.option("--keep-old", is_flag=True, help="Leave the old key alive.")
@yes_option
@click.pass_context
def rotate(
    context: click.Context,
    ids: tuple[str, ...],
    expires: str | None,
    scopes: str | None,
    places: tuple[str, ...],
    wait: str | None,
    keep_old: bool,
    yes: bool,
) -> None:
    """Make a new key for each, deliver and prove it, and then revoke the old one.

    Without --wait it stops while both keys live: oai-tui keys rotations goes on. One that fails
    does not stop the others; the exit status is 1 then.
    """
    changing(context)

    async def run(session: Session) -> int:
        from oai_tui.core.lifetime import parse

        if wait and keep_old:
            raise WrongInput("--wait ends with the old key revoked.", "Leave out --keep-old.")
        now = session.setup.clock()
        seconds = parse(wait, now) if wait else None
        rotator = _rotator(session)
        orders: list[tuple[Proposal, Wish]] = []
        for row in await meant(session, ids):
            proposal = _proposed(rotator, row)
            life = parse(expires, now) if expires else proposal.expires_in
            wanted = scopes_of(scopes) or None if scopes else proposal.scopes
            orders.append((proposal, _wish(proposal, places, life, wanted, keep_old)))
        _tell_plan(orders)
        sure(f"Rotate {len(orders)} key{'s' * (len(orders) > 1)}?", yes)
        failed = 0
        for proposal, wish in orders:
            failed += not await _rotated(rotator, proposal, wish, seconds)
        return failed

    if with_session(context, run):
        context.exit(1)


@keys.command()
@click.option("--resume", metavar="ID", help="Go on with one; its old key is revoked at the end.")
@click.option("--undo", metavar="ID", help="Revoke the new key; the old one stays.")
@click.option("--forget", metavar="ID", help="Follow it no more; both keys go on living.")
@click.option("--even-if-used", is_flag=True, help="Revoke an old key that is still used.")
@format_option
@yes_option
@click.pass_context
def rotations(
    context: click.Context,
    resume: str | None,
    undo: str | None,
    forget: str | None,
    even_if_used: bool,
    form: str,
    yes: bool,
) -> None:
    """List the rotations that are not finished, or see to one of them."""
    chosen = [each for each in (resume, undo, forget) if each]
    with problems_told():
        if len(chosen) > 1:
            raise WrongInput("Only one thing can be done at a time.", "Give one ID.")
    if not chosen:
        with_session(context, lambda session: _listed(session, form))
        return
    changing(context)

    async def run(session: Session) -> None:
        rotator = _rotator(session)
        rotation = _unfinished(rotator, chosen[0])
        if resume:
            await _resumed(session, rotation, even_if_used, yes)
            return
        action = "undo" if undo else "forget"
        _tell_consequences(rotation, action)
        sure(f"{action.capitalize()} the rotation of {rotation.old_name}?", yes)
        done = await (rotator.undo(rotation) if undo else rotator.forget(rotation))
        click.echo(f"{done.old_name or done.old_id}: {done.step}")

    with_session(context, run)


def _rotator(session: Session) -> Rotator:
    if session.rotator is None:
        raise Problem(session.trouble)
    return session.rotator


def _proposed(rotator: Rotator, row: EstateRow) -> Proposal:
    event = row.facts.last_event
    proposal = rotator.propose(row.key, known_scopes=event.scopes if event else None)
    if proposal.refusal:
        raise WrongInput(f"{row.key.name or row.id}: {proposal.refusal}")
    return proposal


def _wish(
    proposal: Proposal,
    places: tuple[str, ...],
    expires_in: int | None,
    scopes: tuple[str, ...] | None,
    keep_old: bool,
) -> Wish:
    from oai_tui.services.rotation import Wish

    if proposal.takes_over and not places:
        wanted: tuple[str, ...] = proposal.remembered
    else:
        wanted = destinations(places, proposal.remembered)
    return Wish(proposal.name, expires_in, scopes, wanted, keep_old)


def _tell_plan(orders: Sequence[tuple[Proposal, Wish]]) -> None:
    for proposal, wish in orders:
        key = proposal.key
        say(f"{key.name or key.id} ({key.id}, {key.masked})")
        for each in (*proposal.will, proposal.keep_in):
            say(f"  · {each}")
        for each in proposal.will_not:
            say(f"  ! {each}")
        if wish.destinations:
            say(f"  → {', '.join(wish.destinations)}")


def _tell_consequences(rotation: Rotation, action: str) -> None:
    from oai_tui.services.rotation import Action, consequences

    for each in consequences(rotation, Action(action)):
        say(f"  · {each}")


async def _rotated(rotator: Rotator, proposal: Proposal, wish: Wish, wait: int | None) -> bool:
    """Rotate one key as far as it goes; return whether nothing went wrong."""
    name = proposal.key.name or proposal.key.id
    try:
        rotation = await rotator.start(proposal, wish)
        click.echo(f"{name}: {rotation.name} is made.", err=True)
        rotation = await _advanced(rotator, rotation)
        if wait is not None and not rotation.is_finished:
            await _waited(rotator, rotation, wait)
            rotation = await rotator.revoke(rotation)
        _tell_state(rotator, rotation)
    except Problem as problem:
        say(f"{name}: {problem}", problem)
        say("oai-tui keys rotations shows how far it came.")
        return False
    return True


async def _advanced(rotator: Rotator, rotation: Rotation) -> Rotation:
    """Go on until only the old key is left to decide about; hand over what needs a person."""
    from oai_tui.core.delivery import Destination
    from oai_tui.core.rotation import Step
    from oai_tui.services.rotation import Action

    while True:
        rotation = await rotator.advance(rotation, lambda _, said: say(f"  {said}"))
        todo = await rotator.next_of(rotation)
        if rotation.is_finished or rotation.step is Step.WAITING:
            return rotation
        if todo.action is not Action.DELIVER or not todo.destination:
            raise Problem(todo.words)
        place = Destination.parse(todo.destination)
        if not place.is_by_hand:
            rotation, said = await rotator.deliver(rotation, todo.destination)
            say(f"  {said}")
            continue
        secret = await rotator.value(rotation)
        if secret is None:
            raise Problem("The value of the new key is not here any more.", "Undo this rotation.")
        hand(place, secret)
        rotation = await rotator.delivered_by_hand(rotation, todo.destination)


async def _waited(rotator: Rotator, rotation: Rotation, seconds: int) -> None:
    left = float(seconds)
    while left > 0:
        watch = await rotator.watch(rotation)
        seen = "still used" if watch.is_moving else "not seen used lately"
        progress(f"waiting {left:.0f} s; the old key is {seen}")
        pause = min(left, LOOK_EVERY)
        await asyncio.sleep(pause)
        left -= pause
    progress("")


async def _resumed(session: Session, rotation: Rotation, even_if_used: bool, yes: bool) -> None:
    from oai_tui.core.rotation import Step
    from oai_tui.services.rotation_queue import listed_beside

    rotator = _rotator(session)
    if rotation.is_in_doubt or rotation.step in (Step.PLANNED, Step.CREATED):
        asked_at = session.setup.clock()
        beside = await listed_beside(session.client, rotation)
        rotation = await rotator.settle(rotation, beside, whole=True, as_of=asked_at)
    if not rotation.is_finished:
        rotation = await _advanced(rotator, rotation)
    if rotation.step is Step.WAITING:
        _tell_consequences(rotation, "revoke")
        sure(f"Revoke the old key {rotation.old_name or rotation.old_id}?", yes)
        rotation = await rotator.revoke(rotation, even_if_moving=even_if_used)
    _tell_state(rotator, rotation)


def _tell_state(rotator: Rotator, rotation: Rotation) -> None:
    if trouble := rotator.trouble_of(rotation):
        say(f"  {trouble}")
    click.echo(f"{rotation.old_name or rotation.old_id}: {rotation.step}")
    if not rotation.is_finished:
        say(
            "Both keys live. When nobody uses the old one any more: "
            f"oai-tui keys rotations --resume {rotation.id}"
        )


async def _listed(session: Session, form: str) -> None:
    from oai_tui.services.flat import csv_of, json_of

    rotator = _rotator(session)
    found = rotator.unfinished()
    nexts = [(await rotator.next_of(each)).words for each in found]
    if form == "table":
        rows = [
            (each.id, each.old_name or each.old_id, each.name, _step(each), words)
            for each, words in zip(found, nexts, strict=True)
        ]
        click.echo(table(HEADS, rows) if rows else "Nothing is being rotated.")
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


def _unfinished(rotator: Rotator, id: str) -> Rotation:
    from oai_tui.core.text import clean

    for rotation in rotator.unfinished():
        if id in (rotation.id, rotation.old_id, rotation.new_id):
            return rotation
    raise WrongInput(
        f"No unfinished rotation is called {clean(id, 40)}.", "oai-tui keys rotations lists them."
    )
