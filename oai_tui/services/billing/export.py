"""What was typed of the balance as flat rows for spreadsheets and scripts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from oai_tui.services.billing.amounts import Row, amount_text, spread
from oai_tui.services.billing.statement import Statement
from oai_tui.services.export import CURRENCY
from oai_tui.services.flat import csv_of, json_of

_BALANCE_FIELDS = (
    *("id", "kind", "at", "amount", "currency", "expires", "entered_at"),
    *("expected", "drift", "drift_unsure", "unspent_at_least", "unspent_at_most"),
)


def balance_csv(statement: Statement) -> str:
    """Return what was typed of the balance, the oldest first, each with its drift."""
    return csv_of(_BALANCE_FIELDS, [spread(row) for row in balance_rows(statement)])


def balance_json(statement: Statement) -> str:
    """Return the same rows as one array of flat objects."""
    return json_of(balance_rows(statement))


def balance_rows(statement: Statement) -> list[Row]:
    """Return what was typed, and what should be left now in a row of the kind `estimate`.

    `unspent_at_least` and `_at_most` are what is left of all
    credits with the same last day on that, at this pace.
    """
    drifts = {drift.entry.id: drift for drift in statement.drifts if not drift.unknown_days}
    balance = statement.balance
    endings = {e.day: e for e in (*balance.expired, *balance.expiring)} if balance else {}
    rows: list[Row] = []
    for entry in statement.entries:
        drift, ending = drifts.get(entry.id), endings.get(entry.expires) if entry.expires else None
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


def _amount(amount: Decimal | None) -> dict[str, object]:
    return {"amount": amount_text(amount), "currency": None if amount is None else CURRENCY}


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
