"""Signing in and out, and the profiles there are."""

from __future__ import annotations

import asyncio
import sys

import click

from oai_tui.cli.root import cli, setup_from
from oai_tui.cli.telling import problems_told
from oai_tui.core.base_url import OFFICIAL
from oai_tui.core.text import clean


@cli.command()
@click.pass_context
def login(context: click.Context) -> None:
    """Prove an admin key and keep it in this machine's key store.

    Asks for the key without showing it, or reads it from standard input when that is no terminal.
    """
    from oai_tui.services.signing_in import sign_in

    with problems_told():
        setup = setup_from(context)
        typed = sys.stdin.isatty()
        text = click.prompt("Admin key", hide_input=True, err=True) if typed else sys.stdin.read()
        for line in asyncio.run(sign_in(setup, text)):
            click.echo(line)


@cli.command()
@click.pass_context
def logout(context: click.Context) -> None:
    """Forget the key of the profile, and what was remembered with it."""
    from oai_tui.services.signing_in import sign_out

    with problems_told():
        click.echo(asyncio.run(sign_out(setup_from(context))))


@cli.command()
@click.pass_context
def profiles(context: click.Context) -> None:
    """List the profiles of the settings file."""
    from oai_tui.services.start import FIRST_PROFILE

    with problems_told():
        setup = setup_from(context)
        settings = setup.settings.load()
        names = dict.fromkeys([*settings.profiles, settings.default_profile or FIRST_PROFILE])
        for name in names:
            known = settings.profiles.get(name)
            mark = "*" if name == setup.profile else " "
            address = known.base_url if known else OFFICIAL
            read_only = "  read-only" if known and known.read_only else ""
            click.echo(f"{mark} {clean(name, 40)}  {clean(address)}{read_only}")
