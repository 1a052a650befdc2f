"""What administration does to keys, accounts and people, with its rules and its audit lines."""

from __future__ import annotations

from oai_tui.simulator.answers import invalid
from oai_tui.simulator.model import AdminKey, Key, Person, Project, ServiceAccount
from oai_tui.simulator.world import World


def create_admin_key(world: World, actor: AdminKey, name: str, lifetime: int | None) -> AdminKey:
    """Make an admin key that may do everything and belongs to the owner of the acting key."""
    key = AdminKey(
        id=world.new_id("key_"),
        name=name,
        owner_id=actor.owner_id,
        value=world.new_secret("admin"),
        created_at=world.now(),
        expires_at=None if lifetime is None else world.now() + lifetime,
    )
    world.add_admin_key(key)
    world.record(actor, "tenant.admin_api_key.created", key.id)
    return key


def create_account(
    world: World, actor: AdminKey, project: Project, name: str, role: str
) -> ServiceAccount:
    """Make a service account without a key."""
    account = ServiceAccount(
        id=world.new_id("svc_acct_", 24),
        project_id=project.id,
        name=name,
        role=role,
        created_at=world.now(),
    )
    world.service_accounts[account.id] = account
    world.record(actor, "service_account.created", account.id, {"data": {"role": role}})
    return account


def create_key(
    world: World,
    actor: AdminKey,
    account: ServiceAccount,
    name: str,
    scopes: tuple[str, ...],
    lifetime: int | None,
) -> Key:
    """Make a key of a service account; raises Refusal when the policy forbids its lifetime."""
    check_lifetime(world, lifetime)
    key = Key(
        id=world.new_id("key_"),
        project_id=account.project_id,
        name=name,
        owner_type="service_account",
        owner_id=account.id,
        value=world.new_secret("service_account"),
        created_at=world.now(),
        expires_at=None if lifetime is None else world.now() + lifetime,
        owner_access="inactive" if account.role == "none" else "active",
        scopes=scopes,
    )
    world.add_key(key)
    world.record(actor, "api_key.created", key.id, {"data": {"scopes": list(scopes)}})
    return key


def update_key(
    world: World,
    actor: AdminKey,
    key: Key,
    scopes: tuple[str, ...] | None,
    lifetime: int | None,
) -> None:
    """Replace the scopes of a key, or let it end `lifetime` seconds from now; raises Refusal."""
    if world.is_expired(key):
        raise invalid("Expired API keys cannot be updated.", code="api_key_expired")
    if world.policy_service_accounts_only and key.owner_type == "user":
        raise invalid(
            "The organization's policy allows only API keys owned by service accounts.",
            code="api_key_policy_violation",
        )
    requested: dict[str, object] = {}
    if scopes is not None:
        requested["scopes"] = list(scopes)
    if lifetime is not None:
        check_lifetime(world, lifetime)
        requested["expires_in_seconds"] = lifetime
        key.expires_at = world.now() + lifetime
    key.scopes = key.scopes if scopes is None else scopes
    world.record(actor, "api_key.updated", key.id, {"changes_requested": requested})


def revoke_key(world: World, actor: AdminKey, key: Key) -> None:
    """Delete a key for good."""
    key.deleted_at = world.now()
    world.record(actor, "api_key.deleted", key.id)


def update_account(
    world: World, actor: AdminKey, account: ServiceAccount, name: str | None, role: str | None
) -> None:
    """Rename a service account or change its role; a role gives its keys access."""
    account.name = account.name if name is None else name
    requested: dict[str, object] = {}
    if role is not None:
        account.role = role
        requested["role"] = role
        for key in world.keys_of_owner(account.id):
            key.owner_access = "active"
    world.record(actor, "service_account.updated", account.id, {"changes_requested": requested})


def delete_account(world: World, actor: AdminKey, account: ServiceAccount) -> None:
    """Delete a service account and revoke its keys."""
    account.deleted_at = world.now()
    world.record(actor, "service_account.deleted", account.id)
    for key in world.keys_of_owner(account.id):
        if key.deleted_at is None:
            revoke_key(world, actor, key)


def change_role(world: World, actor: AdminKey, person: Person, role: str) -> None:
    """Change a person's role in the organization; raises Refusal for the last owner."""
    if role != "owner":
        _keep_an_owner(world, person)
    person.role = role
    world.record(actor, "user.updated", person.id, {"changes_requested": {"role": role}})


def remove_person(world: World, actor: AdminKey, person: Person) -> None:
    """Take a person out of the organization; the keys stay and have lost their owner."""
    _keep_an_owner(world, person)
    person.removed = True
    for project in world.projects.values():
        project.members.pop(person.id, None)
    for key in world.keys_of_owner(person.id):
        key.owner_access = "inactive"
    world.record(actor, "user.deleted", person.id)


def set_access(world: World, project: Project, person: Person, access: str) -> None:
    """Say whether a person's keys in a project have an owner with access."""
    for key in world.keys_of_owner(person.id):
        if key.project_id == project.id:
            key.owner_access = access


def check_lifetime(world: World, lifetime: int | None) -> None:
    """Refuse a lifetime (seconds, None for endless) that the organization's policy forbids."""
    longest = world.policy_max_key_lifetime
    if longest is None:
        return
    if lifetime is None:
        message = f"The organization's policy requires an expiration of at most {longest} seconds."
        raise invalid(message, "expires_in_seconds", "api_key_policy_violation")
    if lifetime > longest:
        message = f"The organization's policy allows a lifetime of at most {longest} seconds."
        raise invalid(message, "expires_in_seconds", "api_key_policy_violation")


def _keep_an_owner(world: World, person: Person) -> None:
    others = (other for other in world.members() if other is not person)
    if person.role == "owner" and not any(other.role == "owner" for other in others):
        raise invalid("An organization must keep at least one owner.", code="last_owner")
