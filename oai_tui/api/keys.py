"""Keys, projects, service accounts and users of the organization."""

from __future__ import annotations

from collections.abc import AsyncIterator

from oai_tui.api import wire
from oai_tui.api.client import Client
from oai_tui.api.paging import listed
from oai_tui.api.path import segment
from oai_tui.api.wire import instant
from oai_tui.core.errors import NotFound, OutcomeUnknown
from oai_tui.core.keys import ApiKey, NewKey, Project, ServiceAccount
from oai_tui.core.secret import Secret
from oai_tui.core.text import clean

ORGANIZATION = "/organization"


async def projects(client: Client, *, archived: bool = False) -> list[Project]:
    """Return all projects, archived ones on request."""
    pages = listed(
        client,
        wire.Listing[wire.ProjectItem],
        f"{ORGANIZATION}/projects",
        {"include_archived": archived},
    )
    return [item.to_core() async for page in pages for item in page]


async def first_project(client: Client) -> Project | None:
    """Return one project: the cheapest question that needs the right to manage."""
    page = await client.get(
        wire.Listing[wire.ProjectItem], f"{ORGANIZATION}/projects", {"limit": 1}
    )
    return page.data[0].to_core() if page.data else None


async def project_keys(client: Client, project: Project) -> AsyncIterator[list[ApiKey]]:
    """Yield the keys of a project page by page, those whose owner lost access included.

    By default the platform leaves out keys of owners without access to the project.
    """
    pages = listed(
        client,
        wire.Listing[wire.Key],
        f"{ORGANIZATION}/projects/{segment(project.id)}/api_keys",
        {"owner_project_access": "any"},
    )
    async for page in pages:
        yield [item.to_core(project) for item in page]


async def admin_keys(client: Client) -> list[ApiKey]:
    """Return the admin keys of the organization."""
    pages = listed(client, wire.Listing[wire.Key], f"{ORGANIZATION}/admin_api_keys")
    return [item.to_core(None) async for page in pages for item in page]


async def service_accounts(client: Client, project_id: str) -> list[ServiceAccount]:
    """Return the service accounts of a project."""
    pages = listed(
        client,
        wire.Listing[wire.AccountItem],
        f"{ORGANIZATION}/projects/{segment(project_id)}/service_accounts",
    )
    return [item.to_core(project_id) async for page in pages for item in page]


async def users(client: Client) -> dict[str, str]:
    """Return the names of the organization's members by their ids."""
    pages = listed(client, wire.Listing[wire.UserItem], f"{ORGANIZATION}/users")
    return {clean(item.id): clean(item.name or item.email) async for page in pages for item in page}


async def create_admin_key(client: Client, name: str, expires_in: int | None) -> NewKey:
    """Make an admin key; `expires_in` seconds, None for never. It may do everything."""
    body = _body(name=name, expires_in_seconds=expires_in)
    made = await client.post(wire.Key, f"{ORGANIZATION}/admin_api_keys", body)
    return _new(made)


async def create_account_key(
    client: Client, project_id: str, account_id: str, name: str, expires_in: int | None
) -> NewKey:
    """Make a further key for a service account that exists."""
    accounts = f"{ORGANIZATION}/projects/{segment(project_id)}/service_accounts"
    path = f"{accounts}/{segment(account_id)}/api_keys"
    made = await client.post(wire.Key, path, _body(name=name, expires_in_seconds=expires_in))
    return _new(made, account_id)


async def create_account(
    client: Client, project_id: str, name: str, expires_in: int | None
) -> NewKey:
    """Make a service account together with its first key."""
    path = f"{ORGANIZATION}/projects/{segment(project_id)}/service_accounts"
    body = _body(name=name, expires_in_seconds=expires_in)
    account = await client.post(wire.AccountItem, path, body)
    if account.api_key is None:
        raise _no_value()
    return _new(account.api_key, clean(account.id))


async def delete_key(client: Client, key: ApiKey) -> None:
    """Revoke a key for good; one that is no longer there counts as revoked."""
    path = f"{ORGANIZATION}/admin_api_keys/{segment(key.id)}"
    if key.project:
        path = f"{ORGANIZATION}/projects/{segment(key.project.id)}/api_keys/{segment(key.id)}"
    try:
        answer = await client.delete(wire.Deleted, path)
    except NotFound:
        return
    if not answer.deleted:
        raise OutcomeUnknown(
            "The platform answered without saying that the key was deleted.",
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
