"""Figures of usage as pictures: stacked bars, and the line of what they add up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oai_tui.core.period import Period
from oai_tui.core.text import count, money
from oai_tui.core.usage import OTHER, Step, averages, running, spans, step_for, summed
from oai_tui.ui.charts import Series
from oai_tui.ui.charts.model import Ticks
from oai_tui.ui.widgets.chart import Bars, Lines
from oai_tui.ui.widgets.usage_figures import Figures

MOST_SERIES = 8
"""How many colours a person tells apart; the smaller groups are one series together."""

WEEK = 7


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of the theme that is on."""

    series: tuple[str, ...]
    other: str
    line: str


@dataclass(frozen=True, slots=True)
class Bricks:
    """Bars before they are drawn: what each stands for, and a series for each colour."""

    step: Step
    cuts: tuple[Period, ...]
    series: tuple[Series, ...]


def step_in(figures: Figures, columns: int) -> Step:
    """Return the finest step whose bars have room in a chart of so many columns."""
    return step_for(figures.pivot.period, max(1, (columns - 8) // 2))


def bricks(
    figures: Figures, step: Step, number_of: Callable[[list[str]], Mapping[str, int]], inks: Inks
) -> Bricks:
    """Cut the figures into bars and give every series its colour."""
    pivot = figures.pivot
    cuts = spans(pivot.period, step)
    groups = pivot.folded(MOST_SERIES)
    numbers = number_of([group.id for group in groups if group.id != OTHER])
    series = tuple(
        Series(
            group.name,
            summed(group.daily, pivot.period, cuts),
            inks.other if group.id == OTHER else inks.series[numbers[group.id]],
        )
        for group in groups
    )
    return Bricks(step, cuts, series)


def bars(figures: Figures, built: Bricks, inks: Inks, selected: int | None) -> Bars:
    """Return the bars, the unfinished one marked, with the average of a week over those of days."""
    partial = figures.partial
    unfinished = None
    if partial is not None:
        unfinished = next(i for i, cut in enumerate(built.cuts) if partial in cut)
    line = None
    if has_average(figures, built.step):
        daily = figures.pivot.daily
        means: tuple[Decimal | None, ...] = averages(daily, WEEK)
        if unfinished is not None:
            # A day that is not over would bend the line down every morning.
            means = (*averages(daily[:unfinished], WEEK), None)
        line = Series("7-day average", means, inks.line)
    return Bars(
        built.series,
        _ticks(tuple(cut.first for cut in built.cuts), built.step),
        _axis(figures),
        line=line,
        selected=selected,
        provisional=unfinished,
    )


def has_average(figures: Figures, step: Step) -> bool:
    """Tell whether the average of a week says more than the bars themselves."""
    return step is Step.DAY and figures.pivot.period.days > WEEK


def cumulative(figures: Figures, inks: Inks) -> Lines:
    """Return the line of what the days add up to, always by day."""
    pivot = figures.pivot
    line = Series("total so far", running(pivot.daily), inks.series[0])
    return Lines((line,), _ticks(tuple(pivot.period), Step.DAY), _axis(figures))


def _ticks(days: tuple[date, ...], step: Step) -> Ticks:
    if step is Step.MONTH:
        return tuple((i, f"{day:%b %y}" if i == 0 else f"{day:%b}") for i, day in enumerate(days))
    every = 1 if step is Step.WEEK else max(1, len(days) // 6)
    return tuple((i, f"{day.day} {day:%b}") for i, day in enumerate(days) if i % every == 0)


def _axis(figures: Figures) -> Callable[[Decimal], str]:
    return _dollars if figures.is_cost else count


def _dollars(value: Decimal) -> str:
    return money(value, 0 if value == value.to_integral_value() else 2)
