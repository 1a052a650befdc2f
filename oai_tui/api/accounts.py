"""Service accounts by themselves: made without a key, and let into their project."""

from __future__ import annotations

from oai_tui.api import wire
from oai_tui.api.client import Client
from oai_tui.api.path import segment
from oai_tui.api.projects import project_path
from oai_tui.core.keys import ServiceAccount


async def create_account_only(client: Client, project_id: str, name: str) -> ServiceAccount:
    """Make a service account without a key and without a role.

    Raises OutcomeUnknown when it is not known whether it was made.
    """
    body = {"name": name, "create_service_account_only": True}
    made = await client.post(wire.AccountItem, f"{project_path(project_id)}/service_accounts", body)
    return made.to_core(project_id)


async def make_member(client: Client, account: ServiceAccount) -> ServiceAccount:
    """Let a service account work in its project, as those made with a key do from the start."""
    path = f"{project_path(account.project_id)}/service_accounts/{segment(account.id)}"
    changed = await client.post(wire.AccountItem, path, {"role": "member"})
    return changed.to_core(account.project_id)
