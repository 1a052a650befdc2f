"""Figures of usage and costs as a table for people, with what has to be said about them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from oai_tui.cli.rows import GAP, NARROWEST, cut, table, width
from oai_tui.core.compare import Change
from oai_tui.core.cuts import Step
from oai_tui.core.metrics import Metric
from oai_tui.core.text import UNKNOWN, count, money, percent

if TYPE_CHECKING:
    from oai_tui.core.cuts import Cut
    from oai_tui.services.usage import Report

TOTAL = "total"

Write = Callable[[Metric, "Decimal | None"], str]


def figure_table(reports: Sequence[Report], now: datetime, *, by_step: bool) -> str:
    """Return a row for each group, or for each group in each cut, and one for all of them.

    The reports differ in their metric only; shares and changes are those of the first. Figures are
    written to the last digit where the terminal has room for that.
    """
    exact, short = (_table(reports, write, by_step) for write in (_exactly, _shortly))
    most = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    rows = exact if most is None or _width(exact) <= most else short
    if most is not None:
        rows = _with_names_cut(rows, 1 if by_step else 0, most)
    said = [cut(line, most) if most else line for line in _words(reports[0], now)]
    return "\n".join([table(rows[0], rows[1:]), *said]) + "\n"


def _table(reports: Sequence[Report], write: Write, by_step: bool) -> list[list[str]]:
    shown = reports[0]
    heads = [
        *([shown.step.upper()] if by_step else []),
        shown.question.dimension.label.upper(),
        *(_head(report.question.metric) for report in reports),
        "SHARE",
        *(["CHANGE"] if shown.question.compare and not by_step else []),
    ]
    rows = _by_cut(reports, write) if by_step else _by_group(reports, write)
    return _aligned([heads, *rows, _total(reports, write, by_step)], 2 if by_step else 1)


def _by_group(reports: Sequence[Report], write: Write) -> Iterator[list[str]]:
    """Yield a row for each group of any figure, and for those that had some before only."""
    from oai_tui.services.usage_export import names_in

    shown, totals = reports[0], [_totals(report) for report in reports]
    pivots = [*(report.pivot for report in reports), *([shown.before] if shown.before else [])]
    for id, name in names_in(pivots).items():
        figures = [each.get(id, Decimal(0)) for each in totals]
        row = [name, *_written(reports, figures, write), percent(figures[0], shown.pivot.total)]
        if shown.question.compare:
            row.append(_change(shown, id))
        yield row


def _by_cut(reports: Sequence[Report], write: Write) -> Iterator[list[str]]:
    from oai_tui.services.usage_export import lines

    whole = reports[0].pivot.total
    for line in lines([report.pivot for report in reports]):
        share = UNKNOWN if line.figures[0] is None else percent(line.figures[0], whole)
        start = _start(line.cut, reports[0])
        yield [start, line.name, *_written(reports, line.figures, write), share]


def _total(reports: Sequence[Report], write: Write, by_step: bool) -> list[str]:
    shown = reports[0]
    whole = shown.pivot.total
    figures = _written(reports, [_sum(report) for report in reports], write)
    row = [TOTAL, *([""] if by_step else []), *figures, percent(whole, whole)]
    if shown.question.compare and not by_step:
        row.append(Change(shown.before.total, whole).words() if shown.before else UNKNOWN)
    return row


def _sum(report: Report) -> Decimal | None:
    """Return the sum over everything, None where nothing is known of any of the cuts."""
    pivot = report.pivot
    return None if len(pivot.unknown) == len(pivot.cuts) else pivot.total


def _totals(report: Report) -> dict[str, Decimal]:
    return {group.id: group.total for group in report.pivot.groups}


def _change(report: Report, id: str) -> str:
    change = report.changes.get(id)
    return (change.words() if change else "") or UNKNOWN


def _written(
    reports: Sequence[Report], figures: Sequence[Decimal | None], write: Write
) -> list[str]:
    return [
        write(report.question.metric, figure)
        for report, figure in zip(reports, figures, strict=True)
    ]


def _exactly(metric: Metric, figure: Decimal | None) -> str:
    if figure is None or metric is Metric.COST:
        return money(figure)
    return f"{int(figure):,}"


def _shortly(metric: Metric, figure: Decimal | None) -> str:
    return money(figure) if metric is Metric.COST else count(figure)


def _head(metric: Metric) -> str:
    return _HEADS.get(metric, metric.label.upper())


_HEADS = {
    Metric.TOKENS: "TOKENS",
    Metric.INPUT: "INPUT",
    Metric.OUTPUT: "OUTPUT",
    Metric.CACHED: "CACHED",
}


def _aligned(rows: list[list[str]], texts: int) -> list[list[str]]:
    """Put figures under each other by their last digit; the first columns are texts."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        [
            cell if at < texts else " " * (widths[at] - width(cell)) + cell
            for at, cell in enumerate(row)
        ]
        for row in rows
    ]


def _with_names_cut(rows: list[list[str]], at: int, most: int) -> list[list[str]]:
    """Make room for the figures: one long name must not push them all off the terminal."""
    room = max(NARROWEST, most - _width([row[:at] + row[at + 1 :] for row in rows]) - len(GAP))
    return [[*row[:at], cut(row[at], room), *row[at + 1 :]] for row in rows]


def _width(rows: list[list[str]]) -> int:
    columns = list(zip(*rows, strict=True))
    return sum(max(map(width, column)) for column in columns) + len(GAP) * (len(columns) - 1)


def _start(span: Cut, report: Report) -> str:
    start = span.start.astimezone(report.zone.info)
    match report.step:
        case Step.MINUTE | Step.HOUR:
            return f"{start:%Y-%m-%d} {report.zone.time_of(start)}"
        case Step.MONTH:
            return f"{start:%Y-%m}"
        case Step.QUARTER:
            return f"{start.year}-Q{(start.month + 2) // 3}"
        case Step.YEAR:
            return f"{start.year}"
    return f"{start:%Y-%m-%d}"


def _words(report: Report, now: datetime) -> Iterator[str]:
    """Yield what has to be known of the figures: whose days, how old, what may still change."""
    question, zone = report.question, report.zone
    read = f"as of {_moment(report.as_of)}" if report.as_of else "as of nothing"
    days = report.period.words(zone.day_of(now))
    yield f"{days} · {zone.name} days · {read}"
    if report.provisional is not None:
        first = report.pivot.cuts[report.provisional]
        yield f"Provisional from {_start(first, report)} on: these figures may still change."
    parts = ((report.cached_share, "of the input cached"), (report.batch_share, "in batches"))
    shares = [f"{percent(part, Decimal(1))} {what}" for part, what in parts if part is not None]
    if report.unattributed:
        unnamed = percent(report.unattributed, Decimal(1))
        shares.append(f"{unnamed} without a {question.dimension.label}")
    if shares:
        yield " · ".join(shares)
    if report.movers:
        before = report.before.period.words(zone.day_of(now)) if report.before else ""
        yield f"Changed most against {before}: {'; '.join(m.words() for m in report.movers)}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
