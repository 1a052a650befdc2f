"""Writing the months, or the days of one of them, to a new file."""

from __future__ import annotations

from pathlib import Path

from oai_tui.core.history import History, Month
from oai_tui.services.billing.history_rows import days_csv, days_json, history_csv, history_json
from oai_tui.services.export import save
from oai_tui.ui.dialogs.export import Export, Format


def history_export(history: History, month: Month | None) -> Export:
    """Return the question where to write all months, or the days of one."""
    by = f"by {history.dimension.label}"
    if month:
        rows = f"The days of {month.first:%B %Y} {by}"
        stem = f"costs-{by.replace(' ', '-')}-{month.first:%Y-%m}-by-day"
    else:
        number = len(history.months)
        rows = f"{number} {'month' if number == 1 else 'months'} {by}"
        stem = f"costs-{by.replace(' ', '-')}-by-month"

    def write(format: Format, name: str) -> Path:
        if month:
            made = days_json if format == "json" else days_csv
            return save(made([month], history.dimension), name)
        return save((history_json if format == "json" else history_csv)(history), name)

    return Export(rows, stem, write)
