"""Rate limits as rows: for people as far as the terminal has room, and for scripts."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from oai_tui.cli.billing_reading import figures_right
from oai_tui.cli.rows import GAP, table, width
from oai_tui.core.limits import Ceiling
from oai_tui.core.text import UNKNOWN, count, percent

if TYPE_CHECKING:
    from oai_tui.core.rates import RateRow

HEADS = {
    Ceiling.REQUESTS: "REQ/MIN",
    Ceiling.TOKENS: "TOK/MIN",
    Ceiling.IMAGES: "IMG/MIN",
    Ceiling.AUDIO: "MB/MIN",
    Ceiling.DAILY_REQUESTS: "REQ/DAY",
    Ceiling.BATCH: "BATCH/DAY",
}
FIELDS = (
    *("id", "project_id", "project", "model"),
    *(ceiling.value for ceiling in Ceiling),
    *("peak_requests_per_1_minute", "peak_tokens_per_1_minute", "peak_share", "peak_of"),
    *("peak_at", "throttled"),
)


def rates_spelled(rows: Sequence[RateRow], form: str) -> str:
    """Return a row for each rate limit, those near a ceiling told below the table as well."""
    if form != "table":
        from oai_tui.services.flat import csv_of, json_of

        flat = [_flat(row) for row in rows]
        return json_of(flat) if form == "json" else csv_of(FIELDS, flat)
    if not rows:
        return ""
    told = [each for each in Ceiling if any(each in row.limit.ceilings for row in rows)]
    exact, short = (_cells(rows, told, write) for write in (_exactly, count))
    most = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    shown = exact if most is None or _width(exact) <= most else short
    near = [row for row in rows if row.throttled]
    marks = [f"▲ {row.project} · {row.limit.model}: {row.mark}" for row in near]
    heads, *lines = figures_right(shown, range(2, len(shown[0])))
    return "\n".join([table(heads, lines), *marks]) + "\n"


def _cells(
    rows: Sequence[RateRow], told: Sequence[Ceiling], write: Callable[[int], str]
) -> list[list[str]]:
    heads = ["MODEL", "PROJECT", "BUSIEST", *(HEADS[each] for each in told)]
    cells = [
        [
            row.limit.model,
            row.project,
            _busiest(row),
            *(_ceiling(row, each, write) for each in told),
        ]
        for row in rows
    ]
    return [heads, *cells]


def _busiest(row: RateRow) -> str:
    if row.share is None:
        return UNKNOWN
    return f"{percent(row.share, Decimal(1))}{' ▲' if row.throttled else '  '}"


def _ceiling(row: RateRow, ceiling: Ceiling, write: Callable[[int], str]) -> str:
    value = row.limit.ceilings.get(ceiling)
    return UNKNOWN if value is None else write(value)


def _exactly(number: int) -> str:
    return f"{number:,}"


def _width(rows: list[list[str]]) -> int:
    columns = list(zip(*rows, strict=True))
    return sum(max(map(width, column)) for column in columns) + len(GAP) * (len(columns) - 1)


def _flat(row: RateRow) -> dict[str, object]:
    limit, peak = row.limit, row.peak
    values = (
        *(limit.id, limit.project_id, row.project, limit.model),
        *(limit.ceilings.get(ceiling) for ceiling in Ceiling),
        *((peak.requests, peak.tokens) if peak else (None, None)),
        None if row.share is None else f"{row.share:.4f}",
        row.nearest.value if row.nearest else None,
        int(row.at.timestamp()) if row.at else None,
        row.throttled if peak else None,
    )
    return dict(zip(FIELDS, values, strict=True))
