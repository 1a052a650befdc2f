"""The spend alerts: listing, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from oai_tui.cli.billing import billing
from oai_tui.cli.billing_changes import capital, consented, made, relearning, settle
from oai_tui.cli.billing_reading import Showing, bill, end
from oai_tui.cli.billing_scopes import project_option, scope_meant
from oai_tui.cli.estate import changing, with_session
from oai_tui.cli.options import yes_option
from oai_tui.cli.rows import format_option
from oai_tui.cli.telling import problems_told, say
from oai_tui.core.errors import WrongInput
from oai_tui.core.text import clean

if TYPE_CHECKING:
    from decimal import Decimal

    from oai_tui.core.limits import SpendAlert
    from oai_tui.services.billing import AlertState
    from oai_tui.services.session import Session

_TO = "Who gets the mail; repeatable."
_PREFIX = "What the subject of the mail begins with."


@billing.group(cls=Showing, short_help="Show, make, change and delete spend alerts.")
def alerts() -> None:
    """Show, make, change and delete spend alerts: the platform mails, and traffic goes on.

    Without a command it lists them.
    """


@alerts.command("list", short_help="List the spend alerts, the smallest first.")
@format_option
@click.pass_context
def list_alerts(context: click.Context, form: str) -> None:
    """List the spend alerts of the organization and of projects, the smallest first.

    The exit status is 1 when a part could not be read.
    """
    from oai_tui.cli.billing_rows import alerts_spelled

    statement = with_session(context, partial(bill, fresh=True, whole=True))
    click.echo(alerts_spelled(statement, form), nl=False)
    if form == "table" and not statement.alerts and statement.alerts_known:
        say("There are no spend alerts.")
    end(context, statement.gaps, (*statement.notes, *statement.overtaken))


@alerts.command(short_help="Make a spend alert.")
@click.argument("amount")
@click.option("--to", metavar="MAIL", multiple=True, required=True, help=_TO)
@click.option("--prefix", metavar="TEXT", default="", help=_PREFIX)
@project_option
@yes_option
@click.pass_context
def create(
    context: click.Context,
    amount: str,
    to: tuple[str, ...],
    prefix: str,
    project: str | None,
    yes: bool,
) -> None:
    """Make a spend alert at an amount of dollars a month, such as 1500 or 1,500.50."""
    from oai_tui.core.brakes import alert_amount, recipients_of, subject_of_alert, subject_prefix_of
    from oai_tui.core.limits import SpendAlert

    with problems_told():
        wanted = SpendAlert(
            "", alert_amount(amount), recipients_of(" ".join(to)), subject_prefix_of(prefix)
        )
    changing(context)

    async def run(session: Session) -> bool:
        await settle(session)
        scope = await scope_meant(session, project)
        subject = subject_of_alert(scope.name)
        consented(_meaning(wanted, scope.spent), f"Make {subject}?", yes=yes)
        change = session.brakes.create_alert(replace(wanted, project_id=scope.id))
        async with relearning(session, {scope.id}):
            return await made(capital(subject), change)

    if not with_session(context, run):
        context.exit(1)


@alerts.command(
    short_help="Give a spend alert another amount, other recipients or another subject."
)
@click.argument("id")
@click.option("--amount", metavar="AMOUNT", help="Dollars a month, such as 1500 or 1,500.50.")
@click.option("--to", metavar="MAIL", multiple=True, help=_TO)
@click.option("--prefix", metavar="TEXT", help=f'{_PREFIX} "" for none.')
@yes_option
@click.pass_context
def edit(
    context: click.Context,
    id: str,
    amount: str | None,
    to: tuple[str, ...],
    prefix: str | None,
    yes: bool,
) -> None:
    """Give a spend alert another amount, other recipients or another subject.

    What is not given stays as it is; --to names all who get the mail from then on.
    """
    from oai_tui.core.brakes import alert_words

    with problems_told():
        change = _change(amount, to, prefix)
    changing(context)

    async def run(session: Session) -> bool:
        await settle(session)
        (state,) = await _meant(session, [id])
        seen = state.alert
        wanted = replace(seen, **change)
        if alert_words(seen) == alert_words(wanted):
            say(f"{_title(state)} is that already: {alert_words(seen)}.")
            return True
        lines = [f"{alert_words(seen)} → {alert_words(wanted)}", *_meaning(wanted, state.spent)[1:]]
        consented(lines, f"Change {_title(state)}?", yes=yes)
        async with relearning(session, {seen.project_id}):
            return await made(capital(_title(state)), session.brakes.edit_alert(seen, wanted))

    if not with_session(context, run):
        context.exit(1)


@alerts.command(short_help="Delete spend alerts.")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@yes_option
@click.pass_context
def delete(context: click.Context, ids: tuple[str, ...], yes: bool) -> None:
    """Delete spend alerts. One that fails stops no other; the exit status is 1 then."""
    from oai_tui.core.brakes import alert_words

    changing(context)

    async def run(session: Session) -> bool:
        await settle(session)
        states = await _meant(session, ids)
        lines = [f"{_title(each)}: {alert_words(each.alert)}" for each in states]
        what = _title(states[0]) if len(states) == 1 else f"{len(states)} spend alerts"
        consented(lines, f"Delete {what}?", yes=yes)
        async with relearning(session, {each.alert.project_id for each in states}):
            ends = [
                await made(capital(_title(each)), session.brakes.delete_alert(each.alert))
                for each in states
            ]
        return all(ends)

    if not with_session(context, run):
        context.exit(1)


async def _meant(session: Session, ids: Sequence[str]) -> list[AlertState]:
    """Return the alerts with these ids as they are now, each once. Raises WrongInput."""
    statement = await bill(session, fresh=True)
    if not {*ids} <= {each.alert.id for each in statement.alerts}:
        statement = await bill(session, whole=True)
    known = {each.alert.id: each for each in statement.alerts}
    for id in ids:
        if id not in known:
            way_out = "oai-tui billing alerts lists them."
            way_out = " ".join((*statement.gaps, way_out))
            raise WrongInput(f"There is no spend alert “{clean(id, 60)}”.", way_out)
    return [known[id] for id in dict.fromkeys(ids)]


def _change(amount: str | None, to: Sequence[str], prefix: str | None) -> dict[str, Any]:
    """Return the parts of an alert that are to become others. Raises WrongInput."""
    from oai_tui.core.brakes import alert_amount, recipients_of, subject_prefix_of

    change: dict[str, Any] = {}
    if amount is not None:
        change["amount"] = alert_amount(amount)
    if to:
        change["recipients"] = recipients_of(" ".join(to))
    if prefix is not None:
        change["subject_prefix"] = subject_prefix_of(prefix)
    if not change:
        raise WrongInput("Nothing is to be changed.", "Give --amount, --to or --prefix.")
    return change


def _meaning(wanted: SpendAlert, spent: Decimal | None) -> list[str]:
    """Return what an alert will be, and whether its amount is spent already."""
    from oai_tui.core.brakes import alert_words
    from oai_tui.core.text import money

    lines = [alert_words(wanted)]
    if spent is not None and spent >= wanted.amount.dollars:
        lines.append(f"{money(spent)} is spent this month: it is passed already.")
    return lines


def _title(state: AlertState) -> str:
    return f"the spend alert of {state.name or 'the organization'} ({state.alert.id})"
