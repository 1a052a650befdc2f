"""The figures of the bill, a line each, before they are laid out for a width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from oai_tui.core.billing import Origin, SpendAlert, SpendLimit, over, used
from oai_tui.core.text import UNKNOWN, count, money
from oai_tui.services.billing_former import Statement
from oai_tui.ui.widgets.table_columns import Tone

NEAR = Decimal("0.8")
"""The part of a limit from which it takes a person's attention."""

CENT = Decimal("0.01")
REACHED = "the platform refuses requests while it enforces"


@dataclass(frozen=True, slots=True)
class Gauge:
    """How much of something is used, as a part of 1, and which parts are marked."""

    share: Decimal
    marks: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `words` are the same said at length and ever shorter, for narrow screens."""

    label: str
    figure: str
    words: tuple[str, ...]
    origin: Origin
    tone: Tone = ""
    gauge: Gauge | None = None


def lines(statement: Statement, today: date, most_alerts: int) -> Iterator[Line]:
    """Yield the figures of a statement from top to bottom, as read on a day."""
    yield _spent(statement)
    yield _today(statement, today)
    yield from _left(statement, today)
    yield from _alerts(statement, most_alerts)


def tone_of(spent: Decimal, limit: SpendLimit | None) -> Tone:
    """Return the tone of what is spent of a limit."""
    if limit is None:
        return ""
    return "bad" if spent >= limit.amount else "warn" if spent >= limit.amount * NEAR else ""


def enforcement(limit: SpendLimit) -> str:
    """Return the platform's own word for the state of a limit."""
    return limit.enforcement or "enforcement not told"


def day_word(day: date, today: date) -> str:
    """Return a day as it is called: `yesterday`, `20 Nov`."""
    return "yesterday" if day == today - timedelta(days=1) else f"{day.day} {day:%b}"


def _spent(statement: Statement) -> Line:
    cycle, limit = statement.cycle, statement.limit
    figure = money(cycle.spent) if cycle.is_reported else UNKNOWN
    origin = Origin.REPORTED if cycle.is_reported else Origin.UNKNOWN
    nothing = "" if cycle.is_reported else "nothing reported yet this month · "
    if limit is None:
        known = "no hard limit is set" if statement.limit_known else "the hard limit is not known"
        return Line("SPENT", figure, (nothing + known,), origin)
    of = f"{money(limit.amount)} hard limit · {enforcement(limit)}"
    if nothing:
        return Line("SPENT", figure, (nothing + of, of), origin)
    share = cycle.spent / limit.amount
    marks = tuple(alert.amount / limit.amount for alert in statement.alerts)
    gauge = Gauge(share, tuple(mark for mark in marks if 0 < mark <= 1))
    words = f"{used(cycle.spent, limit.amount)} of {of}"
    return Line("SPENT", figure, (words,), origin, tone_of(cycle.spent, limit), gauge)


def _today(statement: Statement, today: date) -> Line:
    cycle = statement.cycle
    label = "TODAY" if cycle.today == today else f"{cycle.today.day} {cycle.today:%b}".upper()
    known = cycle.spent_today is not None
    state = "provisional" if known else "nothing reported yet"
    before = day_word(cycle.today - timedelta(days=1), today)
    rest = f"{state} · {before} {money(cycle.spent_yesterday)} · average {money(cycle.average)}"
    origin = Origin.REPORTED if known else Origin.UNKNOWN
    return Line(label, money(cycle.spent_today), (f"{rest} a closed day", rest), origin)


def _left(statement: Statement, today: date) -> Iterator[Line]:
    cycle, limit, left = statement.cycle, statement.limit, statement.left
    if limit is None or left is None:
        why = (
            "no hard limit is set, so there is nothing to count down"
            if statement.limit_known
            else "the hard limit could not be read"
        )
        yield Line("LEFT", UNKNOWN, (why,), Origin.UNKNOWN)
        return
    if not left:
        yield _reached(over(cycle.spent, limit))
        return
    words = "under the hard limit"
    if not cycle.is_reported:
        words = "the whole hard limit, as nothing is reported yet"
    yield Line("LEFT", money(left), (words,), Origin.REPORTED, tone_of(cycle.spent, limit))
    yield _left_in_tokens(statement, today)


def reached(by: Decimal) -> str:
    """Return how a limit that leaves nothing stands, from what is spent over it."""
    return f"over by {money(by)}" if by >= CENT else "reached"


def _reached(by: Decimal) -> Line:
    state = reached(by)
    words = (f"{state}; {REACHED}", state)
    return Line("LEFT", money(Decimal(0)), words, Origin.REPORTED, tone="bad")


def _left_in_tokens(statement: Statement, today: date) -> Line:
    period = statement.price_period
    span = f"{period.days} days to {day_word(period.last, today)}"
    if statement.left_tokens is None:
        none = "tokens, as there is no price for a million"
        return Line("", UNKNOWN, (f"{none} in the {span}", none), Origin.UNKNOWN)
    price = f"tokens at your {money(statement.per_million)} per million"
    words = (f"{price} ({span})", f"{price} ({period.days} days)", price)
    return Line("", f"≈ {count(statement.left_tokens)}", words, Origin.ESTIMATED)


def _alerts(statement: Statement, most: int) -> Iterator[Line]:
    if not statement.alerts_known:
        why = "the spend alerts could not be read"
        yield Line("ALERTS", UNKNOWN, (why,), Origin.UNKNOWN)
        return
    if not statement.alerts:
        yield Line("ALERTS", "none", ("no spend alert is set",), Origin.REPORTED)
        return
    cycle = statement.cycle
    spent = cycle.spent
    shown = _most_telling(statement.alerts, spent, most)
    more = len(statement.alerts) - len(shown)
    for place, alert in enumerate(shown):
        rest = f" · and {more} more" if more and place == len(shown) - 1 else ""
        yield _alert("" if place else "ALERTS", alert, spent if cycle.is_reported else None, rest)


def _most_telling(alerts: Sequence[SpendAlert], spent: Decimal, most: int) -> Sequence[SpendAlert]:
    """Return the last alert that was passed and those that come next."""
    passed = sum(alert.amount <= spent for alert in alerts)
    first = max(0, min(passed - 1, len(alerts) - most))
    return alerts[first : first + most]


def _alert(label: str, alert: SpendAlert, spent: Decimal | None, rest: str) -> Line:
    number = len(alert.recipients)
    people = {0: "nobody", 1: "1 person"}.get(number, f"{number} people")
    words = f"mail at {money(alert.amount)} to {people}"
    if spent is None:
        return Line(label, UNKNOWN, (words + rest,), Origin.UNKNOWN)
    if spent >= alert.amount:
        return Line(label, "passed", (words + rest,), Origin.REPORTED, "warn")
    ahead = f"{words} · {money(alert.amount - spent)} to go{rest}"
    return Line(label, "not yet", (ahead, words + rest), Origin.REPORTED)
