"""The prepaid balance: what a person typed of it, and what should be left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import TYPE_CHECKING

import click

from oai_tui.cli.billing import billing, written
from oai_tui.cli.billing_changes import consented
from oai_tui.cli.billing_reading import Showing, bill, end, figures_right
from oai_tui.cli.estate import with_session
from oai_tui.cli.options import yes_option
from oai_tui.cli.root import setup_from
from oai_tui.cli.rows import format_option, table
from oai_tui.cli.telling import for_shell, problems_told, say
from oai_tui.core.errors import ApiProblem, WrongInput
from oai_tui.core.text import UNKNOWN, clean, money

if TYPE_CHECKING:
    from datetime import date, datetime

    from oai_tui.core.balance import BalanceEntry, Drift, EntryKind
    from oai_tui.services.billing import Statement
    from oai_tui.services.billing.lines import Line
    from oai_tui.services.session import Session

HEADS = ("ID", "WHAT", "AT", "AMOUNT", "EXPECTED", "DRIFT", "EXPIRES")

_at_option = click.option(
    "--at", metavar="WHEN", default="now", show_default=True, help="When it was so, UTC."
)
_expires_option = click.option(
    "--expires", metavar="DAY", help="The last day on which the credit can be spent."
)


@billing.group(cls=Showing, short_help="Say what the prepaid balance was; see what should be left.")
def balance() -> None:
    """Say what the prepaid balance was, and see what should be left of it.

    No API tells the balance. Type what the platform's billing page says; what it cost since is
    taken off, and when you type it again you see how far off the estimate was. Everything is kept
    on this machine only. Without a command it shows what should be left.
    """


@balance.command(short_help="Show what should be left, and what was typed.")
@format_option
@click.pass_context
def show(context: click.Context, form: str) -> None:
    """Show what should be left of the balance, and what was typed of it.

    The exit status is 1 when a part could not be read.
    """
    statement = with_session(context, bill)
    click.echo(_spelled(statement, form), nl=False)
    if form == "table" and not statement.entries:
        say("No balance was typed: oai-tui billing balance set AMOUNT.")
    end(context, statement.gaps, statement.notes)


@balance.command("export", short_help="Write what was typed of the balance, as CSV or JSON.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
@click.pass_context
def export_entries(context: click.Context, form: str) -> None:
    """Write everything that was typed of the balance, with the drifts, as CSV or JSON."""
    statement = with_session(context, bill)
    click.echo(_spelled(statement, form), nl=False)
    end(context, statement.gaps, statement.notes)


@balance.command("set", short_help="Say what the balance was at a time.")
@click.argument("amount")
@_at_option
@_expires_option
@yes_option
@click.pass_context
def set_balance(
    context: click.Context, amount: str, at: str, expires: str | None, yes: bool
) -> None:
    """Say what the prepaid balance was at a time: now, today, 2026-11-03 or 2026-11-03T14:30.

    A day alone is its first moment, UTC.
    """
    from oai_tui.core.balance import EntryKind

    _enter(context, EntryKind.BALANCE, amount, at, expires, yes=yes)


@balance.command("add", short_help="Say that credit was bought.")
@click.argument("amount")
@_at_option
@_expires_option
@yes_option
@click.pass_context
def add_top_up(
    context: click.Context, amount: str, at: str, expires: str | None, yes: bool
) -> None:
    """Say that credit was bought at a time: now, today, 2026-11-03 or 2026-11-03T14:30."""
    from oai_tui.core.balance import EntryKind

    _enter(context, EntryKind.TOP_UP, amount, at, expires, yes=yes)


@balance.command(short_help="Take back something that was typed of the balance.")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@yes_option
@click.pass_context
def remove(context: click.Context, ids: tuple[str, ...], yes: bool) -> None:
    """Take back what was typed of the balance, by its ids."""

    async def run(session: Session) -> Statement | None:
        statement = await _known(session)
        known = {entry.id: entry for entry in (statement.entries if statement else ())}
        for id in ids:
            if id not in known:
                raise WrongInput(
                    f"There is no entry “{clean(id, 40)}”.", "oai-tui billing balance lists them."
                )
        wanted = dict.fromkeys(ids)
        consented([_said(known[id]) for id in wanted], "Take this back?", yes=yes)
        for id in wanted:
            await session.own_figures.remove_balance(id)
            say(f"Taken back: {_said(known[id])}.")
        return await _known(session)

    _tell_left(with_session(context, run))


def _enter(
    context: click.Context, kind: EntryKind, amount: str, at: str, expires: str | None, *, yes: bool
) -> None:
    from oai_tui.core.moment import moment_from
    from oai_tui.core.money import Money
    from oai_tui.core.period import day_from

    with problems_told():
        wanted = Money.parse(amount)
        now = setup_from(context).clock()
        moment = moment_from(at, now)
        last_day = day_from(expires, now.date()) if expires else None

    async def run(session: Session) -> Statement | None:
        before = await _known(session)
        typed = f"{wanted} at {_moment(moment)}" + _until(last_day)
        lines = ["It is kept on this machine; nothing is sent to the platform."]
        consented(lines, f"Write down the {kind.value} of {typed}?", yes=yes)
        entry = await session.own_figures.add_balance(kind, moment, wanted, last_day)
        after = await _known(session)
        say(f"Written down: {_said(entry)}, as {entry.id}.")
        say(f"Left: {_left(before)} → {_left(after)} (estimated).")
        return after

    statement = with_session(context, run)
    if statement and statement.drifts and statement.balance:
        drift = statement.drifts[-1]
        if drift.entry.id == statement.balance.since.id and kind.value == "balance":
            say(f"{money(drift.expected)} was expected then: {_drift(drift)}.")
    _tell_left(statement)


async def _known(session: Session) -> Statement | None:
    """Return the bill, None where the platform tells nothing of it: that is said."""
    try:
        return await bill(session)
    except ApiProblem as problem:
        say(for_shell(str(problem)))
        return None


def _tell_left(statement: Statement | None) -> None:
    for sentence in dict.fromkeys((*statement.notes, *statement.gaps)) if statement else ():
        say(sentence)


def _spelled(statement: Statement, form: str) -> str:
    from oai_tui.services.billing import export, words

    if form == "json":
        return export.balance_json(statement)
    if form == "csv":
        return export.balance_csv(statement)
    lines = list(_of_balance(words.lines(statement)))
    text = "".join(f"{line}\n" for line in written(lines))
    if statement.entries:
        cells = [HEADS, *(_cells(each, statement) for each in statement.entries)]
        heads, *rows = figures_right(cells, (3, 4, 5))
        text += f"{table(heads, rows)}\n"
    return text


def _of_balance(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines about the balance: a line without a label goes on with the one before."""
    is_meant = False
    for line in lines:
        is_meant = line.label == "BALANCE" or (is_meant and not line.label)
        if is_meant:
            yield line


def _cells(entry: BalanceEntry, statement: Statement) -> tuple[str, ...]:
    drift = next((each for each in statement.drifts if each.entry.id == entry.id), None)
    return (
        entry.id,
        entry.kind.value,
        _moment(entry.at),
        str(entry.amount),
        money(drift.expected) if drift else UNKNOWN,
        money(drift.difference) if drift else UNKNOWN,
        str(entry.expires or UNKNOWN),
    )


def _said(entry: BalanceEntry) -> str:
    return f"the {entry.kind.value} of {entry.amount} at {_moment(entry.at)}{_until(entry.expires)}"


def _until(last_day: date | None) -> str:
    return f", to be spent by {last_day}" if last_day else ""


def _left(statement: Statement | None) -> str:
    return money(statement.balance.left) if statement and statement.balance else UNKNOWN


def _drift(drift: Drift) -> str:
    if not drift.difference:
        return "just that"
    direction = "more" if drift.difference > 0 else "less"
    unsure = f", give or take {money(drift.unsure)}" if drift.unsure else ""
    return f"there was {money(abs(drift.difference))} {direction}{unsure}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
