"""What the commands for the bill share: reading it, and saying what is missing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from oai_tui.cli.rows import GAP, NARROWEST, cut, width
from oai_tui.cli.telling import progress, say
from oai_tui.core.errors import StoreProblem

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement
    from oai_tui.services.session import Session


class Showing(click.Group):
    """Commands of which the first one made is meant where none is named, with its options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the first command before options that are not of the group."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)


async def bill(session: Session, *, fresh: bool = False, whole: bool = False) -> Statement:
    """Return the state of the bill, with its progress on standard error.

    `whole` asks for the limits of every project, also of those that spent nothing. Nothing is taken
    from memory while it is not known what became of a change. Raises ApiProblem when nothing at all
    is known.
    """
    asking: Any = {"on_progress": partial(reading, "the bill")}
    statement = await session.billing.load(fresh=fresh or is_unsettled(session), **asking)
    if whole and statement.unasked:
        statement = await session.billing.load_rest(**asking)
    progress("")
    return statement


def is_unsettled(session: Session) -> bool:
    """Whether a change was cut off, or is under way elsewhere."""
    with suppress(StoreProblem):
        return session.changes is not None and any(
            change.is_open for change in session.changes.recent()
        )
    return False


def figures_right(rows: Sequence[Sequence[str]], columns: Collection[int]) -> list[list[str]]:
    """Put the figures of these columns under each other by their last digit."""
    widths = {at: max(width(row[at]) for row in rows) for at in columns}
    return [
        [" " * (widths.get(at, 0) - width(cell)) + cell for at, cell in enumerate(row)]
        for row in rows
    ]


def with_names_cut(rows: list[list[str]], at: int) -> list[list[str]]:
    """Make room for the rest of the row on a terminal by cutting the names of a column."""
    if not sys.stdout.isatty():
        return rows
    most = shutil.get_terminal_size().columns
    others = [row[:at] + row[at + 1 :] for row in rows]
    room = max(NARROWEST, most - table_width(others) - len(GAP))
    return [[*row[:at], cut(row[at], room), *row[at + 1 :]] for row in rows]


def table_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the cells that rows take under their heads."""
    columns = list(zip(*rows, strict=True))
    return sum(max(map(width, column)) for column in columns) + len(GAP) * (len(columns) - 1)


def reading(what: str, done: int, of: int) -> None:
    """Show how far the reading of something is."""
    progress(f"reading {what}: {done} of {of}")


def end(context: click.Context, gaps: Iterable[str], notes: Iterable[str] = ()) -> None:
    """Say what there is to know, and end with 1 where a part is missing."""
    missing = dict.fromkeys(gaps)
    for sentence in dict.fromkeys((*notes, *missing)):
        say(sentence)
    if missing:
        context.exit(1)
