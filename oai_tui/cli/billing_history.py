"""What each month cost, as far back as the platform answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from oai_tui.cli.billing import billing
from oai_tui.cli.billing_reading import end, figures_right, reading
from oai_tui.cli.estate import with_session
from oai_tui.cli.figure_words import period_of
from oai_tui.cli.rows import format_option, table
from oai_tui.cli.telling import progress
from oai_tui.core.pages import INVOICES_PAGE
from oai_tui.core.text import UNKNOWN, money, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from oai_tui.core.history import History, Month
    from oai_tui.core.kinds import Dimension
    from oai_tui.services.session import Session

ONE = Decimal(1)


@billing.command(short_help="Show what each month cost, by project or by line item.")
@click.option(
    "--by",
    type=click.Choice(["project", "line-item"]),
    default="project",
    show_default=True,
    help="What each month is told apart by.",
)
@click.option("--since", metavar="WHEN", help="The first month: 2026-03, 12mo; all without it.")
@click.option(
    "--days", is_flag=True, help="The days of each month instead, whole unless --by is given."
)
@format_option
@click.pass_context
def history(context: click.Context, by: str, since: str | None, days: bool, form: str) -> None:
    """Show what each month (UTC) cost, the newest first, as far back as the platform answers.

    Months are whole: --since is the first day of the month it lies in. The exit status is 1 when a
    part of the figures is missing.
    """
    from oai_tui.core.kinds import Dimension
    from oai_tui.services.billing.history import ToldHistory

    dimension = Dimension.PROJECT if by == "project" else Dimension.LINE_ITEM
    found, notes = with_session(context, partial(_read, dimension=dimension, since=since))
    is_split = context.get_parameter_source("by") is ParameterSource.COMMANDLINE
    told = _days_told(found, form, is_split) if days else _months_told(found, form)
    click.echo(told, nl=False)
    end(context, found.gaps if isinstance(found, ToldHistory) else (), notes)


async def _read(
    session: Session, dimension: Dimension, since: str | None
) -> tuple[History, tuple[str, ...]]:
    """Return the months from one on, and what there is to say of their names."""
    from oai_tui.core.kinds import Dimension
    from oai_tui.core.period import month_of
    from oai_tui.services.usage_names import learn_names

    today = session.setup.clock().date()
    first = month_of(period_of(since, None, today).first).first if since else None
    # The month before is what the first one is held against.
    asked = month_of(first).shifted(-1).first if first else None
    shown = partial(reading, "the months")
    found = await session.billing.history(dimension, since=asked, on_progress=shown)
    told = {part.id: part.name for month in found.months for part in month.parts}
    notes = await learn_names(session, {dimension: told}, partial(reading, "names"))
    progress("")
    names = told | _names(session, told) if dimension is Dimension.PROJECT else told
    months = tuple(
        replace(month, parts=tuple(replace(part, name=names[part.id]) for part in month.parts))
        for month in found.months
        if first is None or month.first >= first
    )
    return replace(found, months=months), notes


def _names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of projects as they are known by now, those of several with their ids."""
    from oai_tui.core.kinds import Dimension
    from oai_tui.core.text import short_id
    from oai_tui.services.usage.viewing import NOT_TOLD

    known = {id for id in ids if id and id != NOT_TOLD}
    names = {id: session.directory.name_of(Dimension.PROJECT, id) for id in known}
    seen = Counter(names.values())
    alike = {id: f"{name} ({short_id(id)})" for id, name in names.items() if seen[name] > 1}
    return names | alike


def _months_told(found: History, form: str) -> str:
    from oai_tui.services.billing import history_rows
    from oai_tui.services.billing.history_words import against

    if form == "json":
        return history_rows.history_json(found)
    if form == "csv":
        return history_rows.history_csv(found)
    names = ("MONTH", found.dimension.label.upper(), "COST", "SHARE", "CHANGE")
    rows = [names, *(row for month in found.months for row in _parts(month))]
    heads, *lines = figures_right(rows, (2, 3, 4))
    notes = [words for words in map(against, found.months) if words]
    return "\n".join([table(heads, lines), *notes, f"Invoices: {INVOICES_PAGE}\n"])


def _days_told(found: History, form: str, is_split: bool) -> str:
    from oai_tui.services.billing import history_rows

    by = found.dimension if is_split else None
    if form == "json":
        return history_rows.days_json(found.months, by)
    if form == "csv":
        return history_rows.days_csv(found.months, by)
    names = ("DAY", by.label.upper(), "COST", "SHARE") if by else ("DAY", "COST", "")
    days = _split_days if by else _days
    rows = [names, *(row for month in found.months for row in days(month))]
    heads, *lines = figures_right(rows, (2, 3) if by else (1,))
    return f"{table(heads, lines)}\nInvoices: {INVOICES_PAGE}\n"


def _parts(month: Month) -> Iterator[tuple[str, ...]]:
    from oai_tui.services.billing.history_words import marked_change

    name = f"{month.first:%Y-%m}"
    for part in month.parts:
        change = marked_change(part.change, month)
        yield (name, part.name, money(part.amount), _share(part.share), change)
    whole = percent(ONE, ONE) if month.total > 0 else UNKNOWN
    amount = money(month.total if month.is_told else None)
    yield (name, _total(month), amount, whole, marked_change(month.change, month))


def _total(month: Month) -> str:
    if not month.is_told:
        return "nothing reported yet" if month.is_open else "total, not known"
    if month.unknown_days:
        days = "1 day" if month.unknown_days == 1 else f"{month.unknown_days} days"
        return f"total, {days} unknown"
    return "total, provisional" if month.is_provisional else "total"


def _days(month: Month) -> Iterator[tuple[str, ...]]:
    for place, (day, cost) in enumerate(zip(month.period, month.days, strict=False)):
        yield (f"{day}", money(cost), _state(month, place))


def _split_days(month: Month) -> Iterator[tuple[str, ...]]:
    for place, (day, cost) in enumerate(zip(month.period, month.days, strict=False)):
        for part in month.split(place):
            yield (f"{day}", part.name, money(part.amount), _share(part.share))
        whole = percent(ONE, ONE) if cost and cost > 0 else UNKNOWN
        name = ", ".join(filter(None, ("total", _state(month, place))))
        yield (f"{day}", name, money(cost), whole)


def _state(month: Month, place: int) -> str:
    """Return what a person has to know of the figure of a day."""
    is_late = place >= month.settled
    if month.days[place] is None:
        return "nothing reported yet" if is_late else "not known"
    return "provisional" if is_late else ""


def _share(share: Decimal | None) -> str:
    return UNKNOWN if share is None else percent(share, ONE)
