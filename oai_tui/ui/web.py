"""The app in browsers of this machine."""

from __future__ import annotations

from aiohttp import web
from textual_serve.server import Server

HOST = "127.0.0.1"


class LocalServer(Server):
    """Serves the app to pages of its own only.

    A browser lets any page talk to any port of this machine, and whoever talks to this one acts
    with the person's key.
    """

    def __init__(self, command: str, port: int) -> None:
        super().__init__(command, host=HOST, port=port, title="oai-tui")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Connect a page, unless it came from somewhere else."""
        own = {f"http://{host}:{self.port}" for host in (HOST, "localhost")}
        if request.headers.get("Origin", self.public_url) not in own | {self.public_url}:
            raise web.HTTPForbidden
        return await super().handle_websocket(request)
