"""Buckets of usage and costs as the platform sends them, and their way into the core.

As elsewhere on the wire, every member may be missing or null; a number that is missing is not
known, and no zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Context, Decimal
from operator import attrgetter

import msgspec

from oai_tui.api.wire import instant
from oai_tui.core.cuts import Grain
from oai_tui.core.errors import BadAnswer
from oai_tui.core.kinds import Kind
from oai_tui.core.text import clean
from oai_tui.core.usage import (
    CHARGED_BY,
    COUNTED_BY,
    NUMBERS,
    Charged,
    CostRow,
    Counted,
    UsageRow,
)

MOST_DIGITS = 60
"""Exponents beyond this are noise (`0E-6176` was seen) or an attack on our arithmetic."""

_LEAST = Decimal(1).scaleb(-MOST_DIGITS)
_ROOM = Context(prec=4 * MOST_DIGITS)
_LARGEST_COUNT = 2**60
"""Small enough that a few of them add up within 64 bits."""


# `gc=False`: none of these is in a circle, and looking for circles among a hundred thousand rows
# takes a fifth of the time that reading them does.


class Amount(msgspec.Struct, gc=False):
    """Dollars, as a JSON number or a string."""

    value: Decimal | None = None
    currency: str | None = None


class Result(msgspec.Struct, gc=False):
    """One row of a bucket of usage or costs; which members are filled depends on `object`."""

    object: str | None = None
    model: str | None = None
    project_id: str | None = None
    api_key_id: str | None = None
    user_id: str | None = None
    service_tier: str | None = None
    batch: bool | None = None
    size: str | None = None
    source: str | None = None
    context_level: str | None = None
    api_source: str | None = None
    vector_store_id: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    input_cached_tokens: int | None = None
    input_cache_write_tokens: int | None = None
    input_uncached_tokens: int | None = None
    input_audio_tokens: int | None = None
    input_cached_audio_tokens: int | None = None
    output_audio_tokens: int | None = None
    input_image_tokens: int | None = None
    input_cached_image_tokens: int | None = None
    output_image_tokens: int | None = None
    num_model_requests: int | None = None
    images: int | None = None
    characters: int | None = None
    seconds: int | None = None
    usage_bytes: int | None = None
    num_sessions: int | None = None
    num_requests: int | None = None
    amount: Amount | None = None
    line_item: str | None = None


class Bucket(msgspec.Struct, gc=False):
    """What happened from `start_time` up to `end_time`, in Unix seconds."""

    start_time: int
    end_time: int | None = None
    results: list[Result] | None = None


class BucketPage(msgspec.Struct, gc=False):
    """A page of buckets with an opaque token for the next one."""

    data: list[Bucket]
    has_more: bool = False
    next_page: str | None = None


def usage_rows(bucket: Bucket, result_object: str) -> list[UsageRow]:
    """Return the rows of one kind; rows of kinds unknown to us are left out."""
    day = _day(bucket)
    return [
        UsageRow(
            day,
            clean(row.model),
            clean(row.project_id),
            clean(row.api_key_id),
            clean(row.user_id),
            _quantity(row.input_tokens),
            _quantity(row.output_tokens),
            _quantity(row.input_cached_tokens),
            _quantity(row.num_model_requests),
        )
        for row in bucket.results or ()
        if row.object in (result_object, None)
    ]


_names = attrgetter(*(dimension.value for dimension in COUNTED_BY))
_numbers = attrgetter(*NUMBERS)
_charged = attrgetter(*(dimension.value for dimension in CHARGED_BY))


def counted(buckets: Iterable[Bucket], kind: Kind, grain: Grain) -> list[Counted]:
    """Return the rows of one kind at a grain; rows of kinds unknown to us are left out.

    Raises BadAnswer for counts and times that cannot be, and for buckets longer than the grain.
    """
    clear, found = _Cleaned(), []
    for bucket in buckets:
        at = _floor(bucket, grain)
        for row in bucket.results or ():
            if row.object == kind.result_object or row.object is None:
                numbers: tuple[int | None, ...] = _numbers(row)
                for number in numbers:
                    _quantity(number)
                found.append(Counted(at, tuple([clear[name] for name in _names(row)]), numbers))
    return found


def charged(buckets: Iterable[Bucket]) -> list[Charged]:
    """Return the costs by day, rows without an amount left out: they say nothing.

    A day that has such a row is told in part; `unpriced` names it. Raises BadAnswer for amounts
    that cannot be, and for other currencies.
    """
    clear, found = _Cleaned(), []
    for bucket in buckets:
        at = _floor(bucket, Grain.DAY)
        for row in bucket.results or ():
            if row.object in ("organization.costs.result", None):
                amount = _dollars(row.amount)
                if amount is not None:
                    names = tuple([clear[name] for name in _charged(row)])
                    found.append(Charged(at, names, amount))
    return found


def unpriced(buckets: Iterable[Bucket]) -> frozenset[int]:
    """Return when the days begin (Unix seconds) that have a cost without an amount."""
    return frozenset(
        _floor(bucket, Grain.DAY)
        for bucket in buckets
        for row in bucket.results or ()
        if (row.amount is None or row.amount.value is None)
        and row.object in ("organization.costs.result", None)
    )


class _Cleaned(dict[object, str]):
    """Outside names made harmless, each of them once."""

    def __missing__(self, name: object) -> str:
        text = clean(str(name).lower() if isinstance(name, bool) else name)
        self[name] = text
        return text


def _floor(bucket: Bucket, grain: Grain) -> int:
    at = int(_start(bucket).timestamp())
    if (bucket.end_time or at) - at > grain.seconds:
        raise BadAnswer(f"The platform answered with more than one {grain} at once.")
    return at - at % grain.seconds


def requests_in(bucket: Bucket, result_object: str) -> tuple[datetime, int]:
    """Return when a bucket begins and the requests in it, those of kinds unknown to us left out."""
    requests = sum(
        _quantity(row.num_model_requests)
        for row in bucket.results or ()
        if row.object in (result_object, None)
    )
    return _start(bucket), requests


def cost_rows(bucket: Bucket) -> list[CostRow]:
    """Return the costs of one bucket, a row without an amount left out.

    It says nothing, and as a zero it would make its day count as reported.
    """
    day = _day(bucket)
    return [
        CostRow(
            day,
            amount,
            clean(row.project_id),
            clean(row.api_key_id),
            clean(row.user_id),
            clean(row.line_item),
        )
        for row in bucket.results or ()
        if row.object in ("organization.costs.result", None)
        and (amount := _dollars(row.amount)) is not None
    ]


def _day(bucket: Bucket) -> date:
    return _start(bucket).date()


def _start(bucket: Bucket) -> datetime:
    start = instant(bucket.start_time)
    if start is None:
        raise BadAnswer("The platform's answer holds a time that cannot be.")
    return start


def _quantity(value: int | None) -> int:
    if value is not None and not 0 <= value <= _LARGEST_COUNT:
        raise BadAnswer("The platform's answer holds a count of usage that cannot be.")
    return value or 0


def _dollars(amount: Amount | None) -> Decimal | None:
    if amount is None or amount.value is None:
        return None
    if (amount.currency or "usd").lower() != "usd":
        raise BadAnswer(f"The platform reports costs in {clean(amount.currency, 10)}, not dollars.")
    value = amount.value
    if not value.is_finite() or value.adjusted() > MOST_DIGITS:
        raise BadAnswer("The platform's answer holds an amount that is no number.")
    exact = value.quantize(_LEAST, context=_ROOM)
    if exact != value:
        raise BadAnswer("The platform's answer holds an amount finer than can be summed exactly.")
    return value if value else Decimal(0)
