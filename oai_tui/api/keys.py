"""Keys, service accounts and users of the organization."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from oai_tui.api import wire
from oai_tui.api.absence import is_absent
from oai_tui.api.client import Client
from oai_tui.api.paging import listed
from oai_tui.api.path import segment
from oai_tui.api.projects import project_path
from oai_tui.api.wire import instant
from oai_tui.core.errors import BadAnswer, NotFound, OutcomeUnknown, WrongInput
from oai_tui.core.keys import ApiKey, NewKey, Project, ServiceAccount
from oai_tui.core.secret import Secret
from oai_tui.core.text import clean

_ADMIN_KEYS = "/organization/admin_api_keys"


async def project_keys(client: Client, project: Project) -> AsyncIterator[list[ApiKey]]:
    """Yield the keys of a project page by page, those whose owner lost access included.

    By default the platform leaves out keys of owners without access to the project.
    """
    pages = listed(
        client,
        wire.Listing[wire.Key],
        f"{project_path(project.id)}/api_keys",
        {"owner_project_access": "any"},
    )
    async for page in pages:
        yield [item.to_core(project) for item in page]


async def admin_keys(client: Client) -> list[ApiKey]:
    """Return the admin keys of the organization."""
    pages = listed(client, wire.Listing[wire.Key], _ADMIN_KEYS)
    return [item.to_core(None) async for page in pages for item in page]


async def service_accounts(client: Client, project_id: str) -> list[ServiceAccount]:
    """Return the service accounts of a project."""
    pages = listed(client, wire.Listing[wire.AccountItem], _accounts(project_id))
    return [item.to_core(project_id) async for page in pages for item in page]


async def users(client: Client) -> dict[str, str]:
    """Return the names of the organization's members by their ids."""
    pages = listed(client, wire.Listing[wire.UserItem], "/organization/users")
    return {clean(item.id): clean(item.name or item.email) async for page in pages for item in page}


async def create_admin_key(client: Client, name: str, expires_in: int | None) -> NewKey:
    """Make an admin key; `expires_in` seconds, None for never. It may do everything."""
    body = _body(name=name, expires_in_seconds=expires_in)
    made = await client.post(wire.Key, _ADMIN_KEYS, body)
    return _new(made)


async def create_account_key(
    client: Client,
    project_id: str,
    account_id: str,
    name: str,
    expires_in: int | None,
    scopes: Sequence[str] | None = None,
) -> NewKey:
    """Make a further key for a service account that exists.

    `expires_in` is seconds, None for never. An empty list of `scopes` means all permissions, as
    None does.
    """
    path = f"{_accounts(project_id)}/{segment(account_id)}/api_keys"
    body = _body(
        name=name,
        expires_in_seconds=expires_in,
        scopes=None if scopes is None else list(scopes),
    )
    return _new(await client.post(wire.Key, path, body), account_id)


async def create_account(
    client: Client, project_id: str, name: str, expires_in: int | None
) -> NewKey:
    """Make a service account together with its first key."""
    body = _body(name=name, expires_in_seconds=expires_in)
    account = await client.post(wire.AccountItem, _accounts(project_id), body)
    if account.api_key is None:
        raise _no_value()
    return _new(account.api_key, clean(account.id))


async def project_key(client: Client, project_id: str, key_id: str) -> ApiKey | None:
    """Return a key of a project as it is now, None where the platform says it is not there.

    Its project has no name but the id. Raises ApiProblem.
    """
    found = await _looked_up(client, _project_key(project_id, key_id), key_id)
    return found.to_core(Project(project_id, "")) if found else None


async def admin_key(client: Client, key_id: str) -> ApiKey | None:
    """Return an admin key as it is now, None where the platform says it is not there."""
    found = await _looked_up(client, f"{_ADMIN_KEYS}/{segment(key_id)}", key_id)
    return found.to_core(None) if found else None


async def update_key(
    client: Client,
    key: ApiKey,
    *,
    scopes: Sequence[str] | None = None,
    expires_in: int | None = None,
) -> ApiKey:
    """Change what a project key may do, when it expires, or both; None leaves it as it is.

    An empty list of `scopes` means all permissions, not none. `expires_in` is seconds from now;
    an expiry can be moved but never taken away. Raises WrongInput for an admin key and where
    nothing is to be changed, OutcomeUnknown when it is not known whether it was, and ApiProblem.
    """
    if key.project is None:
        raise WrongInput(
            "The platform cannot change an admin key.", "Make another one and revoke this."
        )
    if scopes is None and expires_in is None:
        raise WrongInput("Nothing is to be changed.", "Choose an expiry or permissions.")
    body = _body(scopes=None if scopes is None else list(scopes), expires_in_seconds=expires_in)
    changed = await client.post(wire.Key, _project_key(key.project.id, key.id), body)
    if changed.id != key.id:
        raise OutcomeUnknown(
            "The platform answered about another key than was asked for.",
            "Refresh and look before you try again.",
        )
    return replace(key, expires_at=instant(changed.expires_at) or key.expires_at)


async def delete_key(client: Client, key: ApiKey) -> None:
    """Revoke a key for good; one that is no longer there counts as revoked."""
    path = f"{_ADMIN_KEYS}/{segment(key.id)}"
    if key.project:
        path = _project_key(key.project.id, key.id)
    await _delete(client, path, "key")


async def delete_account(client: Client, project_id: str, account_id: str) -> None:
    """Delete a service account, which revokes all its keys; one that is gone counts as deleted."""
    await _delete(client, f"{_accounts(project_id)}/{segment(account_id)}", "service account")


def _project_key(project_id: str, key_id: str) -> str:
    return f"{project_path(project_id)}/api_keys/{segment(key_id)}"


def _accounts(project_id: str) -> str:
    return f"{project_path(project_id)}/service_accounts"


async def _looked_up(client: Client, path: str, key_id: str) -> wire.Key | None:
    try:
        found = await client.get(wire.Key, path)
    except NotFound as problem:
        if is_absent(problem):
            return None
        raise
    if found.id != key_id:
        raise BadAnswer("The platform answered about another key than was asked for.")
    return found


async def _delete(client: Client, path: str, what: str) -> None:
    try:
        answer = await client.delete(wire.Deleted, path)
    except NotFound as problem:
        if is_absent(problem):
            return
        raise
    if not answer.deleted:
        raise OutcomeUnknown(
            f"The platform answered without saying that the {what} was deleted.",
            "Refresh and look whether it is still listed.",
        )


def _body(**members: object) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}


def _new(made: wire.Key, account_id: str = "") -> NewKey:
    value = made.value or ""
    if not (value and value.isascii() and value.isprintable() and " " not in value):
        raise _no_value()
    return NewKey(
        clean(made.id), clean(made.name), Secret(value), instant(made.expires_at), account_id
    )


def _no_value() -> OutcomeUnknown:
    return OutcomeUnknown(
        "The platform answered without a usable value of the new key.",
        "Refresh, look for the new key and revoke it.",
    )
