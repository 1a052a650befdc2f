"""Changing what belongs to the bill: the question, the amount typed again, and what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from oai_tui.cli.asking import answered, is_somebody_there, sure, unbroken
from oai_tui.cli.billing_reading import bill
from oai_tui.cli.telling import say, tell
from oai_tui.core.errors import Problem, WrongInput

if TYPE_CHECKING:
    from oai_tui.core.brakes import Consequence
    from oai_tui.core.money import Money
    from oai_tui.services.billing.brakes import Done
    from oai_tui.services.session import Session

even_if_spent_option = click.option(
    "--even-if-spent", is_flag=True, help="Also an amount that is spent already."
)


async def made(about: str, change: Coroutine[Any, Any, Done]) -> bool:
    """Make a change that Ctrl-C lets come to its end, tell what came of it; return whether it was.

    `about` stands before what went wrong.
    """

    async def run() -> bool:
        try:
            done = await change
        except Problem as problem:
            tell(about, problem)
            return False
        say(done.words)
        if done.trouble:
            say(done.trouble)
        return True

    return await unbroken(run())


async def settle(session: Session) -> None:
    """Say what became of changes that an earlier run did not see the end of."""
    for sentence in await session.brakes.settle_open():
        say(sentence)


@asynccontextmanager
async def relearning(session: Session, projects: Collection[str]) -> AsyncIterator[None]:
    """Have the next command know what became of the brakes of these; "" is the organization.

    Also where Ctrl-C comes in between.
    """
    try:
        yield
    finally:
        for each in projects:
            session.billing.forget(each)
        with suppress(Problem):  # they stay forgotten, which is as good
            await bill(session)


def consented(lines: Sequence[str], question: str, *, yes: bool) -> None:
    """Tell what a change does and go on only with a yes. Raises WrongInput where nobody is."""
    for line in lines:
        say(f"  · {line}")
    sure(question, yes)


def amount_consented(
    comes: Consequence, question: str, amount: Money, *, yes: bool, even_if_spent: bool
) -> None:
    """Tell what a limit does and go on only with a yes.

    One that refuses traffic at once, or may do so, takes the amount typed again, or else
    --even-if-spent. Raises WrongInput.
    """
    if not comes.must_retype or even_if_spent:
        consented(comes.lines, question, yes=yes)
        return
    if yes or not is_somebody_there():
        why = comes.lines[0]
        raise WrongInput(why, f"To set {amount} nevertheless, say --even-if-spent as well.")
    for line in comes.lines:
        say(f"  · {line}")
    say(question)
    _typed_again(amount)


def capital(text: str) -> str:
    """Return a text with a capital at its start, to begin a sentence."""
    return text[:1].upper() + text[1:]


def _typed_again(amount: Money) -> None:
    from oai_tui.core.money import Money

    try:
        is_same = Money.parse(answered("Type the amount again to do it: ")) == amount
    except WrongInput:
        is_same = False
    if not is_same:
        say("That is not the same amount. Nothing is changed.")
        raise click.Abort
