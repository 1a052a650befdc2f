"""Figures, days and shares of usage as the screen writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from oai_tui.core.cuts import Cut, Step
from oai_tui.core.period import Period, month_of
from oai_tui.core.text import UNKNOWN, count, money, percent
from oai_tui.core.usage import Metric
from oai_tui.core.zone import Zone

Write = Callable[[Decimal | None], str]

SIZES = ((12, "TB"), (9, "GB"), (6, "MB"), (3, "KB"))

ODD = "?"
"""What stands for a figure that is no number."""

_UNITS = {
    Metric.COST: "",
    Metric.BYTES: "bytes",
}


def write(metric: Metric, value: Decimal | None) -> str:
    """Return a figure short enough for a table, `?` for what is no number."""
    if value is not None and not value.is_finite():
        return ODD
    if metric is Metric.COST:
        return money(value)
    if metric is Metric.BYTES:
        return size(value)
    return count(value)


def exact(metric: Metric, value: Decimal | None) -> str:
    """Return a figure to the last digit that counts, with what it counts."""
    if value is None:
        return UNKNOWN
    if not value.is_finite():
        return ODD
    if metric is Metric.COST:
        return money(value)
    return f"{value:,f} {_UNITS.get(metric, metric.label)}"


def axis(metric: Metric) -> Callable[[Decimal], str]:
    """Return how figures are written beside a picture."""
    if metric is Metric.COST:
        return _dollars
    return size if metric is Metric.BYTES else count


def _dollars(value: Decimal) -> str:
    return money(value, 0 if value == value.to_integral_value() else 2)


def size(value: Decimal | None) -> str:
    """Return a number of bytes in three digits: `1.25 GB`."""
    if value is None:
        return UNKNOWN
    for exponent, unit in SIZES:
        scaled = abs(value).scaleb(-exponent)
        if scaled >= Decimal("0.9995"):
            places = 2 if scaled < Decimal("9.995") else 1 if scaled < Decimal("99.95") else 0
            digits = f"{scaled:,.{places}f}"
            digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
            return f"{'-' if value < 0 else ''}{digits} {unit}"
    return f"{value:f} B"


def share(part: Decimal | None) -> str:
    """Return a part of one as a share."""
    return UNKNOWN if part is None else percent(part, Decimal(1))


def zone_words(zone: Zone, *, costs_for_local: bool = False) -> str:
    """Return whose days these are; costs shown to who asked for local days say why not."""
    if costs_for_local:
        return "UTC (costs have no local days)"
    return "UTC" if zone.is_utc else f"local, {zone.name}"


def period_words(period: Period, within: Cut | None, zone: Zone, today: date) -> str:
    """Return what lies under the eyes: `24 Oct – 22 Nov 2026 · 30 days`, or an hour of a day."""
    if within:
        start, end = (each.astimezone(zone.info) for each in (within.start, within.end))
        minutes = round((within.end - within.start).total_seconds() / 60)
        length = "1 hour" if minutes == 60 else f"{minutes} minutes"
        return f"{period.words(today)}, {start:%H:%M} – {end:%H:%M} · {length}"
    days = "1 day" if period.days == 1 else f"{period.days} days"
    return f"{period.words(today)} · {days}"


def before_words(now: Period, before: Period, today: date) -> str:
    """Return the period that is compared with: `the 30 days before`, or by its name."""
    if now.days == before.days and now.shifted(-1) == before and not before.is_month():
        return "the day before" if now.days == 1 else f"the {now.days} days before"
    return before.words(today)


def cut_words(cut: Cut, step: Step, zone: Zone) -> str:
    """Return what one bar stands for: `Sun 22 Nov`, `16 – 22 Nov`, `14:00`, `Nov 2026`."""
    start = cut.start.astimezone(zone.info)
    if step in (Step.MINUTE, Step.HOUR):
        return f"{start:%a} {start.day} {start:%b} {zone.time_of(start)}"
    last = (cut.end - timedelta(seconds=1)).astimezone(zone.info)
    if start.date() == last.date():
        return f"{start:%a} {start.day} {start:%b}"
    if Period(start.date(), last.date()) == month_of(start.date()):
        return f"{start:%b %Y}"
    year = "" if start.year == last.year else f" {start.year}"
    tail = f" {last.year}" if step in (Step.MONTH, Step.QUARTER, Step.YEAR) or year else ""
    return f"{start.day} {start:%b}{year} – {last.day} {last:%b}{tail}"


def tick_words(starts: tuple[datetime, ...], step: Step) -> tuple[tuple[int, str], ...]:
    """Return the labels below a picture: the place of a bar and what stands there."""
    if step in (Step.MINUTE, Step.HOUR):
        every = max(1, len(starts) // 8)
        return tuple((at, f"{start:%H:%M}") for at, start in enumerate(starts) if at % every == 0)
    if step is Step.MONTH:
        return tuple(
            (at, f"{start:%b %y}" if at == 0 else f"{start:%b}") for at, start in enumerate(starts)
        )
    if step is Step.QUARTER:
        return tuple((at, f"Q{(s.month + 2) // 3} {s:%y}") for at, s in enumerate(starts))
    if step is Step.YEAR:
        return tuple((at, str(start.year)) for at, start in enumerate(starts))
    every = 1 if step is Step.WEEK else max(1, len(starts) // 6)
    return tuple(
        (at, f"{start.day} {start:%b}") for at, start in enumerate(starts) if at % every == 0
    )
