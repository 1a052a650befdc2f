"""Asking the person at the terminal, and ending in good order when that person has had enough."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from oai_tui.cli.telling import progress, say
from oai_tui.core.errors import WrongInput

T = TypeVar("T")


def is_somebody_there() -> bool:
    """Whether somebody can see a question and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def askable(yes: bool) -> None:
    """Raise WrongInput where a question would be in vain and was not answered by --yes."""
    if not yes and not is_somebody_there():
        raise WrongInput("Nobody can be asked here.", "Say --yes to do it.")


def sure(question: str, yes: bool) -> None:
    """Go on only with a yes: typed on a terminal, or given as --yes."""
    askable(yes)
    if not yes and not is_wanted(question):
        raise click.Abort


def is_wanted(question: str) -> bool:
    """Ask on the terminal; whatever is not a yes is a no. Ctrl-C ends the command."""
    return answered(f"{question} [y/N]: ").strip().casefold() in ("y", "yes")


def answered(question: str) -> str:
    """Return what is typed on the terminal as an answer. Ctrl-C ends the command."""
    progress("")
    try:
        # From before the question is seen: a Ctrl-C is the answer to it, however quick.
        with _ended_by_ctrl_c():
            # Not click's own question: some versions write a blank to standard output for it.
            click.echo(question, nl=False, err=True)
            answer = sys.stdin.readline()
    except KeyboardInterrupt:
        answer = ""
    if not answer:
        click.echo(err=True)
        raise click.Abort
    return answer


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Do something that Ctrl-C lets come to its end first; a second Ctrl-C does not wait."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        say("Ending what was begun …")
        await task
        raise


@contextmanager
def _ended_by_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C interrupt a read: the event loop would only take note of it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
