"""What is spent this month, what is left and how long it lasts."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from oai_tui.cli.billing_reading import bill, end
from oai_tui.cli.estate import with_session
from oai_tui.cli.root import cli
from oai_tui.cli.rows import GAP, cut, format_option, width
from oai_tui.cli.telling import for_shell, problems_told
from oai_tui.core.errors import WrongInput
from oai_tui.core.pages import INVOICES_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from oai_tui.services.billing import Statement
    from oai_tui.services.billing.lines import Line


@cli.group(
    invoke_without_command=True,
    short_help="Show what is spent this month, what is left and how long it lasts.",
)
@click.option("--check", is_flag=True, help="One line for cron and prompts; the exit status tells.")
@click.option(
    "--near",
    metavar="PERCENT",
    type=click.IntRange(1, 100),
    help="With --check: near from here on, whatever the pace.",
)
@click.option(
    "--runway",
    metavar="DAYS",
    type=click.IntRange(0, 3650),
    help="With --check: near when the balance lasts so many days at most.",
)
@format_option
@click.pass_context
def billing(
    context: click.Context, check: bool, near: int | None, runway: int | None, form: str
) -> None:
    """Show what is spent this month (UTC), what is left and how long it lasts.

    --check writes one line. The exit status is 0 under all limits and budgets, 3 near one (also
    when the pace gets there this month, or the balance does not last), 4 over one, and 1 when that
    cannot be told, with the reason on standard error.
    """
    with problems_told():
        _refuse_mixture(context, check)
    if context.invoked_subcommand is not None:
        return
    if check:
        from oai_tui.cli.billing_check import tell_verdict

        tell_verdict(context, near, runway)
        return
    statement = with_session(context, bill)
    click.echo(_spelled(statement, form), nl=False)
    end(context, statement.gaps, statement.notes)


def _refuse_mixture(context: click.Context, check: bool) -> None:
    """Raise WrongInput for options that would be read and not heeded."""
    typed = [
        f"--{'format' if name == 'form' else name}"
        for name in context.params
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if context.invoked_subcommand is not None and typed:
        raise WrongInput(
            f"{', '.join(typed)} cannot stand before {context.invoked_subcommand}.",
            "Put what it has of that behind it.",
        )
    if not check and {"--near", "--runway"} & {*typed}:
        raise WrongInput("--near and --runway go with --check.")
    if check and "--format" in typed:
        raise WrongInput("--check writes one line; it has no --format.")


def _spelled(statement: Statement, form: str) -> str:
    from oai_tui.services.billing import summary, words

    if form == "json":
        return summary.summary_json(statement)
    if form == "csv":
        return summary.summary_csv(statement)
    lines = list(words.lines(statement))
    return "\n".join([_head(statement), *written(lines), f"Invoices: {INVOICES_PAGE}"]) + "\n"


def written(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the figures under each other, each said at the length there is room for."""
    most = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    label = max((width(line.label) for line in lines), default=0)
    figure = max((width(line.figure) for line in lines), default=0)
    for line in lines:
        start = f"{_padded(line.label, label)}{GAP}{_padded(line.figure, figure)}{GAP}"
        wordings = [for_shell(f"{words}  {_origin(line)}".rstrip()) for words in line.words]
        room = None if most is None else most - width(start)
        said = next((w for w in wordings if room is None or width(w) <= room), None)
        said = said if said is not None else for_shell(line.words[-1] if line.words else "")
        text = f"{start}{said}".rstrip()
        yield text if most is None else cut(text, most)


def _origin(line: Line) -> str:
    return f"({line.origin})" if line.figure else ""


def _padded(text: str, cells: int) -> str:
    return text + " " * (cells - width(text))


def _head(statement: Statement) -> str:
    from oai_tui.services.billing import words

    month = statement.cycle.month.first if statement.cycle else statement.now.date()
    parts = [f"{month:%B %Y} (UTC)", words.as_of_words(statement)]
    if statement.as_of and not statement.from_cache:
        parts.append("today provisional")
    return " · ".join(parts)
