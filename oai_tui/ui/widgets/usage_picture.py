"""Figures of usage as pictures: stacked bars, and the line of what they add up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from oai_tui.core.cuts import Step
from oai_tui.core.usage import OTHER, averages
from oai_tui.ui.charts import Series
from oai_tui.ui.charts.model import Ticks
from oai_tui.ui.widgets.chart import Bars, Lines
from oai_tui.ui.widgets.usage_figures import Figures
from oai_tui.ui.widgets.usage_words import axis, tick_words

MOST_SERIES = 8
"""How many colours a person tells apart; the smaller groups are one series together."""

WEEK = 7


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of the theme that is on."""

    series: tuple[str, ...]
    other: str
    line: str


def bricks(
    figures: Figures, number_of: Callable[[list[str]], Mapping[str, int]], inks: Inks
) -> tuple[Series, ...]:
    """Return a series for each colour, gaps where nothing is known."""
    groups = figures.pivot.folded(MOST_SERIES)
    numbers = number_of([group.id for group in groups if group.id != OTHER])
    return tuple(
        Series(
            group.name,
            figures.known(group.figures),
            inks.other if group.id == OTHER else inks.series[numbers[group.id]],
        )
        for group in groups
    )


def bars(figures: Figures, series: tuple[Series, ...], inks: Inks, selected: int | None) -> Bars:
    """Return the bars, the unfinished ones marked, with the average of a week over days."""
    unfinished = figures.report.provisional
    line = None
    if has_average(figures):
        line = Series("7-day average", _averages(figures), inks.line)
    return Bars(
        series,
        ticks(figures),
        axis(figures.metric),
        line=line,
        selected=selected,
        provisional=unfinished,
        ahead=figures.ahead,
    )


def _averages(figures: Figures) -> tuple[Decimal | None, ...]:
    """Return the mean of each week, up to the first day that is not over or not known.

    A day that is not over would bend the line down every morning.
    """
    values, end = figures.sums, figures.report.provisional
    known: list[Decimal] = []
    for value in values[:end]:
        if value is None:
            break
        known.append(value)
    means = averages(tuple(known), WEEK)
    return (*means, *([None] * (len(values) - len(means))))


def has_average(figures: Figures) -> bool:
    """Whether the average of a week says more than the bars themselves."""
    by_day = figures.report.step is Step.DAY and not figures.metric.is_level
    return by_day and len(figures.pivot.cuts) > WEEK


def cumulative(figures: Figures, inks: Inks) -> Lines:
    """Return the line of what the bars add up to, with that of the period before behind it."""
    name = "level" if figures.metric.is_level else "total so far"
    line = Series(name, figures.so_far, inks.series[0])
    behind = None
    if figures.so_far_before:
        # Longer than the period it is held against it would push that together.
        before = figures.so_far_before[: len(figures.so_far)]
        behind = Series("the period before", before, inks.other)
    return Lines((line,), ticks(figures), axis(figures.metric), behind=behind)


def ticks(figures: Figures) -> Ticks:
    """Return the dates or times below a picture."""
    info = figures.report.zone.info
    starts = tuple(cut.start.astimezone(info) for cut in figures.pivot.cuts)
    return tick_words(starts, figures.report.step)
