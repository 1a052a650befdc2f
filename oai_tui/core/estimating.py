"""The estimate of a prepaid balance: what was typed less the costs since, and how long it lasts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal

from oai_tui.core.balance import Balance, BalanceEntry, Drift, Ending, EntryKind, Runway, in_order
from oai_tui.core.cycle import Costs
from oai_tui.core.endings import Held, lasting, unspent
from oai_tui.core.exact import minus, plus, total
from oai_tui.core.money import Money
from oai_tui.core.spending import Spent, spent_between

MOST_DAYS = 3650
"""Days of runway after which no day is named on which it ends."""

_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)


def estimate(
    entries: Iterable[BalanceEntry], costs: Costs, now: datetime, per_day: Decimal | None
) -> Balance | None:
    """Return what should be left now, None until a balance was typed. Entries to come wait."""
    past = [entry for entry in in_order(entries) if entry.at <= now]
    typed = [place for place, entry in enumerate(past) if entry.kind is EntryKind.BALANCE]
    if not typed:
        return None
    since, later = past[typed[-1]], tuple(past[typed[-1] + 1 :])
    course = _Course(since, later, costs, now, now, per_day)
    spent, left, today = course.told(since.at, now), course.left_at(now), now.astimezone(UTC).date()
    endings = _endings(past, course)
    expired = tuple(ending for ending in endings if ending.day < today)
    expiring = tuple(ending for ending in endings if ending.day >= today)
    likely = minus(left, total(ending.least for ending in expired))
    worst = minus(left, total(ending.most for ending in expired))
    return Balance(
        likely,
        spent.unsure,
        since,
        Money(total(entry.amount.dollars for entry in later)),
        spent.amount,
        spent.unknown_days,
        _runway(likely, [(each.day, each.least) for each in expiring], course, spent.unknown),
        _runway(worst, [(each.day, each.most) for each in expiring], course, spent.unknown),
        expiring,
        expired,
    )


@dataclass(frozen=True, slots=True)
class _Course:
    """How a balance goes if no credit ends: as told up to a time, at a pace after it.

    `now` is when the costs were read, and `per_day` the pace in dollars.
    """

    since: BalanceEntry
    later: tuple[BalanceEntry, ...]
    costs: Costs
    now: datetime
    until: datetime
    per_day: Decimal | None = None

    def told(self, start: datetime, end: datetime) -> Spent:
        """Return what was spent from one time to another, as far as it is told."""
        return spent_between(self.costs, start, min(end, self.until), self.now)

    def left_at(self, moment: datetime) -> Decimal:
        """Return what there is at a time; of days nobody knows only those to come cost anything."""
        bought = (each for each in self.later if each.at < moment or moment >= self.until)
        added = total(entry.amount.dollars for entry in bought)
        told = self.told(self.since.at, moment)
        left = minus(plus(self.since.amount.dollars, added), told.amount)
        if moment <= self.until or self.per_day is None:
            return left
        return left - self.per_day * (told.unknown + _days(moment - self.until))

    def spent(self, start: datetime, end: datetime) -> Decimal | None:
        """Return what is spent from one time to another, None where nobody knows."""
        told = self.told(start, end)
        untold = told.unknown + _days(max(end - self.until, timedelta(0)))
        if not untold:
            return told.amount
        return None if self.per_day is None else told.amount + self.per_day * untold


def _endings(past: Iterable[BalanceEntry], course: _Course) -> tuple[Ending, ...]:
    """Return the credits that end after the balance was typed, the first to end first.

    Top-ups from before the balance are among them: what was left of them is in what was typed.
    """
    since = course.since
    held = (entry for entry in past if entry.kind is EntryKind.TOP_UP or entry is since)
    dated = sorted(
        (
            (entry.expires, entry)
            for entry in held
            if entry.expires is not None and entry.expires >= since.at.astimezone(UTC).date()
        ),
        key=lambda each: each[0],
    )
    credits = [
        Held(
            entry.amount.dollars,
            entry.at if entry is since or entry in course.later else None,
            _end_of(day),
        )
        for day, entry in dated
    ]
    found = unspent(credits, course.until, course.left_at, course.spent)
    return tuple(
        Ending(entry, day, each.least, each.most)
        for (day, entry), each in zip(dated, found, strict=True)
    )


def drifts(entries: Iterable[BalanceEntry], costs: Costs, now: datetime) -> tuple[Drift, ...]:
    """Return for each balance typed again how it differs from the one before, oldest first."""
    found: list[Drift] = []
    past: list[BalanceEntry] = []
    at: int | None = None
    for entry in in_order(entries):
        if entry.at > now:
            break
        if entry.kind is EntryKind.BALANCE:
            if at is not None:
                later = tuple(past[at + 1 :])
                found.append(_drift(entry, past, _Course(past[at], later, costs, now, entry.at)))
            at = len(past)
        past.append(entry)
    return tuple(found)


def _drift(entry: BalanceEntry, past: Sequence[BalanceEntry], course: _Course) -> Drift:
    """Return how a balance typed again differs; credits that ended may be a part of it."""
    spent = course.told(course.since.at, entry.at)
    today = entry.at.astimezone(UTC).date()
    ended = [ending for ending in _endings(past, course) if ending.day < today]
    expected = minus(course.left_at(entry.at), total(ending.least for ending in ended))
    doubt = total(minus(ending.most, ending.least) for ending in ended)
    return Drift(
        entry,
        course.since,
        expected,
        minus(entry.amount.dollars, expected),
        plus(spent.unsure, doubt),
        spent.unknown_days,
    )


def _runway(
    left: Decimal, ends: Sequence[tuple[date, Decimal]], course: _Course, unknown: Decimal
) -> Runway | None:
    """Return how long an amount lasts with credits of it ending, None without a pace.

    Days of which no cost is known are taken to have been like the others.
    """
    per_day, now = course.per_day, course.now.astimezone(UTC)
    if per_day is None or per_day <= 0:
        return None
    losses = [(_days(_end_of(day) - now), loss) for day, loss in ends]
    days = lasting(left - per_day * unknown, per_day, losses)
    number = int(days.to_integral_value(ROUND_FLOOR))
    return Runway(number, None if number > MOST_DAYS else (now + _DAY * float(days)).date())


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + _DAY


def _days(stretch: timedelta) -> Decimal:
    return Decimal(stretch // _MOMENT) / (_DAY // _MOMENT)
