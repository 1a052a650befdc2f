"""What was used."""

from __future__ import annotations

from typing import Any

import click

from oai_tui.cli.figure_words import metric_of
from oai_tui.cli.figures import Asked, figure_options, tell_figures
from oai_tui.cli.root import cli
from oai_tui.cli.telling import problems_told


@cli.command(short_help="Show what was used, by whom, in any days.")
@figure_options("minute", "hour", "day", "week", "month", "quarter", "year")
@click.option("--metric", metavar="WHAT", default="tokens", show_default=True, help="The figure.")
@click.option("--zone", metavar="ZONE", default="utc", show_default=True, help="Whose days.")
@click.pass_context
def usage(context: click.Context, /, metric: str, zone: str, **typed: Any) -> None:
    """Show what was used, by whom, in any days.

    WHEN is a day such as 2026-11-03, or today, yesterday, 7d, mtd, last-month, 2026-10, qtd,
    2026-Q3, 12mo, all. ZONE is utc, local or a name such as Europe/Berlin.

    JSON and CSV have a row for each day and group that used anything, or for what --step says; with
    --compare those of the period before come first. The exit status is 1 when a part of the figures
    is missing.
    """
    with problems_told():
        found = metric_of(metric)
    tell_figures(context, Asked(metric=found, zone=zone, **typed))
