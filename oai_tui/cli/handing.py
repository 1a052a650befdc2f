"""Handing a new key over from a command."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from oai_tui.cli.asking import is_somebody_there, is_wanted
from oai_tui.cli.telling import say
from oai_tui.core.errors import Problem, WrongInput

if TYPE_CHECKING:
    from oai_tui.core.delivery import Command, Destination
    from oai_tui.core.secret import Secret

SENT = (
    "Sent to the terminal. Whether its clipboard has it, only a paste can tell; some terminals, "
    "and tmux by default, ignore it."
)

deliver_option = click.option(
    "--deliver",
    "places",
    metavar="PLACE",
    multiple=True,
    help="Where the key goes: show, clipboard, file:PATH, env:PATH:NAME or command:NAME; "
    "repeatable. On a terminal it is shown unless told otherwise.",
)


def destinations(
    places: Sequence[str], commands: Mapping[str, Command], remembered: Sequence[str] = ()
) -> list[Destination]:
    """Return where a key goes: where it is said, else where it went before, else the terminal.

    Raises WrongInput and StoreProblem for what cannot be delivered to, as far as one can see, and
    where nobody would see it.
    """
    from oai_tui.core.delivery import Destination
    from oai_tui.services.delivery import check

    is_seen = sys.stdout.isatty()
    before = [Destination.parse(place) for place in remembered]
    said = [Destination.parse(place) for place in places]
    wanted = said or [each for each in before if is_seen or not each.is_by_hand]
    if not wanted and not is_seen:
        raise WrongInput(
            "It is not said where the new key goes.", "Say it with --deliver, such as file:PATH."
        )
    found = list(dict.fromkeys(wanted)) or [Destination.parse("show")]
    for each in found:
        if each.text == "clipboard" and not sys.stderr.isatty():
            raise WrongInput("There is no terminal whose clipboard could take the key.")
        check(each, commands)
    return found


def hand(destination: Destination, secret: Secret) -> None:
    """Show a key on standard output, or send it to the terminal's clipboard.

    Raises Problem when it could not be written.
    """
    try:
        if destination.text == "show":
            click.echo(secret.reveal())
            return
        coded = base64.b64encode(secret.reveal().encode()).decode()
        click.echo(f"\x1b]52;c;{coded}\x07", nl=False, err=True)
    except OSError as error:
        # Python would try once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise Problem(f"The key could not be shown: {error.strerror}.") from None
    say(SENT)


def shown_instead(secret: Secret) -> bool:
    """Offer to show on the terminal a key that got nowhere; return whether that was done."""
    if not is_somebody_there() or not is_wanted("The key went nowhere. Show it here instead?"):
        return False
    say(secret.reveal())
    return True
