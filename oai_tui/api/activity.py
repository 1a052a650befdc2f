"""The audit log: what was done, by whom, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from oai_tui.api.client import Client
from oai_tui.api.paging import listed
from oai_tui.api.wire import Listing
from oai_tui.api.wire_activity import Entry
from oai_tui.core.activity import Event

MOST_ON_A_PAGE = 100

KEY_EVENTS = ("api_key.created", "api_key.updated", "api_key.deleted")
ADMIN_KEY_EVENTS = tuple(f"tenant.admin_{type}" for type in KEY_EVENTS)
ACCOUNT_EVENTS = (
    "service_account.created",
    "service_account.updated",
    "service_account.deleted",
)


async def events(
    client: Client,
    *,
    types: Sequence[str] = (),
    resources: Sequence[str] = (),
    projects: Sequence[str] = (),
    since: datetime | None = None,
    limit: int | None = None,
) -> list[Event]:
    """Return lines of the audit log, the newest first and `limit` of them at most.

    Types that concern the whole tenant (`tenant.…`) can only be asked for by themselves. Raises
    ApiProblem, also where the audit log is switched off.
    """
    pages = listed(
        client,
        Listing[Entry],
        "/organization/audit_logs",
        {
            "limit": min(limit or MOST_ON_A_PAGE, MOST_ON_A_PAGE),
            "event_types": tuple(types),
            "resource_ids": tuple(resources),
            "project_ids": tuple(projects),
            "effective_at[gte]": int(since.timestamp()) if since else None,
            "tenant_only": True if types and types[0].startswith("tenant.") else None,
        },
    )
    found: list[Event] = []
    async for page in pages:
        found.extend(entry.to_core() for entry in page)
        if limit is not None and len(found) >= limit:
            return found[:limit]
    return found
