"""The prepaid balance: no API tells it, so it is what a person typed less the costs since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from oai_tui.core.cycle import Costs, known
from oai_tui.core.exact import plus, total
from oai_tui.core.money import Money

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
    `unknown_days` are those without any figure, which it leaves out.
    """

    amount: Decimal
    unsure: Decimal
    unknown_days: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left of a balance, estimated. `unsure` is how much more or less it may be.

    `since` is the balance it rests on; `unknown_days` of the days since then have no cost yet.
    `runway_days` are whole days after today, and `empty_on` the day it runs out, at the present
    pace; None where there is no pace. `expiring` and `expired` are its credits that have a last
    day, that day to come and gone; what was left of an expired one is not known and not taken off.
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
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.entered_at, entry.id)))


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
    amounts, unsure, missing = [], Decimal(0), 0
    day = start.astimezone(UTC).date()
    while day <= end.astimezone(UTC).date() and start < end:
        midnight = datetime.combine(day, time(), UTC)
        over = min(midnight + _DAY, now)
        inside = min(end, over) - max(start, midnight)
        if inside > timedelta(0):
            cost = told.get(day)
            if cost is None:
                missing += 1
            else:
                part = cost if inside >= over - midnight else cost * _share(inside, over - midnight)
                rest = plus(cost, part.copy_negate())
                if rest:
                    unsure = plus(unsure, max(abs(part), abs(rest)))
                amounts.append(part)
        day += _DAY
    return Spent(total(amounts), unsure, missing)


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
    today = now.astimezone(UTC).date()
    days, empty = _runway(left, spent.unknown_days, today, per_day)
    dated = sorted((e for e in (since, *later) if e.expires), key=lambda e: e.expires or date.max)
    return Balance(
        left,
        spent.unsure,
        since,
        Money(added),
        spent.amount,
        spent.unknown_days,
        days,
        empty,
        expiring=tuple(entry for entry in dated if entry.expires and entry.expires >= today),
        expired=tuple(entry for entry in dated if entry.expires and entry.expires < today),
    )


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
    left: Decimal, unknown_days: int, today: date, per_day: Decimal | None
) -> tuple[int | None, date | None]:
    """Return whole days that an amount lasts and the day it ends; unknown days were like others."""
    if per_day is None or per_day <= 0:
        return None, None
    lasting = max(left - per_day * unknown_days, Decimal(0)) / per_day
    days = int(lasting.to_integral_value(ROUND_FLOOR))
    ahead = int(lasting.to_integral_value(ROUND_CEILING))
    return days, today + timedelta(days=ahead) if ahead <= (date.max - today).days else None
