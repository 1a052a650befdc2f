"""Rate limits of projects: the configured ceilings of each model."""

from __future__ import annotations

from collections.abc import Mapping

from oai_tui.simulator import shapes
from oai_tui.simulator.answers import bare_not_found, invalid
from oai_tui.simulator.ceilings import OPTIONAL_CEILINGS, most_of
from oai_tui.simulator.model import RateLimit
from oai_tui.simulator.paging import Rules, page
from oai_tui.simulator.reading import optional_integer
from oai_tui.simulator.routing import Answer, Call, admin_routes
from oai_tui.simulator.tightness import tighten

_CEILINGS = (
    "max_requests_per_1_minute",
    "max_tokens_per_1_minute",
    *OPTIONAL_CEILINGS,
)


def _ceilings(call: Call) -> dict[str, RateLimit]:
    project_id = call.path["project_id"]
    if project_id not in call.world.projects:
        raise bare_not_found(f"The project {project_id} was not found")
    if project_id not in call.world.rate_limits:
        tighten(call.world, project_id)
    return call.world.rate_limits_of(project_id)


def _list(call: Call) -> Answer:
    rules = Rules(default=100, both_ways=True)
    return page(call.query, _ceilings(call).values(), shapes.rate_limit, rules)


def _update(call: Call) -> Answer:
    ceiling = _ceilings(call).get(call.path["rate_limit_id"])
    if ceiling is None:
        raise bare_not_found(f"The rate limit {call.path['rate_limit_id']} was not found")
    call.open_project()
    asked = {name: optional_integer(call.body, name, 0) for name in _CEILINGS}
    requested = {name: value for name, value in asked.items() if value is not None}
    _check(ceiling, requested)
    for name, value in requested.items():
        setattr(ceiling, name, value)
    details: dict[str, object] = {"changes_requested": requested}
    call.world.record(call.actor, "rate_limit.updated", ceiling.id, details)
    return shapes.rate_limit(ceiling)


def _check(ceiling: RateLimit, requested: Mapping[str, int]) -> None:
    """Refuse ceilings that the model does not have, and those above the organization's own."""
    most = most_of(ceiling.model)
    for name, value in requested.items():
        if getattr(ceiling, name) is None:
            raise invalid(f"'{name}' does not apply to {ceiling.model}.", name)
        if value > most.get(name, value):
            message = f"'{name}' is above the limit of your organization: {most[name]}."
            raise invalid(message, name)


routes = (
    admin_routes("projects/{project_id}/rate_limits", get=_list),
    admin_routes("projects/{project_id}/rate_limits/{rate_limit_id}", post=_update),
)
