"""How a prepaid balance, its entries and their drift read, and how an expiry is typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from oai_tui.core.balance import Balance, BalanceEntry, Drift, Ending, EntryKind
from oai_tui.core.errors import WrongInput
from oai_tui.core.money import CENT
from oai_tui.core.text import clean, money
from oai_tui.ui.widgets.table import Cell, Column

WITHOUT_CENTS = Decimal(1000)
"""From which amount on a column is too narrow for the cents."""


def balance_columns(drifts: Iterable[Drift]) -> tuple[Column[BalanceEntry], ...]:
    """Return the columns of what was typed; the last says how far the estimate was off."""
    off = {drift.entry.id: drift for drift in drifts}
    return (
        Column(
            "at",
            "WHEN (UTC)",
            16,
            lambda row: f"{row.at:%Y-%m-%d %H:%M}",
            lambda row: row.at,
            priority=9,
        ),
        Column("kind", "WHAT", 7, lambda row: row.kind.value, lambda row: row.kind, priority=6),
        Column(
            "amount",
            "AMOUNT",
            10,
            lambda row: str(row.amount),
            lambda row: row.amount.dollars,
            align="right",
            priority=8,
        ),
        Column("expires", "EXPIRES", 10, _expires, lambda row: row.expires, priority=5),
        Column(
            "drift",
            "ESTIMATE WAS",
            15,
            lambda row: _off(off.get(row.id)),
            lambda row: off[row.id].difference if row.id in off else None,
            priority=7,
            grow=True,
        ),
    )


def balance_line(balance: Balance) -> str:
    """Return what is left of a balance in a line: how much, how sure, how long."""
    parts = [f"≈ {money(balance.left)} left now{unsure(balance.unsure)}"]
    if balance.unknown_days:
        parts.append(f"costs of {_days(balance.unknown_days)} unknown")
    if balance.left <= 0:
        parts.append("used up")
    elif balance.lasting:
        parts.append(f"lasts {balance.lasting}")
    return " · ".join(parts)


def expiry_lines(balance: Balance) -> list[str]:
    """Return what is to be said of credits that end."""
    soon = [
        f"{each.amount} expires on {each.day}{_unspent(each, 'will be')}"
        for each in balance.expiring
    ]
    gone = [
        f"{each.amount} expired on {each.day}{_unspent(each, 'was')}" for each in balance.expired
    ]
    return soon + gone


def _unspent(ending: Ending, verb: str) -> str:
    """Return what is left of a credit on its last day, at this pace."""
    if ending.most < CENT:
        return f"; nothing of it {verb} left by then"
    how = "at most " if ending.doubt else ""
    return f"; {how}{money(ending.most)} of it {verb} left by then"


def drift_words(drift: Drift) -> str:
    """Return how far the estimate was off when a balance was typed again."""
    if abs(drift.difference) < CENT:
        return "right to the cent"
    way = "less" if drift.difference < 0 else "more"
    words = f"{money(abs(drift.difference))} {way} than estimated{unsure(drift.unsure)}"
    days = f", costs of {_days(drift.unknown_days)} unknown" if drift.unknown_days else ""
    return words + days


def entries_line(entries: Iterable[BalanceEntry]) -> str:
    """Return entries in a line: `balance $500.00 on 3 Nov · top-up $200.00 on 12 Nov`."""
    return " · ".join(
        f"{entry.kind.value} {entry.amount} on {entry.at.day} {entry.at:%b}" for entry in entries
    )


def last_day(text: str) -> date | None:
    """Read the last day of a credit, which may be to come or over. Raises WrongInput."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise WrongInput(
            f"“{clean(text.strip(), 40)}” is not a date.", "Write the expiry as 2027-11-03."
        ) from None


def unsure(amount: Decimal) -> str:
    """Return how much more or less it may be, and nothing where it is sure to the cent."""
    return f" ± {money(amount)}" if amount >= CENT else ""


def _expires(entry: BalanceEntry) -> Cell:
    return Cell(
        str(entry.expires) if entry.expires else "not told", "" if entry.expires else "muted"
    )


def _off(drift: Drift | None) -> Cell:
    if drift is None:
        return Cell("", "muted")
    if abs(drift.difference) < CENT:
        return Cell("right", "muted")
    way = "too high" if drift.difference < 0 else "too low"
    inside = abs(drift.difference) <= drift.unsure and not drift.unknown_days
    by = abs(drift.difference)
    amount = money(by, 0) if by >= WITHOUT_CENTS else money(by)
    return Cell(f"{amount} {way}", "muted" if inside else "warn")


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"


KINDS = {
    EntryKind.BALANCE: "what was left",
    EntryKind.TOP_UP: "what was bought",
}
"""What can be written down, in the words of the choice."""
