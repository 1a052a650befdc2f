"""Making keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from oai_tui.cli.asking import sure, unbroken
from oai_tui.cli.estate import changing, with_session
from oai_tui.cli.handing import deliver_option, destinations, hand, shown_instead
from oai_tui.cli.keys import keys
from oai_tui.cli.options import scopes_of, scopes_option, yes_option
from oai_tui.cli.telling import problems_told, say, tell
from oai_tui.core.errors import OutcomeUnknown, Problem, WrongInput

if TYPE_CHECKING:
    from oai_tui.core.creation import CreationKind
    from oai_tui.core.delivery import Destination
    from oai_tui.services.creation import Made, Order
    from oai_tui.services.session import Session


@keys.command(short_help="Make a key and deliver it.")
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

    The platform lets nobody make a person's key by API. A few characters are put behind the name,
    by which the key is found again whatever happens.
    """
    changing(context)
    with problems_told():
        kind = _kind(account, new_account, admin, project)

    async def run(session: Session) -> None:
        from oai_tui.core import lifetime
        from oai_tui.services.ordering import order_of

        wanted = destinations(places, session.setup.commands)
        now = session.setup.clock()
        order = await order_of(
            session.client,
            kind,
            name,
            project=project or "",
            account=account or "",
            expires_in=lifetime.parse(expires, now),
            scopes=scopes_of(scopes),
        )
        say(f"A key {order.name} for {_whom(order.kind, project, account)}")
        say(f"  · expires {lifetime.ends_in_words(order.expires_in, now)}")
        for each in wanted:
            say(f"  → {each.words}")
        sure("Make it?", yes)
        await unbroken(_made(session, order, wanted))

    with_session(context, run)


async def _made(session: Session, order: Order, wanted: Sequence[Destination]) -> None:
    """Make a key and bring it to every place; one that takes it in vain stops no other."""
    from oai_tui.services.delivery import deliver

    if session.maker is None:
        raise Problem(session.trouble)
    try:
        made = await session.maker.make(order)
    except OutcomeUnknown as problem:
        raise Problem(
            problem.what, "oai-tui keys list tells, before you make another.", problem.request_id
        ) from None
    say(f"Made {made.key.name or order.name} ({made.key.id}).")
    if made.trouble:
        say(made.trouble)
    taken: list[Destination] = []
    for place in wanted:
        try:
            if place.is_by_hand:
                hand(place, made.key.secret)
            else:
                say(await deliver(place, made.key.secret, session.setup.commands))
            taken.append(place)
        except Problem as problem:
            tell(place.words, problem)
    _close(session, made, taken, is_whole=len(taken) == len(wanted))


def _close(session: Session, made: Made, taken: Sequence[Destination], *, is_whole: bool) -> None:
    """Note where the key went; one that went nowhere is offered once more."""
    assert session.maker
    if not taken and not shown_instead(made.key.secret):
        raise Problem(
            "The key lives and nobody has it.",
            f"Revoke it and make another: oai-tui keys revoke {made.key.id}",
        )
    if trouble := session.maker.delivered(made, taken):
        say(trouble)
    if taken and not is_whole:
        raise Problem("Not every place has the key.")


def _kind(account: str | None, new_account: bool, admin: bool, project: str | None) -> CreationKind:
    from oai_tui.core.creation import CreationKind

    if sum((bool(account), new_account, admin)) != 1:
        raise WrongInput(
            "It is not said whom the key is for.",
            "Give one of --account A, --new-account and --admin.",
        )
    if admin and project:
        raise WrongInput("An admin key belongs to no project.", "Leave out --project or --admin.")
    if not admin and not project:
        raise WrongInput("It is not said in which project.", "Give --project P.")
    if admin:
        return CreationKind.ADMIN_KEY
    return CreationKind.SERVICE_ACCOUNT if new_account else CreationKind.SERVICE_ACCOUNT_KEY


def _whom(kind: CreationKind, project: str | None, account: str | None) -> str:
    from oai_tui.core.creation import CreationKind
    from oai_tui.core.text import clean

    if kind is CreationKind.ADMIN_KEY:
        return "the whole organization, which may do everything"
    whom = "a new service account" if account is None else f"the service account {clean(account)}"
    return f"{whom} in the project {clean(project)}"
