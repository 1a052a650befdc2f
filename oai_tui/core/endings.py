"""Credits that end: how much of them is not spent by then, in bounds.

The platform does not tell which credit it takes first. Least is lost where what ends first is taken
first, most where it is left for last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from math import inf

from oai_tui.core.exact import minus, plus, total

ZERO = Decimal(0)

Spending = Callable[[datetime, datetime], Decimal | None]
"""Tells what is spent between two instants, None where nobody knows."""

Rank = tuple[float, ...]
"""Where a credit stands in an order; the lowest is taken first."""

Losses = dict[datetime, Decimal]
"""Dollars that are left at each instant at which credits end."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Dollars that are there `since` an instant, and end at another unless that is None.

    What `is_within` is a part of the first credit of all, as much of it as was not spent before.
    """

    amount: Decimal
    since: datetime
    until: datetime | None
    is_within: bool = False


def least_lost(credits: Sequence[Credit], spent: Spending, now: datetime) -> Losses:
    """Return what ends unspent where what ends first is taken first: no order loses less by then.

    Up to `now` all that was spent was paid from the credits.
    """
    return _lost([each for each in credits if not each.is_within], spent, now, _soonest)


def most_lost(credits: Sequence[Credit], spent: Spending, now: datetime) -> Losses:
    """Return what ends unspent where what ends last is taken first: no order loses more by then."""
    return _lost(_apart(credits, _soonest), spent, now, _latest)


def most_lost_at(
    until: datetime, credits: Sequence[Credit], spent: Spending, now: datetime
) -> Decimal:
    """Return the most that can end unspent at one instant, however little does at the others."""

    def before_others(credit: Credit) -> Rank:
        return (credit.until != until, *_soonest(credit))

    def after_others(credit: Credit) -> Rank:
        return (credit.until == until, *_soonest(credit))

    return _lost(_apart(credits, before_others), spent, now, after_others).get(until, ZERO)


def lasting(left: Decimal, per_day: Decimal, ends: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """Return the days that an amount lasts. `ends` are losses to come: after how many days, $."""
    for days, loss in ends:
        there = minus(left, per_day * days)
        if there <= 0:
            break
        left = minus(left, loss)
        if there <= loss:
            return days
    return max(left, ZERO) / per_day


def _soonest(credit: Credit) -> Rank:
    return (credit.until.timestamp() if credit.until else inf,)


def _latest(credit: Credit) -> Rank:
    return (-_soonest(credit)[0],)


def _apart(credits: Sequence[Credit], order: Callable[[Credit], Rank]) -> list[Credit]:
    """Return the credits with those within the first taken out of it, as large as they may be."""
    whole, *others = credits
    apart = [each for each in others if not each.is_within]
    for each in sorted((each for each in others if each.is_within), key=order):
        part = min(each.amount, whole.amount)
        apart.append(replace(each, amount=part))
        whole = replace(whole, amount=minus(whole.amount, part))
    return [whole, *apart]


def _lost(
    credits: Sequence[Credit], spent: Spending, now: datetime, order: Callable[[Credit], Rank]
) -> Losses:
    """Return what is left of credits at their ends when they are spent in an order."""
    left = [ZERO] * len(credits)
    ranked = sorted(range(len(credits)), key=lambda place: order(credits[place]))
    losses: Losses = {}
    due = ZERO
    ends = {each.until for each in credits if each.until}
    for start, end in pairwise(sorted({now, *ends, *(each.since for each in credits)})):
        for place, each in enumerate(credits):
            left[place] = each.amount if each.since == start else left[place]
        more = spent(start, end)
        due = ZERO if more is None else plus(due, more)
        alive = [n for n in ranked if (until := credits[n].until) is None or until >= end]
        due = _paid(None if more is None else due, left, alive)
        due = _not_lost(due, losses) if end <= now else ZERO
        ending = [place for place, each in enumerate(credits) if each.until == end]
        if ending:
            losses[end] = total(left[place] for place in ending)
            for place in ending:
                left[place] = ZERO
    return losses


def _paid(due: Decimal | None, left: list[Decimal], order: Sequence[int]) -> Decimal:
    """Take what is due, None is all there is, from what is left; return what is due still."""
    for place in order:
        part = left[place] if due is None else min(left[place], max(due, ZERO))
        left[place] = _less(left[place], part)
        due = None if due is None else minus(due, part)
    return due or ZERO


def _not_lost(due: Decimal, losses: Losses) -> Decimal:
    """Return what is due still: what was paid though nothing was left had not been lost before."""
    for end, loss in reversed(losses.items()):
        part = min(loss, max(due, ZERO))
        losses[end], due = _less(loss, part), minus(due, part)
    return due


def _less(amount: Decimal, part: Decimal) -> Decimal:
    """Return the difference; nothing off leaves an amount with the digits it was typed with."""
    return minus(amount, part) if part else amount
