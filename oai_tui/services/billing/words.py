"""The figures of the bill, a line each: what the screen and the command both show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from oai_tui.core.cycle import SamePoint
from oai_tui.core.limits import SpendLimit
from oai_tui.core.origin import Origin as Origin
from oai_tui.core.pace import Pace
from oai_tui.core.remaining import Cap, CapKind, nearest
from oai_tui.core.remaining import used as used
from oai_tui.core.text import UNKNOWN, money, percent, when
from oai_tui.services.billing.lines import Gauge as Gauge
from oai_tui.services.billing.lines import Line as Line
from oai_tui.services.billing.lines import Tone as Tone
from oai_tui.services.billing.local_lines import alert_lines, balance_lines, budget_lines
from oai_tui.services.billing.phrases import (
    NOTHING_REFUSED,
    SHORT,
    day_of,
    rounded,
    short_day,
    span_words,
)
from oai_tui.services.billing.phrases import REACHED as REACHED
from oai_tui.services.billing.phrases import day_word as day_word
from oai_tui.services.billing.phrases import due_words as due_words
from oai_tui.services.billing.phrases import enforcement as enforcement
from oai_tui.services.billing.phrases import reached as reached
from oai_tui.services.billing.phrases import tone_of as tone_of
from oai_tui.services.billing.statement import Statement
from oai_tui.services.billing.token_lines import token_lines

NO_COSTS = "the costs could not be read"
NOTHING_YET = "nothing reported yet this month"

_UNDER = {
    CapKind.LIMIT: "under the hard limit",
    CapKind.MONTHLY: "under your monthly budget (local)",
    CapKind.BALANCE: "of the prepaid balance",
}


def lines(statement: Statement, *, most_alerts: int = 2, most_models: int = 3) -> Iterator[Line]:
    """Yield the figures of a statement from top to bottom."""
    today = day_of(statement.now)
    yield from _spent(statement)
    yield from _today(statement, today)
    yield from _left(statement)
    cap = nearest_stop(statement)
    if cap and cap.left_so_far:
        yield from token_lines(cap.left_so_far, statement, today, most_models)
    yield from _pace(statement, today)
    yield from budget_lines(statement, today)
    yield from balance_lines(statement, today)
    yield from alert_lines(statement, today, most_alerts)


def as_of_words(statement: Statement) -> str:
    """Return how old the costs are: `as of 12:04 UTC`, and the day where it is another."""
    if statement.as_of is None:
        return "costs not known"
    at = statement.as_of
    day = "" if day_of(at) == day_of(statement.now) else f"{short_day(day_of(at))} "
    age = f", {when(at, statement.now)}" if statement.from_cache else ""
    return f"as of {day}{at:%H:%M} UTC{age}"


def _spent(statement: Statement) -> Iterator[Line]:
    cycle, limit = statement.cycle, statement.limit.value
    known = "no hard limit is set" if statement.limit.is_known else "the hard limit is not known"
    of = f"{limit.amount} hard limit · {enforcement(limit)}" if limit else known
    if cycle is None:
        words = (f"{NO_COSTS} · {of}", f"not known · {of}", NO_COSTS)
        yield Line("SPENT", UNKNOWN, words, Origin.UNKNOWN)
        return
    if not cycle.is_reported:
        yield Line("SPENT", UNKNOWN, (f"{NOTHING_YET} · {of}", of), Origin.UNKNOWN)
        return
    yield _of_limit(statement, cycle.spent, limit, of)
    if cycle.same_point is not None:
        yield _same_point(cycle.same_point)


def _of_limit(statement: Statement, spent: Decimal, limit: SpendLimit | None, of: str) -> Line:
    gap = statement.cycle.unknown_days if statement.cycle else 0
    lacks = f" · {gap} {'day is' if gap == 1 else 'days are'} not known" if gap else ""
    if limit is None:
        return Line("SPENT", money(spent), (f"{of}{lacks}", of), Origin.REPORTED)
    amount = limit.amount.dollars
    marks = tuple(
        share
        for state in statement.alerts
        if not state.alert.project_id and 0 < (share := state.alert.amount.dollars / amount) <= 1
    )
    words = f"{used(spent, amount)} of {of}"
    tone = tone_of(spent, amount, statement.pace)
    gauge = Gauge(max(spent / amount, Decimal(0)), marks)
    return Line("SPENT", money(spent), (f"{words}{lacks}", words), Origin.REPORTED, tone, gauge)


def _same_point(point: SamePoint) -> Line:
    """Return what the same whole days of last month cost, and how this month's compare."""
    before, spent = point.spent_before, point.spent
    then, now = f"in {span_words(point.days_before)}", f"in {span_words(point.days)}"
    long = f"{then}, the same days last month · {money(spent)} {now}"
    if before <= 0:
        return Line("", money(before), (long, then), Origin.REPORTED)
    change = spent - before
    more = f"{percent(abs(change), before)} {'more' if change > 0 else 'less'}"
    if not change:
        more = "as much"
    words = (f"{long}, {more}", f"{then} · {money(spent)} {now}, {more}", f"{then} · {more} {now}")
    return Line("", money(before), (*words, then), Origin.REPORTED)


