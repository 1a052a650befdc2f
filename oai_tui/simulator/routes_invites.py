"""Invitations into the organization."""

from __future__ import annotations

from oai_tui.simulator import shapes
from oai_tui.simulator.answers import invalid, not_found
from oai_tui.simulator.model import Invite
from oai_tui.simulator.paging import page
from oai_tui.simulator.reading import choice, text
from oai_tui.simulator.routing import Answer, Call, admin_routes

_VALID_FOR = 7 * 86_400


def _named(call: Call) -> Invite:
    invite = call.world.invites.get(call.path["invite_id"])
    if invite is None:
        raise not_found("invite", call.path["invite_id"])
    return invite


def _list(call: Call) -> Answer:
    invites = call.world.invites.values()
    return page(call.query, invites, lambda invite: shapes.invite(call.world, invite))


def _create(call: Call) -> Answer:
    world = call.world
    email, role = text(call.body, "email"), choice(call.body, "role", ("reader", "owner"))
    if "@" not in email:
        raise invalid(f"'{email}' is not an email address.", "email", "invalid_value")
    invite = Invite(
        id=world.new_id("invite-", 24),
        email=email,
        role=role,
        created_at=world.now(),
        expires_at=world.now() + _VALID_FOR,
        projects=_projects(call),
    )
    world.invites[invite.id] = invite
    data = {"email": email, "role": role}
    world.record(call.actor, "invite.sent", invite.id, {"data": data})
    return shapes.invite(world, invite)


def _projects(call: Call) -> list[tuple[str, str]]:
    if "projects" not in call.body:
        return [(call.world.default_project.id, "member")]
    wanted = call.body["projects"]
    if not isinstance(wanted, list) or not all(isinstance(item, dict) for item in wanted):
        raise invalid("Invalid type for 'projects': expected an array of objects.", "projects")
    pairs = [(text(item, "id"), choice(item, "role", ("member", "owner"))) for item in wanted]
    for project_id, _ in pairs:
        project = call.world.projects.get(project_id)
        if project is None or project.archived_at is not None:
            raise invalid(f"Project '{project_id}' does not exist or is archived.", "projects")
    return pairs


def _show(call: Call) -> Answer:
    return shapes.invite(call.world, _named(call))


def _delete(call: Call) -> Answer:
    invite = _named(call)
    if invite.accepted_at is not None:
        raise invalid("An accepted invite cannot be deleted.", code="invite_accepted")
    del call.world.invites[invite.id]
    call.world.record(call.actor, "invite.deleted", invite.id)
    return {"object": "organization.invite.deleted", "id": invite.id, "deleted": True}


routes = (
    admin_routes("invites", get=_list, post=_create),
    admin_routes("invites/{invite_id}", get=_show, delete=_delete),
)
