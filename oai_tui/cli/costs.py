"""What it cost."""

from __future__ import annotations

from typing import Any

import click

from oai_tui.cli.figures import Asked, figure_options, tell_figures
from oai_tui.cli.root import cli


@cli.command(short_help="Show what it cost, because of whom, in any days.")
@figure_options("day", "week", "month", "quarter", "year")
@click.pass_context
def costs(context: click.Context, /, **typed: Any) -> None:
    """Show what it cost, because of whom, in any days.

    WHEN is a day such as 2026-11-03, or today, yesterday, 7d, mtd, last-month, 2026-10, qtd,
    2026-Q3, 12mo, all. Costs exist by UTC day.

    JSON and CSV have a row for each day and group that cost anything, or for what --step says; with
    --compare those of the period before come first. The exit status is 1 when a part of the figures
    is missing.
    """
    from oai_tui.core.metrics import Metric

    tell_figures(context, Asked(metric=Metric.COST, **typed))
