"""Spend limits and alerts. The platform's amounts are cents; ours are dollars."""

from __future__ import annotations

from decimal import Decimal

from oai_tui.api import wire
from oai_tui.api.client import Client
from oai_tui.api.paging import listed
from oai_tui.api.path import segment
from oai_tui.core.billing import SpendAlert, SpendLimit, dollars
from oai_tui.core.errors import BadAnswer, NotFound
from oai_tui.core.text import clean

_UNKNOWN_ADDRESS = "Invalid URL"
"""How the platform begins its message for an address that it does not serve."""


async def spend_limit(client: Client, project_id: str | None = None) -> SpendLimit | None:
    """Return the hard monthly limit of the organization or a project, None where there is none.

    No limit is told by a 404 or by an amount of zero; the contract leaves open which. Raises
    NotFound where the server does not know the address at all, and BadAnswer for a limit without
    an amount: neither says that there is no limit.
    """
    scope = f"/projects/{segment(project_id)}" if project_id else ""
    try:
        item = await client.get(wire.LimitItem, f"/organization{scope}/spend_limit")
    except NotFound as problem:
        if _UNKNOWN_ADDRESS in problem.what:
            raise
        return None
    amount = _amount(item)
    if not amount:
        return None
    status = item.enforcement.status if item.enforcement else None
    return SpendLimit(amount, clean(status, 40))


async def spend_alerts(client: Client) -> list[SpendAlert]:
    """Return the spend alerts of the organization, the smallest amount first.

    Raises BadAnswer for an alert without an amount.
    """
    pages = listed(client, wire.Listing[wire.AlertItem], "/organization/spend_alerts")
    found = [
        SpendAlert(
            clean(item.id),
            _amount(item),
            tuple(clean(r) for r in (item.notification_channel or wire.Channel()).recipients or ()),
        )
        async for page in pages
        for item in page
    ]
    return sorted(found, key=lambda alert: alert.amount)


def _amount(item: wire.LimitItem | wire.AlertItem) -> Decimal:
    cents = item.threshold_amount
    if cents is None or cents < 0:
        raise BadAnswer("The platform's answer holds a limit or alert without an amount.")
    currency, interval = item.currency or "USD", item.interval or "month"
    if currency.upper() != "USD" or interval != "month":
        raise BadAnswer(
            f"The platform reports a limit in {clean(currency, 10)} a {clean(interval, 20)}; "
            "only dollars a month are understood here."
        )
    return dollars(cents)
