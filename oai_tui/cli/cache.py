"""What is remembered so that it is seen sooner."""

from __future__ import annotations

import click

from oai_tui.cli.asking import sure
from oai_tui.cli.options import yes_option
from oai_tui.cli.root import cli, setup_from
from oai_tui.cli.telling import problems_told, say


@cli.group()
def cache() -> None:
    """Clear what is remembered of the platform's answers."""


@cache.command(short_help="Forget the remembered answers, usage and costs of the profile.")
@yes_option
@click.pass_context
def clear(context: click.Context, yes: bool) -> None:
    """Forget the remembered answers, usage and costs of the profile.

    They are asked for again when they are wanted. The key, the settings and the journal of keys
    being made stay.
    """
    from oai_tui.services.clearing import clear as forget
    from oai_tui.services.doctor import size

    with problems_told():
        setup = setup_from(context)
        sure(f"Forget what is remembered for profile {setup.profile}?", yes)
        say(f"Forgotten for profile {setup.profile}; {size(forget(setup))} are free again.")
