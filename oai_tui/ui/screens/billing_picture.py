"""The picture of the bill: what the month adds up to, day by day, against limit and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import takewhile

from textual.app import App
from textual.content import Content

from oai_tui.core.billing import Cycle
from oai_tui.core.period import Period
from oai_tui.core.text import money
from oai_tui.core.usage import running
from oai_tui.services.billing_former import Statement
from oai_tui.ui.chart_colors import other_color, palette, series_colors
from oai_tui.ui.charts import Series
from oai_tui.ui.charts.model import Marks, Ticks, Value, faded
from oai_tui.ui.widgets.chart import Lines

NEIGHBOURS = 4
"""Days around today that get no label of their own."""


def picture(statement: Statement, app: App[object]) -> Lines:
    """Return the lines of this month and the last, in the colours of the theme."""
    cycle = statement.cycle
    color, late = _colors(app)
    closed, today = _this_month(cycle)
    return Lines(
        series=(Series(f"{cycle.month.first:%B}", closed, color), Series("today", today, late)),
        ticks=_ticks(cycle),
        format_y=lambda value: money(value, 0),
        behind=Series(f"{_before(cycle).first:%B}", _added_up(cycle.before), other_color(app)),
        marks=_marks(statement),
    )


def legend(statement: Statement, app: App[object]) -> Content:
    """Return the line above the picture: what each line is."""
    cycle = statement.cycle
    color, late = _colors(app)
    ink = palette(app).axis
    return Content.assemble(
        Content.styled(" Spent, added up by UTC day   ", "$text-muted"),
        Content.styled("━ ", color),
        f"{cycle.month.first:%B}   ",
        Content.styled("━ ", late),
        "today, provisional   ",
        Content.styled("┈ ", ink),
        f"{_before(cycle).first:%B}",
    )


def _colors(app: App[object]) -> tuple[str, str]:
    color = series_colors(app)[0]
    return color, faded(color, palette(app).background)


def _before(cycle: Cycle) -> Period:
    return cycle.month.shifted(-1)


def _added_up(daily: Sequence[Decimal | None]) -> tuple[Value, ...]:
    """Return running sums up to the last reported day, and nothing for the days after it."""
    sums = running(day for day in takewhile(lambda day: day is not None, daily) if day is not None)
    return (*sums, *(None,) * (len(daily) - len(sums)))


def _this_month(cycle: Cycle) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Return the closed days, and the stretch from the last of them to today."""
    sums = _added_up(cycle.daily)
    rest: tuple[Value, ...] = (None,) * (cycle.month.days - len(sums))
    closed = (*sums[:-1], None, *rest)
    if sums[-1] is None:
        return closed, (None,) * cycle.month.days
    return closed, (*(None,) * (len(sums) - 2), *sums[-2:], *rest)


def _ticks(cycle: Cycle) -> Ticks:
    now = len(cycle.daily) - 1
    weeks = [place for place in range(0, cycle.month.days, 7) if abs(place - now) >= NEIGHBOURS]
    labels = [(place, f"{place + 1} {cycle.month.first:%b}") for place in weeks]
    return (*labels, (now, "today"))


def _marks(statement: Statement) -> Marks:
    limit = statement.limit
    alerts = [(alert.amount, f"alert {money(alert.amount, 0)}") for alert in statement.alerts]
    return (*alerts, *([(limit.amount, f"limit {money(limit.amount, 0)}")] if limit else []))
