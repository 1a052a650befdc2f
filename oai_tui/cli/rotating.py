"""Rotating keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from oai_tui.cli.asking import sure
from oai_tui.cli.estate import changing, meant, title, with_session
from oai_tui.cli.handing import deliver_option, destinations
from oai_tui.cli.keys import keys
from oai_tui.cli.options import scopes_of, scopes_option, yes_option
from oai_tui.cli.rotation_steps import (
    begun,
    revoked,
    rotator_of,
    tell_state,
    waited,
    way_to_go_on,
)
from oai_tui.cli.telling import say, tell
from oai_tui.core.errors import Problem, WrongInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from oai_tui.services.rotation import Proposal, Rotator, Wish
    from oai_tui.services.session import Session

    Order = tuple[Proposal, Wish]

_MINUTES = re.compile(r"\s*\d+\s*m\s*", re.IGNORECASE)


@keys.command(short_help="Exchange keys for new ones.")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--expires", metavar="WHEN", help="90d, 2027-01-31 or never; else as the old one.")
@scopes_option
@deliver_option
@click.option("--wait", metavar="TIME", help="Revoke the old key after this long, such as 30m.")
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
    """Make a new key for each, by id or name, deliver it and have it answer.

    Without --deliver it goes where it went the last time. Then both keys live until oai-tui keys
    rotations revokes the old one; --wait does that as well, unless the old key is still used then.
    One that fails does not stop the others; the exit status is 1 then.
    """
    changing(context)

    async def run(session: Session) -> int:
        now = session.setup.clock()
        if wait and keep_old:
            raise WrongInput("--wait ends with the old key revoked.", "Leave out --keep-old.")
        seconds = _seconds(wait, now) if wait else None
        rotator = rotator_of(session)
        orders: list[Order] = []
        rows = await meant(session, ids)
        for row in rows:
            event = row.facts.last_event
            proposal = rotator.propose(row.key, known_scopes=event.scopes if event else None)
            if proposal.refusal:
                tell(title(row.key), WrongInput(proposal.refusal))
                continue
            orders.append((proposal, _wish(session, proposal, places, expires, scopes, keep_old)))
        if not orders:
            return len(rows)
        _refuse_one_place_for_two(orders)
        _tell_plan(orders, now)
        sure(f"Rotate {len(orders)} key{'s' * (len(orders) > 1)}?", yes)
        return len(rows) - len(orders) + await _rotated(rotator, orders, seconds)

    if with_session(context, run):
        context.exit(1)


async def _rotated(rotator: Rotator, orders: Sequence[Order], wait: int | None) -> int:
    """Rotate keys as far as wished; return how many did not get there."""
    failed = 0
    with _unfinished_told(rotator, [proposal.key.id for proposal, _ in orders]):
        waiting = []
        for proposal, wish in orders:
            try:
                rotation = await begun(rotator, proposal, wish)
            except Problem as problem:
                failed += 1
                tell(title(proposal.key), problem)
                continue
            if not rotation.is_finished and wait is not None:
                waiting.append(rotation)
            tell_state(rotator, rotation)
        if wait is not None and waiting:
            await waited(rotator, waiting, wait)
        for rotation in waiting:
            try:
                tell_state(rotator, await revoked(rotator, rotation))
            except Problem as problem:
                failed += 1
                tell(rotation.old_name or rotation.old_id, problem)
    return failed


@contextmanager
def _unfinished_told(rotator: Rotator, ids: Sequence[str]) -> Iterator[None]:
    """At whatever end, say how to go on with the rotations of these keys that are unfinished."""
    try:
        yield
    finally:
        with suppress(Problem):
            for rotation in rotator.unfinished():
                if rotation.old_id in ids:
                    say(way_to_go_on(rotation))


def _wish(
    session: Session,
    proposal: Proposal,
    places: Sequence[str],
    expires: str | None,
    scopes: str | None,
    keep_old: bool,
) -> Wish:
    from oai_tui.core.lifetime import parse
    from oai_tui.services.rotation import Wish

    if scopes and proposal.method.is_admin:
        raise WrongInput("An admin key made by API has all permissions.", "Leave out --scopes.")
    life = parse(expires, session.setup.clock()) if expires else proposal.expires_in
    wanted = scopes_of(scopes) or None if scopes else proposal.scopes
    there: tuple[str, ...] = ()
    if places or not proposal.takes_over:
        found = destinations(places, session.setup.commands, proposal.remembered)
        there = tuple(each.text for each in found)
    return Wish(proposal.name, life, wanted, there, keep_old)


def _refuse_one_place_for_two(orders: Sequence[Order]) -> None:
    """Refuse to write the value of one key over that of another. Raises WrongInput."""
    from oai_tui.services.rotation import words_of

    taken: set[str] = set()
    for _, wish in orders:
        for place in wish.destinations:
            if place in taken and not place.startswith(("show", "clipboard")):
                raise WrongInput(
                    f"Two new keys cannot both go to {words_of(place)}.",
                    "Rotate them one after another, each with a --deliver of its own.",
                )
            taken.add(place)


def _tell_plan(orders: Sequence[Order], now: datetime) -> None:
    """Say what is going to be done with each key, and once what holds for all of them."""
    plans = [_plan(proposal, wish, now) for proposal, wish in orders]
    shared = [line for line in plans[0] if len(plans) > 1 and all(line in each for each in plans)]
    for (proposal, _), plan in zip(orders, plans, strict=True):
        say(f"{title(proposal.key)} {proposal.key.masked}")
        for line in plan:
            if line not in shared:
                say(line)
    if shared:
        say("All of them:")
        for line in shared:
            say(line)


def _plan(proposal: Proposal, wish: Wish, now: datetime) -> list[str]:
    from oai_tui.core.lifetime import ends_in_words
    from oai_tui.core.scopes import in_words
    from oai_tui.services.rotation import words_of

    expiry, scopes = ends_in_words(wish.expires_in, now), in_words(wish.scopes or ())
    return [
        *(f"  · {each}" for each in proposal.will),
        f"  · It expires {expiry}; scopes: {scopes}.",
        *(f"  ! {each}" for each in proposal.will_not),
        f"  · {proposal.keep_in}",
        *(f"  → {words_of(place)}" for place in wish.destinations),
    ]


def _seconds(text: str, now: datetime) -> int:
    """Read how long to wait, in which m are minutes. Raises WrongInput."""
    from oai_tui.core.lifetime import parse

    found = parse(f"{text.strip()}in" if _MINUTES.fullmatch(text) else text, now)
    if found is None:
        raise WrongInput("--wait needs an end.", "Such as 30m or 2h; or leave it out.")
    return found
