"""How rate limits read: a column each, and the lines about the one under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from rich.cells import cell_len
from textual.content import Content

from oai_tui.core.limits import Ceiling
from oai_tui.core.rates import RateRow, Used
from oai_tui.core.text import UNKNOWN, count, percent, when
from oai_tui.ui.widgets.table import Cell, Column

_HEADS = {
    Ceiling.REQUESTS: ("REQ/MIN", 7, 9),
    Ceiling.TOKENS: ("TOK/MIN", 7, 8),
    Ceiling.DAILY_REQUESTS: ("REQ/DAY", 7, 4),
    Ceiling.BATCH: ("BATCH/DAY", 9, 3),
    Ceiling.IMAGES: ("IMG/MIN", 7, 2),
    Ceiling.AUDIO: ("MB/MIN", 6, 1),
}
"""For every ceiling the head of its column, its width, and how much it matters."""

_UNITS = {
    Ceiling.REQUESTS: "requests/min",
    Ceiling.TOKENS: "tokens/min",
    Ceiling.DAILY_REQUESTS: "requests/day",
    Ceiling.BATCH: "batch tokens/day",
    Ceiling.IMAGES: "images/min",
    Ceiling.AUDIO: "audio MB/min",
}

_COUNTED = {Ceiling.REQUESTS: "request", Ceiling.TOKENS: "token", Ceiling.IMAGES: "image"}
"""What is counted by the minute, one of it."""

NEAR_WORD = "near its ceiling"
_ONE = Decimal(1)


def rate_id(row: RateRow) -> str:
    """Return what tells a rate limit from those of other projects."""
    return f"{row.limit.project_id}/{row.limit.id}"


def rate_columns() -> tuple[Column[RateRow], ...]:
    """Return the columns of the rate limits."""
    return (
        Column("model", "MODEL", 20, lambda row: row.limit.model, _model, grow=True),
        Column("project", "PROJECT", 13, lambda row: row.project, _project, grow=True, priority=10),
        Column("busiest", "BUSIEST", 8, _busiest, lambda row: row.share, "right", priority=10),
        *(_ceiling(each) for each in _HEADS),
    )


def rate_lines(row: RateRow, bases: Sequence[str], now: datetime, width: int) -> Content:
    """Return a rate limit in three lines, and what its mark rests on.

    The third says what no usage tells and how old the ceilings are. Of `bases` the first that fits
    `width` cells is told, else the last.
    """
    use = _fitting(_uses(row), width)
    id = f" · {row.limit.id}"
    return Content.assemble(
        f" {_fitting(_ceilings(row), width)}\n",
        Content.styled(f" {use}", "$text-warning" if row.throttled else ""),
        Content.styled(id if len(use) + len(id) < width else "", "$text-muted"),
        Content.styled(f"\n {_fitting(_ages(row, now), width)}", "$text-muted"),
        Content.styled(f"\n {_fitting(bases, width)}", "$text-muted"),
    )


def _fitting(words: Sequence[str], width: int) -> str:
    return next((each for each in words if cell_len(each) < width), words[-1])


def _ceilings(row: RateRow) -> Sequence[str]:
    told = [(each, row.limit.ceilings[each]) for each in Ceiling if each in row.limit.ceilings]
    if not told:
        return ("no ceiling is told",)
    return (
        " · ".join(f"{value:,} {each.label}" for each, value in told),
        " · ".join(f"{value:,} {_UNITS[each]}" for each, value in told),
        " · ".join(f"{count(value)} {_UNITS[each]}" for each, value in told),
    )


def _uses(row: RateRow) -> Sequence[str]:
    if not row.used:
        return ("no use seen, or not known",)
    if not row.mark:
        return ("used, but under none of these ceilings",)
    least = f"{NEAR_WORD}: {row.mark}" if row.throttled else row.mark
    minutes = ", ".join(
        _counted(row.used[each], what) for each, what in _COUNTED.items() if each in row.used
    )
    return (f"{least}; at most {minutes} in a minute", f"{least}; {minutes}", least)


def _counted(used: Used, what: str) -> str:
    return f"{count(used.amount)} {what}{'' if used.amount == 1 else 's'}"


def _ages(row: RateRow, now: datetime) -> Sequence[str]:
    asked = f"ceilings as seen {when(row.as_of, now)}"
    told = "; ".join(row.not_compared)
    if used := row.used.get(Ceiling.DAILY_REQUESTS):
        told = "; ".join(part for part in (_today(row, used), told) if part)
    return (f"{told} · {asked}", told) if told else (asked,)


def _today(row: RateRow, used: Used) -> str:
    most = row.limit.ceilings.get(Ceiling.DAILY_REQUESTS)
    return f"{used.amount:,} of {most:,} requests since midnight UTC" if most else ""


def _model(row: RateRow) -> object:
    return row.limit.model.casefold()


def _project(row: RateRow) -> object:
    return row.project.casefold()


def _busiest(row: RateRow) -> Cell:
    if row.share is None:
        return Cell(UNKNOWN, "muted")
    share = percent(row.share, _ONE)
    return Cell(f"▲ {share}", "warn") if row.throttled else Cell(share)


def _ceiling(ceiling: Ceiling) -> Column[RateRow]:
    label, width, priority = _HEADS[ceiling]

    def cell(row: RateRow) -> Cell:
        value = row.limit.ceilings.get(ceiling)
        return Cell("" if value is None else count(value))

    def sort(row: RateRow) -> object:
        return row.limit.ceilings.get(ceiling)

    return Column(ceiling.value, label, width, cell, sort, "right", priority=priority)
