"""Rate limits of projects: the ceilings that are configured, never what is left under them."""

from __future__ import annotations

from collections.abc import Mapping

from oai_tui.api import wire
from oai_tui.api.client import Client
from oai_tui.api.paging import listed
from oai_tui.api.path import segment
from oai_tui.api.projects import project_path
from oai_tui.core.errors import BadAnswer, OutcomeUnknown, WrongInput
from oai_tui.core.limits import Ceiling, RateLimit
from oai_tui.core.text import clean


async def rate_limits(client: Client, project_id: str) -> list[RateLimit]:
    """Return the rate limits of a project by the name of the model.

    Raises BadAnswer for a negative ceiling.
    """
    pages = listed(client, wire.Listing[wire.RateLimitItem], _path(project_id))
    found = [_limit(item, project_id) async for page in pages for item in page]
    return sorted(found, key=lambda limit: (limit.model, limit.id))


async def set_rate_limit(
    client: Client, project_id: str, id: str, ceilings: Mapping[Ceiling, int]
) -> RateLimit:
    """Set some ceilings of a rate limit; those that are not named stay as they are.

    Returns what the platform says they are now. Raises WrongInput where nothing is to be changed,
    OutcomeUnknown, and ApiProblem when it was not done.
    """
    if not ceilings:
        raise WrongInput("Nothing is to be changed.", "Give at least one ceiling.")
    body = {ceiling.value: value for ceiling, value in ceilings.items()}
    answer = await client.post(wire.RateLimitItem, f"{_path(project_id)}/{segment(id)}", body)
    try:
        changed = _limit(answer, project_id)
    except BadAnswer as problem:
        raise OutcomeUnknown(
            f"{problem.what} It is not known whether the ceilings were set.",
            "Refresh and look before you try again.",
        ) from None
    if changed.id != id:
        raise OutcomeUnknown(
            "The platform answered about another rate limit than was asked for.",
            "Refresh and look before you try again.",
        )
    return changed


def _path(project_id: str) -> str:
    return f"{project_path(project_id)}/rate_limits"


def _limit(item: wire.RateLimitItem, project_id: str) -> RateLimit:
    told = {ceiling: getattr(item, ceiling.value) for ceiling in Ceiling}
    ceilings = {ceiling: value for ceiling, value in told.items() if value is not None}
    if any(value < 0 for value in ceilings.values()):
        raise BadAnswer("The platform's answer holds a ceiling below zero.")
    return RateLimit(clean(item.id), project_id, clean(item.model), ceilings)
