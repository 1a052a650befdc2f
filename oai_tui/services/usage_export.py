"""What is shown of usage and costs, as rows for spreadsheets and scripts, or as a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from oai_tui.core.cuts import Cut
from oai_tui.core.errors import WrongInput
from oai_tui.core.kinds import Dimension
from oai_tui.core.metrics import Metric
from oai_tui.core.text import HARMFUL
from oai_tui.core.usage import Pivot
from oai_tui.services.export import CURRENCY, save
from oai_tui.services.flat import csv_of, json_of

if TYPE_CHECKING:
    from oai_tui.services.usage import Question, Report

FORMATS = ("csv", "json")
"""The endings of files with rows."""

PICTURES = ("svg", "txt")
"""The endings of files with a picture."""

_BESIDE = (Metric.INPUT, Metric.OUTPUT, Metric.CACHED, Metric.REQUESTS)
_NAMES = {
    Dimension.PROJECT: "project_name",
    Dimension.KEY: "api_key_name",
    Dimension.USER: "user_name",
}
_MONEY = ("amount", "currency")
_DASHBOARD_MONEY = ("amount_value", "amount_currency")
_FLAGS = {"true": True, "false": False}
_OURS = "\0"
"""How an id of ours begins, of a group that the platform has no id for."""


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one group in one cut, one a report; None where that is not known."""

    cut: Cut
    id: str
    name: str
    figures: tuple[Decimal | None, ...]


def beside(question: Question) -> tuple[Metric, ...]:
    """Return the metrics that belong together in rows: what tokens are made up of, or the one."""
    if question.metric is not Metric.TOKENS:
        return (question.metric,)
    by = {question.dimension, *(dimension for dimension, _ in question.filters)}
    return tuple(metric for metric in _BESIDE if by <= set(metric.dimensions))


def lines(pivots: Sequence[Pivot]) -> Iterator[Line]:
    """Yield the figures of pivots that differ in their metric only, cut by cut.

    Groups stand in full; one without any figure in a cut has no line there.
    """
    names, zero = names_in(pivots), Decimal(0)
    by_cut: list[dict[str, list[Decimal]]] = [{} for _ in pivots[0].cuts]
    # Most keys do nothing on most days: only what there is costs time.
    for column, pivot in enumerate(pivots):
        for group in pivot.groups:
            for place, figure in enumerate(group.figures):
                if figure:
                    by_cut[place].setdefault(group.id, [zero] * len(pivots))[column] = figure
    for place, (cut, found) in enumerate(zip(pivots[0].cuts, by_cut, strict=True)):
        gone = [column for column, pivot in enumerate(pivots) if place in pivot.unknown]
        for id, figures in found.items():
            told: list[Decimal | None] = [*figures]
            for column in gone:
                told[column] = None
            yield Line(cut, id, names[id], tuple(told))


def names_in(pivots: Iterable[Pivot]) -> dict[str, str]:
    """Return the names of all groups by id, told apart where two of any pivot are the same."""
    names: dict[str, str] = {}
    for pivot in pivots:
        for group in pivot.groups:
            names[group.id] = max(names.get(group.id, ""), group.name, key=len)
    return names


def rows_csv(reports: Sequence[Report]) -> str:
    """Return a row for each cut and group, under the names the platform's dashboard exports.

    The reports differ in their metric only; each is a column. Where they compare, the rows of the
    period before come first. No text is taken for a formula by a spreadsheet, and what is not known
    is empty.
    """
    fields = (
        *("start_time", "end_time", "start_time_iso", "end_time_iso"),
        *_identity(reports[0]),
        *(name for report in reports for name in _columns(report, _DASHBOARD_MONEY)),
    )
    return csv_of(fields, [_spread(line, reports) for line in _all_lines(reports)])


def rows_json(reports: Sequence[Report]) -> str:
    """Return the same rows as one array of flat objects, by the platform's field names.

    Times are Unix seconds, money is a decimal string, and what is not known is null.
    """
    return json_of([_flat(line, reports) for line in _all_lines(reports)])


