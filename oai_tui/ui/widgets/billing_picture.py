"""The picture of the bill: what the month adds up to, and where it is going."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content

from oai_tui.core.cycle import Cycle
from oai_tui.core.exact import plus
from oai_tui.core.pace import Pace
from oai_tui.core.text import money
from oai_tui.ui.chart_colors import chart_style, other_color, palette, series_colors
from oai_tui.ui.charts import Fan, Series
from oai_tui.ui.charts.model import Marks, Ticks, Value, faded
from oai_tui.ui.widgets.chart import Lines

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement

NEIGHBOURS = 4
"""Days around today that get no label of their own."""

AHEAD = "forecast"
WIDE = 100
"""Columns from which the legend is spelled out."""


def picture(statement: Statement, app: App[object]) -> Lines | None:
    """Return the lines of this month and the last in the colours of the theme.

    None where there is nothing to draw: no cost is known, or all there were are nothing.
    """
    cycle = statement.cycle
    if cycle is None or not any((*cycle.daily, *cycle.before)):
        return None
    color, late = _colors(app)
    sure, young = _this_month(cycle)
    return Lines(
        series=(Series(f"{cycle.month.first:%B}", sure, color), Series("provisional", young, late)),
        ticks=_ticks(cycle),
        format_y=lambda value: money(value, 0),
        behind=Series(f"{_before(cycle):%B}", _last_month(cycle), other_color(app)),
        fan=_fan(cycle, statement.pace, color) if statement.pace else None,
        marks=_marks(statement),
    )


def legend(statement: Statement, app: App[object], width: int) -> Content:
    """Return the line above the picture: what each line is, in the words there is room for."""
    cycle, pace = statement.cycle, statement.pace
    if cycle is None:
        return Content("")
    unicode, form = chart_style(app).unicode, "%B" if width >= WIDE else "%b"
    before = ("┈" if unicode else ".", other_color(app), f"{_before(cycle):{form}}")
    entries = [*_this_month_named(cycle, app, form), before]
    title, gap = ("Adding up by UTC day", 3) if width >= WIDE else ("UTC days", 2)
    sign, color = "╍" if unicode else "+", series_colors(app)[0]
    for words, ahead in ((title, _ahead(pace) if pace else ""), (title, AHEAD), ("", AHEAD)):
        line = _legend(words, [*entries, *([(sign, color, ahead)] if pace else [])], gap)
        if line.cell_length <= width:
            break
    return line


def _legend(title: str, entries: Sequence[tuple[str, str, str]], gap: int) -> Content:
    named = [Content.assemble(Content.styled(sign, ink), f" {of}") for sign, ink, of in entries]
    titled = [Content.styled(title, "$text-muted")] if title else []
    return Content.assemble(" ", Content(" " * gap).join([*titled, *named]))


def why_none(statement: Statement) -> str:
    """Return why there is no picture."""
    if statement.cycle is None:
        return "No picture: the costs are not known."
    return "No picture: nothing was spent this month or last."


def _this_month_named(cycle: Cycle, app: App[object], form: str) -> list[tuple[str, str, str]]:
    """Return what the lines of this month are; without colour they are one."""
    color, late = _colors(app)
    style, name = chart_style(app), f"{cycle.month.first:{form}}"
    sign = "━" if style.unicode else "*"
    if style.color:
        return [(sign, color, name), (sign, late, "provisional")]
    sure = cycle.settled[-1] if cycle.settled else None
    since = f"after {sure.day} {sure:%b} " if sure else ""
    return [(sign, "", f"{name}, {since}provisional")]


def _ahead(pace: Pace) -> str:
    low, high = money(pace.low, 0), money(pace.high, 0)
    return f"{AHEAD} {low}" if low == high else f"{AHEAD} {low} – {high}"


def _colors(app: App[object]) -> tuple[str, str]:
    color = series_colors(app)[0]
    return color, faded(color, palette(app).background)


def _before(cycle: Cycle) -> date:
    return cycle.month.shifted(-1).first


def _last_month(cycle: Cycle) -> tuple[Value, ...]:
    """Return the running sums of the month before, up to its first day that is not known."""
    days = [day for day in takewhile(lambda day: day is not None, cycle.before) if day is not None]
    sums = list(accumulate(days, plus))
    return (*sums, *_none(len(cycle.before) - len(sums)))


def _this_month(cycle: Cycle) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Return what is sure, and the stretch after it whose costs may still grow."""
    sums, days = cycle.running, cycle.month.days
    sure = cycle.settled[-1].day if cycle.settled else 0
    rest = _none(days - len(sums))
    if sure == len(sums):
        return (*sums, *rest), _none(days)
    start = max(sure - 1, 0)
    return (*sums[:sure], *_none(days - sure)), (*_none(start), *sums[start:], *rest)


def _fan(cycle: Cycle, pace: Pace, color: str) -> Fan:
    """Return the forecasts, opening from the last day that is not forecast."""
    before = (pace.start - cycle.month.first).days
    base: Sequence[Decimal] = (pace.usual.base,) if before else ()
    blank = _none(before - len(base))
    low = tuple(each for each, _ in pace.fan)
    high = tuple(each for _, each in pace.fan)
    return Fan(
        AHEAD,
        (*blank, *base, *low),
        (*blank, *base, *pace.usual.sums),
        (*blank, *base, *high),
        color,
    )


def _none(number: int) -> tuple[Value, ...]:
    return (None,) * number


def _ticks(cycle: Cycle) -> Ticks:
    now = cycle.today.day - 1
    weeks = [place for place in range(0, cycle.month.days, 7) if abs(place - now) >= NEIGHBOURS]
    labels = [(place, f"{place + 1} {cycle.month.first:%b}") for place in weeks]
    return (*labels, (now, "today"))


def _marks(statement: Statement) -> Marks:
    """Return the amounts that are about the whole organization."""
    amounts = [
        (state.alert.amount, "alert") for state in statement.alerts if not state.alert.project_id
    ]
    if statement.budget.monthly:
        amounts.append((statement.budget.monthly, "budget"))
    if statement.limit.value:
        amounts.append((statement.limit.value.amount, "limit"))
    return tuple((amount.dollars, f"{name} {money(amount.dollars, 0)}") for amount, name in amounts)
