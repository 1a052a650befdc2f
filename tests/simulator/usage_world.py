"""A very small world for the tests of usage, costs, faults and the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from oai_tui.simulator.answers import Refusal, refused
from oai_tui.simulator.model import AdminKey, Credit, Key, Project, Traffic
from oai_tui.simulator.usage_routes import usage_routes

DAY = 86_400
NOW = 1_795_305_600 + 13 * 3600 + 1234  # 22 November 2026, a Sunday
MIDNIGHT = NOW // DAY * DAY
ADMIN = "sk-admin-tests"

MODELS = ("gpt-6-astra", "gpt-4o-mini-2024-07-18")
EVERY_KIND = (
    "completions",
    "decisions",
    "embeddings",
    "moderations",
    "images",
    "audio_speeches",
    "audio_transcriptions",
    "code_interpreter_sessions",
    "file_search_calls",
    "web_search_calls",
)


def key(name: str, project: str, owner: str, traffic: Traffic | None) -> Key:
    kind = "user" if owner.startswith("user") else "service_account"
    return Key(
        f"key_{name}", project, name, kind, owner, f"sk-{name}", NOW - 500 * DAY, traffic=traffic
    )


def traffic(
    requests: float, kinds: tuple[str, ...] = ("completions",), days: int = 300, **more: Any
) -> Traffic:
    return Traffic(kinds, MODELS, requests, MIDNIGHT - days * DAY, **more)


@dataclass
class SmallWorld:
    seed: int = 7
    time: int = NOW
    anchor: int = NOW
    cost_lag_hours: int = 5
    idle: int = 0
    credit_cents: int = 0
    credits: list[Credit] = field(default_factory=list)
    new_key_delay: float = 0.0
    revocation_delay: float = 0.0
    missing_scope_status: int = 403
    error_shape: str = "envelope"
    keys: dict[str, Key] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    admin_keys: dict[str, AdminKey] = field(default_factory=dict)

    def now(self) -> int:
        return self.time

    def key_with_value(self, value: str) -> AdminKey | Key | None:
        every: list[AdminKey | Key] = [*self.admin_keys.values(), *self.keys.values()]
        return next((key for key in every if key.value == value), None)

    def is_live(self, key: AdminKey | Key) -> bool:
        return key.deleted_at is None


def small_world(**more: Any) -> SmallWorld:
    world = SmallWorld(**more)
    for each in (
        key("web", "proj_web", "svc_acct_ci", traffic(600, EVERY_KIND, batch_share=0.2)),
        key("alice", "proj_web", "user_alice", traffic(90, ("completions", "embeddings"))),
        key("bob", "proj_lab", "user_bob", traffic(40, ("completions", "images"))),
        key("idle", "proj_lab", "user_bob", None),
    ):
        world.keys[each.id] = each
    for name in ("proj_web", "proj_lab"):
        world.projects[name] = Project(name, name, 0)
    for value, scopes in ((ADMIN, ()), ("sk-admin-narrow", ("api.management.read",))):
        world.admin_keys[value] = AdminKey(value, value, "user_alice", value, 0, scopes=scopes)
    return world


def application(world: SmallWorld) -> Starlette:
    app = Starlette(routes=usage_routes(world), exception_handlers={Refusal: refused})
    app.state.world = world
    return app


class Caller:
    """Asks for reports with an admin key, in process."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, key: str = ADMIN, **query: Any) -> Any:
        headers = {"authorization": f"Bearer {key}"}
        return self.client.get(f"/v1/organization/{path}", params=query, headers=headers)

    def page(self, path: str, **query: Any) -> dict[str, Any]:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def buckets(self, path: str, **query: Any) -> list[dict[str, Any]]:
        page = self.page(path, **query)
        found = list(page["data"])
        while page["has_more"]:
            page = self.page(path, **query, page=page["next_page"])
            found += page["data"]
        return found

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        return [row for bucket in self.buckets(path, **query) for row in bucket["results"]]


@contextmanager
def calling(world: SmallWorld) -> Iterator[Caller]:
    with TestClient(application(world)) as client:
        yield Caller(client)
