"""One line on the bill for cron and prompts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from oai_tui.cli.billing_reading import bill
from oai_tui.cli.estate import with_session
from oai_tui.cli.telling import say

if TYPE_CHECKING:
    from oai_tui.core.verdict import Reason, Verdict
    from oai_tui.services.billing import Statement
    from oai_tui.services.session import Session


def tell_verdict(context: click.Context, near: int | None, runway: int | None) -> None:
    """Write the verdict and end with its exit status; what could not be read is said beside it.

    The thresholds are those of the settings unless given.
    """

    async def read(session: Session) -> tuple[Statement, Verdict]:
        from oai_tui.services.billing.assembly import judged

        statement = await bill(session, whole=True)
        warnings = statement.warnings
        if near is not None:
            warnings = replace(warnings, near_percent=near)
        if runway is not None:
            warnings = replace(warnings, runway_days=runway)
        return statement, judged(statement, warnings)

    statement, verdict = with_session(context, read)
    verdict = _with_doubts(verdict, tuple(_doubts(statement)))
    click.echo(verdict.line())
    for sentence in dict.fromkeys((*statement.notes, *statement.gaps)):
        say(sentence)
    context.exit(int(verdict.level))


def _with_doubts(verdict: Verdict, doubts: tuple[Reason, ...]) -> Verdict:
    """Return a verdict that calls nothing under which could not be looked at."""
    reasons = (*verdict.reasons, *doubts)
    level = max((reason.level for reason in reasons), default=verdict.level)
    return replace(verdict, level=level, reasons=reasons)


def _doubts(statement: Statement) -> Iterator[Reason]:
    """Yield what was not read this time, although it is known how it once was."""
    from oai_tui.core.verdict import Level, Reason

    if statement.cycle and statement.from_cache:
        as_of = f"{statement.as_of:%Y-%m-%d %H:%M} UTC" if statement.as_of else "an earlier time"
        yield Reason(Level.UNKNOWN, f"the costs are those of {as_of}")
    if statement.limit.is_known and statement.limit.is_old:
        yield Reason(Level.UNKNOWN, "the hard limit could not be read again")
    unread = [
        each
        for each in statement.projects
        if each.id and each.spent and (not each.limit_known or each.limit.is_old)
    ]
    if unread:
        limits = "limit of 1 project" if len(unread) == 1 else f"limits of {len(unread)} projects"
        yield Reason(Level.UNKNOWN, f"the {limits} could not be read")
