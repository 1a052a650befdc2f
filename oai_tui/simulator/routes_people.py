"""Members of the organization and of its projects."""

from __future__ import annotations

from oai_tui.simulator import changes, shapes
from oai_tui.simulator.answers import invalid, not_found
from oai_tui.simulator.model import Membership, Person, Project
from oai_tui.simulator.paging import page
from oai_tui.simulator.reading import choice, many, not_among, nullable_text
from oai_tui.simulator.routing import Answer, Call, admin_routes

_PROJECT_ROLES = ("owner", "member")


def _named(call: Call) -> Person:
    person = call.world.people.get(call.path["user_id"])
    if person is None or person.removed:
        raise not_found("user", call.path["user_id"])
    return person


def _list(call: Call) -> Answer:
    emails = {email.casefold() for email in many(call.query, "emails")}
    return page(
        call.query,
        call.world.people.values(),
        lambda person: shapes.person(call.world, person),
        shown=lambda person: (
            not person.removed and (not emails or person.email.casefold() in emails)
        ),
    )


def _show(call: Call) -> Answer:
    return shapes.person(call.world, _named(call))


def _update(call: Call) -> Answer:
    person, body = _named(call), call.body
    role = nullable_text(body, "role")
    level, persona = (
        nullable_text(body, "technical_level"),
        nullable_text(body, "developer_persona"),
    )
    nullable_text(body, "role_id")
    if role is not None:
        if role not in ("owner", "reader"):
            raise not_among("role", role, ("owner", "reader"))
        changes.change_role(call.world, call.actor, person, role)
    person.technical_level = level or person.technical_level
    person.developer_persona = persona or person.developer_persona
    return shapes.person(call.world, person)


def _delete(call: Call) -> Answer:
    person = _named(call)
    changes.remove_person(call.world, call.actor, person)
    return {"object": "organization.user.deleted", "id": person.id, "deleted": True}


def _member(call: Call) -> tuple[Project, Person]:
    project = call.project()
    if call.path["user_id"] not in project.members:
        raise not_found("project user", call.path["user_id"])
    return project, _named(call)


def _list_members(call: Call) -> Answer:
    project = call.open_project()
    return page(
        call.query,
        call.world.people.values(),
        lambda person: shapes.project_person(project, person),
        shown=lambda person: person.id in project.members,
    )


def _add_member(call: Call) -> Answer:
    project, role = call.open_project(), choice(call.body, "role", _PROJECT_ROLES)
    person = _asked_for(call)
    if person.id in project.members:
        raise invalid(f"User '{person.id}' already belongs to the project.", "user_id")
    project.members[person.id] = Membership(role, call.world.now())
    changes.set_access(call.world, project, person, "active")
    call.world.record(call.actor, "user.added", person.id, {"data": {"role": role}})
    return shapes.project_person(project, person)


def _asked_for(call: Call) -> Person:
    user_id, email = nullable_text(call.body, "user_id"), nullable_text(call.body, "email")
    if user_id is None and email is None:
        raise invalid("One of 'user_id' and 'email' is required.", "user_id")
    for person in call.world.members():
        if person.id == user_id or (user_id is None and person.email == email):
            return person
    raise invalid("The user is not a member of the organization.", "user_id")


def _show_member(call: Call) -> Answer:
    return shapes.project_person(*_member(call))


def _update_member(call: Call) -> Answer:
    call.open_project()
    project, person = _member(call)
    if call.body.get("role") is not None:
        role = choice(call.body, "role", _PROJECT_ROLES)
        project.members[person.id].role = role
        requested: dict[str, object] = {"changes_requested": {"role": role}}
        call.world.record(call.actor, "user.updated", person.id, requested)
    return shapes.project_person(project, person)


def _remove_member(call: Call) -> Answer:
    call.open_project()
    project, person = _member(call)
    del project.members[person.id]
    changes.set_access(call.world, project, person, "inactive")
    call.world.record(call.actor, "user.deleted", person.id)
    return {"object": "organization.project.user.deleted", "id": person.id, "deleted": True}


_MEMBER = "projects/{project_id}/users/{user_id}"
routes = (
    admin_routes("users", get=_list),
    admin_routes("users/{user_id}", get=_show, post=_update, delete=_delete),
    admin_routes("projects/{project_id}/users", get=_list_members, post=_add_member),
    admin_routes(_MEMBER, get=_show_member, post=_update_member, delete=_remove_member),
)