def save_as(typed: str | Path, *, report: Report, picture: Callable[[str], str]) -> Path:
    """Write what is shown to a new file only its owner can read, and return where it is.

    The ending decides: rows for those of `FORMATS`, else what `picture` draws for one of
    `PICTURES`. Raises WrongInput for any other, and StoreProblem when it cannot be written.
    """
    ending = Path(str(typed).strip()).suffix.removeprefix(".").casefold()
    if ending == "csv":
        text = rows_csv([report])
    elif ending == "json":
        text = rows_json([report])
    elif ending in PICTURES:
        text = picture(ending)
        text = HARMFUL.sub("", text) if ending == "txt" else text
    else:
        raise WrongInput(
            "The ending of the name says what is written.",
            "Use .csv or .json for the figures, .svg or .txt for the picture.",
        )
    return save(text, typed)


def suggested(report: Report, ending: str) -> str:
    """Return a name for a file: `usage-input-tokens-by-project-2026-10-24-2026-11-22.csv`."""
    question, days = report.question, report.period
    what = "costs" if question.metric is Metric.COST else f"usage-{question.metric}"
    by = question.dimension.removesuffix("_id")
    return f"{what}-by-{by}-{days.first}-{days.last}.{ending}".replace("_", "-")


def _all_lines(reports: Sequence[Report]) -> Iterator[Line]:
    """Yield the lines of the period before, where one is known, and those of the period."""
    before = [report.before for report in reports if report.before]
    if len(before) == len(reports):
        yield from lines(before)
    yield from lines([report.pivot for report in reports])


def _identity(report: Report) -> tuple[str, ...]:
    by = report.question.dimension
    return (by.value, _NAMES[by]) if by in _NAMES else (by.value,)


def _id(line: Line) -> str:
    return "" if line.id.startswith(_OURS) else line.id


def _columns(report: Report, money: tuple[str, ...]) -> tuple[str, ...]:
    metric = report.question.metric
    return money if metric is Metric.COST else (metric.value,)


def _spread(line: Line, reports: Sequence[Report]) -> dict[str, object]:
    values: dict[str, object] = {
        **_times(line.cut),
        "start_time_iso": _iso(line.cut.start),
        "end_time_iso": _iso(line.cut.end),
        **dict(zip(_identity(reports[0]), (_id(line), line.name), strict=False)),
    }
    for report, figure in zip(reports, line.figures, strict=True):
        told = _told(report, figure)
        # As a number of its own a negative amount is not taken for a formula.
        number = Decimal(told) if isinstance(told, str) and told.startswith("-") else told
        names = _columns(report, _DASHBOARD_MONEY)
        values |= zip(names, (number, _currency(figure)), strict=False)
    return values


def _flat(line: Line, reports: Sequence[Report]) -> dict[str, object]:
    by = reports[0].question.dimension
    id = _FLAGS.get(line.id) if by is Dimension.BATCH else _id(line) or None
    values: dict[str, object] = {
        **_times(line.cut),
        **dict(zip(_identity(reports[0]), (id, line.name), strict=False)),
    }
    for report, figure in zip(reports, line.figures, strict=True):
        told = (_told(report, figure), _currency(figure))
        values |= zip(_columns(report, _MONEY), told, strict=False)
    return values


def _times(cut: Cut) -> dict[str, object]:
    return {"start_time": int(cut.start.timestamp()), "end_time": int(cut.end.timestamp())}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _told(report: Report, figure: Decimal | None) -> int | str | None:
    """Return a figure as it is written: money exactly and as text, all else as a number."""
    if figure is None:
        return None
    if report.question.metric is Metric.COST:
        return f"{figure:f}" if figure else "0"
    return int(figure)


def _currency(figure: Decimal | None) -> str | None:
    return None if figure is None else CURRENCY
