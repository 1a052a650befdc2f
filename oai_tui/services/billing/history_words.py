"""How a month compares, in the words that screens and commands share."""

from __future__ import annotations

from decimal import Decimal

from oai_tui.core.history import Month
from oai_tui.core.text import UNKNOWN, count, percent
from oai_tui.services.billing.phrases import span_words

IN_PART = "*"
"""Stands after the changes of a month that is held against a part of the month before."""

MANY = 10
"""From how many times more on a change is no percentage any more."""


def change_words(part: Decimal | None) -> str:
    """Return a change in six cells: `+12 %`, `-<1 %`, `12 ×`, `—` where it is not known."""
    if part is None:
        return UNKNOWN
    if part >= MANY:
        return f"{count(part + 1)} ×"
    sign = "+" if part > 0 else "-" if part < 0 else ""
    return f"{sign}{percent(abs(part), Decimal(1))}"


def marked_change(change: Decimal | None, month: Month) -> str:
    """Return a change of a month or of a part of it, marked where it is not of the whole month."""
    words = change_words(change)
    return f"{words}{IN_PART}" if change is not None and month.is_held_in_part else words


def against(month: Month) -> str:
    """Return which days of a month are held against the same of the month before, if not all."""
    if month.held is None or not month.is_held_in_part:
        return ""
    return f"{IN_PART} {span_words(month.held.days)} against {span_words(month.held.before)}"
