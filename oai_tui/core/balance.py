"""The prepaid balance: no API tells it, so it is what a person typed less the costs since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from oai_tui.core.exact import minus, total
from oai_tui.core.money import CENT, Money


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
class Ending:
    """Credit with one last day. Of its `amount` at most `most` dollars are unspent by its end.

    `least` are so where what ends first is spent first, so that over all days nothing less is lost.
    Of a day to come it is at the present pace; without one it is all that there is.
    """

    amount: Money
    day: date
    least: Decimal
    most: Decimal

    @property
    def doubt(self) -> Decimal:
        """Dollars of which nobody knows whether they are spent by then; nothing below a cent."""
        doubt = minus(self.most, self.least)
        return doubt if doubt >= CENT else Decimal(0)


@dataclass(frozen=True, slots=True)
class Runway:
    """How long it lasts at the present pace: whole days from now, and the last day with some left.

    `ends` is that day, None where it is years away.
    """

    days: int
    ends: date | None


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left of a balance, estimated. `unsure` is how much more or less it may be.

    `since` is the balance it rests on; `unknown_days` of the days since then have no cost yet.
    `expiring` and `expired` are the last days of its credits, to come and gone. What ends then
    unspent at least is off, of `left` and of the `longest` that it lasts; what does so at most
    is off the `shortest`. Both are None without a pace.
    """

    left: Decimal
    unsure: Decimal
    since: BalanceEntry
    topped_up: Money
    spent: Decimal
    unknown_days: int
    longest: Runway | None = None
    shortest: Runway | None = None
    expiring: tuple[Ending, ...] = ()
    expired: tuple[Ending, ...] = ()

    @property
    def gone(self) -> Decimal:
        """Dollars that ended unspent for sure."""
        return total(ending.least for ending in self.expired)

    @property
    def lasting(self) -> str:
        """How long it lasts in words: `about 7 days`, `5 to 30 days`; empty without a pace."""
        if self.longest is None or self.shortest is None:
            return ""
        most, least = self.longest.days, self.shortest.days
        if most == least:
            return {0: "less than a day", 1: "about 1 day"}.get(most, f"about {most:,} days")
        days = f"{most:,} day{'s' if most > 1 else ''}"
        return f"{f'{least:,}' if least else 'less than a day'} to {days}"


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
