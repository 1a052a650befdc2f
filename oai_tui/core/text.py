"""Text: outside text made harmless, and figures written as people write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal

UNKNOWN = "—"
"""What stands where a figure is not known. Never a zero."""

HARMFUL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
"""Characters that no outside text may bring to the terminal."""

KEYLIKE = re.compile(
    r"(?<![A-Za-z0-9])(?:sk|sess)-[A-Za-z0-9_\-]{6,}|(?:sk|sess)-[A-Za-z0-9_\-]{32,}"
)
"""What looks like a secret: at the start of a word, or anywhere when long enough.

`task-manager` is none.
"""


_LONG_KEY = re.compile(r"(?:sk|sess)-[A-Za-z0-9_\-]{16,}")
"""A key, or so much of one that it tells anything; a masked one is shorter."""

_WIDE = Context(prec=300, rounding=ROUND_HALF_EVEN)
"""Room for the largest figures that are let in; the usual 28 digits would raise on them."""


def clean(value: object, limit: int = 256) -> str:
    """Return outside text with controls made visible, stacked marks and length bounded."""
    text = "" if value is None else str(value)
    if text.isascii() and text.isprintable() and len(text) <= limit:
        # Nearly all there is, and a list of keys has a hundred thousand of them.
        return text
    out: list[str] = []
    marks = 0
    for char in text[: limit * 4]:
        kind = unicodedata.category(char)
        if kind[0] == "C" or kind in ("Zl", "Zp"):
            out.append(chr(0x2400 + ord(char)) if ord(char) < 32 else "\ufffd")
            marks = 0
        elif kind in ("Mn", "Me"):
            marks += 1
            if marks <= 4:
                out.append(char)
        else:
            out.append(char)
            marks = 0
    text = "".join(out)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def without_keys(text: str) -> str:
    """Return text with everything that looks like a key taken out."""
    return KEYLIKE.sub("<key removed>", text)


def without_long_keys(text: str) -> str:
    """Return text with keys taken out and masked ones, such as `sk-svcacct…9QxA`, left in."""
    return _LONG_KEY.sub("<key removed>", text)


def short_key(redacted: str) -> str:
    """Return a masked key value as `sk-proj…w3fK`, whatever the length of its mask."""
    text = redacted.strip()
    head, _, tail = re.sub(r"\*+|\.{3,}|…", "\0", text, count=1).partition("\0")
    tail = tail.lstrip("*.…")
    if not tail:
        return text if len(text) <= 16 else f"{text[:7]}…{text[-4:]}"
    return f"{head.rstrip('-')[:10]}…{tail[-4:]}"


def short_id(id: str) -> str:
    """Return an id short enough for a table, its ends kept: `key_9Qx…f3Ab`."""
    return id if len(id) <= 16 else f"{id[:9]}…{id[-4:]}"


def ago(then: datetime | None, now: datetime) -> str:
    """Return how long ago something was, in one unit: `3 min`, `2 h`, `212 d`, `just now`."""
    if then is None:
        return UNKNOWN
    seconds = (now - then).total_seconds()
    if seconds < 0:
        return f"in {span(-seconds)}" if seconds <= -60 else "just now"
    return "just now" if seconds < 60 else span(seconds)


def when(then: datetime | None, now: datetime) -> str:
    """Return the same as part of a sentence: `3 min ago`, `in 12 d`, `just now`."""
    text = ago(then, now)
    return text if text.startswith(("in ", "just", UNKNOWN)) else f"{text} ago"


def span(seconds: float) -> str:
    """Return a length of time in one unit: `3 min`, `2 h`, `212 d`."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return "less than 1 min"


def day(when: datetime | None, now: datetime) -> str:
    """Return a date without what the reader knows: `2 Mar` this year, `Nov 2024` before."""
    if when is None:
        return UNKNOWN
    when = when.astimezone(UTC)
    return f"{when.day} {when:%b}" if when.year == now.astimezone(UTC).year else f"{when:%b %Y}"


def money(amount: Decimal | None, places: int = 2) -> str:
    """Return dollars: `$1,284.10`, `-$3.00`, `<$0.01` for what would otherwise read as nothing."""
    if amount is None:
        return UNKNOWN
    least = Decimal(1).scaleb(-places)
    if amount and abs(amount) < least:
        return f"<${least}" if amount > 0 else f">-${least}"
    rounded = amount.quantize(least, context=_WIDE)
    return f"{'-' if rounded < 0 else ''}${rounded.copy_abs():,}"


def count(number: int | Decimal | None) -> str:
    """Return a quantity in three digits: `999`, `40.3 K`, `310 M`, `1.25 B`."""
    if number is None:
        return UNKNOWN
    size = Decimal(number)
    sign, size = ("-", -size) if size < 0 else ("", size)
    for exponent, unit in ((9, "B"), (6, "M"), (3, "K")):
        scaled = size.scaleb(-exponent)
        if scaled >= Decimal("0.9995"):
            places = 2 if scaled < Decimal("9.995") else 1 if scaled < Decimal("99.95") else 0
            digits = f"{scaled:.{places}f}"
            digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
            return f"{sign}{digits} {unit}"
    return f"{sign}{size.to_integral_value()}"


def percent(part: Decimal, whole: Decimal) -> str:
    """Return a share: `64 %`, `<1 %`, `—` of nothing."""
    if not whole:
        return UNKNOWN
    share = part / whole * 100
    if part and abs(share) < 1:
        return "<1 %"
    return f"{share.quantize(Decimal(1), context=_WIDE)} %"
