"""The audit log, newest first."""

from __future__ import annotations

import re
from collections.abc import Callable

from oai_tui.simulator import shapes
from oai_tui.simulator.answers import Refusal, error, invalid
from oai_tui.simulator.model import AuditEvent
from oai_tui.simulator.paging import Rules, page
from oai_tui.simulator.reading import many, query_flag, query_integer
from oai_tui.simulator.routing import Answer, Call, admin_routes

_TYPE = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_ALSO_TENANT = {"role.bound_to_resource", "role.unbound_from_resource"}
Filter = Callable[[AuditEvent], bool]


def _is_tenant(event_type: str) -> bool:
    return event_type.startswith("tenant.") or event_type in _ALSO_TENANT


_OFF = (
    "Audit logs are not available for this organization. An organization owner has to enable audit "
    "logging in the data controls settings first."
)


def _list(call: Call) -> Answer:
    if not call.world.audit_enabled:
        raise Refusal(error(403, _OFF))
    filters = [_by_type(call), _by_time(call), _by_actor(call), _by_place(call)]
    return page(
        call.query,
        reversed(call.world.audit),
        lambda event: shapes.audit_event(call.world, event),
        Rules(both_ways=True),
        shown=lambda event: all(passes(event) for passes in filters),
    )


def _by_type(call: Call) -> Filter:
    tenant_only = query_flag(call.query, "tenant_only")
    types = many(call.query, "event_types")
    for event_type in types:
        if not _TYPE.fullmatch(event_type):
            raise invalid(f"Invalid value: '{event_type}'.", "event_types", "invalid_value")
        if _is_tenant(event_type) != tenant_only:
            message = (
                f"'{event_type}' is not tenant-scoped; 'tenant_only' must be false."
                if tenant_only
                else f"'{event_type}' is tenant-scoped; 'tenant_only' must be true."
            )
            raise invalid(message, "event_types", "invalid_value")
    return lambda event: (
        _is_tenant(event.type) == tenant_only and (not types or event.type in types)
    )


def _by_time(call: Call) -> Filter:
    bounds = {
        word: query_integer(call.query, f"effective_at[{word}]")
        for word in ("gt", "gte", "lt", "lte")
    }
    gt, gte, lt, lte = bounds.values()
    return lambda event: (
        (gt is None or event.at > gt)
        and (gte is None or event.at >= gte)
        and (lt is None or event.at < lt)
        and (lte is None or event.at <= lte)
    )


def _by_actor(call: Call) -> Filter:
    ids = set(many(call.query, "actor_ids"))
    emails = {email.casefold() for email in many(call.query, "actor_emails")}
    return lambda event: (
        (not ids or not ids.isdisjoint(_values(event.actor, "id")))
        and (
            not emails
            or not emails.isdisjoint(value.casefold() for value in _values(event.actor, "email"))
        )
    )


def _by_place(call: Call) -> Filter:
    projects = many(call.query, "project_ids")
    resources = many(call.query, "resource_ids")
    return lambda event: (
        (not projects or event.project_id in projects)
        and (not resources or event.resource_id in resources)
    )


def _values(actor: object, name: str) -> list[str]:
    """Give every value called `name` in an actor, however deep it stands."""
    if not isinstance(actor, dict):
        return []
    found = [value for inner in actor.values() for value in _values(inner, name)]
    return [*found, str(actor[name])] if name in actor else found


routes = (admin_routes("audit_logs", get=_list),)
