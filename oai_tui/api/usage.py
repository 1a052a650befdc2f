"""Usage and costs, in daily buckets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oai_tui.api import wire
from oai_tui.api.client import Client
from oai_tui.api.exchange import Params
from oai_tui.api.paging import buckets
from oai_tui.core.period import Period
from oai_tui.core.usage import CostRow, UsageRow

TOKEN_KINDS = ("completions", "decisions", "embeddings", "moderations")
"""The kinds of usage that count tokens; each has an endpoint of its own."""

DIMENSIONS = ("project_id", "user_id", "api_key_id", "model")
"""What every one of these kinds can be grouped by."""

MOST_USAGE_DAYS = 31
MOST_COST_DAYS = 180
"""Daily buckets the platform returns on a page at most."""


async def usage(
    client: Client,
    kind: str,
    period: Period,
    group_by: Sequence[str] = DIMENSIONS,
    on_page: Callable[[], None] | None = None,
) -> list[UsageRow]:
    """Return the usage of one kind by day, at the finest grain unless told otherwise."""
    asked: Params = {"limit": min(period.days, MOST_USAGE_DAYS), "group_by": tuple(group_by)}
    found = await buckets(client, f"/organization/usage/{kind}", period, asked, on_page)
    result = f"organization.usage.{kind}.result"
    return [row for bucket in found for row in wire.usage_rows(bucket, result)]


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
