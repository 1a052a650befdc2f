"""The months of the bill, and their days, as flat rows for spreadsheets and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from oai_tui.core.history import History, Month, Part
from oai_tui.core.kinds import Dimension
from oai_tui.core.period import Period
from oai_tui.services.billing.amounts import Row, amount_text, ratio_text, spread
from oai_tui.services.export import CURRENCY
from oai_tui.services.flat import csv_of, json_of
from oai_tui.services.usage.viewing import NOT_TOLD

_TIMES = ("start_time", "end_time")
_NAMES = {Dimension.PROJECT: ("project_id", "project_name")}
_AMOUNT = ("amount", "currency")
_PART = ("is_total", *_AMOUNT)
_MONTH_FIELDS = (*_PART, "share", "change", "compared_days", "is_open", "is_provisional")
WHOLE = "total"


def history_csv(history: History) -> str:
    """Return a row for each month and part of it, and one for the whole month, the newest first."""
    fields = ("month", *_TIMES, *_columns(history.dimension), *_MONTH_FIELDS)
    return csv_of(fields, [spread(row) for row in history_rows(history)])


def history_json(history: History) -> str:
    """Return the same rows as one array of flat objects; what is not known is null."""
    return json_of(history_rows(history))


def history_rows(history: History) -> list[Row]:
    """Return the rows of a history; the whole of a month is `is_total`, and no part of it is.

    `change` is held against so many days of the month before as `compared_days` says.
    """
    rows: list[Row] = []
    for month in history.months:
        head = {"month": f"{month.first:%Y-%m}", **_times(month.first, month.period.last)}
        state: dict[str, object] = {
            "compared_days": month.held.before.days if month.held else None,
            "is_open": month.is_open,
            "is_provisional": month.is_provisional,
        }
        whole = month.total if month.is_told else None
        change = {"change": ratio_text(month.change)}
        rows.append({**head, **_whole(history.dimension, whole), **change, **state})
        for part in month.parts:
            change = {"change": ratio_text(part.change)}
            rows.append({**head, **_part(history.dimension, part), **change, **state})
    return rows


def days_csv(months: Iterable[Month], by: Dimension | None = None) -> str:
    """Return a row for each day of some months; what is not known is empty.

    With `by`, one for each part of each day besides.
    """
    told = _AMOUNT if by is None else (*_columns(by), *_PART, "share")
    fields = (*_TIMES, "date", *told, "is_provisional")
    return csv_of(fields, [spread(row) for row in days_rows(months, by)])


def days_json(months: Iterable[Month], by: Dimension | None = None) -> str:
    """Return the same rows as one array of flat objects."""
    return json_of(days_rows(months, by))


def days_rows(months: Iterable[Month], by: Dimension | None = None) -> list[Row]:
    """Return the rows of the days of some months that are past or open."""
    return [row for month in months for row in _days(month, by)]


def _days(month: Month, by: Dimension | None) -> Iterator[Row]:
    for place, cost in enumerate(month.days):
        day = month.first + timedelta(days=place)
        head = {**_times(day, day), "date": day.isoformat()}
        state = {"is_provisional": place >= month.settled}
        if by is None:
            yield {**head, **_amount(cost), **state}
            continue
        yield {**head, **_whole(by, cost), **state}
        for part in month.split(place):
            yield {**head, **_part(by, part), **state}


def _whole(by: Dimension, amount: Decimal | None) -> dict[str, object]:
    id, name = _columns(by)
    return {id: None, name: WHOLE, "is_total": True, **_amount(amount), "share": None}


def _part(by: Dimension, part: Part) -> dict[str, object]:
    id, name = _columns(by)
    known = None if part.id in ("", NOT_TOLD) else part.id
    named = {id: known, name: part.name, "is_total": False}
    return {**named, **_amount(part.amount), "share": ratio_text(part.share)}


def _columns(by: Dimension) -> tuple[str, str]:
    return _NAMES.get(by, (by.value, f"{by.value}_name"))


def _times(first: date, last: date) -> dict[str, object]:
    days = Period(first, last)
    return {
        "start_time": int(days.start.timestamp()),
        "end_time": int(days.end.timestamp()),
    }


def _amount(amount: Decimal | None) -> dict[str, object]:
    return {"amount": amount_text(amount), "currency": None if amount is None else CURRENCY}
