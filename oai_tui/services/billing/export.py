"""What the bill keeps as flat rows for spreadsheets and scripts: the months, and the balance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from oai_tui.core.history import History, Month
from oai_tui.core.kinds import Dimension
from oai_tui.core.period import Period
from oai_tui.services.billing.amounts import Row, amount_text, ratio_text, spread
from oai_tui.services.billing.statement import Statement
from oai_tui.services.export import CURRENCY
from oai_tui.services.flat import csv_of, json_of
from oai_tui.services.usage.viewing import NOT_TOLD

_TIMES = ("start_time", "end_time")
_NAMES = {Dimension.PROJECT: ("project_id", "project_name")}
_MONTH_FIELDS = ("amount", "currency", "share", "change", "is_open", "is_provisional")
_DAY_FIELDS = (*_TIMES, "date", "amount", "currency")
_BALANCE_FIELDS = (
    *("id", "kind", "at", "amount", "currency", "expires", "entered_at"),
    *("expected", "drift", "drift_unsure", "unspent_at_least", "unspent_at_most"),
)


def history_csv(history: History) -> str:
    """Return a row for each month and part of it, and one for the whole month, the newest first."""
    return csv_of(_history_fields(history), [spread(row) for row in history_rows(history)])


def history_json(history: History) -> str:
    """Return the same rows as one array of flat objects; what is not known is null."""
    return json_of(history_rows(history))


def history_rows(history: History) -> list[Row]:
    """Return the rows of a history; the whole of a month has no id and the name `total`."""
    id, name = _columns(history)
    rows: list[Row] = []
    for month in history.months:
        head = {"month": f"{month.first:%Y-%m}", **_times(month.period)}
        state = {"is_open": month.is_open, "is_provisional": month.is_provisional}
        whole = {id: None, name: "total", **_amount(month.total if month.is_told else None)}
        rows.append({**head, **whole, "share": None, "change": ratio_text(month.change), **state})
        for part in month.parts:
            told = {id: _id(part.id), name: part.name, **_amount(part.amount)}
            shares = {"share": ratio_text(part.share), "change": ratio_text(part.change)}
            rows.append({**head, **told, **shares, **state})
    return rows


def days_csv(month: Month) -> str:
    """Return a row for each day of a month; what is not known is empty."""
    return csv_of(_DAY_FIELDS, [spread(row) for row in days_rows(month)])


def days_json(month: Month) -> str:
    """Return the same rows as one array of flat objects."""
    return json_of(days_rows(month))


def days_rows(month: Month) -> list[Row]:
    """Return the rows of the days of a month that are past or open."""
    return [
        {**_times(Period(day, day)), "date": day.isoformat(), **_amount(cost)}
        for day, cost in zip(month.period, month.days, strict=False)
    ]


def balance_csv(statement: Statement) -> str:
    """Return what was typed of the balance, the oldest first, each with its drift."""
    return csv_of(_BALANCE_FIELDS, [spread(row) for row in balance_rows(statement)])


def balance_json(statement: Statement) -> str:
    """Return the same rows as one array of flat objects."""
    return json_of(balance_rows(statement))


def balance_rows(statement: Statement) -> list[Row]:
    """Return what was typed, and what should be left now in a row of the kind `estimate`.

    `unspent_at_least` and `_at_most` are what is left of a credit on its last day at this pace.
    """
    drifts = {drift.entry.id: drift for drift in statement.drifts if not drift.unknown_days}
    balance = statement.balance
    endings = {e.entry.id: e for e in (*balance.expired, *balance.expiring)} if balance else {}
    rows: list[Row] = []
    for entry in statement.entries:
        drift, ending = drifts.get(entry.id), endings.get(entry.id)
        rows.append(
            {
                "id": entry.id,
                "kind": entry.kind.value,
                "at": _iso(entry.at),
                **_amount(entry.amount.dollars),
                "expires": entry.expires.isoformat() if entry.expires else None,
                "entered_at": _iso(entry.entered_at),
                "expected": amount_text(drift.expected) if drift else None,
                "drift": amount_text(drift.difference) if drift else None,
                "drift_unsure": amount_text(drift.unsure) if drift else None,
                "unspent_at_least": amount_text(ending.least) if ending else None,
                "unspent_at_most": amount_text(ending.most) if ending else None,
            }
        )
    if balance:
        nothing: dict[str, object] = dict.fromkeys(_BALANCE_FIELDS)
        estimate = {"kind": "estimate", "at": _iso(statement.now)}
        rows.append({**nothing, **estimate, **_amount(balance.left)})
    return rows


def _history_fields(history: History) -> Sequence[str]:
    return ("month", *_TIMES, *_columns(history), *_MONTH_FIELDS)


def _columns(history: History) -> tuple[str, str]:
    by = history.dimension
    return _NAMES.get(by, (by.value, f"{by.value}_name"))


def _times(period: Period) -> dict[str, object]:
    after = datetime.combine(period.last + timedelta(days=1), time(), UTC)
    return {"start_time": int(period.start.timestamp()), "end_time": int(after.timestamp())}


def _amount(amount: Decimal | None) -> dict[str, object]:
    return {"amount": amount_text(amount), "currency": None if amount is None else CURRENCY}


def _id(id: str) -> str | None:
    return None if id in ("", NOT_TOLD) else id


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
