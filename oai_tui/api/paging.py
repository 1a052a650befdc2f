"""Following lists to their end, and refusing those that have none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from itertools import pairwise
from typing import Protocol, TypeVar

from oai_tui.api.client import Client
from oai_tui.api.exchange import Params
from oai_tui.api.wire import Listing
from oai_tui.api.wire_usage import Bucket, BucketPage
from oai_tui.core.errors import BadAnswer
from oai_tui.core.period import Period

MOST_PAGES = 5_000
"""More pages than the largest list we know needs; beyond it the cursor does not end."""


class Identified(Protocol):
    """An item of a list with an id cursor."""

    id: str


Item = TypeVar("Item", bound=Identified)


async def listed(
    client: Client, page_type: type[Listing[Item]], path: str, params: Params | None = None
) -> AsyncIterator[list[Item]]:
    """Yield the pages of a list with an id cursor, each item once.

    Raises BadAnswer when the cursor repeats, leads nowhere, or leads to nothing new: a list that
    cannot be read whole is not shown as if it were.
    """
    seen: set[str] = set()
    known: set[str] = set()
    after: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.get(page_type, path, {"limit": 100, "after": after, **(params or {})})
        fresh = {item.id: item for item in page.data if item.id not in known}
        if page.data and not fresh:
            raise _never_ends(path)
        known |= fresh.keys()
        yield list(fresh.values())
        if not page.has_more:
            return
        after = page.last_id or (page.data[-1].id if page.data else None)
        if after is None or after in seen or not page.data:
            raise _never_ends(path)
        seen.add(after)
    raise _never_ends(path)


async def buckets(
    client: Client,
    path: str,
    period: Period,
    params: Params,
    on_page: Callable[[], None] | None = None,
) -> list[Bucket]:
    """Read all daily buckets of a period. Raises as `buckets_between` does."""
    asked = {"bucket_width": "1d", **params}
    return await buckets_between(client, path, period.start, period.end, asked, on_page)


async def buckets_between(
    client: Client,
    path: str,
    since: datetime,
    until: datetime,
    params: Params,
    on_page: Callable[[], None] | None = None,
) -> list[Bucket]:
    """Read all buckets from one instant until before another, both on a whole second.

    Raises BadAnswer when a page token repeats or leads nowhere, when a bucket starts outside
    (its figures would be counted in a time nobody asked for), and when buckets overlap (theirs
    would be counted twice).
    """
    start, end = int(since.timestamp()), int(until.timestamp())
    asked = {"start_time": start, "end_time": end, **params}
    out: list[Bucket] = []
    seen: set[str] = set()
    token: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.get(BucketPage, path, {**asked, "page": token})
        if any(not start <= bucket.start_time < end for bucket in page.data):
            raise BadAnswer("The platform answered for days that were not asked for.")
        out.extend(page.data)
        _refuse_overlap(out)
        if on_page:
            on_page()
        if not page.has_more:
            return out
        token = page.next_page
        if not token or token in seen or not page.data:
            raise _never_ends(path)
        seen.add(token)
    raise _never_ends(path)


def _refuse_overlap(found: list[Bucket]) -> None:
    ordered = sorted(found, key=lambda bucket: bucket.start_time)
    for former, later in pairwise(ordered):
        if later.start_time < (former.end_time or former.start_time + 1):
            raise BadAnswer("The platform answered for the same time twice.")


def _never_ends(path: str) -> BadAnswer:
    return BadAnswer(
        f"The list at {path} does not come to an end, so it is not shown.",
        "Try again with r; if this lasts, look at the base URL.",
    )
