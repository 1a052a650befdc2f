"""Spend limits and alerts. The platform's amounts are cents; ours are dollars."""

from __future__ import annotations

from oai_tui.api import wire
from oai_tui.api.client import Client
from oai_tui.api.paging import listed
from oai_tui.core.billing import SpendAlert, SpendLimit, dollars
from oai_tui.core.errors import NotFound
from oai_tui.core.text import clean


async def spend_limit(client: Client, project_id: str | None = None) -> SpendLimit | None:
    """Return the hard monthly limit of the organization or a project, None where there is none.

    No limit is told by a 404 or by an amount of zero; the contract leaves open which.
    """
    scope = f"/projects/{project_id}" if project_id else ""
    try:
        item = await client.get(wire.LimitItem, f"/organization{scope}/spend_limit")
    except NotFound:
        return None
    if not item.threshold_amount:
        return None
    status = item.enforcement.status if item.enforcement else None
    return SpendLimit(dollars(item.threshold_amount), clean(status, 40))


async def spend_alerts(client: Client) -> list[SpendAlert]:
    """Return the spend alerts of the organization, the smallest amount first."""
    pages = listed(client, wire.Listing[wire.AlertItem], "/organization/spend_alerts")
    found = [
        SpendAlert(
            clean(item.id),
            dollars(item.threshold_amount),
            tuple(clean(r) for r in (item.notification_channel or wire.Channel()).recipients or ()),
        )
        async for page in pages
        for item in page
        if item.threshold_amount is not None
    ]
    return sorted(found, key=lambda alert: alert.amount)
