"""The totals table: one row a group, its share, its change and its trend."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from oai_tui.core.text import UNKNOWN, percent
from oai_tui.core.usage import Metric
from oai_tui.ui.charts import Palette, Style, bar, spark
from oai_tui.ui.widgets.table import Cell, Column
from oai_tui.ui.widgets.usage_figures import REST, Figures, Row
from oai_tui.ui.widgets.usage_words import share, write

BAR = 10
TREND = 14

_PLAIN = Palette("", "", "", "", "", "")


def usage_columns(figures: Figures, *, unicode: bool) -> tuple[Column[Row], ...]:
    """Return the columns for the figures on the screen."""
    return (
        *_totals(figures, unicode=unicode),
        *([_change(unicode=unicode)] if figures.report.before else []),
        _trend(figures, unicode=unicode),
        *([_cached()] if figures.cached else []),
        *([_beside(figures.beside.metric)] if figures.beside else []),
    )


def _totals(figures: Figures, *, unicode: bool) -> tuple[Column[Row], ...]:
    whole = figures.pivot.total
    style = Style(color=False, unicode=unicode)

    def drawn(row: Row) -> Cell:
        part = row.total / whole if whole and row.total else None
        text = bar(part, BAR, _PLAIN, color="", style=style).plain
        return Cell(text.replace("░", " ").replace(".", " "), "accent")

    return (
        Column(
            "name",
            figures.pivot.dimension.label.upper(),
            18,
            lambda row: Cell(row.name, _tone(row)),
            lambda row: row.name.casefold(),
            grow=True,
            priority=9,
        ),
        Column(
            "total",
            "NOW" if figures.metric.is_level else "TOTAL",
            10,
            lambda row: figures.write(row.total),
            lambda row: row.total,
            "right",
            priority=8,
        ),
        Column(
            "share",
            "SHARE",
            5,
            lambda row: UNKNOWN if row.total is None else percent(row.total, whole),
            align="right",
            priority=7,
        ),
        Column("bar", "", BAR, drawn, priority=2),
    )


def _tone(row: Row) -> Literal["", "warn", "muted"]:
    """Return the colour of a name: of nobody's, and of what is no group of the platform."""
    return "warn" if not row.id else "muted" if row.id == REST else ""


def _change(*, unicode: bool) -> Column[Row]:
    def words(row: Row) -> Cell:
        text = (row.change.words() if row.change else "") or UNKNOWN
        if not unicode:
            text = text.replace("▲", "+").replace("▼", "-").replace(UNKNOWN, "-")
        return Cell(text, "muted" if text in ("as before", UNKNOWN) else "")

    def by(row: Row) -> Decimal | None:
        return row.change.by if row.change else None

    return Column("change", "CHANGE", 9, words, by, "right", priority=6)


def _trend(figures: Figures, *, unicode: bool) -> Column[Row]:
    style = Style(color=False, unicode=unicode)

    def trend(row: Row) -> Cell:
        return Cell(spark(row.figures, TREND, style=style).plain, "muted")

    step = str(figures.report.step)
    label = {"day": "DAILY", "minute": "BY MINUTE"}.get(step, f"{step.upper()}LY")
    return Column("trend", label, TREND, trend, priority=3)


def _cached() -> Column[Row]:
    return Column(
        "cached",
        "CACHED",
        6,
        lambda row: share(row.cached),
        lambda row: row.cached,
        "right",
        priority=4,
    )


def _beside(metric: Metric) -> Column[Row]:
    def words(row: Row) -> Cell:
        return Cell(write(metric, row.beside), "" if row.beside is not None else "muted")

    label = "COST" if metric is Metric.COST else "TOKENS"
    return Column("beside", label, 10, words, lambda row: row.beside, "right", priority=5)
