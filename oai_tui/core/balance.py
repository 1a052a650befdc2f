"""The prepaid balance: no API tells it, so it is what a person typed less the costs since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from oai_tui.core.cycle import Costs, known
from oai_tui.core.exact import plus, total
from oai_tui.core.money import Money
from oai_tui.core.period import Period

MOST_DAYS = 3650
"""Days of runway after which no day is named on which it ends."""

_DAY = timedelta(days=1)


class EntryKind(StrEnum):
    """What a person typed."""

    BALANCE = "balance"
    TOP_UP = "top-up"


@dataclass(frozen=True, slots=True)
class BalanceEntry:
    """A balance read on the platform's page, or a top-up bought, `at` a time.

    `expires` is the last day on which the credit can be spent, where it was told.
    """

    id: str
    kind: EntryKind
    at: datetime
    amount: Money
    expires: date | None
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Spent:
    """Dollars of a stretch of time, from costs that are told by whole UTC days.

    `unsure` is by how much it may be more or less, as nobody knows when in a day it was spent;
    `unknown_days` are those without any figure, which it leaves out, and `unknown` how long they
    are in days, as the first and the last may lie in it in part.
    """

    amount: Decimal
    unsure: Decimal
    unknown_days: int
    unknown: Decimal


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left of a balance, estimated. `unsure` is how much more or less it may be.

    `since` is the balance it rests on; `unknown_days` of the days since then have no cost yet.
    `runway_days` are the whole days from now that it lasts at the present pace, and `empty_on` the
    day on which it ends; None without a pace. `expiring` and `expired` are its credits that have a
    last day, to come and gone; what was left of an expired one is not known and not taken off.
    """

    left: Decimal
    unsure: Decimal
    since: BalanceEntry
    topped_up: Money
    spent: Decimal
    unknown_days: int
    runway_days: int | None = None
    empty_on: date | None = None
    expiring: tuple[BalanceEntry, ...] = ()
    expired: tuple[BalanceEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """How a balance typed again differs from what was expected; negative is less than that."""

    entry: BalanceEntry
    since: BalanceEntry
    expected: Decimal
    difference: Decimal
    unsure: Decimal
    unknown_days: int


def in_order(entries: Iterable[BalanceEntry]) -> tuple[BalanceEntry, ...]:
    """Return entries by the time they are about, those of one time as they were typed."""
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.entered_at)))


def uncounted(entries: Iterable[BalanceEntry]) -> tuple[BalanceEntry, ...]:
    """Return the top-ups before the first balance: there is nothing to add them to."""
    found = []
    for entry in in_order(entries):
        if entry.kind is EntryKind.BALANCE:
            break
        found.append(entry)
    return tuple(found)


def spent_between(costs: Costs, start: datetime, end: datetime, now: datetime) -> Spent:
    """Return what was spent from one time to another, neither after `now`.

    A day that lies in it in part is shared out evenly over the day, as far as that is over.
    """
    told = known(costs, now.astimezone(UTC).date())
    amounts, unsure, unknown = [], [], []
    for day, inside, over in _days(start, end, now):
        cost = told.get(day)
        if cost is None:
            unknown.append(_share(inside, _DAY))
            continue
        part = cost if inside == over else cost * _share(inside, over)
        rest = plus(cost, part.copy_negate())
        amounts.append(part)
        unsure.append(max(abs(part), abs(rest)) if rest else Decimal(0))
    return Spent(total(amounts), total(unsure), len(unknown), total(unknown))


def _days(
    start: datetime, end: datetime, now: datetime
) -> Iterator[tuple[date, timedelta, timedelta]]:
    """Yield each day of a stretch, how much of it lies inside, and how much of it is over."""
    first, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
    for day in Period(first, max(first, last)):
        midnight = datetime.combine(day, time(), UTC)
        until = min(midnight + _DAY, now)
        inside = min(end, until) - max(start, midnight)
        if inside > timedelta(0):
            yield day, inside, until - midnight


def estimate(
    entries: Iterable[BalanceEntry], costs: Costs, now: datetime, per_day: Decimal | None
) -> Balance | None:
    """Return what should be left now, None until a balance was typed. Entries to come wait."""
    past = [entry for entry in in_order(entries) if entry.at <= now]
    typed = [place for place, entry in enumerate(past) if entry.kind is EntryKind.BALANCE]
    if not typed:
        return None
    since, later = past[typed[-1]], past[typed[-1] + 1 :]
    spent = spent_between(costs, since.at, now, now)
    added = total(entry.amount.dollars for entry in later)
    left = plus(plus(since.amount.dollars, added), spent.amount.copy_negate())
    days, empty = _runway(left, spent.unknown, now, per_day)
    today = now.astimezone(UTC).date()
    dated = _dated(past, since)
    return Balance(
        left,
        spent.unsure,
        since,
        Money(added),
        spent.amount,
        spent.unknown_days,
        days,
        empty,
        expiring=tuple(entry for day, entry in dated if day >= today),
        expired=tuple(
            entry for day, entry in dated if since.at.astimezone(UTC).date() <= day < today
        ),
    )


def _dated(past: Iterable[BalanceEntry], since: BalanceEntry) -> list[tuple[date, BalanceEntry]]:
    """Return the credits with a last day, the first to end first.

    Top-ups from before the balance are among them: what was left of them is in what was typed.
    """
    held = (entry for entry in past if entry.kind is EntryKind.TOP_UP or entry is since)
    found = [(entry.expires, entry) for entry in held if entry.expires is not None]
    return sorted(found, key=lambda each: each[0])


def drifts(entries: Iterable[BalanceEntry], costs: Costs, now: datetime) -> tuple[Drift, ...]:
    """Return for each balance typed again how it differs from the one before, oldest first."""
    found: list[Drift] = []
    since: BalanceEntry | None = None
    added: list[Decimal] = []
    for entry in in_order(entries):
        if entry.at > now:
            break
        if entry.kind is EntryKind.TOP_UP:
            added.append(entry.amount.dollars)
            continue
        if since is not None:
            found.append(_drift(since, entry, added, spent_between(costs, since.at, entry.at, now)))
        since, added = entry, []
    return tuple(found)


def _drift(
    since: BalanceEntry, entry: BalanceEntry, added: Sequence[Decimal], spent: Spent
) -> Drift:
    expected = plus(total((since.amount.dollars, *added)), spent.amount.copy_negate())
    difference = plus(entry.amount.dollars, expected.copy_negate())
    return Drift(entry, since, expected, difference, spent.unsure, spent.unknown_days)


def _share(part: timedelta, whole: timedelta) -> Decimal:
    return Decimal(part // timedelta(microseconds=1)) / (whole // timedelta(microseconds=1))


def _runway(
    left: Decimal, unknown: Decimal, now: datetime, per_day: Decimal | None
) -> tuple[int | None, date | None]:
    """Return the whole days from now that an amount lasts, and the day on which it ends.

    Days of which no cost is known are taken to have been like the others.
    """
    if per_day is None or per_day <= 0:
        return None, None
    lasting = max(left - per_day * unknown, Decimal(0)) / per_day
    days = int(lasting.to_integral_value(ROUND_FLOOR))
    if days > MOST_DAYS:
        return days, None
    return days, (now.astimezone(UTC) + _DAY * float(lasting)).date()
