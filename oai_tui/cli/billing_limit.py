"""The hard limits: what each is, and setting and removing them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from oai_tui.cli.billing import billing
from oai_tui.cli.billing_changes import (
    amount_consented,
    capital,
    consented,
    even_if_spent_option,
    made,
    relearning,
    settle,
)
from oai_tui.cli.billing_reading import Showing, bill, end
from oai_tui.cli.billing_scopes import project_option, scope_meant
from oai_tui.cli.estate import changing, with_session
from oai_tui.cli.options import yes_option
from oai_tui.cli.rows import format_option
from oai_tui.cli.telling import problems_told, say

if TYPE_CHECKING:
    from oai_tui.cli.billing_scopes import Scope
    from oai_tui.core.limits import SpendLimit
    from oai_tui.services.session import Session


@billing.group(cls=Showing, short_help="Show, set and remove the hard monthly limits.")
def limit() -> None:
    """Show, set and remove the hard monthly limits of the organization and of projects.

    Without a command it lists them.
    """


@limit.command("list", short_help="List the hard limits with what is spent of each.")
@format_option
@click.pass_context
def list_limits(context: click.Context, form: str) -> None:
    """List the hard limits with what is spent of each this month (UTC).

    The exit status is 1 when a part could not be read.
    """

    from oai_tui.cli.billing_rows import limits_spelled

    statement = with_session(context, partial(bill, fresh=True, whole=True))
    click.echo(limits_spelled(statement, form), nl=False)
    end(context, statement.gaps, (*statement.notes, *statement.overtaken))


@limit.command("set", short_help="Set or change a hard limit.")
@click.argument("amount")
@project_option
@even_if_spent_option
@yes_option
@click.pass_context
def set_limit(
    context: click.Context, amount: str, project: str | None, even_if_spent: bool, yes: bool
) -> None:
    """Set or change a hard limit, in dollars a month such as 1500 or 1,500.50.

    Once it is reached, requests to models are refused until the limit is raised or removed, or the
    next month begins. An amount that is spent already has to be typed again; where nobody can be
    asked it takes --even-if-spent beside --yes.
    """
    from oai_tui.core.brakes import consequence, limit_amount, limit_words, subject_of_limit

    with problems_told():
        wanted = limit_amount(amount)
    changing(context)

    async def run(session: Session) -> bool:
        await settle(session)
        scope, seen = await _seen(session, project)
        subject = subject_of_limit(scope.name)
        if seen and seen.amount == wanted:
            say(f"{capital(subject)} is {limit_words(seen)} already.")
            return True
        comes = consequence(
            scope.name,
            seen.amount if seen else None,
            wanted,
            spent=scope.spent,
            today=scope.today,
            reached=scope.pace.reached if scope.pace else None,
        )
        question = f"Set {subject}: {limit_words(seen)} → {wanted} a month?"
        amount_consented(comes, question, wanted, yes=yes, even_if_spent=even_if_spent)
        change = session.brakes.set_limit(seen, wanted, scope.id)
        async with relearning(session, {scope.id}):
            return await made(capital(subject), change)

    if not with_session(context, run):
        context.exit(1)


@limit.command(short_help="Remove a hard limit.")
@project_option
@yes_option
@click.pass_context
def remove(context: click.Context, project: str | None, yes: bool) -> None:
    """Remove a hard limit: nothing is refused because of it any more."""
    from oai_tui.core.brakes import consequence, limit_words, subject_of_limit

    changing(context)

    async def run(session: Session) -> bool:
        await settle(session)
        scope, seen = await _seen(session, project)
        subject = subject_of_limit(scope.name)
        if seen is None:
            say(f"There is no hard limit of {scope.name or 'the organization'}.")
            return True
        comes = consequence(scope.name, seen.amount, None, spent=scope.spent, today=scope.today)
        consented(comes.lines, f"Remove {subject}, {limit_words(seen)}?", yes=yes)
        change = session.brakes.remove_limit(seen, scope.id)
        async with relearning(session, {scope.id}):
            return await made(capital(subject), change)

    if not with_session(context, run):
        context.exit(1)


async def _seen(session: Session, project: str | None) -> tuple[Scope, SpendLimit | None]:
    """Return whose limit is meant and what it is at this moment. Raises WrongInput, ApiProblem."""
    from oai_tui.api.spend import spend_limit

    scope = await scope_meant(session, project)
    return scope, await spend_limit(session.client, scope.id)
