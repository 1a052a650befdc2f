"""Making, changing and revoking keys."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from oai_tui.cli.estate import changing, meant, sure, with_session
from oai_tui.cli.handing import deliver_option, destinations, hand
from oai_tui.cli.keys import keys
from oai_tui.cli.telling import problems_told, say
from oai_tui.core.errors import Problem, WrongInput

if TYPE_CHECKING:
    from datetime import datetime

    from oai_tui.core.creation import CreationKind
    from oai_tui.core.estate import EstateRow
    from oai_tui.services.creation import Made
    from oai_tui.services.session import Session

RECENT = 86_400
"""Seconds since a use after which a key still counts as in use."""

yes_option = click.option("--yes", is_flag=True, help="Do it without asking.")
scopes_option = click.option(
    "--scopes", metavar="S,…", help="What the key may do; all, read, or identifiers."
)


@keys.command()
@click.option("--project", metavar="P", help="The project, by id or name.")
@click.option("--account", metavar="A", help="A service account there, by id or name.")
@click.option("--new-account", is_flag=True, help="Make a service account for the key.")
@click.option("--admin", is_flag=True, help="Make an admin key of the organization.")
@click.option("--name", required=True, metavar="N", help="Such as <service>-<where>-<purpose>.")
@click.option("--expires", metavar="WHEN", default="never", help="90d, 12w, 2027-01-31 or never.")
@scopes_option
@deliver_option
@yes_option
@click.pass_context
def create(
    context: click.Context,
    project: str | None,
    account: str | None,
    new_account: bool,
    admin: bool,
    name: str,
    expires: str,
    scopes: str | None,
    places: tuple[str, ...],
    yes: bool,
) -> None:
    """Make a key for a service account, or an admin key, and deliver it.

    The platform lets nobody make a person's key by API.
    """
    changing(context)
    with problems_told():
        kind = _kind(account, new_account, admin, project)

    async def make(session: Session) -> None:
        from oai_tui.core import lifetime
        from oai_tui.core.delivery import Destination
        from oai_tui.services.delivery import check, deliver
        from oai_tui.services.ordering import order_of

        places_wanted = [Destination.parse(each) for each in destinations(places)]
        for place in places_wanted:
            check(place, session.setup.commands)
        expires_in = lifetime.parse(expires, session.setup.clock())
        order = await order_of(
            session.client,
            kind,
            name,
            project=project or "",
            account=account or "",
            expires_in=expires_in,
            scopes=scopes_of(scopes),
        )
        sure(f"Make {name}?", yes)
        if session.maker is None:
            raise Problem(session.trouble)
        made = await session.maker.make(order)
        say(f"Made {made.key.name or name} ({made.key.id}).")
        taken = False
        for place in places_wanted:
            try:
                if place.is_by_hand:
                    hand(place, made.key.secret)
                else:
                    say(await deliver(place, made.key.secret, session.setup.commands))
                taken = True
            except Problem as problem:
                say(f"{problem}")
        _close(session, made, taken)

    with_session(context, make)


def _close(session: Session, made: Made, taken: bool) -> None:
    """Note that the key was handed over; one that went nowhere is offered once more."""
    assert session.maker
    if not taken and sys.stdin.isatty():
        taken = click.confirm("It went nowhere. Show it here instead?", err=True)
        if taken:
            click.echo(made.key.secret.reveal())
    if not taken:
        raise Problem(
            "The key was made, and went nowhere: it waits under “unfinished” to be revoked.",
            f"Revoke it: oai-tui keys revoke {made.key.id}.",
        )
    if trouble := session.maker.delivered(made):
        say(trouble)


@keys.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--expires", metavar="WHEN", help="From now: 90d, 12w or 2027-01-31.")
@scopes_option
@yes_option
@click.pass_context
def extend(
    context: click.Context,
    ids: tuple[str, ...],
    expires: str | None,
    scopes: str | None,
    yes: bool,
) -> None:
    """Give project keys another expiry, counted from now, or other scopes.

    The platform can neither take an expiry away nor tell the scopes a key has.
    """
    changing(context)

    async def change(session: Session) -> int:
        from oai_tui.core import lifetime
        from oai_tui.services.changing import KeyChange, change_key

        now = session.setup.clock()
        seconds = lifetime.parse(expires, now) if expires else None
        if expires and seconds is None:
            raise WrongInput("An expiry cannot be taken away by API.", "Give a time, up to 1y.")
        wanted = KeyChange(scopes_of(scopes) if scopes else None, seconds)
        if not wanted:
            raise WrongInput("Nothing is to be changed.", "Give --expires or --scopes.")
        rows = await meant(session, ids)
        sure(f"Change {_named(rows)}?", yes)
        failed = 0
        for row in rows:
            try:
                said = await change_key(session.client, row.key, wanted, now)
                click.echo(f"{row.key.name or row.id} ({row.id}): {said}")
            except Problem as problem:
                failed += 1
                say(f"{row.key.name or row.id} ({row.id}): {problem}", problem)
        return failed

    if with_session(context, change):
        context.exit(1)


@keys.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--even-if-used", is_flag=True, help="Also keys that were used in the last day.")
@yes_option
@click.pass_context
def revoke(context: click.Context, ids: tuple[str, ...], even_if_used: bool, yes: bool) -> None:
    """Revoke keys for good. Keys used in the last day need --even-if-used.

    One that fails does not stop the others; the exit status is 1 then.
    """
    changing(context)

    async def run(session: Session) -> int:
        from oai_tui.services.revocation import revoke as revoke_key

        now = session.setup.clock()
        rows = await meant(session, ids)
        for row in rows:
            say(_last_use(row, now))
        used = [row for row in rows if _is_recent(row, now)]
        if used and not even_if_used:
            raise WrongInput(
                f"In use within the last day: {_named(used)}.",
                "Rotate it instead, or say --even-if-used.",
            )
        sure(f"Revoke {_named(rows)} for good?", yes)
        failed = 0
        for row in rows:
            try:
                await revoke_key(session.client, row.key, session.secret)
                click.echo(f"Revoked {row.key.name or row.id} ({row.id}).")
            except Problem as problem:
                failed += 1
                say(f"{row.key.name or row.id} ({row.id}): {problem}", problem)
        return failed

    if with_session(context, run):
        context.exit(1)


def _kind(account: str | None, new_account: bool, admin: bool, project: str | None) -> CreationKind:
    from oai_tui.core.creation import CreationKind

    if sum((bool(account), new_account, admin)) != 1:
        raise WrongInput(
            "It is not said whom the key is for.",
            "Give one of --account A, --new-account and --admin.",
        )
    if not admin and not project:
        raise WrongInput("It is not said in which project.", "Give --project P.")
    if admin:
        return CreationKind.ADMIN_KEY
    return CreationKind.SERVICE_ACCOUNT if new_account else CreationKind.SERVICE_ACCOUNT_KEY


def _named(rows: list[EstateRow]) -> str:
    names = [row.key.name or row.id for row in rows]
    return names[0] if len(names) == 1 else f"{len(names)} keys ({', '.join(names)})"


def _last_use(row: EstateRow, now: datetime) -> str:
    from oai_tui.core.text import money, when

    key = row.key
    seen = f"last seen used {when(key.last_used_at, now)}" if key.last_used_at else "not seen used"
    return f"{key.name or key.id} ({key.id}): {seen}, {money(row.facts.cost)} in 30 days"


def _is_recent(row: EstateRow, now: datetime) -> bool:
    used = row.key.last_used_at
    return used is not None and (now - used).total_seconds() < RECENT


def scopes_of(text: str | None) -> tuple[str, ...]:
    """Return the scopes a text names, none (everything) without a text. Raises WrongInput."""
    from oai_tui.core.scopes import parse, unchecked

    found = parse(text) if text else ()
    if unknown := unchecked(found):
        say(f"Not known to this program, sent as typed: {', '.join(unknown)}.")
    return found
