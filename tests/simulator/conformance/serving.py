"""The simulated platform in this process: every served address, and calls that keep answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

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


def names(world: World, template: str) -> dict[str, str]:
    """Give ids that exist for the parameters of an address."""
    project = next(p for p in world.projects.values() if p.members and not p.archived_at)
    keys = [k for k in world.keys.values() if k.deleted_at is None and not world.is_expired(k)]
    account = next(
        account
        for account in world.service_accounts.values()
        if account.deleted_at is None and world.projects[account.project_id].archived_at is None
    )
    if "service_accounts" in template:
        project = world.projects[account.project_id]
    key_id = next(iter(world.admin_keys))
    if "projects" in template:
        key_id = next(key.id for key in keys if key.project_id == project.id)
    alerts = [
        a for a in world.alerts.values() if (a.project_id is None) != ("projects" in template)
    ]
    if "spend_alerts/{" in template:
        project = world.projects[alerts[0].project_id] if alerts[0].project_id else project
    if template.endswith("projects/{project_id}/spend_limit"):
        limited = next(id for id in world.spend_limits if id is not None)
        project = world.projects[limited]
    return {
        "project_id": project.id,
        "key_id": key_id,
        "account_id": account.id,
        "user_id": next(iter(project.members)),
        "invite_id": next(i.id for i in reversed(world.invites.values()) if not i.accepted_at),
        "rate_limit_id": next(iter(world.rate_limits_of(project.id))),
        "alert_id": alerts[0].id if alerts else "alert_none",
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
    """Serve a world in this process; a new one stands still at NOW."""
    world = world or World.seeded(seed, scale, NOW)
    with TestClient(application(world)) as client:
        yield Platform(world, client)
