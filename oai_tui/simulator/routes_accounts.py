"""Service accounts and the keys made for them, the only ones the API can make."""

from __future__ import annotations

from oai_tui.simulator import changes, shapes
from oai_tui.simulator.answers import invalid, not_found
from oai_tui.simulator.model import ServiceAccount
from oai_tui.simulator.paging import page
from oai_tui.simulator.reading import (
    lifetime,
    nullable_flag,
    optional_choice,
    optional_text,
    text,
    texts,
)
from oai_tui.simulator.routing import Answer, Call, admin_routes

_DEFAULT_KEY_NAME = "Secret Key"


def _named(call: Call) -> ServiceAccount:
    project = call.project()
    account = call.world.service_accounts.get(call.path["account_id"])
    if account is None or account.project_id != project.id or account.deleted_at is not None:
        raise not_found("service account", call.path["account_id"])
    return account


def _list(call: Call) -> Answer:
    return page(
        call.query,
        call.world.accounts_of_project(call.open_project().id),
        shapes.service_account,
        shown=lambda account: account.deleted_at is None,
    )


def _create(call: Call) -> Answer:
    project, world = call.open_project(), call.world
    name, alone = text(call.body, "name"), nullable_flag(call.body, "create_service_account_only")
    seconds = lifetime(call.body, nullable=True)
    if alone and seconds is not None:
        message = "'expires_in_seconds' cannot be used with 'create_service_account_only'."
        raise invalid(message, "expires_in_seconds")
    if not alone:
        changes.check_lifetime(world, seconds)
    role = "none" if alone else "member"
    account = changes.create_account(world, call.actor, project, name, role)
    answer = shapes.service_account(account)
    if alone:
        return answer | {"api_key": None}
    key = changes.create_key(world, call.actor, account, _DEFAULT_KEY_NAME, (), seconds)
    return answer | {"api_key": shapes.new_key(key)}


def _show(call: Call) -> Answer:
    return shapes.service_account(_named(call))


def _update(call: Call) -> Answer:
    account = _named(call)
    call.open_project()
    name = optional_text(call.body, "name")
    role = optional_choice(call.body, "role", ("member", "owner"))
    changes.update_account(call.world, call.actor, account, name, role)
    return shapes.service_account(account)


def _delete(call: Call) -> Answer:
    account = _named(call)
    changes.delete_account(call.world, call.actor, account)
    return {
        "object": "organization.project.service_account.deleted",
        "id": account.id,
        "deleted": True,
    }


def _create_key(call: Call) -> Answer:
    account = _named(call)
    call.open_project()
    name = optional_text(call.body, "name") or _DEFAULT_KEY_NAME
    scopes, seconds = texts(call.body, "scopes") or (), lifetime(call.body, nullable=True)
    key = changes.create_key(call.world, call.actor, account, name, scopes, seconds)
    return shapes.new_key(key)


_ACCOUNT = "projects/{project_id}/service_accounts/{account_id}"
routes = (
    admin_routes("projects/{project_id}/service_accounts", get=_list, post=_create),
    admin_routes(_ACCOUNT, get=_show, post=_update, delete=_delete),
    admin_routes(f"{_ACCOUNT}/api_keys", post=_create_key),
)