def _today(statement: Statement, today: date) -> Iterator[Line]:
    cycle, budget = statement.cycle, statement.budget.daily
    if cycle is None:
        if budget:
            words = f"{NO_COSTS} · {budget} daily budget (local)"
            yield Line("TODAY", UNKNOWN, (words, NO_COSTS), Origin.UNKNOWN)
        return
    spent = cycle.spent_today
    label = "TODAY" if cycle.today == today else short_day(cycle.today).upper()
    state = "provisional" if spent is not None else "nothing reported yet"
    before = day_word(cycle.today - timedelta(days=1), today)
    rest = f"{state} · {before} {money(cycle.spent_yesterday)}"
    mean = f"{rest} · average {money(cycle.average)}"
    origin = Origin.UNKNOWN if spent is None else Origin.REPORTED
    if budget is None:
        yield Line(label, money(spent), (f"{mean} a closed day", mean, rest), origin)
        return
    of = f"{budget} daily budget (local)"
    share = "" if spent is None else f"{used(spent, budget.dollars)} of "
    more = tuple(f"{share}{of} · {each}" for each in (f"{mean} a closed day", mean, state))
    gauge = None if spent is None else Gauge(max(spent / budget.dollars, Decimal(0)))
    tone = tone_of(spent, budget.dollars)
    yield Line(label, money(spent), (*more, f"{share}{of}"), origin, tone, gauge)


def _left(statement: Statement) -> Iterator[Line]:
    cap, cycle = nearest_stop(statement), statement.cycle
    if cap is None or cap.left_so_far is None or cycle is None:
        yield Line("LEFT", UNKNOWN, (_why_nothing_left(statement),), Origin.UNKNOWN)
        return
    origin = Origin.ESTIMATED if cap.kind is CapKind.BALANCE else Origin.REPORTED
    if not cap.left_so_far:
        yield _used_up(cap, origin, _beside(statement, cap))
        return
    under = _UNDER[cap.kind]
    words: tuple[str, ...] = (f"{under}{_beside(statement, cap)}", under)
    if cap.is_awaited:
        words = (f"the whole {cap.name}, as nothing is reported yet",)
    pace = None if cap.kind is CapKind.BALANCE else statement.pace
    tone = tone_of(Decimal(0) if cap.is_awaited else cap.spent, cap.amount.dollars, pace)
    yield Line("LEFT", money(cap.left_so_far), words, origin, tone)


def nearest_stop(statement: Statement) -> Cap | None:
    """Return the cap whose rest is told: one that is passed without effect gives way to others."""
    near = statement.nearest
    if near and near.kind is CapKind.MONTHLY and near.is_reached:
        return nearest(cap for cap in statement.caps if cap is not near) or near
    return near


def _used_up(cap: Cap, origin: Origin, beside: str) -> Line:
    state = reached(cap.over)
    effects = {
        CapKind.LIMIT: REACHED,
        CapKind.MONTHLY: f"the monthly budget; {NOTHING_REFUSED}",
        CapKind.BALANCE: "the prepaid balance, by the estimate",
    }
    words: tuple[str, ...] = (f"{state}; {effects[cap.kind]}", state)
    if cap.kind is not CapKind.LIMIT:
        told = f"{state}: {effects[cap.kind]}"
        words = (f"{told}{beside}", told, f"{state}: {cap.name}")
    return Line("LEFT", money(Decimal(0)), words, origin, "bad")


def _beside(statement: Statement, cap: Cap) -> str:
    """Return how the hard limit stands where another cap is nearer."""
    if not statement.limit.is_known:
        return " · the hard limit is not known"
    limit = next((each for each in statement.caps if each.kind is CapKind.LIMIT), None)
    if limit is None or limit is cap:
        return ""
    return f" · {money(limit.left_so_far)} under the hard limit"


def _why_nothing_left(statement: Statement) -> str:
    if statement.cycle is None:
        return "what is spent is not known"
    if not statement.limit.is_known:
        return "the hard limit could not be read"
    return "no hard limit is set, so there is nothing to count down"


def _pace(statement: Statement, today: date) -> Iterator[Line]:
    pace, cycle = statement.pace, statement.cycle
    if cycle is None:
        return
    if pace is None:
        yield Line("PACE", UNKNOWN, ("no day is known yet that is over for good",), Origin.UNKNOWN)
        return
    usual = pace.usual
    by, short = f"by {short_day(usual.last)}", SHORT[usual.basis]
    ahead, tone = _ahead(statement, pace, cycle.spent, today)
    if pace.from_last_month:
        whose, short = "at last month's pace, as no day of this one is settled", "last month's pace"
    else:
        whose = f"at the pace of {usual.basis.label}"
    words = tuple(
        " · ".join((each, *ahead[:1])) for each in (f"{by} {whose}", f"{by} ({short})", by)
    )
    yield Line("PACE", rounded(usual.month_end), (*words, by), Origin.ESTIMATED, tone)
    yield from _paces(pace)


def _ahead(
    statement: Statement, pace: Pace, spent: Decimal, today: date
) -> tuple[Sequence[str], Tone]:
    """Return what the pace comes to of the hard limit, or else of the monthly budget."""
    limit, budget = statement.limit.value, statement.budget.monthly
    if limit:
        amount = limit.amount.dollars
        told = due_words("hard limit", amount, spent, pace, today)
        return (told,), tone_of(spent, amount, pace)
    if budget:
        told = due_words("monthly budget", budget.dollars, spent, pace, today)
        return (told,), tone_of(spent, budget.dollars, pace)
    return (), ""


def _paces(pace: Pace) -> Iterator[Line]:
    if len({rounded(forecast.month_end) for forecast in pace.forecasts}) < 2:
        return
    told = [(f.basis, rounded(f.month_end), f.rests_on) for f in pace.forecasts]
    long = " · ".join(f"{basis.value} {end} ({days} d)" for basis, end, days in told)
    plain = " · ".join(f"{SHORT[basis]} {end}" for basis, end, _ in told)
    span = f"{rounded(pace.low)} – {rounded(pace.high)}"
    yield Line(
        "", "", (long, plain, f"{span} by {len(told)} ways to reckon", span), Origin.ESTIMATED
    )
