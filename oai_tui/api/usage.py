"""Usage and costs in daily buckets, and how often keys were used."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from oai_tui.api import wire_usage as wire
from oai_tui.api.client import Client
from oai_tui.api.exchange import Params
from oai_tui.api.paging import buckets, buckets_between
from oai_tui.core.cuts import Grain
from oai_tui.core.errors import ApiProblem, NotFound
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.period import Period
from oai_tui.core.traffic import DailyRequests, Minute, Minutes
from oai_tui.core.usage import Charged, CostRow, Counted, UsageRow

At = TypeVar("At")
"""What requests are counted at: a minute, or a key on a day."""

_USAGE = "/organization/usage"

TOKEN_KINDS = ("completions", "decisions", "embeddings", "moderations")
"""The kinds of usage that count tokens; each has an endpoint of its own."""

REQUEST_KINDS = (*TOKEN_KINDS, "images", "audio_speeches", "audio_transcriptions")
"""The kinds of usage that count requests to a model and know the keys they were made with.

The searches are left out: they count requests of the other kinds once more.
"""

DIMENSIONS = ("project_id", "user_id", "api_key_id", "model")
"""What every one of these kinds can be grouped by."""

MOST_USAGE_DAYS = 31
MOST_COST_DAYS = 180
"""Daily buckets the platform returns on a page at most."""

MOST_HOURS = 168
MOST_MINUTES = 1440
"""Buckets of an hour and of a minute the platform returns on a page at most."""

_WIDTHS = {Grain.MINUTE: "1m", Grain.HOUR: "1h", Grain.DAY: "1d"}
_MOST = {Grain.MINUTE: MOST_MINUTES, Grain.HOUR: MOST_HOURS, Grain.DAY: MOST_USAGE_DAYS}


COST_GROUPINGS = (
    (Dimension.PROJECT, Dimension.KEY, Dimension.USER, Dimension.LINE_ITEM, Dimension.API_SOURCE),
    (Dimension.PROJECT, Dimension.KEY, Dimension.LINE_ITEM, Dimension.API_SOURCE),
    (Dimension.PROJECT, Dimension.KEY, Dimension.USER, Dimension.LINE_ITEM),
    (Dimension.PROJECT, Dimension.KEY, Dimension.LINE_ITEM),
    (Dimension.PROJECT, Dimension.LINE_ITEM),
    (Dimension.KEY, Dimension.USER, Dimension.LINE_ITEM),
    (Dimension.USER, Dimension.LINE_ITEM),
    (Dimension.LINE_ITEM,),
    (Dimension.PROJECT,),
    (),
)
"""Groupings of costs, the finest first; which of them the platform takes differs by organization
and time.
"""


def pages(grain: Grain, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """Cut a stretch of time into what one page of usage holds at most."""
    return _windows(since, until, timedelta(seconds=grain.seconds * _MOST[grain]))


def cost_pages(
    since: datetime, until: datetime, days: int = MOST_COST_DAYS
) -> list[tuple[datetime, datetime]]:
    """Cut a stretch of time into pages of so many days of costs."""
    return _windows(since, until, timedelta(days=days))


async def counted(
    client: Client,
    kind: Kind,
    grain: Grain,
    since: datetime,
    until: datetime,
    by: Sequence[Dimension],
) -> list[Counted]:
    """Return the usage of one kind between two instants that begin buckets of a grain.

    Raises Rejected where the platform refuses one of the dimensions.
    """
    asked: Params = {
        "bucket_width": _WIDTHS[grain],
        "limit": min(_MOST[grain], _buckets(grain, since, until)),
        "group_by": tuple(by),
    }
    found = await buckets_between(client, f"{_USAGE}/{kind}", since, until, asked)
    return await asyncio.to_thread(wire.counted, found, kind, grain)


async def charged(
    client: Client, since: datetime, until: datetime, by: Sequence[Dimension]
) -> tuple[list[Charged], frozenset[int]]:
    """Return the costs of the days between two midnights (UTC), and which days are told in part.

    Those are named by when they begin, in Unix seconds: some cost of them came without an amount.
    Raises Rejected where the platform refuses the grouping.
    """
    asked: Params = {
        "bucket_width": "1d",
        "limit": min(MOST_COST_DAYS, _buckets(Grain.DAY, since, until)),
        "group_by": tuple(by),
    }
    found = await buckets_between(client, "/organization/costs", since, until, asked)
    rows = await asyncio.to_thread(wire.charged, found)
    return rows, wire.unpriced(found)


def _buckets(grain: Grain, since: datetime, until: datetime) -> int:
    return max(1, int((until - since).total_seconds()) // grain.seconds)


def _windows(
    since: datetime, until: datetime, longest: timedelta
) -> list[tuple[datetime, datetime]]:
    found = []
    while since < until:
        end = min(until, since + longest)
        found.append((since, end))
        since = end
    return found


async def usage(
    client: Client,
    kind: str,
    period: Period,
    group_by: Sequence[str] = DIMENSIONS,
    on_page: Callable[[], None] | None = None,
) -> list[UsageRow]:
    """Return the usage of one kind by day, at the finest grain unless told otherwise."""
    asked: Params = {"limit": min(period.days, MOST_USAGE_DAYS), "group_by": tuple(group_by)}
    return await _rows(client, kind, period, asked, on_page)


async def costs(
    client: Client,
    period: Period,
    group_by: Sequence[str],
    on_page: Callable[[], None] | None = None,
) -> list[CostRow]:
    """Return costs in dollars. Raises Rejected where the platform refuses the grouping."""
    asked: Params = {"limit": min(period.days, MOST_COST_DAYS), "group_by": tuple(group_by)}
    found = await buckets(client, "/organization/costs", period, asked, on_page)
    return [row for bucket in found for row in wire.cost_rows(bucket)]


async def requests_by_key(
    client: Client, period: Period, key_ids: Sequence[str] = ()
) -> DailyRequests:
    """Return how many requests keys made on each day, all keys unless some are named.

    A month of ten thousand keys is more than one answer may be: ask for a few days then. Raises
    ApiProblem when no kind of usage could be read.
    """

    async def of_kind(kind: str) -> Counter[tuple[str, date]]:
        asked: Params = {
            "limit": min(period.days, MOST_USAGE_DAYS),
            "group_by": ("api_key_id",),
            "api_key_ids": tuple(key_ids),
        }
        found: Counter[tuple[str, date]] = Counter()
        for row in await _rows(client, kind, period, asked):
            found[row.api_key_id, row.day] += row.num_model_requests
        return found

    counted, lacking, unread = await _side_by_side(of_kind)
    by_key: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for (key_id, day), requests in sorted(counted.items()):
        if requests:
            by_key[key_id][day] = requests
    return DailyRequests(dict(by_key), lacking, unread)


async def minutes(client: Client, key_id: str, since: datetime, until: datetime) -> Minutes:
    """Return how many requests a key made in each minute between two instants.

    Minutes are whole: the first is the one that holds `since`, so requests from shortly before may
    be in it. A minute the platform does not tell of is left out; the last ones come late. Raises
    ApiProblem when no kind of usage could be read.
    """
    start, end = _minute_of(since), _minute_of(until + timedelta(seconds=59, microseconds=999_999))
    if start >= end:
        return Minutes()
    asked: Params = {
        "bucket_width": "1m",
        "limit": min(MOST_MINUTES, int((end - start).total_seconds()) // 60),
        "api_key_ids": (key_id,),
    }

    async def of_kind(kind: str) -> Counter[datetime]:
        found = await buckets_between(client, f"{_USAGE}/{kind}", start, end, asked)
        return Counter(dict(wire.requests_in(bucket, _result(kind)) for bucket in found))

    counted, lacking, unread = await _side_by_side(of_kind)
    told = tuple(Minute(at, requests) for at, requests in sorted(counted.items()))
    return Minutes(told, lacking, unread)


async def _rows(
    client: Client,
    kind: str,
    period: Period,
    asked: Params,
    on_page: Callable[[], None] | None = None,
) -> list[UsageRow]:
    found = await buckets(client, f"{_USAGE}/{kind}", period, asked, on_page)
    return [row for bucket in found for row in wire.usage_rows(bucket, _result(kind))]


async def _side_by_side(
    question: Callable[[str], Coroutine[Any, Any, Counter[At]]],
) -> tuple[Counter[At], tuple[str, ...], tuple[str, ...]]:
    """Ask for every kind that counts requests; return the sums, the lacking and the unread."""
    answers = await asyncio.gather(*map(question, REQUEST_KINDS), return_exceptions=True)
    counted: Counter[At] = Counter()
    lacking: list[str] = []
    unread: dict[str, ApiProblem] = {}
    for kind, answer in zip(REQUEST_KINDS, answers, strict=True):
        if isinstance(answer, NotFound):
            lacking.append(kind)
        elif isinstance(answer, ApiProblem):
            unread[kind] = answer
        elif isinstance(answer, BaseException):
            raise answer
        else:
            counted.update(answer)
    if len(lacking) + len(unread) == len(REQUEST_KINDS):
        # Nothing was told, which is not the same as nothing used.
        raise next(iter(unread.values()), NotFound("This server reports no usage at all."))
    return counted, tuple(lacking), tuple(unread)


def _result(kind: str) -> str:
    return f"organization.usage.{kind}.result"


def _minute_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
