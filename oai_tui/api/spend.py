"""Spend limits and alerts. The platform's amounts are cents; `Money` knows no other way there."""

from __future__ import annotations

from oai_tui.api import wire
from oai_tui.api.absence import is_absent
from oai_tui.api.client import Client
from oai_tui.api.paging import listed
from oai_tui.api.path import segment
from oai_tui.api.projects import project_path
from oai_tui.core.errors import (
    ApiProblem,
    BadAnswer,
    NotFound,
    OutcomeUnknown,
    PlatformDown,
    TooSlow,
    Unreachable,
)
from oai_tui.core.limits import SpendAlert, SpendLimit
from oai_tui.core.money import Money
from oai_tui.core.text import clean

_UNCLEAR = (Unreachable, TooSlow, PlatformDown, BadAnswer)


async def spend_limit(client: Client, project_id: str | None = None) -> SpendLimit | None:
    """Return the hard monthly limit of the organization or a project, None where there is none.

    No limit is told by a 404 or by an amount of zero; the contract leaves open which. Raises
    NotFound where the server does not know the address at all, and BadAnswer for a limit without
    an amount: neither says that there is no limit.
    """
    try:
        item = await client.get(wire.LimitItem, _limit_path(project_id))
    except NotFound as problem:
        if is_absent(problem):
            return None
        raise
    return _limit(item)


async def set_spend_limit(
    client: Client, amount: Money, project_id: str | None = None
) -> SpendLimit:
    """Set or replace the hard monthly limit of the organization or a project.

    Returns what the platform says it is now. Raises WrongInput for fractions of a cent,
    OutcomeUnknown, and ApiProblem when it was not done.
    """
    body = _monthly(amount)
    path = _limit_path(project_id)
    try:
        limit = _limit(await client.post(wire.LimitItem, path, body))
    except BadAnswer as problem:
        raise _unclear(problem, "the limit was set") from None
    if limit is None:
        raise OutcomeUnknown(
            "The platform answered that there is no limit.", "Refresh and look what it is."
        )
    return limit


async def remove_spend_limit(client: Client, project_id: str | None = None) -> None:
    """Remove the hard limit of the organization or a project; one that is gone counts as removed.

    Raises OutcomeUnknown, and ApiProblem when it was not done.
    """
    await _delete(client, _limit_path(project_id), "the limit was removed")


async def spend_alerts(client: Client, project_id: str | None = None) -> list[SpendAlert]:
    """Return the spend alerts of the organization or a project, the smallest amount first.

    Raises BadAnswer for an alert without an amount.
    """
    pages = listed(client, wire.Listing[wire.AlertItem], _alerts_path(project_id))
    found = [_alert(item, project_id) async for page in pages for item in page]
    return sorted(found, key=lambda alert: (alert.amount, alert.id))


async def create_alert(client: Client, wanted: SpendAlert) -> SpendAlert:
    """Make a spend alert for whose it is; its id is the platform's to give.

    Raises WrongInput for fractions of a cent, OutcomeUnknown, and ApiProblem.
    """
    return await _posted(client, _alerts_path(wanted.project_id), wanted, "the alert was made")


async def update_alert(client: Client, wanted: SpendAlert) -> SpendAlert:
    """Make the alert with this id what is wanted, all parts of it at once.

    Raises WrongInput for fractions of a cent, OutcomeUnknown, and ApiProblem.
    """
    changed = await _posted(client, _alert_path(wanted), wanted, "the alert was changed")
    if changed.id != wanted.id:
        raise OutcomeUnknown(
            "The platform answered about another alert than was asked for.",
            "Refresh and look before you try again.",
        )
    return changed


async def delete_alert(client: Client, alert: SpendAlert) -> None:
    """Delete a spend alert; one that is gone counts as deleted.

    Raises OutcomeUnknown, and ApiProblem when it was not done.
    """
    await _delete(client, _alert_path(alert), "the alert was deleted")


def _limit_path(project_id: str | None) -> str:
    return f"{_scope(project_id)}/spend_limit"


def _alerts_path(project_id: str | None) -> str:
    return f"{_scope(project_id)}/spend_alerts"


def _alert_path(alert: SpendAlert) -> str:
    return f"{_alerts_path(alert.project_id)}/{segment(alert.id)}"


def _scope(project_id: str | None) -> str:
    return project_path(project_id) if project_id else "/organization"


def _monthly(amount: Money) -> dict[str, object]:
    return {"threshold_amount": amount.cents, "currency": "USD", "interval": "month"}


async def _posted(client: Client, path: str, wanted: SpendAlert, done: str) -> SpendAlert:
    channel: dict[str, object] = {"type": "email", "recipients": list(wanted.recipients)}
    # Sent in any case: an update replaces the whole alert.
    channel["subject_prefix"] = wanted.subject_prefix or None
    body = {**_monthly(wanted.amount), "notification_channel": channel}
    item = await client.post(wire.AlertItem, path, body)
    try:
        return _alert(item, wanted.project_id)
    except BadAnswer as problem:
        raise _unclear(problem, done) from None


async def _delete(client: Client, path: str, done: str) -> None:
    try:
        answer = await client.delete(wire.Deleted, path)
    except NotFound as problem:
        if is_absent(problem):
            return
        raise
    except _UNCLEAR as problem:
        # An answer that never came says nothing of what was done.
        raise _unclear(problem, done) from None
    if not answer.deleted:
        raise OutcomeUnknown(
            f"The platform answered without saying that {done}.", "Refresh and look."
        )


def _unclear(problem: ApiProblem, done: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"{problem.what} It is not known whether {done}.",
        "Refresh and look before you try again.",
        problem.request_id,
    )


def _limit(item: wire.LimitItem) -> SpendLimit | None:
    amount = _amount(item)
    if not amount.dollars:
        return None
    status = item.enforcement.status if item.enforcement else None
    return SpendLimit(amount, clean(status, 40))


def _alert(item: wire.AlertItem, project_id: str | None) -> SpendAlert:
    channel = item.notification_channel or wire.Channel()
    return SpendAlert(
        clean(item.id),
        _amount(item),
        tuple(clean(each) for each in channel.recipients or ()),
        clean(channel.subject_prefix),
        project_id or "",
    )


def _amount(item: wire.LimitItem | wire.AlertItem) -> Money:
    cents = item.threshold_amount
    if cents is None or cents < 0:
        raise BadAnswer("The platform's answer holds a limit or alert without an amount.")
    currency, interval = item.currency or "USD", item.interval or "month"
    if currency.upper() != "USD" or interval != "month":
        raise BadAnswer(
            f"The platform reports a limit in {clean(currency, 10)} a {clean(interval, 20)}; "
            "only dollars a month are understood here."
        )
    return Money.of_cents(cents)
