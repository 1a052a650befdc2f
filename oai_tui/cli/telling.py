"""How a command tells of a problem."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from oai_tui.core.errors import Problem, WrongInput


class Failed(click.ClickException):
    """A problem on standard error: what happened, the way out, the request id."""

    def __init__(self, problem: Problem) -> None:
        request = f"\nrequest {problem.request_id}" if problem.request_id else ""
        super().__init__(f"{problem}{request}")


class Misused(Failed):
    """A problem with what was typed."""

    exit_code = 2


def say(text: str, problem: Problem | None = None) -> None:
    """Write a line to standard error, with the request of a problem under it."""
    click.echo(text, err=True)
    if problem and problem.request_id:
        click.echo(f"request {problem.request_id}", err=True)


@contextmanager
def problems_told() -> Iterator[None]:
    """Turn problems into what a command says and exits with."""
    try:
        yield
    except Problem as problem:
        raise (Misused if isinstance(problem, WrongInput) else Failed)(problem) from None
