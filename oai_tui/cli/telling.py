"""What a command says besides its data: everything here goes to standard error."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from oai_tui.cli.rows import cut
from oai_tui.core.errors import Problem, WrongInput

_KEY_OF_THE_APP = re.compile(r" \([A-Za-z]\)| with r\b")
"""How a sentence names a key to press, of which a command has none."""


class Failed(click.ClickException):
    """A problem on standard error: what happened, the way out, the request id."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(_whole(problem))


class Misused(Failed):
    """A problem with what was typed."""

    exit_code = 2


def say(text: str) -> None:
    """Write a line to standard error, in the place of what was shown of the progress."""
    progress("")
    click.echo(text, err=True)


def tell(about: str, problem: Problem) -> None:
    """Say what went wrong with one of several things, with the request id under it."""
    say(f"{about}: {_whole(problem)}")


def is_progress_seen() -> bool:
    """Whether standard error is a terminal on which a line can be written over."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def progress(text: str) -> None:
    """Write over the line on standard error where it is a terminal; "" takes it away."""
    if is_progress_seen():
        most = shutil.get_terminal_size().columns - 1
        click.echo(f"\r\x1b[K{cut(text, most)}", nl=False, err=True)


def for_shell(text: str) -> str:
    """Return a sentence without the keys of the app that it names to press."""
    return _KEY_OF_THE_APP.sub("", text)


@contextmanager
def problems_told() -> Iterator[None]:
    """Turn problems into what a command says and exits with."""
    try:
        yield
    except Problem as problem:
        raise (Misused if isinstance(problem, WrongInput) else Failed)(problem) from None


def _whole(problem: Problem) -> str:
    request = f"\nrequest {problem.request_id}" if problem.request_id else ""
    return f"{for_shell(str(problem))}{request}"
