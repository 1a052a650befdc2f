"""Rate limits as rows: for people as far as the terminal has room, and for scripts."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from oai_tui.cli.billing_reading import figures_right, table_width, with_names_cut
from oai_tui.cli.rows import NARROWEST, table, width
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
    *("peak_requests_per_1_minute", "peak_tokens_per_1_minute", "peak_images_per_1_minute"),
    *("requests_today", "batch_input_tokens_today", "peak_share", "peak_of", "peak_at"),
    *("throttled", "as_of"),
)
_USED = (
    *(Ceiling.REQUESTS, Ceiling.TOKENS, Ceiling.IMAGES),
    *(Ceiling.DAILY_REQUESTS, Ceiling.BATCH),
)
"""The ceilings of what was used, in the order of those fields."""


def rates_spelled(rows: Sequence[RateRow], form: str) -> str:
    """Return a row for each rate limit, those near a ceiling told below the table as well."""
    if form != "table":
        from oai_tui.services.flat import csv_of, json_of

        flat = [_flat(row) for row in rows]
        return json_of(flat) if form == "json" else csv_of(FIELDS, flat)
    if not rows:
        return ""
    told = [each for each in Ceiling if any(each in row.limit.ceilings for row in rows)]
    cells, left_out = _fitting(rows, told)
    heads, *lines = with_names_cut(figures_right(cells, range(2, len(cells[0]))), 1)
    near = [row for row in rows if row.throttled]
    marks = [f"▲ {row.project} · {row.limit.model}: {row.mark}" for row in near]
    if left_out:
        names = ", ".join(each.label for each in left_out)
        marks.append(f"Left out for want of room: {names}.")
    return "\n".join([table(heads, lines), *marks]) + "\n"


def _fitting(
    rows: Sequence[RateRow], told: Sequence[Ceiling]
) -> tuple[list[list[str]], Sequence[Ceiling]]:
    """Return cells as exact and as many as a terminal has room for, and what is left out."""
    if not sys.stdout.isatty():
        return _cells(rows, told, _exactly), ()
    most = shutil.get_terminal_size().columns
    for number in range(len(told), 1, -1):
        for write in (_exactly, count):
            cells = _cells(rows, told[:number], write)
            names = max(width(row[1]) for row in cells)
            if table_width(cells) - names + min(names, NARROWEST) <= most:
                return cells, told[number:]
    return _cells(rows, told[:1], count), told[1:]


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


def _flat(row: RateRow) -> dict[str, object]:
    limit = row.limit
    used = [each.amount if (each := row.used.get(ceiling)) else None for ceiling in _USED]
    values = (
        *(limit.id, limit.project_id, row.project, limit.model),
        *(limit.ceilings.get(ceiling) for ceiling in Ceiling),
        *used,
        None if row.share is None else f"{row.share:.4f}",
        row.nearest.value if row.nearest else None,
        int(row.at.timestamp()) if row.at else None,
        row.throttled if row.used else None,
        int(row.as_of.timestamp()) if row.as_of else None,
    )
    return dict(zip(FIELDS, values, strict=True))
