"""Projects of the organization: listing, making, renaming, archiving."""

from __future__ import annotations

from oai_tui.api import wire
from oai_tui.api.client import Client
from oai_tui.api.paging import listed
from oai_tui.api.path import segment
from oai_tui.core.errors import OutcomeUnknown
from oai_tui.core.keys import Project

PROJECTS = "/organization/projects"


def project_path(project_id: str) -> str:
    """Return the address of a project. Raises BadAnswer for an id that is no part of a path."""
    return f"{PROJECTS}/{segment(project_id)}"


async def projects(client: Client, *, archived: bool = False) -> list[Project]:
    """Return all projects, archived ones on request."""
    pages = listed(client, wire.Listing[wire.ProjectItem], PROJECTS, {"include_archived": archived})
    return [item.to_core() async for page in pages for item in page]


async def first_project(client: Client) -> Project | None:
    """Return one project: the cheapest question that needs the right to manage."""
    page = await client.get(wire.Listing[wire.ProjectItem], PROJECTS, {"limit": 1})
    return page.data[0].to_core() if page.data else None


async def create_project(client: Client, name: str) -> Project:
    """Make a project. Raises OutcomeUnknown when it is not known whether it was made."""
    made = await client.post(wire.ProjectItem, PROJECTS, {"name": name})
    return made.to_core()


async def rename_project(client: Client, project_id: str, name: str) -> Project:
    """Give a project another name; the platform refuses that for the default project."""
    renamed = await client.post(wire.ProjectItem, project_path(project_id), {"name": name})
    return _same(project_id, renamed.to_core())


async def archive_project(client: Client, project_id: str) -> Project:
    """Archive a project with all its keys; there is no way back.

    Raises OutcomeUnknown when the answer does not say that it is archived.
    """
    answer = await client.post(wire.ProjectItem, f"{project_path(project_id)}/archive", {})
    project = _same(project_id, answer.to_core())
    if not project.is_archived:
        raise OutcomeUnknown(
            "The platform answered without saying that the project is archived.",
            "Refresh and look whether it is still listed.",
        )
    return project


def _same(project_id: str, project: Project) -> Project:
    if project.id != project_id:
        raise OutcomeUnknown(
            "The platform answered about another project than was asked for.",
            "Refresh and look before you try again.",
        )
    return project
