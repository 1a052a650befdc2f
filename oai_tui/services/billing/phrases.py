"""Turns of phrase about the bill, and the tone that goes with an amount."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from oai_tui.core.limits import SpendLimit
from oai_tui.core.money import CENT
from oai_tui.core.pace import Basis, Pace
from oai_tui.core.period import Period
from oai_tui.core.text import money
from oai_tui.services.billing.lines import Tone

NEAR = Decimal("0.8")
"""The part of an amount from which it takes a person's attention where no pace tells better."""

REACHED = "the platform refuses requests while it enforces"
NOTHING_REFUSED = "local: nothing is refused"

SHORT = {Basis.STRAIGHT: "straight line", Basis.WEEK: "7-day", Basis.WEEKDAYS: "weekdays"}


def tone_of(spent: Decimal | None, amount: Decimal, pace: Pace | None = None) -> Tone:
    """Return the tone of what is spent of an amount: by its pace, by its part without one."""
    if spent is None:
        return ""
    if spent >= amount:
        return "bad"
    if pace is not None:
        if pace.usual.month_end >= amount:
            return "warn"
        if pace.high < amount:
            return ""
    return "warn" if spent >= amount * NEAR else ""


def enforcement(limit: SpendLimit) -> str:
    """Return the platform's own word for the state of a limit."""
    return limit.enforcement or "enforcement not told"


def reached(by: Decimal | None) -> str:
    """Return how an amount that leaves nothing stands, from what is spent over it."""
    return f"over by {money(by)}" if by is not None and by >= CENT else "reached"


def short_day(day: date) -> str:
    """Return a day of about now: `20 Nov`."""
    return f"{day.day} {day:%b}"


def span_words(days: Period) -> str:
    """Return some days of one month: `1 – 21 Oct`, `1 Oct`."""
    start = "" if days.first == days.last else f"{days.first.day} – "
    return f"{start}{short_day(days.last)}"


def day_word(day: date, today: date) -> str:
    """Return a day as it is called: `yesterday`, `tomorrow`, `20 Nov`."""
    names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return names.get((day - today).days) or short_day(day)


def day_of(moment: datetime) -> date:
    """Return the UTC day of a moment."""
    return moment.astimezone(UTC).date()


def on_day(day: date, today: date) -> str:
    """Return the same after a verb: `on 20 Nov`, `today`."""
    word = day_word(day, today)
    return word if abs(day - today) <= timedelta(days=1) else f"on {word}"


def due_words(name: str, amount: Decimal, spent: Decimal, pace: Pace, today: date) -> str:
    """Return when the pace reaches an amount: `hard limit on 28 Nov`, or that it does not."""
    if spent >= amount:
        return f"{name} reached already"
    due = pace.reached(amount)
    if due is not None:
        return f"{name} {on_day(due, today)}"
    early = pace.earliest(amount)
    if early is not None:
        return f"{name} not reached this month, {on_day(early, today)} at worst"
    return f"{name} not reached this month"


def rounded(amount: Decimal) -> str:
    """Return an estimate without pretending to know its cents: `$1,751`, `$12.30`."""
    return money(amount, 0 if abs(amount) >= 100 else 2)
