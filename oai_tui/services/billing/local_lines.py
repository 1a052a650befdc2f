"""The lines of what only this program knows, and of the alerts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from oai_tui.core.balance import Balance, Drift, Ending, EntryKind
from oai_tui.core.money import CENT
from oai_tui.core.origin import Origin
from oai_tui.core.remaining import CapKind
from oai_tui.core.text import UNKNOWN, money
from oai_tui.services.billing.lines import Gauge, Line, Tone
from oai_tui.services.billing.phrases import (
    NOTHING_REFUSED,
    day_of,
    due_words,
    on_day,
    reached,
    short_day,
    tone_of,
)
from oai_tui.services.billing.statement import AlertState, Statement

EXPIRING = timedelta(days=30)
"""How long before its last day a credit is spoken of."""

DATED_DAYS = 330
"""Days of runway from which its last day is not told: without a year it would be taken for near."""

NO_BALANCE = "no API tells it: enter what the billing page shows, and the estimate begins there"


def budget_lines(statement: Statement, today: date) -> Iterator[Line]:
    """Yield the monthly budget, if there is one; the daily one stands with the day."""
    cap = next((cap for cap in statement.caps if cap.kind is CapKind.MONTHLY), None)
    if cap is None:
        return
    amount, of = cap.amount.dollars, f"{cap.amount} monthly budget (local)"
    if cap.spent is None or statement.cycle is None or not statement.cycle.is_reported:
        yield Line("BUDGET", UNKNOWN, (f"of {of}: nothing reported yet",), Origin.UNKNOWN)
        return
    gauge = Gauge(max(cap.share or Decimal(0), Decimal(0)))
    if not cap.left:
        state = f"{of}: {reached(cap.over)}"
        told = (f"{state}; {NOTHING_REFUSED}", state)
        yield Line("BUDGET", money(Decimal(0)), told, Origin.ENTERED, "bad", gauge)
        return
    start = f"left of {of} · {cap.used} used"
    words: tuple[str, ...] = (start, f"left of {of}")
    if statement.pace:
        due = due_words("past it", amount, cap.spent, statement.pace, today)
        due = "not passed this month" if "not reached" in due else due
        words = (f"{start} · {due}", *words)
    tone = tone_of(cap.spent, amount, statement.pace)
    yield Line("BUDGET", money(cap.left), words, Origin.ENTERED, tone, gauge)


def balance_lines(statement: Statement, today: date) -> Iterator[Line]:
    """Yield the prepaid balance: the estimate, the last drift, and credit about to expire."""
    balance = statement.balance
    if balance is None:
        yield _no_balance(statement)
        return
    yield _balance(balance, statement)
    if statement.drifts:
        yield _drift(statement.drifts[-1])
    for ending in balance.expired:
        yield from _expired(ending)
    for ending in balance.expiring:
        yield from _expiring(ending, today)


def _expired(ending: Ending) -> Iterator[Line]:
    """Yield what of a credit ended unspent for sure, and what of it may have."""
    day = short_day(ending.day)
    if ending.least >= CENT:
        words = (f"expired unspent on {day} and is taken off", f"expired unspent on {day}")
        yield Line("", money(ending.least), words, Origin.ESTIMATED, "warn")
    if ending.doubt:
        words = (
            f"of it may have expired on {day}, as far as it was not spent before",
            f"of it may have expired on {day}",
        )
        yield Line("", f"≤ {money(ending.doubt)}", words, Origin.ESTIMATED, "warn")


def _expiring(ending: Ending, today: date) -> Iterator[Line]:
    """Yield what of a credit will end at this pace; of one that ends soon also that it will not."""
    day, is_soon = short_day(ending.day), ending.day - today <= EXPIRING
    tone: Tone = "warn" if is_soon else ""
    if ending.least >= CENT:
        words = (f"of it ends unspent on {day} at this pace", f"of it ends on {day} at this pace")
        yield Line("", f"≈ {money(ending.least)}", words, Origin.ESTIMATED, tone)
    if ending.doubt:
        words = (f"of it ends on {day} unless it is spent before", f"of it may end on {day}")
        yield Line("", f"≤ {money(ending.doubt)}", words, Origin.ESTIMATED, tone)
    elif ending.most < CENT and is_soon:
        until = f"of credit can be spent until {day}"
        words = (f"{until}; at this pace all is spent before", until)
        yield Line("", str(ending.amount), words, Origin.ENTERED)


def _no_balance(statement: Statement) -> Line:
    if not any(entry.kind is EntryKind.BALANCE for entry in statement.entries):
        short = "no API tells it: enter it (b)"
        if statement.entries:
            early = "a top-up needs a balance to add to: enter one"
            return Line("BALANCE", UNKNOWN, (early, short), Origin.UNKNOWN)
        return Line("BALANCE", UNKNOWN, (NO_BALANCE, short), Origin.UNKNOWN)
    return Line(
        "BALANCE", UNKNOWN, ("the costs since it was entered are not known",), Origin.UNKNOWN
    )


def _balance(balance: Balance, statement: Statement) -> Line:
    since = balance.since
    start = f"from {since.amount} entered for {short_day(day_of(since.at))}"
    added = f" + {balance.topped_up} topped up" if balance.topped_up.dollars else ""
    runway, tone = _runway(balance, statement.warnings.runway_days)
    unsure = f" · ± {money(balance.unsure)}" if balance.unsure >= CENT else ""
    lacks = f" · {balance.unknown_days} d of costs not known" if balance.unknown_days else ""
    long = f"{start}{added} · {runway}{unsure}{lacks}"
    words = (long, f"{start}{added} · {runway}{lacks}", f"{start} · {runway}", runway)
    return Line("BALANCE", f"≈ {money(balance.left)}", words, Origin.ESTIMATED, tone)


def _runway(balance: Balance, near: int) -> tuple[str, Tone]:
    if balance.left <= 0:
        return "used up, by what was spent since", "bad"
    longest, shortest = balance.longest, balance.shortest
    if longest is None or shortest is None:
        return "no pace to tell how long it lasts", ""
    tone: Tone = "warn" if shortest.days <= near else ""
    if longest.ends is None or shortest.ends is None or longest.days >= DATED_DAYS:
        return balance.lasting, tone
    until = short_day(longest.ends)
    if shortest.days != longest.days:
        until = f"{short_day(shortest.ends)} – {until}"
        return f"{balance.lasting} ({until})", tone
    return f"{balance.lasting} (to {until})", tone


def _drift(drift: Drift) -> Line:
    at = short_day(day_of(drift.entry.at))
    if drift.unknown_days:
        unknown = f"drift when it was entered on {at}: costs before are not known"
        return Line("", UNKNOWN, (unknown,), Origin.UNKNOWN)
    size = drift.difference
    figure = money(size) if size < 0 else f"+{money(size)}"
    if abs(size) < CENT:
        figure = money(Decimal(0))
    expected = f"drift when it was entered on {at}"
    sure = " (within what is unsure)" if abs(size) <= drift.unsure else ""
    words = (f"{expected}: {money(drift.expected)} was expected{sure}", expected)
    return Line("", figure, words, Origin.ESTIMATED)


def alert_lines(statement: Statement, today: date, most: int) -> Iterator[Line]:
    """Yield the alerts that tell most: the last one that was passed and those that come next."""
    alerts = statement.alerts
    if not statement.alerts_known and not alerts:
        why = "the spend alerts could not be read"
        yield Line("ALERTS", UNKNOWN, (why,), Origin.UNKNOWN)
        return
    if not alerts:
        yield Line("ALERTS", "none", ("no spend alert is set",), Origin.REPORTED)
        return
    shown = _most_telling(alerts, most)
    more = len(alerts) - len(shown)
    for place, state in enumerate(shown):
        rest = f" · and {more} more" if more and place == len(shown) - 1 else ""
        yield _alert("" if place else "ALERTS", state, statement, today, rest)


def _most_telling(alerts: Sequence[AlertState], most: int) -> Sequence[AlertState]:
    passed = [state for state in alerts if state.is_passed]
    ahead = sorted(
        (state for state in alerts if not state.is_passed),
        key=lambda state: (state.due or date.max, state.alert.amount),
    )
    kept = [*passed[-1:], *ahead, *reversed(passed[:-1])][: max(most, 1)]
    return sorted(kept, key=lambda state: (not state.is_passed, alerts.index(state)))


def _alert(label: str, state: AlertState, statement: Statement, today: date, rest: str) -> Line:
    alert, whose = state.alert, f"{state.name}: " if state.name else ""
    number = len(alert.recipients)
    people = {0: "nobody", 1: "1 person"}.get(number, f"{number} people")
    words = f"{whose}mail at {alert.amount} to {people}"
    if state.spent is None or statement.cycle is None or not statement.cycle.is_reported:
        return Line(label, UNKNOWN, (words + rest, words), Origin.UNKNOWN)
    if state.is_passed:
        since = f" · {on_day(state.passed_on, today)}" if state.passed_on else ""
        return Line(label, "passed", (words + since + rest, words), Origin.REPORTED, "warn")
    to_go = f"{words} · {money(alert.amount.dollars - state.spent)} to go"
    when = f" · {on_day(state.due, today)} at this pace" if state.due else ""
    if state.pace_known and not state.due:
        when = " · not this month at this pace"
    longest = (to_go + when + rest, words + when + rest, words + when, words)
    return Line(label, "not yet", longest, Origin.REPORTED, "warn" if state.due else "")
