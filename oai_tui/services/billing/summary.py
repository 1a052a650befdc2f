"""The state of the cycle as flat rows for spreadsheets and scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from oai_tui.core.balance import Balance
from oai_tui.core.cycle import Cycle
from oai_tui.core.origin import Origin
from oai_tui.core.period import Period
from oai_tui.core.remaining import Cap, tokens_left
from oai_tui.services.billing.amounts import Row, amount_text, ratio_text, spread
from oai_tui.services.billing.statement import Statement
from oai_tui.services.export import CURRENCY
from oai_tui.services.flat import csv_of, json_of

_SUMMARY_FIELDS = (
    *("kind", "name", "project_id", "amount", "spent", "left", "currency", "used"),
    *("enforcement", "origin", "reached_on", "tokens_left"),
)


def summary_csv(statement: Statement) -> str:
    """Return a row for the cycle, its forecast and everything it is held against."""
    return csv_of(_SUMMARY_FIELDS, [spread(row) for row in summary_rows(statement)])


def summary_json(statement: Statement) -> str:
    """Return the same rows as one array of flat objects; what is not known is null."""
    return json_of(summary_rows(statement))


def summary_rows(statement: Statement) -> list[Row]:
    """Return the figures of a statement, a row each, by what they are held against."""
    pace = statement.pace
    rows = list(_cycle(statement.cycle)) if statement.cycle else []
    if pace:
        rows += [
            _row("forecast", each.basis.value, amount=each.month_end, origin=Origin.ESTIMATED)
            for each in pace.forecasts
        ]
    rows += [_cap(cap, statement) for cap in statement.caps]
    rows += _endings(statement.balance) if statement.balance else []
    rows += [
        _row(
            "alert",
            state.name,
            amount=state.alert.amount.dollars,
            spent=state.spent,
            project_id=state.alert.project_id,
            reached_on=state.passed_on or state.due,
            origin=_origin(state.spent),
        )
        for state in statement.alerts
    ]
    return [*rows, *_prices(statement)]


def _prices(statement: Statement) -> Iterator[dict[str, object]]:
    left = statement.nearest.left_so_far if statement.nearest else None
    for price in (statement.price, *statement.prices):
        paid = price.per_million
        row = _row("price", price.name, amount=paid, origin=_origin(paid, Origin.ESTIMATED))
        yield row | {"tokens_left": tokens_left(left, paid)}


def _origin(figure: Decimal | None, origin: Origin = Origin.REPORTED) -> Origin:
    """Return where a figure comes from, as the lines for people have it."""
    return Origin.UNKNOWN if figure is None else origin


def _cycle(cycle: Cycle) -> Iterator[dict[str, object]]:
    """Yield what is spent, and the whole days of it beside the same days of the month before."""
    spent, point = cycle.spent if cycle.is_reported else None, cycle.same_point
    yield _row("cycle", f"{cycle.month.first:%Y-%m}", spent=spent, origin=_origin(spent))
    today, spent = cycle.today.isoformat(), cycle.spent_today
    yield _row("today", today, spent=spent, origin=_origin(spent))
    if point:
        yield _row("whole_days", _span(point.days), spent=point.spent)
        yield _row("same_days_last_month", _span(point.days_before), spent=point.spent_before)


def _endings(balance: Balance) -> Iterator[dict[str, object]]:
    """Yield the days through which the balance lasts, and its credits that end.

    `left` of a credit is what is at most not spent by its last day.
    """
    for name, runway in (("at least", balance.shortest), ("at most", balance.longest)):
        if runway:
            yield _row("runway", name, reached_on=runway.ends, origin=Origin.ESTIMATED)
    for kind, endings in (("expired", balance.expired), ("expiring", balance.expiring)):
        for each in endings:
            amount, left = each.amount.dollars, amount_text(each.most)
            row = _row(
                f"{kind}_credit", "", amount=amount, reached_on=each.day, origin=Origin.ESTIMATED
            )
            yield row | {"left": left}


def _span(days: Period) -> str:
    """Return some days as an interval of ISO 8601."""
    return f"{days.first}/{days.last}"


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
        origin=_origin(cap.spent, Origin.ENTERED if cap.kind.is_local else Origin.REPORTED),
    )
    used = None if cap.share is None else ratio_text(cap.share)
    return row | {
        "left": amount_text(cap.left),
        "used": used,
        "enforcement": cap.enforcement or None,
    }


def _row(
    kind: str,
    name: str,
    *,
    amount: Decimal | None = None,
    spent: Decimal | None = None,
    project_id: str = "",
    reached_on: date | None = None,
    origin: Origin = Origin.REPORTED,
) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(_SUMMARY_FIELDS)
    return row | {
        "kind": kind,
        "name": name or None,
        "project_id": project_id or None,
        "amount": amount_text(amount),
        "spent": amount_text(spent),
        "currency": CURRENCY,
        "origin": origin.value,
        "reached_on": reached_on.isoformat() if reached_on else None,
    }
