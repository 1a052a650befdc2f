"""How much of the costs is asked for at one go: as many days as one answer can hold.

A page takes half a year. Of a thousand projects that is more than any answer may be, and takes the
platform longer than we wait; so a month is asked for first, and tells how large the others are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from oai_tui.api.usage import MOST_COST_DAYS, cost_pages
from oai_tui.store.ledger import Window

FIRST = timedelta(days=31)

MOST_ROWS = 100_000
"""Costs that one answer is expected to hold: about 25 MB, a third of what we take."""


def first_page(missing: Sequence[Window]) -> Window:
    """Return what is asked for alone: the newest month of the longest stretch that is missing.

    Where that is not much longer than a month, all of it.
    """
    since, until = max(missing, key=lambda stretch: stretch[1] - stretch[0])
    return (since, until) if until - since <= 2 * FIRST else (until - FIRST, until)


def days_at_once(rows: int, page: Window) -> int:
    """Return how many days to ask for at a time, when a page has answered with so many rows."""
    days = (page[1] - page[0]).days
    return max(1, min(MOST_COST_DAYS, MOST_ROWS * days // max(1, rows)))


def other_pages(missing: Sequence[Window], first: Window, days: int) -> list[Window]:
    """Return the rest of what is missing in pages of so many days, the newest first."""
    begun = range(int(first[0].timestamp()), int(first[1].timestamp()), 86_400)
    stretches = (each for stretch in missing for each in between(*stretch, begun))
    return [page for each in stretches for page in reversed(cost_pages(*each, days))]


def between(since: datetime, until: datetime, left_out: Collection[int]) -> Iterator[Window]:
    """Yield the stretches between the days that are left out, named by when they begin."""
    for at in sorted(left_out):
        day = datetime.fromtimestamp(at, UTC)
        if since < day < until:
            yield since, day
        if since <= day < until:
            since = day + timedelta(days=1)
    if since < until:
        yield since, until
