"""Where faults strike: an ASGI middleware around the whole platform, and its switchboard."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import struct
from collections.abc import AsyncIterator
from typing import NoReturn
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oai_tui.simulator import distortions, refusals
from oai_tui.simulator.answers import error
from oai_tui.simulator.faults import Fault, Faults
from oai_tui.simulator.refusals import Answer

SWITCHBOARD = "/_simulator/faults"
_MEBIBYTE = 1 << 20
_POLL = 0.01  # seconds


class FaultMiddleware:
    """Lets the faults that are switched on strike requests, numbered as they arrive.

    On a real socket a reset is real; in process it is a ConnectionResetError. `latency_ms` is
    waited before every request, whatever the faults are.
    """

    def __init__(self, app: ASGIApp, faults: Faults, latency_ms: int = 0) -> None:
        self.app = app
        self.faults = faults
        self.latency_ms = latency_ms
        self._count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or let it pass when it is none or goes to the switchboard."""
        if scope["type"] != "http" or scope["path"] == SWITCHBOARD:
            await self.app(scope, receive, send)
            return
        self._count += 1
        if self.latency_ms:
            await asyncio.sleep(self.latency_ms / 1000)
        struck = self.faults.strike(self._count, scope["method"], scope["path"])
        if struck:
            await self._spoil(struck, self._count, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _spoil(
        self, struck: list[Fault], number: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        faults = {fault.name: fault for fault in struck}
        for fault in struck:
            await self._delay(fault)
        if "hang" in faults:
            await _until_gone(receive)
        elif "reset-before" in faults:
            await _read_whole(receive)
            await _reset(scope, receive)
        else:
            answer = _refuse(struck, number, scope) or await _answer_of(
                self.app, _without_cursor(scope, faults), receive
            )
            if "reset-after" in faults:
                await _reset(scope, receive)
            elif "timeout-after" in faults:
                await _until_gone(receive)
            else:
                await _send(_distorted(answer, struck, number), faults, scope, receive, send)

    async def _delay(self, fault: Fault) -> None:
        if fault.name == "latency":
            await asyncio.sleep((500 if fault.value is None else fault.value) / 1000)
        # Polled, since another thread may switch it off.
        while fault.name == "hold" and self.faults.is_on(fault):  # noqa: ASYNC110
            await asyncio.sleep(_POLL)


def fault_routes(faults: Faults) -> list[Route]:
    """Build the switchboard: GET lists, POST a JSON list of faults sets, DELETE clears."""

    async def switch(request: Request) -> Response:
        if not _is_local(request):
            return error(403, "Faults can only be switched from this machine.")
        if request.method == "DELETE":
            faults.clear()
        elif request.method == "POST":
            try:
                wanted = json.loads(await request.body())
                faults.set(*[Fault.parse(str(each)) for each in _listed(wanted)])
            except ValueError as problem:
                return error(400, str(problem))
        return JSONResponse([str(fault) for fault in faults.active])

    return [Route(SWITCHBOARD, switch, methods=["GET", "POST", "DELETE"])]


def _listed(wanted: object) -> list[object]:
    if not isinstance(wanted, list):
        raise ValueError("expected a JSON list of faults")
    return wanted


def _is_local(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _refuse(struck: list[Fault], number: int, scope: Scope) -> Answer | None:
    for fault in struck:
        if fault.name == "refuse-cost-by-key" and not _is_cost_by_key(scope):
            continue
        if fault.name in refusals.NAMES:
            found = refusals.refusal(fault.name, fault.value, scope["method"], scope["path"])
            found.headers.append((b"x-request-id", f"req_fault{number}".encode()))
            return found
    return None


def _is_cost_by_key(scope: Scope) -> bool:
    asked = parse_qsl(scope["query_string"].decode("latin-1"))
    grouped = [value for name, value in asked if name in ("group_by", "group_by[]")]
    return bool(scope["path"].endswith("/organization/costs")) and "api_key_id" in grouped


def _without_cursor(scope: Scope, faults: dict[str, Fault]) -> Scope:
    """Take our invented cursors out of a request, which begins every list anew."""
    if faults.keys().isdisjoint(distortions.CURSORS):
        return scope
    asked = parse_qsl(scope["query_string"].decode("latin-1"))
    kept = [(name, value) for name, value in asked if name not in ("page", "after")]
    return {**scope, "query_string": urlencode(kept).encode()}


async def _answer_of(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """Let the platform do what was asked and keep its answer back."""
    answer = Answer(500, [], b"")
    pieces: list[bytes] = []

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            pieces.append(message.get("body", b""))

    await app(scope, receive, keep)
    answer.body = b"".join(pieces)
    return answer


def _distorted(answer: Answer, struck: list[Fault], number: int) -> Answer:
    wanted = [fault.name for fault in struck if fault.name in distortions.NAMES]
    if not wanted:
        return answer
    try:
        body = json.loads(answer.body)
    except ValueError:
        return answer
    for name in wanted:
        body = distortions.distort(name, body, number)
    return Answer(answer.status, answer.headers, json.dumps(body).encode())


async def _send(
    answer: Answer, faults: dict[str, Fault], scope: Scope, receive: Receive, send: Send
) -> None:
    """Send an answer in the way that the faults demand."""
    body = b"" if "empty-body" in faults else answer.body
    giant = faults.get("giant-body")
    padding = 0 if giant is None else (64 if giant.value is None else giant.value)
    headers = [pair for pair in answer.headers if pair[0].lower() != b"content-length"]
    length = str(len(body) + padding * _MEBIBYTE).encode()
    headers.append((b"content-length", length))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if "cut-body" in faults:
        half = body[: len(body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await _hang_up(scope, receive)
    else:
        async for piece in _pieces(body, padding, faults.get("slow-bytes")):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _pieces(body: bytes, padding: int, slow: Fault | None) -> AsyncIterator[bytes]:
    if slow is not None:
        for place in range(len(body)):
            yield body[place : place + 1]
            await asyncio.sleep((100 if slow.value is None else slow.value) / 1000)
        return
    yield body[:1]
    for _ in range(padding):
        yield b" " * _MEBIBYTE
        await asyncio.sleep(0)
    yield body[1:]


async def _read_whole(receive: Receive) -> None:
    """Take in the request: a client that is still sending would not notice the reset as such."""
    while (await receive()).get("more_body", False):
        pass


async def _until_gone(receive: Receive) -> None:
    """Wait until the other side has given up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _reset(scope: Scope, receive: Receive) -> None:
    transport = _transport(scope)
    raw = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await _until_gone(receive)


async def _hang_up(scope: Scope, receive: Receive) -> None:
    _transport(scope).close()
    await _until_gone(receive)


def _transport(scope: Scope) -> asyncio.Transport:
    transport = scope.get("state", {}).get("transport")
    if not isinstance(transport, asyncio.Transport):
        _raise_reset()
    return transport


def _raise_reset() -> NoReturn:
    raise ConnectionResetError("the connection was dropped by a fault")
