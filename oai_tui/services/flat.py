"""Flat rows for spreadsheets and for scripts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

Flat = Mapping[str, object]


def csv_of(fields: Sequence[str], rows: Sequence[Flat]) -> str:
    """Return rows with their head; no text in it is taken for a formula by a spreadsheet."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: csv_cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def json_of(rows: Sequence[Flat]) -> str:
    """Return rows as one array of flat objects."""
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def csv_cell(value: object) -> object:
    """Return a value so that no spreadsheet takes it for a formula; numbers stay numbers."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "\0"):
        return "'" + value
    return value
