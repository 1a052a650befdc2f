"""The program without a command: the app, and what every command begins with."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from oai_tui import __version__
from oai_tui.cli.telling import problems_told

if TYPE_CHECKING:
    from oai_tui.services.setup import Setup


MODULES = {
    "billing": (
        "billing",
        "billing_limit",
        "billing_alerts",
        "billing_rates",
        "billing_balance",
        "billing_budget",
        "billing_history",
    ),
    "cache": ("cache",),
    "costs": ("costs",),
    "demo": ("platform",),
    "doctor": ("doctor",),
    "keys": ("keys", "creating", "key_changes", "rotating", "rotations"),
    "login": ("signing",),
    "logout": ("signing",),
    "profiles": ("signing",),
    "simulate": ("platform",),
    "usage": ("usage",),
    "web": ("web",),
}
"""Which modules of this room hold each command: none of them is read before it is wanted."""


class Late(click.Group):
    """Commands that are read when they are asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(MODULES)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command, None for a name that is none."""
        for module in MODULES.get(name, ()):
            import_module(f"oai_tui.cli.{module}")
        return super().get_command(context, name)


@click.group(
    cls=Late,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--profile", metavar="NAME", help="The organization to work with.")
@click.option("--base-url", metavar="URL", help="The address of the platform.")
@click.option("--read-only", is_flag=True, help="Take the keys that change something away.")
@click.version_option(__version__, message="oai-tui %(version)s")
@click.pass_context
def cli(context: click.Context, profile: str | None, base_url: str | None, read_only: bool) -> None:
    """Keys, usage and billing of an OpenAI API organization, in the terminal.

    Without a command it opens the app.
    """
    context.obj = (profile, base_url, read_only)
    if context.invoked_subcommand is None:
        with problems_told():
            sys.exit(open_app(setup_from(context)))


def setup_from(context: click.Context) -> Setup:
    """Return how this run is set up. Raises WrongInput and StoreProblem."""
    from oai_tui.services.start import setup_of
    from oai_tui.store.paths import Folders

    profile, base_url, read_only = context.find_root().obj
    return setup_of(
        os.environ, Folders.of_user(), profile=profile, base_url=base_url, read_only=read_only
    )


def open_app(setup: Setup) -> int:
    """Open the app on the terminal and return its exit status."""
    if not _can_open():
        raise click.ClickException(
            "The app needs a terminal. See oai-tui --help for what works without one."
        )
    # Nothing of what a start makes is garbage, and looking for some takes a sixth of its time. The
    # first screen lets it be looked for again.
    gc.disable()
    from oai_tui.ui.app import run

    return run(setup)


def _can_open() -> bool:
    """Whether there is a terminal, or the browser that `oai-tui web` draws on instead.

    Textual reads standard input and draws on standard error.
    """
    return (sys.stdin.isatty() and sys.stderr.isatty()) or "TEXTUAL_DRIVER" in os.environ
