"""Clients with injected time, and platforms that answer exactly what a test says."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from oai_tui.api.client import Client
from oai_tui.api.exchange import AsgiApp
from oai_tui.api.paging import Item, listed
from oai_tui.api.wire import Listing
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.secret import Secret
from tests.canary import CANARY

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LOCAL = "http://localhost/v1"


class Nothing(msgspec.Struct):
    """An answer of which only the status counts."""


@dataclass(frozen=True)
class Answer:
    """What a platform answers; a body that is no bytes is written as JSON."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = "application/json"

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """What a platform was asked."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes


class Platform:
    """Answers with one answer after another, the last one for ever; an exception breaks off."""

    def __init__(self, *answers: Answer | Exception | Callable[[Asked], Answer]) -> None:
        self.answers = answers
        self.asked: list[Asked] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive()).get("body", b"")
        asked = Asked(
            scope["method"],
            scope["path"],
            parse_qsl(scope["query_string"].decode(), keep_blank_values=True),
            {name.decode(): value.decode() for name, value in scope["headers"]},
            body,
        )
        self.asked.append(asked)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        if not isinstance(answer, Answer):
            answer = answer(asked)
        headers = [(name.encode(), value.encode()) for name, value in answer.headers]
        if answer.content_type is not None:
            headers.append((b"content-type", answer.content_type.encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.content})


class Waits:
    """A sleep that takes no time and keeps how long it should have taken."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def client_of(
    app: AsgiApp | None = None,
    *,
    address: str = LOCAL,
    key: str = CANARY,
    deadline: float = 5,
    sleep: Callable[[float], Awaitable[None]] | None = None,
    clock: Callable[[], datetime] = lambda: NOW,
    on_wait: Callable[[float, str], None] | None = None,
) -> Client:
    return Client(
        BaseUrl.parse(address),
        Secret(key),
        app=app,
        deadline=deadline,
        sleep=sleep or Waits(),
        clock=clock,
        jitter=lambda: 0.0,
        on_wait=on_wait,
    )


def asking(client: Client, question: Callable[[Client], Coroutine[Any, Any, T]]) -> T:
    """Ask one question and close the client."""

    async def ask() -> T:
        async with client:
            return await question(client)

    return asyncio.run(ask())


async def whole(client: Client, page_type: type[Listing[Item]], path: str) -> list[Item]:
    """Read a list to its end."""
    return [item async for page in listed(client, page_type, path) for item in page]


@asynccontextmanager
async def raw_server(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """Serve connections by hand, on a real socket; gives the base URL."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    finally:
        server.close()


def closed_port() -> str:
    """Return a base URL at which nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{found.getsockname()[1]}/v1"
