"""What the commands for usage and for costs share: their options, and one way through the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from oai_tui.cli.estate import with_session
from oai_tui.cli.figure_words import dimension_of, filters_of, id_of, period_of
from oai_tui.cli.rows import format_option
from oai_tui.cli.telling import progress, say
from oai_tui.core.errors import WrongInput, once
from oai_tui.core.text import clean

if TYPE_CHECKING:
    from datetime import datetime

    from oai_tui.core.kinds import Dimension
    from oai_tui.core.metrics import Metric
    from oai_tui.core.usage import Group
    from oai_tui.core.zone import Zone
    from oai_tui.services.session import Session
    from oai_tui.services.usage import Question, Report

WIDE = 10**9
"""Room for as many cuts as there are: rows are not bars."""

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. `step` is "" where nobody asked for one."""

    metric: Metric
    since: str | None
    until: str | None
    group: str
    filters: tuple[str, ...]
    step: str
    compare: bool
    form: str
    zone: str = "utc"


_GROUP = "What the figures are told apart by, such as project or key; a wrong word lists all."
_FILTER = "Only what belongs to this one, such as project=web; repeatable."


def figure_options(*steps: str) -> Callable[[Command], Command]:
    """Return the options that both commands have, with the steps that one of them knows."""
    options = (
        click.option("--since", metavar="WHEN", help="A day, or words such as 7d or last-month."),
        click.option("--until", metavar="WHEN", help="The last day; today without it."),
        click.option("--group", metavar="BY", default="model", show_default=True, help=_GROUP),
        click.option("--filter", "filters", metavar="BY=NAME", multiple=True, help=_FILTER),
        click.option("--step", type=click.Choice(steps), help="One row for each of these."),
        click.option("--compare", is_flag=True, help="The period before as well."),
        format_option,
    )

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def tell_figures(context: click.Context, asked: Asked) -> None:
    """Write the figures asked for. The exit status is 1 when a part of them is missing."""
    reports, notes, now = with_session(context, lambda session: _read(session, asked))
    click.echo(_spelled(reports, asked, now), nl=False)
    gaps = once(gap for report in reports for gap in report.gaps)
    known = dict.fromkeys(note for report in reports for note in report.notes)
    for note in (*notes, *known, *gaps):
        say(note)
    if gaps:
        context.exit(1)


async def _read(session: Session, asked: Asked) -> tuple[list[Report], list[str], datetime]:
    """Return a report for each figure, the one asked for first, what else to say, and the time."""
    from oai_tui.services.usage_export import beside

    question = _question(session, asked)
    shown = dict.fromkeys((question.metric, *beside(question)))
    # The figure of the most kinds takes the others along, in one round of requests.
    widest = max(shown, key=lambda metric: len(metric.kinds))
    await session.usage.prepare(
        replace(question, metric=widest), on_progress=partial(_reading, "figures")
    )
    notes = await _learn_names(session, question)
    question, unseen = _with_ids(session, question)
    reports = [session.usage.view(replace(question, metric=each), WIDE) for each in shown]
    return reports, [*notes, *unseen], session.setup.clock()


def _question(session: Session, asked: Asked) -> Question:
    from oai_tui.core.cuts import Step
    from oai_tui.services.usage import Question

    zone = _zone(session, asked.zone)
    question = Question(
        period_of(asked.since, asked.until, zone.day_of(session.setup.clock())),
        asked.metric,
        dimension_of(asked.group, asked.metric),
        filters_of(asked.filters, asked.metric),
        zone,
        Step(asked.step) if asked.step else Step.DAY,
        asked.compare,
    )
    if question.step is not question.finest:
        raise WrongInput(
            f"{question.metric.label.capitalize()} of so many days cannot be told by the "
            f"{question.step}.",
            f"Ask for fewer days, or for each {question.finest}.",
        )
    return question


def _zone(session: Session, name: str) -> Zone:
    from oai_tui.core.zone import UTC, Zone

    words = {"utc": UTC, "local": session.usage.local_zone}
    return words.get(name.casefold()) or Zone(name)


async def _learn_names(session: Session, question: Question) -> tuple[str, ...]:
    from oai_tui.services.usage_names import learn_names

    wanted = {question.dimension, *(dimension for dimension, _ in question.filters)}
    ids = {each: [group.id for group in _groups(session, question, each)] for each in wanted}
    return await learn_names(session, ids, partial(_reading, "names"))


def _with_ids(session: Session, question: Question) -> tuple[Question, list[str]]:
    """Return the question with ids in place of names, and which of them have no figures here."""
    filters, unseen = [], []
    for dimension, typed in question.filters:
        groups = _groups(session, question, dimension)
        id = id_of(dimension, typed, groups)
        filters.append((dimension, id))
        if all(group.id != id for group in groups):
            name = f"“{clean(typed, 60)}”" if typed else "without one"
            unseen.append(f"There is nothing of a {dimension.label} {name} in these days.")
    return replace(question, filters=tuple(filters)), unseen


def _groups(session: Session, question: Question, by: Dimension) -> Sequence[Group]:
    """Return all there are of a dimension in these days."""
    everything = replace(question, dimension=by, filters=(), compare=False)
    return session.usage.view(everything, 1).pivot.groups


def _spelled(reports: Sequence[Report], asked: Asked, now: datetime) -> str:
    from oai_tui.services import usage_export

    rows = reports[1:] or reports
    if asked.form == "json":
        return usage_export.rows_json(rows)
    if asked.form == "csv":
        return usage_export.rows_csv(rows)
    from oai_tui.cli.figure_table import figure_table

    return figure_table(reports, now, by_step=bool(asked.step))


def _reading(what: str, done: int, of: int) -> None:
    progress(f"reading {what}: {done} of {of}")
