"""The points at which a program can be hit, and what hits it there."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from oai_tui.core.creation import Creation, CreationState
from oai_tui.core.rotation import Rotation
from oai_tui.store.journal import Journal
from oai_tui.vault.credential import Credential
from tests.safe import Safe


class Bomb:
    """Counts the points that are passed, and goes off at one of them (0: at none)."""

    def __init__(self, at: int, go_off: Callable[[], None]) -> None:
        self.passed: list[str] = []
        self._at = at
        self._go_off = go_off

    def point(self, what: str) -> bool:
        """Pass a point; returns whether this was the one."""
        self.passed.append(what)
        is_it = len(self.passed) == self._at
        if is_it:
            self._go_off()
        return is_it


def kill() -> None:
    """End this process as no handler can see."""
    os.kill(os.getpid(), signal.SIGKILL)


def nothing() -> None:
    """Let it pass."""


def fill_disk(folder: Path) -> None:
    """Let no file of this process grow beyond what the journal has written so far."""
    size = (folder / "state" / "journal.sqlite3-wal").stat().st_size
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


class WatchedJournal(Journal):
    """A journal with a point before and after every write."""

    def __init__(self, folder: Path, bomb: Bomb) -> None:
        super().__init__(folder)
        self._bomb = bomb

    def plan(self, creation: Creation) -> None:
        self._bomb.point("before journal plan")
        super().plan(creation)
        self._bomb.point("after journal plan")

    def move(self, nonce: str, state: CreationState, key_id: str | None = None) -> Creation:
        self._bomb.point(f"before journal {state}")
        moved = super().move(nonce, state, key_id)
        self._bomb.point(f"after journal {state}")
        return moved

    def plan_rotation(self, rotation: Rotation) -> Rotation:
        self._bomb.point("before journal plan")
        planned = super().plan_rotation(rotation)
        self._bomb.point("after journal plan")
        return planned

    def move_rotation(self, rotation: Rotation) -> Rotation:
        what = f"{rotation.step} (doing {rotation.doing or rotation.delivering or 'nothing'})"
        self._bomb.point(f"before journal {what}")
        moved = super().move_rotation(rotation)
        self._bomb.point(f"after journal {what}")
        return moved


class WatchedSafe(Safe):
    """A key store with a point before and after every write."""

    def __init__(self, folder: Path, bomb: Bomb) -> None:
        super().__init__(folder)
        self._bomb = bomb

    async def save(self, profile: str, credential: Credential) -> None:
        self._bomb.point("before store save")
        await super().save(profile, credential)
        self._bomb.point("after store save")

    async def delete(self, profile: str) -> None:
        self._bomb.point("before store delete")
        await super().delete(profile)
        self._bomb.point("after store delete")


class WatchedWire:
    """Carries requests to a platform on a socket, with a point on both sides of each.

    `spoil` is what happens at the point the bomb goes off at: `lost` (the request never arrives, or
    its answer never comes) or `500`.
    """

    def __init__(self, origin: str, bomb: Bomb, spoil: str = "") -> None:
        self._origin = origin
        self._bomb = bomb
        self._spoil = spoil
        self._http: httpx.AsyncClient | None = None

    async def close(self) -> None:
        if self._http:
            await self._http.aclose()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request as an ASGI application."""
        what = f"{scope['method']} {scope['path'].removeprefix('/v1/organization')}"
        body = (await receive()).get("body", b"")
        path = scope["path"] + (
            f"?{scope['query_string'].decode()}" if scope["query_string"] else ""
        )
        is_hit = self._bomb.point(f"before request {what}") and self._spoil
        status, headers, content = 500, [(b"content-type", b"application/json")], b"{}"
        if not is_hit:
            self._http = self._http or httpx.AsyncClient(trust_env=False, verify=False)
            answer = await self._http.request(
                scope["method"], self._origin + path, content=body, headers=scope["headers"]
            )
            found = self._bomb.point(f"after request {what}") and self._spoil
            if not found:
                status, headers, content = answer.status_code, answer.headers.raw, answer.content
            is_hit = found
        if is_hit and self._spoil == "lost":
            await asyncio.Event().wait()
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})
