"""The command line: one verb, one function; everything heavy is imported late.

Exit status: 0 fine, 1 failed, 2 wrong use.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from oai_tui.cli.root import cli
from oai_tui.core.text import HARMFUL, without_keys

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line."""
    from oai_tui.services.hardening import harden

    harden(os.environ)
    sys.excepthook = _report
    if isinstance(sys.stdout, TextIOWrapper):
        # A name in letters that the terminal does not have is no reason to say nothing.
        sys.stdout.reconfigure(errors="replace")
    cli(prog_name="oai-tui")


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell of a mistake of ours without anything that looks like a key or moves the cursor."""
    import traceback

    report = without_keys("".join(traceback.format_exception(kind, error, trace)))
    click.echo(HARMFUL.sub("", report), err=True)
