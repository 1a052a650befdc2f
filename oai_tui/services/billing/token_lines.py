"""What is left, in tokens: at the price of everything that was bought, and of single models."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from oai_tui.core.origin import Origin
from oai_tui.core.remaining import Price, tokens_left
from oai_tui.core.text import UNKNOWN, count, money
from oai_tui.services.billing.lines import Line
from oai_tui.services.billing.phrases import day_word
from oai_tui.services.billing.statement import Statement


def token_lines(left: Decimal, statement: Statement, today: date, most: int) -> Iterator[Line]:
    """Yield how many tokens some dollars buy: of everything, then of the most used models."""
    price = statement.price
    span = f"{price.period.days} days to {day_word(price.period.last, today)}"
    number = tokens_left(left, price.per_million)
    if number is None:
        none = "tokens, as there is no price for a million"
        yield Line("", UNKNOWN, (f"{none} in the {span}", none), Origin.UNKNOWN)
        return
    at = f"tokens at your {money(price.per_million)} per million"
    sure = f"in + out, all that was bought in the {span}"
    words = (
        f"{at}: {sure}{_between(left, price)}",
        f"{at}: {sure}",
        f"{at} ({span})",
        f"{at}, in + out",
        at,
    )
    yield Line("", f"≈ {count(number)}", words, Origin.ESTIMATED)
    for each in statement.prices[:most]:
        yield _of_model(left, each)


def _between(left: Decimal, price: Price) -> str:
    fewest, most = tokens_left(left, price.high), tokens_left(left, price.low)
    if fewest is None or most is None or count(fewest) == count(most):
        return ""
    return f"; {count(fewest)} – {count(most)} by the dearest and the cheapest week"


def _of_model(left: Decimal, price: Price) -> Line:
    number = tokens_left(left, price.per_million)
    if number is None:
        none = f"of {price.name} alone: no cost carries its name"
        return Line("", UNKNOWN, (none, f"of {price.name} alone"), Origin.UNKNOWN)
    at = f"of {price.name} alone, at {money(price.per_million)}"
    words = (f"{at} per million{_between(left, price)}", f"{at} per million", at)
    return Line("", f"≈ {count(number)}", words, Origin.ESTIMATED)
