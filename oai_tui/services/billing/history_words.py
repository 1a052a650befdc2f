"""What a month is held against, in the words that screens and commands share."""

from __future__ import annotations

from oai_tui.core.history import Month
from oai_tui.services.billing.phrases import span_words

IN_PART = "*"
"""Stands after the changes of a month that is held against a part of the month before."""


def against(month: Month) -> str:
    """Return which days of a month are held against the same of the month before, if not all."""
    if month.held is None or not month.is_held_in_part:
        return ""
    return f"{IN_PART} {span_words(month.held.days)} against {span_words(month.held.before)}"
