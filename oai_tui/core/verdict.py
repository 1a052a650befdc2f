"""One verdict on the spend, for cron and prompts: whether a person must look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from enum import IntEnum

from oai_tui.core.balance import Balance
from oai_tui.core.cycle import Cycle
from oai_tui.core.pace import Pace
from oai_tui.core.remaining import Cap, CapKind, nearest
from oai_tui.core.text import clean, money
from oai_tui.core.thresholds import Warnings

USUAL_PERCENT = 80
"""From which part an amount is near where no pace tells better."""
MOST_TOLD = 3
"""Reasons that one line has room for."""


class Level(IntEnum):
    """How it stands; the values are exit statuses. UNKNOWN is what could not be told."""

    UNDER = 0
    UNKNOWN = 1
    NEAR = 3
    OVER = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is so, and how bad it is."""

    level: Level
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The worst of all reasons. `headline` is how it stands where no reason is worse."""

    level: Level
    reasons: tuple[Reason, ...]
    headline: str = ""

    def line(self) -> str:
        """Return one line: `near: $1,284.10 of $2,000.00 hard limit (64 %), $2,310 by 30 Nov …`."""
        bad = self.level > Level.UNKNOWN
        worst = [reason.words for reason in self.reasons if bad and reason.level is self.level]
        unknown = [reason.words for reason in self.reasons if reason.level is Level.UNKNOWN]
        more = [f"and {len(worst) - MOST_TOLD} more"] if len(worst) > MOST_TOLD else []
        parts = [*worst[:MOST_TOLD], *more, *unknown, *([] if worst else [self.headline])]
        return f"{self.level.name.lower()}: {'; '.join(part for part in parts if part)}"


def verdict_of(
    cycle: Cycle | None,
    caps: Sequence[Cap],
    pace: Pace | None,
    balance: Balance | None,
    warnings: Warnings,
    *,
    paces: Mapping[str, Pace] | None = None,
    unread: Sequence[str] = (),
) -> Verdict:
    """Judge a spend by its caps. `paces` are those of projects by id.

    `unread` names what could not be read and would have been judged: `the hard limit`.
    """
    reasons = [Reason(Level.UNKNOWN, f"{name} could not be read") for name in unread]
    if cycle is None:
        reasons.append(Reason(Level.UNKNOWN, "the costs could not be read"))
    for cap in caps:
        if cycle is not None and cap.kind is not CapKind.BALANCE:
            reasons += _judged(cap, _pace_for(cap, pace, paces or {}), warnings)
    if balance is not None and cycle is not None:
        reasons += _of_balance(balance, warnings)
    reasons.sort(key=lambda reason: -reason.level)
    level = reasons[0].level if reasons else Level.UNDER
    return Verdict(level, tuple(reasons), _headline(cycle, caps, pace, is_sure=not unread))


def _pace_for(cap: Cap, pace: Pace | None, paces: Mapping[str, Pace]) -> Pace | None:
    match cap.kind:
        case CapKind.PROJECT:
            return paces.get(cap.project_id)
        case CapKind.DAILY:
            return None
        case _:
            return pace


def _judged(cap: Cap, pace: Pace | None, warnings: Warnings) -> list[Reason]:
    if cap.is_reached:
        state = f", {cap.enforcement}" if cap.enforcement else ""
        return [Reason(Level.OVER, f"{_stands(cap)}{state}")]
    if cap.spent is None and not cap.is_awaited:
        return [Reason(Level.UNKNOWN, f"the spend under the {_name(cap)} could not be told")]
    ahead = pace if warnings.pace else None
    if ahead is not None and ahead.usual.month_end >= cap.amount.dollars:
        return [Reason(Level.NEAR, f"{_stands(cap)}, {_ahead(ahead, cap)}")]
    if not _is_near(cap, ahead, warnings.near_percent):
        return []
    rest = f", {_ahead(pace, cap)}" if pace else ""
    return [Reason(Level.NEAR, f"{_stands(cap)}{rest}")]


def _is_near(cap: Cap, pace: Pace | None, near_percent: int | None) -> bool:
    """Say whether the part that is spent is near all of it.

    A person's own number counts as it is. Ours does not where even the highest forecast stays
    under the amount: most of it spent on the last days of a month is how it should be.
    """
    if near_percent is None and pace is not None and pace.high < cap.amount.dollars:
        return False
    near = USUAL_PERCENT if near_percent is None else near_percent
    return cap.share is not None and cap.share * 100 >= near


def _stands(cap: Cap) -> str:
    """Return how a cap stands: `$1,284.10 of $2,000.00 hard limit (64 %)`."""
    name = _name(cap)
    if cap.spent is None:
        return f"nothing reported yet of {cap.amount} {name}"
    return f"{money(cap.spent)} of {cap.amount} {name} ({cap.used})"


def _name(cap: Cap) -> str:
    return f"limit of {clean(cap.name, 40)}" if cap.kind is CapKind.PROJECT else cap.name


def _ahead(pace: Pace, cap: Cap | None = None) -> str:
    """Return where it goes: `$2,310 by 30 Nov at this pace, past it on 27 Nov`."""
    end, last = pace.usual.month_end, pace.usual.last
    whose = "last month's pace" if pace.from_last_month else "this pace"
    words = f"{money(end, 0 if abs(end) >= 100 else 2)} by {_day(last)} at {whose}"
    past = pace.reached(cap.amount.dollars) if cap is not None else None
    return words if past is None else f"{words}, past it on {_day(past)}"


def _of_balance(balance: Balance, warnings: Warnings) -> list[Reason]:
    typed = f"the balance of {_day(balance.since.at.astimezone(UTC))}"
    if balance.left <= 0:
        return [Reason(Level.OVER, f"nothing left of {typed} by our estimate")]
    if balance.shortest is None or balance.shortest.days > warnings.runway_days:
        return []
    words = f"≈ {money(balance.left)} left of {typed}, {balance.lasting} at this pace"
    doubts = [each for each in (*balance.expired, *balance.expiring) if each.doubt]
    if balance.shortest != balance.longest and doubts:
        largest = max(doubts, key=lambda each: each.doubt)
        ends = "may have ended" if largest in balance.expired else "may end"
        words += f", as {money(largest.doubt)} of it {ends} unspent on {_day(largest.day)}"
    return [Reason(Level.NEAR, words)]


def _headline(cycle: Cycle | None, caps: Sequence[Cap], pace: Pace | None, *, is_sure: bool) -> str:
    if cycle is None:
        return ""
    cap = nearest(caps)
    ahead = f", {_ahead(pace)}" if pace else ""
    if cap is not None and cap.kind is not CapKind.BALANCE:
        words = f"{_stands(cap)}{ahead}"
    elif cycle.is_reported:
        words = f"{money(cycle.spent)} spent in {cycle.month.first:%B}{ahead}"
    else:
        words = f"nothing reported yet of {cycle.month.first:%B}{ahead}"
    if cap is not None and cap.kind is CapKind.BALANCE:
        words += f", ≈ {money(cap.left)} of the balance left"
    elif cap is None and is_sure:
        words += ", no hard limit set"
    daily = [each for each in caps if each.kind is CapKind.DAILY]
    return "; ".join([words, *(_stands(each) for each in daily)])


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
