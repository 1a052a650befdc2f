"""Handing a new key over from a command."""

from __future__ import annotations

import base64
import sys
from typing import TYPE_CHECKING

import click

from oai_tui.core.errors import WrongInput

if TYPE_CHECKING:
    from oai_tui.core.delivery import Destination
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


def destinations(places: tuple[str, ...], remembered: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return where a key goes: where it is said, else where it went before, else the terminal.

    Raises WrongInput for what is no place, and where nobody would see it.
    """
    from oai_tui.core.delivery import Destination

    wanted = [Destination.parse(place) for place in places or remembered]
    if not wanted and not sys.stdout.isatty():
        raise WrongInput(
            "It is not said where the new key goes.", "Say it with --deliver, such as file:PATH."
        )
    found = tuple(dict.fromkeys(place.text for place in wanted)) or ("show",)
    if "clipboard" in found and not sys.stderr.isatty():
        raise WrongInput("There is no terminal whose clipboard could take the key.")
    return found


def hand(destination: Destination, secret: Secret) -> None:
    """Show a key on standard output, or send it to the terminal's clipboard."""
    from oai_tui.core.delivery import DestinationKind

    if destination.kind is DestinationKind.SHOW:
        click.echo(secret.reveal())
        return
    coded = base64.b64encode(secret.reveal().encode()).decode()
    click.echo(f"\x1b]52;c;{coded}\x07", nl=False, err=True)
    click.echo(SENT, err=True)
