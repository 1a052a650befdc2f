"""The rows of the list of keys, for spreadsheets and for scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from oai_tui.core.errors import StoreProblem, WrongInput
from oai_tui.core.estate import EstateRow
from oai_tui.core.health import FACTS_DAYS
from oai_tui.core.text import clean
from oai_tui.services.flat import csv_of, json_of
from oai_tui.store.files import write_new

Value = str | int | None
Moment = Callable[[datetime | None], Value]

CURRENCY = "usd"

FIELDS = (
    *("id", "name", "kind", "project_id", "project", "owner_type", "owner", "redacted_value"),
    *("created_at", "last_used_at", "expires_at", "health"),
    *(f"requests_{FACTS_DAYS}d", f"cost_{FACTS_DAYS}d", "currency"),
)
"""The names of the columns, the platform's own where it has one."""


def rows_csv(rows: Iterable[EstateRow], now: datetime) -> str:
    """Return the rows with their head, times as `2026-11-22T12:00:00Z`, unknown figures empty.

    No text in it is taken for a formula by a spreadsheet.
    """
    return csv_of(FIELDS, [_flat(row, _iso) for row in rows])


def rows_json(rows: Iterable[EstateRow], now: datetime) -> str:
    """Return the rows as one array of flat objects, times in Unix seconds as the platform's own.

    What is not known is null, and money is a decimal string.
    """
    return json_of([_flat(row, _unix) for row in rows])


def save(text: str, typed: str | Path) -> Path:
    """Write an export to a new file that only its owner can read, and return where it is.

    Raises WrongInput when no file is named, and StoreProblem when it is there already or cannot be
    written.
    """
    if not str(typed).strip():
        raise WrongInput("No file was named.", "Type a path such as ~/keys.csv.")
    try:
        path = Path(str(typed).strip()).expanduser()
        write_new(path, text.encode())
    except (ValueError, RuntimeError):
        raise StoreProblem(f"{clean(typed)} is not a path.", "Choose another name.") from None
    return path


def _flat(row: EstateRow, moment: Moment) -> Mapping[str, Value]:
    key, facts = row.key, row.facts
    project, owner = key.project, key.owner
    values: tuple[Value, ...] = (
        *(key.id, key.name, key.kind.value),
        *((project.id, project.name) if project else (None, None)),
        *((owner.type, owner.label) if owner else (None, None)),
        key.masked or None,
        *(moment(key.created_at), moment(key.last_used_at), moment(key.expires_at)),
        row.state.word,
        *(facts.requests, _decimal(facts.cost), None if facts.cost is None else CURRENCY),
    )
    return dict(zip(FIELDS, values, strict=True))


def _decimal(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _iso(moment: datetime | None) -> Value:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _unix(moment: datetime | None) -> Value:
    return int(moment.timestamp()) if moment else None
