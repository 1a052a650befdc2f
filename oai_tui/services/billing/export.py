"""The bill as flat rows for spreadsheets and scripts; money is a decimal text beside a currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from oai_tui.core.history import History, Month
from oai_tui.core.kinds import Dimension
from oai_tui.core.period import Period
from oai_tui.core.remaining import Cap, tokens_left
from oai_tui.services.billing.statement import Statement
from oai_tui.services.export import CURRENCY
from oai_tui.services.flat import csv_of, json_of
from oai_tui.services.usage.viewing import NOT_TOLD

Row = Mapping[str, object]

_TIMES = ("start_time", "end_time")
_NAMES = {Dimension.PROJECT: ("project_id", "project_name")}
_MONTH_FIELDS = ("amount", "currency", "share", "change", "is_open", "is_provisional")
_DAY_FIELDS = (*_TIMES, "date", "amount", "currency")
_BALANCE_FIELDS = (
    *("id", "kind", "at", "amount", "currency", "expires", "entered_at"),
    *("expected", "drift", "drift_unsure"),
)
_SUMMARY_FIELDS = (
    *("kind", "name", "project_id", "amount", "spent", "left", "currency", "used"),
    *("enforcement", "origin", "reached_on", "tokens_left"),
)


def history_csv(history: History) -> str:
    """Return a row for each month and part of it, and one for the whole month, the newest first."""
    return csv_of(_history_fields(history), [_spread(row) for row in history_rows(history)])


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
        rows.append({**head, **whole, "share": None, "change": _ratio(month.change), **state})
        for part in month.parts:
            told = {id: _id(part.id), name: part.name, **_amount(part.amount)}
            shares = {"share": _ratio(part.share), "change": _ratio(part.change)}
            rows.append({**head, **told, **shares, **state})
    return rows


def days_csv(month: Month) -> str:
    """Return a row for each day of a month; what is not known is empty."""
    return csv_of(_DAY_FIELDS, [_spread(row) for row in days_rows(month)])


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
    return csv_of(_BALANCE_FIELDS, [_spread(row) for row in balance_rows(statement)])


def balance_json(statement: Statement) -> str:
    """Return the same rows as one array of flat objects."""
    return json_of(balance_rows(statement))


def balance_rows(statement: Statement) -> list[Row]:
    """Return what was typed, and what should be left now in a row of the kind `estimate`."""
    drifts = {drift.entry.id: drift for drift in statement.drifts if not drift.unknown_days}
    rows: list[Row] = []
    for entry in statement.entries:
        drift = drifts.get(entry.id)
        rows.append(
            {
                "id": entry.id,
                "kind": entry.kind.value,
                "at": _iso(entry.at),
                **_amount(entry.amount.dollars),
                "expires": entry.expires.isoformat() if entry.expires else None,
                "entered_at": _iso(entry.entered_at),
                "expected": _text(drift.expected) if drift else None,
                "drift": _text(drift.difference) if drift else None,
                "drift_unsure": _text(drift.unsure) if drift else None,
            }
        )
    if statement.balance:
        nothing: dict[str, object] = dict.fromkeys(_BALANCE_FIELDS)
        estimate = {"kind": "estimate", "at": _iso(statement.now)}
        rows.append({**nothing, **estimate, **_amount(statement.balance.left)})
    return rows


def summary_csv(statement: Statement) -> str:
    """Return a row for the cycle, its forecast and everything it is held against."""
    return csv_of(_SUMMARY_FIELDS, [_spread(row) for row in summary_rows(statement)])


def summary_json(statement: Statement) -> str:
    """Return the same rows as one array of flat objects; what is not known is null."""
    return json_of(summary_rows(statement))


def summary_rows(statement: Statement) -> list[Row]:
    """Return the figures of a statement, a row each, by what they are held against."""
    cycle, pace = statement.cycle, statement.pace
    rows = []
    if cycle:
        spent = cycle.spent if cycle.is_reported else None
        rows.append(_row("cycle", f"{cycle.month.first:%Y-%m}", spent=spent))
        rows.append(_row("today", cycle.today.isoformat(), spent=cycle.spent_today))
    if pace:
        rows += [
            _row("forecast", each.basis.value, amount=each.month_end, origin="estimated")
            for each in pace.forecasts
        ]
    rows += [_cap(cap, statement) for cap in statement.caps]
    rows += [
        _row(
            "alert",
            state.name,
            amount=state.alert.amount.dollars,
            spent=state.spent,
            project_id=state.alert.project_id,
            reached_on=state.passed_on or state.due,
        )
        for state in statement.alerts
    ]
    left = statement.nearest.left if statement.nearest else None
    for price in (statement.price, *statement.prices):
        number = tokens_left(left, price.per_million)
        rows.append(
            _row("price", price.name, amount=price.per_million, origin="estimated")
            | {"tokens_left": number}
        )
    return list(rows)


def _cap(cap: Cap, statement: Statement) -> dict[str, object]:
    paces = {project.id: project.pace for project in statement.projects}
    pace = paces.get(cap.project_id) if cap.project_id else statement.pace
    amount, due = cap.amount.dollars, None
    monthly = cap.kind.value in ("hard limit", "project limit", "monthly budget")
    if pace and monthly and not cap.is_reached:
        due = pace.reached(amount)
    row = _row(
        cap.kind.value.replace(" ", "_"),
        cap.name,
        amount=amount,
        spent=cap.spent,
        project_id=cap.project_id,
        reached_on=due,
        origin="entered" if cap.kind.is_local else "reported",
    )
    used = None if cap.share is None else _ratio(cap.share)
    return row | {"left": _text(cap.left), "used": used, "enforcement": cap.enforcement or None}


def _row(
    kind: str,
    name: str,
    *,
    amount: Decimal | None = None,
    spent: Decimal | None = None,
    project_id: str = "",
    reached_on: date | None = None,
    origin: str = "reported",
) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(_SUMMARY_FIELDS)
    return row | {
        "kind": kind,
        "name": name or None,
        "project_id": project_id or None,
        "amount": _text(amount),
        "spent": _text(spent),
        "currency": CURRENCY,
        "origin": origin,
        "reached_on": reached_on.isoformat() if reached_on else None,
    }


def _history_fields(history: History) -> Sequence[str]:
    return ("month", *_TIMES, *_columns(history), *_MONTH_FIELDS)


def _columns(history: History) -> tuple[str, str]:
    by = history.dimension
    return _NAMES.get(by, (by.value, f"{by.value}_name"))


def _times(period: Period) -> dict[str, object]:
    after = datetime.combine(period.last + timedelta(days=1), time(), UTC)
    return {"start_time": int(period.start.timestamp()), "end_time": int(after.timestamp())}


def _amount(amount: Decimal | None) -> dict[str, object]:
    return {"amount": _text(amount), "currency": None if amount is None else CURRENCY}


def _text(amount: Decimal | None) -> str | None:
    if amount is None:
        return None
    return f"{amount:f}" if amount else "0"


def _ratio(part: Decimal | None) -> str | None:
    return None if part is None else f"{part:.4f}"


def _id(id: str) -> str | None:
    return None if id in ("", NOT_TOLD) else id


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _spread(row: Row) -> Row:
    """Return a row whose negative amounts stay numbers instead of being taken for formulas."""
    return {name: _number(value) for name, value in row.items()}


def _number(value: object) -> object:
    if isinstance(value, str) and value[:1] == "-":
        try:
            return Decimal(value)
        except ArithmeticError:
            return value
    return value
