"""Cutting time into what one bar stands for, right where clocks are put forward and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from oai_tui.core.period import Period, month_of
from oai_tui.core.zone import UTC, Zone


class Step(StrEnum):
    """What one bar stands for, the finest first."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Grain(StrEnum):
    """How finely the platform was asked, the finest first."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"

    @property
    def seconds(self) -> int:
        """How long one bucket is."""
        return {"minute": 60, "hour": 3600}.get(self, 86400)


_SECONDS = {Step.MINUTE: 60, Step.HOUR: 3600}


@dataclass(frozen=True, slots=True)
class Cut:
    """What lies from `start` up to before `end`, both aware."""

    start: datetime
    end: datetime

    def __contains__(self, instant: object) -> bool:
        return isinstance(instant, datetime) and self.start <= instant < self.end


def whole(period: Period, zone: Zone = UTC) -> Cut:
    """Return the instants of a period whose days are those of a zone."""
    return Cut(zone.midnight(period.first), zone.midnight(period.last + timedelta(days=1)))


def cuts(period: Period, step: Step, zone: Zone = UTC) -> tuple[Cut, ...]:
    """Cut a period at every minute, hour, midnight, Monday or first of a month, as a zone has it.

    The ends may be short. A day that a zone left out altogether is none.
    """
    return cut_up(whole(period, zone), step, zone)


def cut_up(span: Cut, step: Step, zone: Zone = UTC) -> tuple[Cut, ...]:
    """Cut any instants as `cuts` does a period."""
    edges = [*_starts(span, step, zone), span.end]
    return tuple(Cut(start, end) for start, end in pairwise(edges) if start < end)


def step_for(
    period: Period, most: int, zone: Zone = UTC, finest: Step = Step.DAY, within: Cut | None = None
) -> Step:
    """Return the finest step, no finer than `finest`, that makes at most `most` cuts.

    `within` are instants in place of the whole period. The coarsest is a year.
    """
    span = within or whole(period, zone)
    steps = list(Step)[list(Step).index(finest) :]
    return next((step for step in steps if _count(span, step, zone) <= most), Step.YEAR)


def _starts(span: Cut, step: Step, zone: Zone) -> Iterator[datetime]:
    if seconds := _SECONDS.get(step):
        at, by = span.start, timedelta(seconds=seconds)
        while at < span.end:
            yield at
            at += by
        return
    day = zone.day_of(span.start)
    at = span.start
    while at < span.end:
        yield at
        day = _next(day, step)
        at = zone.midnight(day)


def _next(day: date, step: Step) -> date:
    """Return the first day after one on which a new cut begins."""
    if step is Step.WEEK:
        return day + timedelta(days=7 - day.weekday())
    if step is Step.YEAR:
        return date(day.year + 1, 1, 1)
    month = month_of(day)
    if step is Step.QUARTER:
        while month.last.month % 3:
            month = month.shifted(1)
    return day + timedelta(days=1) if step is Step.DAY else month.last + timedelta(days=1)


def _count(span: Cut, step: Step, zone: Zone) -> int:
    if seconds := _SECONDS.get(step):
        return -(-int((span.end - span.start).total_seconds()) // seconds)
    return len(cut_up(span, step, zone))
