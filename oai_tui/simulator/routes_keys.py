"""Project keys: list, look up, change scopes and expiry, delete. They cannot be made here."""

from __future__ import annotations

from oai_tui.simulator import changes, shapes
from oai_tui.simulator.answers import invalid
from oai_tui.simulator.paging import page
from oai_tui.simulator.reading import lifetime, query_choice, texts
from oai_tui.simulator.routing import Answer, Call, admin_routes


def _list(call: Call) -> Answer:
    project = call.project()
    access = query_choice(call.query, "owner_project_access", ("active", "inactive", "any"))
    wanted = ("active", "inactive") if access == "any" else (access or "active",)
    return page(
        call.query,
        call.world.keys_of_project(project.id),
        lambda key: shapes.project_key(call.world, key),
        shown=lambda key: key.deleted_at is None and key.owner_access in wanted,
    )


def _show(call: Call) -> Answer:
    return shapes.project_key(call.world, call.key())


def _update(call: Call) -> Answer:
    key = call.key()
    call.open_project()
    scopes, seconds = texts(call.body, "scopes"), lifetime(call.body, nullable=False)
    if scopes is None and seconds is None:
        raise invalid("At least one of 'scopes' and 'expires_in_seconds' is required.")
    changes.update_key(call.world, call.actor, key, scopes, seconds)
    return shapes.project_key(call.world, key)


def _delete(call: Call) -> Answer:
    key = call.key()
    refused = call.world.service_account_key_delete == "refused"
    if refused and key.owner_type == "service_account":
        raise invalid(
            "API keys owned by a service account cannot be deleted; delete the service account "
            "instead."
        )
    changes.revoke_key(call.world, call.actor, key)
    return {"object": "organization.project.api_key.deleted", "id": key.id, "deleted": True}


routes = (
    admin_routes("projects/{project_id}/api_keys", get=_list),
    admin_routes(
        "projects/{project_id}/api_keys/{key_id}", get=_show, post=_update, delete=_delete
    ),
)
