"""Looking at the keys of the organization."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from oai_tui.cli.estate import meant, whole, with_session
from oai_tui.cli.root import cli
from oai_tui.cli.rows import format_option, table
from oai_tui.cli.telling import say
from oai_tui.core.errors import StoreProblem

if TYPE_CHECKING:
    from datetime import datetime

    from oai_tui.core.estate import EstateRow
    from oai_tui.services.creation import Orphan
    from oai_tui.services.inventory import Inventory
    from oai_tui.services.key_story import Story
    from oai_tui.services.session import Session

HEADS = ("ID", "NAME", "HEALTH", "PROJECT", "OWNER", "LAST SEEN", "EXPIRES", "30 DAYS")


@cli.group()
def keys() -> None:
    """List, show, make, change, rotate and revoke keys."""


@keys.command("list", short_help="List the keys, those that need attention first.")
@click.argument("words", nargs=-1, metavar="[FILTER]...")
@click.option("--archived", is_flag=True, help="The keys of archived projects as well.")
@click.option("--deleted", is_flag=True, help="Keys that only usage and costs still name, as well.")
@format_option
@click.pass_context
def list_keys(
    context: click.Context, words: tuple[str, ...], archived: bool, deleted: bool, form: str
) -> None:
    """List the keys, those that need attention first.

    FILTER is as in the app, such as: project:web stale, or owner:alice '!expired'. The exit status
    is 1 when a part of the list could not be read.
    """
    from oai_tui.core.health import NEEDS_PERSON
    from oai_tui.core.key_filter import parse

    async def read(session: Session) -> tuple[list[EstateRow], datetime, list[str], bool]:
        known = await whole(session, archived=archived)
        now = session.setup.clock()
        rows = known.rows(now, session.setup.thresholds, deleted=deleted)
        wanted = parse(" ".join(words))
        found = [row for row in rows if wanted.matches(row)]
        notes = [*known.notes, *known.gaps, *_unfinished(session, known)]
        return sorted(found, key=_least_pressing_last), now, notes, bool(known.gaps)

    rows, now, notes, has_gaps = with_session(context, read)
    click.echo(_spelled(rows, now, form), nl=form == "table")
    if form == "table":
        pressing = sum(row.state.weight >= NEEDS_PERSON for row in rows)
        say(f"{len(rows)} shown, {pressing} of them need attention.")
    for note in notes:
        say(note)
    if has_gaps:
        context.exit(1)


@keys.command(short_help="Show one key and what was done to it.")
@click.argument("id")
@format_option
@click.pass_context
def show(context: click.Context, id: str, form: str) -> None:
    """Show one key, by its id or its name, with what was done to it.

    JSON and CSV are one row as in the list.
    """

    async def read(session: Session) -> tuple[EstateRow, Story, datetime]:
        from oai_tui.services.key_story import Story, story

        (row,) = await meant(session, [id])
        told = await story(session.client, row.key) if form == "table" else Story()
        return row, told, session.setup.clock()

    row, told, now = with_session(context, read)
    if form != "table":
        click.echo(_spelled([row], now, form), nl=False)
        return
    for label, fact in _facts(row, now):
        click.echo(f"{label:<14}{fact}")
    for event in told.events:
        click.echo(f"{'history':<14}{_moment(event.at)}  {event.words()}")
    if told.note:
        say(told.note)


def _least_pressing_last(row: EstateRow) -> tuple[object, ...]:
    return -row.state.weight, row.state.word, -(row.facts.cost or 0), row.key.name, row.id


def _unfinished(session: Session, known: Inventory) -> list[str]:
    """Return a sentence for all that was begun here and waits for somebody to see to it."""
    found = []
    with suppress(StoreProblem):
        if session.rotator and (left := len(session.rotator.unfinished())):
            found.append(f"{left} unfinished rotation{'s' * (left > 1)}: oai-tui keys rotations")
        if session.maker:
            whole = known.is_complete and not known.gaps
            orphans = session.maker.orphans(known.keys, whole=whole, as_of=known.as_of)
            found += map(_of_orphan, orphans)
    return found


def _of_orphan(orphan: Orphan) -> str:
    if orphan.key:
        return f"Made here, and nobody has it: oai-tui keys revoke {orphan.key.id}"
    name = orphan.creation.name
    if orphan.elsewhere:
        return f"It is not known whether {name} was made in {orphan.creation.organization}."
    return f"It is not known whether {name} was made; it is not in the list."


def _spelled(rows: list[EstateRow], now: datetime, form: str) -> str:
    from oai_tui.services import export

    if form == "json":
        return export.rows_json(rows, now)
    return (
        export.rows_csv(rows, now) if form == "csv" else table(HEADS, [_row(r, now) for r in rows])
    )


def _row(row: EstateRow, now: datetime) -> tuple[str, ...]:
    from oai_tui.core.text import UNKNOWN, ago, money, when

    key = row.key
    return (
        key.id,
        key.name or UNKNOWN,
        row.state.word,
        row.place() or UNKNOWN,
        key.owner.label if key.owner else UNKNOWN,
        ago(key.last_used_at, now) if key.last_used_at else "not seen",
        when(key.expires_at, now) if key.expires_at else "never",
        money(row.facts.cost),
    )


def _facts(row: EstateRow, now: datetime) -> list[tuple[str, str]]:
    from oai_tui.core.text import UNKNOWN, count, money, when

    key = row.key
    owner = f"{key.owner.label} ({key.owner.type.replace('_', ' ')})" if key.owner else UNKNOWN
    return [
        ("id", key.id),
        ("name", key.name or UNKNOWN),
        ("kind", key.kind.value),
        ("project", row.place() or UNKNOWN),
        ("owner", owner),
        ("key", key.masked or UNKNOWN),
        ("created", f"{_moment(key.created_at)} ({when(key.created_at, now)})"),
        ("last seen", when(key.last_used_at, now) if key.last_used_at else "not seen used"),
        ("expires", _moment(key.expires_at) if key.expires_at else "never"),
        ("30 days", f"{money(row.facts.cost)}, {count(row.facts.requests)} requests"),
        *(("health", f"{found.word}: {found.why}") for found in row.findings),
    ]


def _moment(moment: datetime | None) -> str:
    from datetime import UTC

    from oai_tui.core.text import UNKNOWN

    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else UNKNOWN
