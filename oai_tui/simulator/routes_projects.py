"""Projects: list, make, rename, archive."""

from __future__ import annotations

from oai_tui.simulator import shapes
from oai_tui.simulator.answers import invalid
from oai_tui.simulator.model import Membership, Project
from oai_tui.simulator.paging import page
from oai_tui.simulator.reading import nullable_text, optional_choice, query_flag, text
from oai_tui.simulator.routing import Answer, Call, admin_routes

_RESIDENCIES = (
    "GLOBAL",
    "US_STORAGE_PROCESSING",
    "EU_STORAGE_PROCESSING",
    "JP_STORAGE",
    "JP_STORAGE_PROCESSING",
    "KR_STORAGE",
    "CA_STORAGE",
    "SG_STORAGE",
    "IN_STORAGE",
    "IN_STORAGE_PROCESSING",
    "AU_STORAGE",
    "AU_STORAGE_PROCESSING",
    "GB_STORAGE",
    "AE_STORAGE",
    "AE_STORAGE_PROCESSING",
)


def _list(call: Call) -> Answer:
    archived_too = query_flag(call.query, "include_archived")
    return page(
        call.query,
        call.world.projects.values(),
        shapes.project,
        shown=lambda project: archived_too or project.archived_at is None,
    )


def _create(call: Call) -> Answer:
    world = call.world
    name, external_key_id = text(call.body, "name"), nullable_text(call.body, "external_key_id")
    residency = None
    if call.body.get("residency") is not None:
        residency = optional_choice(call.body, "residency", _RESIDENCIES)
    if nullable_text(call.body, "geography") is not None and residency is not None:
        raise invalid("Provide either 'geography' or 'residency', not both.", "geography")
    project = Project(
        id=world.new_id("proj_", 24),
        name=name,
        created_at=world.now(),
        members={call.actor.owner_id: Membership("owner", world.now())},
        residency=residency or "GLOBAL",
        external_key_id=external_key_id,
    )
    world.projects[project.id] = project
    data = {"name": project.id, "title": name}
    world.record(call.actor, "project.created", project.id, {"data": data})
    return shapes.project(project)


def _show(call: Call) -> Answer:
    return shapes.project(call.project())


def _update(call: Call) -> Answer:
    project = call.open_project()
    name = nullable_text(call.body, "name")
    external_key_id = nullable_text(call.body, "external_key_id")
    nullable_text(call.body, "geography")
    if project.is_default:
        raise invalid("The default project cannot be updated.", code="default_project")
    project.name = project.name if name is None else name
    if "external_key_id" in call.body:
        project.external_key_id = external_key_id
    changes = {} if name is None else {"title": name}
    call.world.record(call.actor, "project.updated", project.id, {"changes_requested": changes})
    return shapes.project(project)


def _archive(call: Call) -> Answer:
    project = call.open_project()
    if project.is_default:
        raise invalid("The default project cannot be archived.", code="default_project")
    project.archived_at = call.world.now()
    call.world.record(call.actor, "project.archived", project.id)
    return shapes.project(project)


routes = (
    admin_routes("projects", get=_list, post=_create),
    admin_routes("projects/{project_id}", get=_show, post=_update),
    admin_routes("projects/{project_id}/archive", post=_archive),
)
