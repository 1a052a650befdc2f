"""From a request to a handler: sign in, read the body, hand over, write the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from oai_tui.simulator.answers import authorize, invalid, not_found, world_of
from oai_tui.simulator.model import AdminKey, Key, Project
from oai_tui.simulator.reading import Body, read_body
from oai_tui.simulator.world import World

Answer = dict[str, object]
READ, WRITE = "api.management.read", "api.management.write"


@dataclass(frozen=True, slots=True)
class Call:
    """A request that may be carried out."""

    world: World
    actor: AdminKey
    path: dict[str, str]
    query: QueryParams
    body: Body

    def project(self) -> Project:
        """Give the project named in the address; raises Refusal."""
        project_id = self.path["project_id"]
        if project_id not in self.world.projects:
            raise not_found("project", project_id)
        return self.world.projects[project_id]

    def open_project(self) -> Project:
        """Give the project named in the address when it is not archived; raises Refusal."""
        project = self.project()
        if project.archived_at is not None:
            message = f"Project '{project.id}' is archived and cannot be used or updated."
            raise invalid(message, code="project_archived")
        return project

    def key(self) -> Key:
        """Give the project key named in the address; raises Refusal."""
        project = self.project()
        key = self.world.keys.get(self.path["key_id"])
        if key is None or key.project_id != project.id or key.deleted_at is not None:
            raise not_found("API key", self.path["key_id"])
        return key


Handler = Callable[[Call], Answer]


def admin_routes(
    path: str,
    get: Handler | None = None,
    post: Handler | None = None,
    delete: Handler | None = None,
) -> Route:
    """Make the route of an administration address; reading and writing need different scopes."""
    handlers = {"GET": get, "POST": post, "DELETE": delete}
    offered = {method: handler for method, handler in handlers.items() if handler is not None}

    async def endpoint(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        actor = authorize(request, READ if method == "GET" else WRITE)
        body = await read_body(request) if method == "POST" else {}
        call = Call(world_of(request), actor, request.path_params, request.query_params, body)
        return JSONResponse(offered[method](call))

    return Route(f"/v1/organization/{path}", endpoint, methods=list(offered))
