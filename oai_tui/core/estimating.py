"""The estimate of a prepaid balance: what was typed less the costs since, and how long it lasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal

from oai_tui.core.balance import Balance, BalanceEntry, Drift, Ending, EntryKind, Runway, in_order
from oai_tui.core.cycle import Costs
from oai_tui.core.endings import Credit, Losses, lasting, least_lost, most_lost, most_lost_at
from oai_tui.core.exact import minus, plus, total
from oai_tui.core.money import Money
from oai_tui.core.spending import Spent, spent_between

MOST_DAYS = 3650
"""Days of runway after which no day is named on which it ends."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
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
    course = _Course(past, since, later, costs, now, now, per_day)
    spent, today = course.told(since.at, now), now.astimezone(UTC).date()
    least, most = course.least_lost(), course.most_lost()
    likely, worst = (minus(course.left, _by(now, each)) for each in (least, most))
    endings = tuple(_endings(course, least))
    return Balance(
        likely,
        spent.unsure,
        since,
        Money(total(entry.amount.dollars for entry in later)),
        spent.amount,
        spent.unknown_days,
        _runway(likely, least, course, spent.unknown),
        _runway(worst, most, course, spent.unknown),
        tuple(ending for ending in endings if ending.day >= today),
        tuple(ending for ending in endings if ending.day < today),
    )


@dataclass(frozen=True, slots=True)
class _Course:
    """How a balance goes: as told up to a time, at a pace after it.

    `past` are all entries, `since` the balance it rests on and `later` what was bought after it.
    `now` is when the costs were read, and `per_day` the pace in dollars.
    """

    past: Sequence[BalanceEntry]
    since: BalanceEntry
    later: tuple[BalanceEntry, ...]
    costs: Costs
    now: datetime
    until: datetime
    per_day: Decimal | None = None

    @property
    def left(self) -> Decimal:
        """What there would be now if no credit ended; days that nobody knows cost nothing."""
        added = total(entry.amount.dollars for entry in (self.since, *self.later))
        return minus(added, self.told(self.since.at, self.until).amount)

    @property
    def credits(self) -> list[Credit]:
        """The balance, what was bought since, and what may be a part of it, in this order."""
        begun, day = self.since.at, self.since.at.astimezone(UTC).date()
        found = [_credit(entry) for entry in (self.since, *self.later)]
        for entry in self.past[: self.past.index(self.since)]:
            is_bought = entry.kind is EntryKind.TOP_UP and entry.expires is not None
            if is_bought and entry.expires and entry.expires >= day:
                found.append(replace(_credit(entry), since=begun, is_within=True))
        return found

    def told(self, start: datetime, end: datetime) -> Spent:
        """Return what was spent from one time to another, as far as it is told."""
        return spent_between(self.costs, start, min(end, self.until), self.now)

    def least_lost(self) -> Losses:
        """Return what ends unspent at least; days that nobody knows were like the others."""
        return least_lost(self.credits, self._likely, self.until)

    def most_lost(self) -> Losses:
        """Return what ends unspent at most; days that nobody knows cost nothing."""
        return most_lost(self.credits, self._sure, self.until)

    def most_lost_at(self, until: datetime) -> Decimal:
        """Return what ends unspent at most at one instant."""
        return most_lost_at(until, self.credits, self._sure, self.until)

    def _likely(self, start: datetime, end: datetime) -> Decimal | None:
        told = self.told(start, end)
        untold = told.unknown + self._to_come(start, end)
        if not untold:
            return told.amount
        return None if self.per_day is None else told.amount + self.per_day * untold

    def _sure(self, start: datetime, end: datetime) -> Decimal:
        to_come = self._to_come(start, end) * (self.per_day or 0)
        return plus(self.told(start, end).amount, to_come)

    def _to_come(self, start: datetime, end: datetime) -> Decimal:
        return _days(max(end - max(start, self.until), timedelta(0)))


def _credit(entry: BalanceEntry) -> Credit:
    until = _end_of(entry.expires) if entry.expires else None
    return Credit(entry.amount.dollars, entry.at, until)


def _endings(course: _Course, least: Losses) -> Iterator[Ending]:
    """Yield the days on which credits end after the balance was typed, the first one first."""
    by_day: dict[date, Decimal] = {}
    for credit in course.credits:
        if credit.until:
            day = (credit.until - _DAY).date()
            by_day[day] = plus(by_day.get(day, Decimal(0)), credit.amount)
    for day, amount in sorted(by_day.items()):
        until = _end_of(day)
        most = course.most_lost_at(until)
        yield Ending(Money(amount), day, least.get(until, Decimal(0)), most)


def _by(moment: datetime, losses: Losses) -> Decimal:
    """Return what had ended unspent by a time."""
    return total(loss for end, loss in losses.items() if end <= moment)


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
                found.append(_drift(entry, _Course(past, past[at], later, costs, now, entry.at)))
            at = len(past)
        past.append(entry)
    return tuple(found)


def _drift(entry: BalanceEntry, course: _Course) -> Drift:
    """Return how a balance typed again differs; credits that ended may be a part of it."""
    spent = course.told(course.since.at, entry.at)
    least, most = (_by(entry.at, each) for each in (course.least_lost(), course.most_lost()))
    expected = minus(course.left, least)
    return Drift(
        entry,
        course.since,
        expected,
        minus(entry.amount.dollars, expected),
        plus(spent.unsure, minus(most, least)),
        spent.unknown_days,
    )


def _runway(left: Decimal, losses: Losses, course: _Course, unknown: Decimal) -> Runway | None:
    """Return how long an amount lasts with credits of it ending, None without a pace.

    Days of which no cost is known are taken to have been like the others.
    """
    per_day, now = course.per_day, course.now.astimezone(UTC)
    if per_day is None or per_day <= 0:
        return None
    to_come = [(_days(end - now), loss) for end, loss in losses.items() if end > now]
    days = lasting(left - per_day * unknown, per_day, to_come)
    number = int(days.to_integral_value(ROUND_FLOOR))
    if number > MOST_DAYS:
        return Runway(number, None)
    # What ends at midnight is there to the end of the day before.
    over = now + _DAY * float(days) - _SECOND
    return Runway(number, max(over, now).date())


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + _DAY


def _days(stretch: timedelta) -> Decimal:
    return Decimal(stretch // _MOMENT) / (_DAY // _MOMENT)
