"""Whether everything the program depends on works here."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from oai_tui.cli.root import cli
from oai_tui.cli.telling import for_shell

if TYPE_CHECKING:
    from oai_tui.services.doctor import Finding

WIDEST_SUBJECT = 12
"""Cells of the names of what was looked at."""


@cli.command(short_help="Look at what the program depends on, and tell the way out.")
@click.pass_context
def doctor(context: click.Context) -> None:
    """Look at what the program depends on: settings, key store, key, platform, clock, files.

    Each line says ok, ! for something to look at, or ✖ for what does not work, with the way out
    under it. The exit status is 1 when something does not work. No key is shown.
    """
    import asyncio

    if asyncio.run(_examine(context)):
        context.exit(1)


async def _examine(context: click.Context) -> bool:
    """Write every finding as soon as it is there; tell whether something does not work."""
    from oai_tui.services.doctor import Flags, Mark, examine
    from oai_tui.store.paths import Folders

    is_wrong = False
    flags = Flags(*context.find_root().obj)
    async for finding in examine(os.environ, Folders.of_user(), flags):
        click.echo(_line(finding))
        is_wrong = is_wrong or finding.mark is Mark.WRONG
    return is_wrong


def _line(finding: Finding) -> str:
    mark = finding.mark.value if _can_be_written(finding.mark.value) else "x"
    line = f"{mark:<3}{finding.subject:<{WIDEST_SUBJECT}}{for_shell(finding.words)}"
    if not finding.way_out:
        return line
    return f"{line}\n{'':<{3 + WIDEST_SUBJECT}}{for_shell(finding.way_out)}"


def _can_be_written(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
