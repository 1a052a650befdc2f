"""What is shown, as flat rows under the platform's own names."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from oai_tui.core.metrics import Metric
from oai_tui.services.usage.question import Report
from oai_tui.services.usage.viewing import NOT_TOLD

Value = str | int | Decimal | None


def export_rows(report: Report) -> list[dict[str, Value]]:
    """Return a row for each cut and group, in the order of time and of size.

    A figure that is not known is None. Money is a Decimal beside its currency.
    """
    pivot = report.pivot
    rows: list[dict[str, Value]] = []
    for place, cut in enumerate(pivot.cuts):
        known = place not in pivot.unknown
        for group in pivot.groups:
            figure = group.figures[place]
            row: dict[str, Value] = {
                "start_time": _moment(cut.start),
                "end_time": _moment(cut.end),
                str(pivot.dimension): "" if group.id == NOT_TOLD else group.id,
                "name": group.name,
            }
            if pivot.metric is Metric.COST:
                row |= {"amount": figure if known else None, "currency": "usd"}
            else:
                row[str(pivot.metric)] = int(figure) if known else None
            rows.append(row)
    return rows


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
