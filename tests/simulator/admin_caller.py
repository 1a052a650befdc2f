"""Calls the simulator's application in this process, one request at a time."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp

from oai_tui.simulator.service import create_app
from oai_tui.simulator.world import World

NOW = 1_795_350_000  # 22 November 2026
DAY = 86_400


class Caller:
    """A client with a key, by default the organization's unrestricted admin key."""

    def __init__(self, world: World, key: str | None = None) -> None:
        self.world = world
        self.key = world.admin_key if key is None else key
        self.app: ASGIApp = create_app(world)

    def answer(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.key}"} | more.pop("headers", {})

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://platform") as client:
                return await client.request(method, path, headers=headers, **more)

        return asyncio.run(send())

    def organization(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.answer(method, f"/v1/organization/{path}", **more)

    def get(self, path: str, **params: Any) -> Any:
        answer = self.organization("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        answer = self.organization("POST", path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def delete(self, path: str) -> Any:
        answer = self.organization("DELETE", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, status: int = 400, **more: Any) -> dict[str, Any]:
        """Make a request that must fail with an envelope; gives what is in it."""
        answer = self.organization(method, path, **more)
        assert answer.status_code == status, answer.text
        error: dict[str, Any] = answer.json()["error"]
        assert set(error) == {"message", "type", "param", "code"}
        return error

    def all_pages(self, path: str, limit: int, **params: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        after: dict[str, str] = {}
        while True:
            answer = self.get(path, limit=limit, **params, **after)
            rows += answer["data"]
            assert len(answer["data"]) <= limit
            assert len({row["id"] for row in rows}) == len(rows)
            if not answer["has_more"]:
                return rows
            assert answer["last_id"] == rows[-1]["id"]
            after = {"after": answer["last_id"]}

    def newest_event(self, **params: Any) -> dict[str, Any]:
        event: dict[str, Any] = self.get("audit_logs", limit=1, **params)["data"][0]
        return event

    def project_id(self, name: str) -> str:
        projects = self.world.projects.values()
        return next(project.id for project in projects if project.name == name)

    def key_named(self, name: str) -> Any:
        keys = self.world.keys.values()
        return next(key for key in keys if key.name == name and key.deleted_at is None)


def small() -> Caller:
    return Caller(World.seeded(7, "small", NOW))
