"""How a month and its days are named, and what a month is held against."""

from __future__ import annotations

from datetime import date, timedelta

from textual.content import Content

from oai_tui.core.history import Month
from oai_tui.core.kinds import Dimension
from oai_tui.core.period import Period
from oai_tui.core.text import UNKNOWN, money
from oai_tui.services.billing.history_words import change_words
from oai_tui.services.billing.phrases import short_day, span_words

SO_FAR = "so far"
LABELS = {Dimension.PROJECT: "PROJECT", Dimension.LINE_ITEM: "LINE ITEM"}


def has_gaps(month: Month) -> bool:
    """Whether days of a month are not known that should be."""
    return bool(month.unknown_days) and not month.is_provisional


def nothing_words(*, is_told: bool, is_late: bool) -> str:
    """Return what stands in place of what was spent on something, where there is nothing of it."""
    if is_told:
        return "Nothing was spent."
    return "Nothing is reported yet." if is_late else "What it cost is not known."


def spent_words(month: Month) -> str:
    """Return what a month cost; with a question mark where days of it are not known."""
    if month.days and not month.is_told:
        return UNKNOWN
    return f"{money(month.total)}{'?' if has_gaps(month) else ''}"


def title(month: Month) -> Content:
    """Return the line above the days of a month."""
    told = _change_told(month)
    length = SO_FAR if month.is_open else f"{month.period.days} days"
    if told and month.is_held_in_part:
        length = ""
    words = [length, told, _provisional(month), "UTC"]
    return Content.assemble(
        Content.styled(f" {month.first:%B %Y} ", "bold"),
        " ",
        Content.styled(spent_words(month), "bold"),
        Content.styled(f"   {' · '.join(filter(None, words))}", "$text-muted"),
    )


def day_head(dimension: Dimension, day: date, *, is_late: bool) -> str:
    """Return the head of what a day was spent on, in the 24 cells it has at 80 columns."""
    return f"{LABELS[dimension]}, {short_day(day).upper()}{' SO FAR' if is_late else ''}"


def _change_told(month: Month) -> str:
    """Return how a month compares, and with what, if that is known."""
    if month.change is None or month.held is None:
        return ""
    before = span_words(month.held.before) if month.is_held_in_part else "the month before"
    return f"{change_words(month.change)} on {before}"


def _provisional(month: Month) -> str:
    """Return which of its days may yet cost more."""
    if month.settled >= len(month.days):
        return ""
    first, number = timedelta(days=month.settled), len(month.days) - 1
    young = Period(month.first + first, month.first + timedelta(days=number))
    return f"{span_words(young)} provisional"
