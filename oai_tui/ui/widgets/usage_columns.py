"""The totals table: one row a group, its share and its trend."""

from __future__ import annotations

from decimal import Decimal

from oai_tui.core.text import percent
from oai_tui.core.usage import Group
from oai_tui.ui.charts import Palette, Style, bar, spark
from oai_tui.ui.widgets.table import Cell, Column
from oai_tui.ui.widgets.usage_figures import Figures

BAR = 10
TREND = 14

_PLAIN = Palette("", "", "", "", "", "")


def usage_columns(figures: Figures, *, unicode: bool) -> tuple[Column[Group], ...]:
    """Return the columns for the figures on the screen."""
    whole = figures.pivot.total
    style = Style(color=False, unicode=unicode)

    def share(group: Group) -> Cell:
        part = group.total / whole if whole else None
        drawn = bar(part, BAR, _PLAIN, color="", style=style).plain
        return Cell(drawn.replace("░", " "), "accent")

    def trend(group: Group) -> Cell:
        return Cell(spark(group.daily, TREND, style=style).plain, "muted")

    def average(group: Group) -> Decimal | None:
        return figures.average(group.daily)

    return (
        Column(
            "name",
            figures.pivot.dimension.label.upper(),
            18,
            lambda group: Cell(group.name, "" if group.id else "warn"),
            lambda group: group.name.casefold(),
            grow=True,
            priority=9,
        ),
        Column(
            "total",
            "TOTAL",
            10,
            lambda group: figures.write(group.total),
            lambda group: group.total,
            "right",
            priority=8,
        ),
        Column(
            "share",
            "SHARE",
            5,
            lambda group: percent(group.total, whole),
            align="right",
            priority=7,
        ),
        Column("bar", "", BAR, share, priority=4),
        Column(
            "average",
            "A DAY",
            9,
            lambda group: figures.write(average(group)),
            average,
            "right",
            priority=5,
        ),
        Column("trend", "TREND", TREND, trend, priority=3),
    )
