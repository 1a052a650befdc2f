"""The web application that a world is served with."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oai_tui.simulator import (
    routes_accounts,
    routes_admin_keys,
    routes_audit,
    routes_invites,
    routes_keys,
    routes_models,
    routes_people,
    routes_projects,
    routes_rate_limits,
    routes_spend,
)
from oai_tui.simulator.answers import Refusal, refused, unroutable
from oai_tui.simulator.world import World

_GROUPS = (
    routes_admin_keys,
    routes_projects,
    routes_keys,
    routes_accounts,
    routes_people,
    routes_invites,
    routes_rate_limits,
    routes_spend,
    routes_audit,
    routes_models,
)


class PlatformHeaders:
    """Puts the headers that the platform sends with everything on every answer."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, milliseconds = self._world.new_request()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                headers["openai-organization"] = self._world.slug
                headers["openai-processing-ms"] = str(milliseconds)
                headers["openai-version"] = "2020-10-01"
            await send(message)

        await self._app(scope, receive, send_with_headers)


def create_app(world: World, extra_routes: Sequence[BaseRoute] = ()) -> Starlette:
    """Make the application; `extra_routes` find the world at `app.state.world` and `authorize`."""
    app = Starlette(
        routes=[*extra_routes, *(route for group in _GROUPS for route in group.routes)],
        middleware=[Middleware(PlatformHeaders, world=world)],
        exception_handlers={Refusal: refused, HTTPException: unroutable},
    )
    app.router.redirect_slashes = False
    app.state.world = world
    return app
