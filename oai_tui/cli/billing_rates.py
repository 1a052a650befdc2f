"""The rate limits of projects and models, beside what was used of them, and setting them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import click

from oai_tui.cli.asking import unbroken
from oai_tui.cli.billing import billing
from oai_tui.cli.billing_changes import consented, settle
from oai_tui.cli.billing_reading import Showing, end, is_unsettled, reading
from oai_tui.cli.billing_scopes import named
from oai_tui.cli.estate import changing, with_session
from oai_tui.cli.options import yes_option
from oai_tui.cli.rows import format_option
from oai_tui.cli.telling import problems_told, progress, say, tell
from oai_tui.core.errors import Problem, WrongInput
from oai_tui.core.limits import Ceiling
from oai_tui.core.rates import COMPARED
from oai_tui.core.text import UNKNOWN, when

if TYPE_CHECKING:
    from datetime import datetime

    from oai_tui.core.brakes import Adjustment, RateChange
    from oai_tui.core.rates import RateRow
    from oai_tui.services.billing.rates import RateTable
    from oai_tui.services.session import Session

Command = Callable[..., Any]

OPTIONS = {
    Ceiling.REQUESTS: "requests-a-minute",
    Ceiling.TOKENS: "tokens-a-minute",
    Ceiling.IMAGES: "images-a-minute",
    Ceiling.AUDIO: "audio-a-minute",
    Ceiling.DAILY_REQUESTS: "requests-a-day",
    Ceiling.BATCH: "batch-tokens-a-day",
}

_projects_option = click.option(
    "--project",
    "projects",
    metavar="P",
    multiple=True,
    help="A project, by id or name; repeatable.",
)
_models_option = click.option(
    "--model", "models", metavar="M", multiple=True, help="A model, or 'gpt-5*'; repeatable."
)
_throttled_option = click.option(
    "--throttled", is_flag=True, help="Only where a minute, or today, came near a ceiling."
)


@billing.group(cls=Showing, short_help="Show and set the rate limits of projects and models.")
def rates() -> None:
    """Show and set the rate limits of projects and models.

    They are ceilings: the platform tells no counters. How near the busiest minutes came to them,
    and the day so far, is an estimate. Without a command it lists them.
    """


@rates.command("list", short_help="List the rate limits beside the busiest minutes and today.")
@_projects_option
@_models_option
@_throttled_option
@click.option("--fresh", is_flag=True, help="Ask for those again that were read within the hour.")
@format_option
@click.pass_context
def list_rates(
    context: click.Context,
    projects: tuple[str, ...],
    models: tuple[str, ...],
    throttled: bool,
    fresh: bool,
    form: str,
) -> None:
    """List the rate limits of every project beside the busiest minutes of the last hours and today.

    The exit status is 1 when a part could not be read.
    """
    from oai_tui.cli.billing_rate_rows import rates_spelled

    async def run(session: Session) -> tuple[RateTable, datetime]:
        is_fresh = fresh or is_unsettled(session)
        return await _read(session, projects, fresh=is_fresh), session.setup.clock()

    found, now = with_session(context, run)
    rows = _chosen(found.rows, models, throttled=throttled)
    click.echo(rates_spelled(rows, form), nl=False)
    if form == "table":
        near = sum(row.throttled for row in rows) if found.can_mark else UNKNOWN
        say(f"{len(rows)} shown, {near} near a ceiling.")
        say(found.basis)
        if untold := [each.label for each in Ceiling if _is_untold(each, rows)]:
            say(f"Not compared, as no usage tells what counts: {', '.join(untold)}.")
        if found.as_of and now > found.as_of:
            say(f"Ceilings as last seen {when(found.as_of, now)}; --fresh asks again.")
    end(context, found.gaps, found.notes)


def _is_untold(ceiling: Ceiling, rows: Iterable[RateRow]) -> bool:
    return ceiling not in COMPARED and any(ceiling in row.limit.ceilings for row in rows)


def _ceiling_options(command: Command) -> Command:
    for ceiling in reversed(Ceiling):
        command = click.option(
            f"--{OPTIONS[ceiling]}", ceiling.value, metavar="N", help=f"{ceiling.label}."
        )(command)
    return command


@rates.command("set", short_help="Set ceilings of many rate limits at once.")
@_projects_option
@_models_option
@_throttled_option
@_ceiling_options
@yes_option
@click.pass_context
def set_rates(
    context: click.Context,
    /,
    projects: tuple[str, ...],
    models: tuple[str, ...],
    throttled: bool,
    yes: bool,
    **typed: str | None,
) -> None:
    """Set ceilings of the rate limits that --project, --model and --throttled choose.

    N is a number such as 500, 300k or 1.5M, or a change of what is there: x2, 50%, +1000, -1000.
    One that fails stops no other; the exit status is 1 then.
    """
    from oai_tui.core.brakes import Adjustment

    with problems_told():
        if not (projects or models or throttled):
            raise WrongInput(
                "Which rate limits?", "Say --project or --model; --model '*' means all."
            )
        wanted = {Ceiling(name): Adjustment.parse(text) for name, text in typed.items() if text}
        if not wanted:
            names = ", ".join(f"--{name}" for name in OPTIONS.values())
            raise WrongInput("Nothing is to be changed.", f"Give at least one of {names}.")
    changing(context)

    async def run(session: Session) -> int:
        await settle(session)
        found = await _read(session, projects, fresh=True)
        for gap in found.gaps:
            say(gap)
        rows = _chosen(found.rows, models, throttled=throttled)
        if not rows:
            raise WrongInput(
                "No rate limit is chosen by that.", "oai-tui billing rates lists them."
            )
        changes = _changes(rows, wanted)
        if not changes:
            say("All of that is so already.")
            return 0
        lines = [f"{name}: {each.was} → {each.is_to_be}" for name, each in changes]
        what = changes[0][0] if len(changes) == 1 else f"{len(changes)} rate limits"
        consented(lines, f"Set {what}?", yes=yes)
        return await _set(session, changes)

    if with_session(context, run):
        context.exit(1)


async def _read(session: Session, projects: Sequence[str], *, fresh: bool) -> RateTable:
    """Return the rate limits of some projects, of all without any named."""
    living = await session.rates.projects()
    session.directory.learn_estate(living, ())
    chosen = {each.id: each for each in (named(living, word) for word in projects)}
    only = tuple(chosen or (each.id for each in living))
    async for found in session.rates.load(fresh=fresh, only=only):
        if found.to_read:
            reading("rate limits", found.read, found.to_read)
    progress("")
    return found


def _chosen(rows: Iterable[RateRow], models: Sequence[str], *, throttled: bool) -> list[RateRow]:
    return [
        row
        for row in rows
        if (row.throttled or not throttled)
        and (not models or any(_is_model(row.limit.model, word) for word in models))
    ]


def _is_model(model: str, word: str) -> bool:
    return fnmatchcase(model.casefold(), word.strip().casefold())


def _changes(
    rows: Sequence[RateRow], wanted: Mapping[Ceiling, Adjustment]
) -> list[tuple[str, RateChange]]:
    """Return what changes of each rate limit; of which none does is said. Raises WrongInput."""
    from oai_tui.core.brakes import RateChange, rate_change

    changes = []
    for row in rows:
        name = f"{row.limit.model} in {row.project}"
        untold = [each.label for each in wanted if each not in row.limit.ceilings]
        if untold:
            say(f"{name}: the platform tells no {' and no '.join(untold)}, so that stays.")
        parts = [rate_change(row.limit, each, how) for each, how in wanted.items()]
        values = {each: value for part in parts if part for each, value in part.wanted.items()}
        if values:
            changes.append((name, RateChange(row.limit, values)))
    return changes


async def _set(session: Session, changes: Sequence[tuple[str, RateChange]]) -> int:
    """Set project by project, tell what came of each, and return how many failed."""
    failed = 0
    await session.rates.doubt(change for _, change in changes)
    for id in dict.fromkeys(change.limit.project_id for _, change in changes):
        group = [each for each in changes if each[1].limit.project_id == id]
        failed += await unbroken(_set_in_project(session, group))
    return failed


async def _set_in_project(session: Session, changes: Sequence[tuple[str, RateChange]]) -> int:
    failed = 0
    try:
        outcomes = await session.brakes.set_rates([change for _, change in changes])
    except Problem as problem:
        for name, _ in changes:
            tell(name, problem)
        return len(changes)
    await session.rates.take(outcomes)
    for (name, _), outcome in zip(changes, outcomes, strict=True):
        if outcome.problem:
            failed += 1
            tell(name, outcome.problem)
        if outcome.done:
            say(outcome.done.words)
            if outcome.done.trouble:
                say(outcome.done.trouble)
    return failed
