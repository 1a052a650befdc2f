"""Admin keys: list, make, look up, delete."""

from __future__ import annotations

from oai_tui.simulator import changes, shapes
from oai_tui.simulator.answers import not_found
from oai_tui.simulator.model import AdminKey
from oai_tui.simulator.paging import Rules, page
from oai_tui.simulator.reading import lifetime, text
from oai_tui.simulator.routing import Answer, Call, admin_routes


def _named(call: Call) -> AdminKey:
    key = call.world.admin_keys.get(call.path["key_id"])
    if key is None or key.deleted_at is not None:
        raise not_found("admin API key", call.path["key_id"])
    return key


def _list(call: Call) -> Answer:
    return page(
        call.query,
        call.world.admin_keys.values(),
        lambda key: shapes.admin_key(call.world, key),
        Rules(ordered=True),
        shown=lambda key: key.deleted_at is None,
    )


def _create(call: Call) -> Answer:
    name, seconds = text(call.body, "name"), lifetime(call.body, nullable=False)
    key = changes.create_admin_key(call.world, call.actor, name, seconds)
    return shapes.admin_key(call.world, key) | {"value": key.value}


def _show(call: Call) -> Answer:
    return shapes.admin_key(call.world, _named(call))


def _delete(call: Call) -> Answer:
    key = _named(call)
    key.deleted_at = call.world.now()
    call.world.record(call.actor, "tenant.admin_api_key.deleted", key.id)
    return {"id": key.id, "object": "organization.admin_api_key.deleted", "deleted": True}


routes = (
    admin_routes("admin_api_keys", get=_list, post=_create),
    admin_routes("admin_api_keys/{key_id}", get=_show, delete=_delete),
)
