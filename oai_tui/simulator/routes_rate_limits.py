"""Rate limits of projects: the configured ceilings of each model."""

from __future__ import annotations

from oai_tui.simulator import shapes
from oai_tui.simulator.answers import bare_not_found
from oai_tui.simulator.ceilings import OPTIONAL_CEILINGS
from oai_tui.simulator.model import RateLimit
from oai_tui.simulator.paging import Rules, page
from oai_tui.simulator.reading import optional_integer
from oai_tui.simulator.routing import Answer, Call, admin_routes

_CEILINGS = (
    "max_requests_per_1_minute",
    "max_tokens_per_1_minute",
    *OPTIONAL_CEILINGS,
)


def _ceilings(call: Call) -> dict[str, RateLimit]:
    project_id = call.path["project_id"]
    if project_id not in call.world.projects:
        raise bare_not_found(f"The project {project_id} was not found")
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
    for name, value in requested.items():
        setattr(ceiling, name, value)
    details: dict[str, object] = {"changes_requested": requested}
    call.world.record(call.actor, "rate_limit.updated", ceiling.id, details)
    return shapes.rate_limit(ceiling)


routes = (
    admin_routes("projects/{project_id}/rate_limits", get=_list),
    admin_routes("projects/{project_id}/rate_limits/{rate_limit_id}", post=_update),
)
