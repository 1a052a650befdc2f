"""One verdict on the spend, for cron and prompts: whether a person must look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from enum import IntEnum

from oai_tui.core.balance import Balance
from oai_tui.core.cycle import Cycle
from oai_tui.core.pace import Pace
from oai_tui.core.remaining import Cap, CapKind, nearest
from oai_tui.core.text import money

USUAL_PERCENT = 80
"""From which part an amount is near where no pace tells better."""
_MOST_TOLD = 3


class Level(IntEnum):
    """How it stands; the values are exit statuses. UNKNOWN is what could not be told."""

    UNDER = 0
    UNKNOWN = 1
    NEAR = 3
    OVER = 4


@dataclass(frozen=True, slots=True)
class Warnings:
    """When to warn. `near_percent` None leaves it to the pace, as long as there is one.

    `runway_days` are the days of balance from which it is near; `pace` says whether a forecast past
    an amount is near.
    """

    near_percent: int | None = None
    runway_days: int = 7
    pace: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is so, and how bad it is."""

    level: Level
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The worst of all reasons. `headline` is what stands where nothing is wrong."""

    level: Level
    reasons: tuple[Reason, ...]
    headline: str = ""

    def line(self) -> str:
        """Return one line, without its end: `near: $1,284.10 of $2,000.00 hard limit (64 %), …`."""
        told = [reason.words for reason in self.reasons if reason.level is self.level]
        if not told:
            return f"{self.level.name.lower()}: {self.headline}"
        more = len(told) - _MOST_TOLD
        rest = f"; and {more} more" if more > 0 else ""
        return f"{self.level.name.lower()}: {'; '.join(told[:_MOST_TOLD])}{rest}"


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

    `unread` says what could not be read and would have been judged: `the hard limit`.
    """
    reasons = [Reason(Level.UNKNOWN, f"{name} could not be read") for name in unread]
    if cycle is None:
        reasons.append(Reason(Level.UNKNOWN, "the costs could not be read"))
    for cap in caps:
        if cap.kind is not CapKind.BALANCE:
            own = _pace_for(cap, pace, paces or {})
            reasons += _judged(cap, own, cycle, warnings)
    if balance is not None:
        reasons += _runway(balance, warnings)
    level = max((reason.level for reason in reasons), default=Level.UNDER)
    return Verdict(
        level, tuple(sorted(reasons, key=lambda r: -r.level)), _headline(cycle, caps, pace)
    )


def _pace_for(cap: Cap, pace: Pace | None, paces: Mapping[str, Pace]) -> Pace | None:
    if cap.kind is CapKind.PROJECT:
        return paces.get(cap.project_id)
    return None if cap.kind is CapKind.DAILY else pace


def _judged(cap: Cap, pace: Pace | None, cycle: Cycle | None, warnings: Warnings) -> list[Reason]:
    words = told(cap, pace)
    amount = cap.amount.dollars
    if cap.is_reached:
        return [Reason(Level.OVER, told(cap, None))]
    if warnings.pace and pace is not None and pace.usual.month_end >= amount:
        return [Reason(Level.NEAR, words)]
    share = cap.share
    strict = warnings.near_percent is not None
    near = Decimal(warnings.near_percent if warnings.near_percent is not None else USUAL_PERCENT)
    safe = warnings.pace and pace is not None and pace.high < amount
    if share is not None and share * 100 >= near and (strict or not safe):
        return [Reason(Level.NEAR, words)]
    return []


def told(cap: Cap, pace: Pace | None) -> str:
    """Return a cap in words: `$1,284.10 of $2,000.00 hard limit (64 %), $2,310.00 by 30 Nov …`."""
    name = cap.name if cap.kind is not CapKind.PROJECT else f"limit of {cap.name}"
    start = f"{money(cap.spent)} of {cap.amount} {name} ({cap.used})"
    return start + (f", {_ahead(pace)}" if pace else "")


def _ahead(pace: Pace) -> str:
    last = pace.usual.last
    whose = "last month's pace" if pace.from_last_month else "this pace"
    return f"{money(pace.usual.month_end)} by {last.day} {last:%b} at {whose}"


def _runway(balance: Balance, warnings: Warnings) -> list[Reason]:
    if balance.left <= 0:
        return [Reason(Level.OVER, f"nothing left of the balance of {_typed(balance)} (estimated)")]
    days = balance.runway_days
    if days is not None and days <= warnings.runway_days:
        about = "less than a day" if not days else f"about {days} d"
        words = f"≈ {money(balance.left)} of the balance of {_typed(balance)} left, {about}"
        return [Reason(Level.NEAR, words)]
    return []


def _typed(balance: Balance) -> str:
    return f"{balance.since.at.astimezone(UTC):%-d %b}"


def _headline(cycle: Cycle | None, caps: Sequence[Cap], pace: Pace | None) -> str:
    cap = nearest(caps)
    if cap is not None:
        return told(cap, pace if cap.kind is not CapKind.BALANCE else None)
    if cycle is None:
        return "nothing is known of the costs"
    ahead = f", {_ahead(pace)}" if pace else ""
    return f"{money(cycle.spent)} spent in {cycle.month.first:%B}{ahead}; no limit is set"
