"""The simulated platform in this process: every served address, and calls that keep answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from oai_tui.simulator.model import Alert, Project, SpendLimit
from oai_tui.simulator.service import create_app
from oai_tui.simulator.usage_routes import usage_routes
from oai_tui.simulator.world import Scale, World

DAY = 86_400
NOW = 1_795_305_600 + 13 * 3600 + 1234  # 22 November 2026, a Sunday
MIDNIGHT = NOW // DAY * DAY
PREFIX = "/v1/organization"


def application(world: World) -> Starlette:
    """Build the platform without faults."""
    return create_app(world, extra_routes=usage_routes(world))


def served(world: World) -> list[tuple[str, str]]:
    """Give method and address of everything that is served, in the order of the routes."""
    return [
        (method, route.path)
        for route in application(world).routes
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
        if method != "HEAD"
    ]


def furnished(seed: int = 7, scale: Scale = "small") -> World:
    """Found a world at NOW in which the project of `names` has a limit and an alert of its own."""
    world = World.seeded(seed, scale, NOW)
    project = _project(world)
    world.spend_limits[project.id] = SpendLimit(10_000)
    alert = Alert(f"alert_of_{seed}", project.id, 9_000, ["cfo@example.com"], None, NOW)
    world.alerts[alert.id] = alert
    return world


def _project(world: World) -> Project:
    return next(
        world.projects[account.project_id]
        for account in world.service_accounts.values()
        if world.projects[account.project_id].archived_at is None
        and world.projects[account.project_id].members
    )


def names(world: World, template: str) -> dict[str, str]:
    """Give ids of things in a furnished world for the parameters of an address."""
    project, of_project = _project(world), "{project_id}" in template
    keys = [key for key in world.keys_of_project(project.id) if world.is_live(key)]
    return {
        "project_id": project.id,
        "key_id": keys[0].id if of_project else next(reversed(world.admin_keys)),
        "account_id": next(world.accounts_of_project(project.id)).id,
        "user_id": next(iter(project.members)),
        "invite_id": next(i.id for i in reversed(world.invites.values()) if not i.accepted_at),
        "rate_limit_id": next(iter(world.rate_limits_of(project.id))),
        "alert_id": next(world.alerts_of(project.id if of_project else None)).id,
        "model": "whisper-1",
    }


class Platform:
    """A client of one world."""

    def __init__(self, world: World, client: TestClient) -> None:
        self.world = world
        self._client = client

    def call(self, method: str, path: str, key: str | None = None, **more: Any) -> httpx.Response:
        """Send a request; the address is used as it is written."""
        signed = self.world.admin_key if key is None else key
        headers = {"authorization": f"Bearer {signed}"} | more.pop("headers", {})
        return self._client.request(method, path, headers=headers, **more)  # type: ignore[return-value]

    def get(self, path: str, **query: Any) -> Any:
        """Read below the organization's address; the answer must be fine."""
        answer = self.call("GET", f"{PREFIX}/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refusal(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request below the organization's address that must be refused."""
        answer = self.call(method, f"{PREFIX}/{path}", **more)
        assert 400 <= answer.status_code < 500, answer.text
        return answer


@contextmanager
def platform(
    world: World | None = None, seed: int = 7, scale: Scale = "small"
) -> Iterator[Platform]:
    """Serve a world in this process, a furnished one unless given."""
    world = world or furnished(seed, scale)
    with TestClient(application(world)) as client:
        yield Platform(world, client)


def project_key(world: World) -> str:
    """Give the value of a project key that is accepted."""
    return next(
        key.value
        for key in world.keys.values()
        if world.is_live(key) and world.projects[key.project_id].archived_at is None
    )
