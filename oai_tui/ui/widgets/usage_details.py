"""Everything that is known of one group of usage, to read and leave."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from textual.content import Content

from oai_tui.core.text import UNKNOWN, percent
from oai_tui.core.usage import Metric
from oai_tui.ui.widgets.usage_figures import Figures, Row
from oai_tui.ui.widgets.usage_words import cut_words, exact, share

Totals = Mapping[Metric, Decimal | None]


def details(figures: Figures, row: Row, totals: Totals) -> Content:
    """Return all figures of a row, and the one that is shown bar by bar."""
    lines = [("total", _counted(figures.metric, row.total))]
    if row.total is not None:
        lines.append(("share", f"{percent(row.total, figures.pivot.total)} of all"))
    if row.change and row.change.before is not None:
        before = exact(figures.metric, row.change.before)
        lines.append(("before", f"{before}   {row.change.words()}".rstrip()))
    average = figures.average(tuple(value or Decimal(0) for value in row.figures))
    if average is not None:
        lines.append(("average", f"{figures.write(average)} a whole {figures.report.step}"))
    if row.id and row.id != row.name and row.id.isprintable():
        lines.insert(0, ("id", row.id))
    if row.cached is not None:
        lines.append(("cached", f"{share(row.cached)} of the input"))
    lines += [("", ""), *_others(figures.metric, totals), ("", ""), *_cuts(figures, row)]
    width = max(14, *(len(label) + 2 for label, _ in lines))
    return Content("\n").join(
        Content.assemble(Content.styled(f"{label:<{width}}", "$text-muted"), text)
        for label, text in lines
    )


def _counted(metric: Metric, value: Decimal | None) -> str:
    if metric is Metric.TOKENS and value is not None:
        return f"{value:,f} tokens in + out"
    return exact(metric, value)


def _others(shown: Metric, totals: Totals) -> list[tuple[str, str]]:
    return [
        (metric.label.removesuffix(" tokens").removesuffix(" in + out"), exact(metric, value))
        for metric, value in totals.items()
        if metric is not shown and value
    ]


def _cuts(figures: Figures, row: Row) -> list[tuple[str, str]]:
    report = figures.report
    sizes = [abs(value) if value and value.is_finite() else Decimal(0) for value in row.figures]
    top = max(sizes, default=Decimal(0))
    first = len(row.figures) if report.provisional is None else report.provisional
    found: list[tuple[str, str]] = []
    for at, (cut, value) in enumerate(zip(report.pivot.cuts, row.figures, strict=False)):
        mark = ("provisional" if figures.is_cost else "partial") if at >= first else ""
        bar = "▇" * int(sizes[at] / top * 20) if top else ""
        words = UNKNOWN if value is None or (mark and not value) else _plain(figures, value)
        name = cut_words(cut, report.step, report.zone)
        found.append((name, f"{words:>16}  {bar} {mark}".rstrip()))
    return found


def _plain(figures: Figures, value: Decimal) -> str:
    return exact(figures.metric, value) if figures.is_cost else f"{value:,f}"
