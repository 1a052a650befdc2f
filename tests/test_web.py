"""The app in a browser of this machine."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.journeys.driving import person


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


async def drawn(url: str, origin: str = "") -> bytes:
    """Open the app as the page would, and return what it draws first."""
    async with aiohttp.ClientSession() as session:
        for attempt in range(1200):
            try:
                socket = await session.ws_connect(
                    f"{url}/ws?width=100&height=30", headers={"Origin": origin or url}
                )
                break
            except aiohttp.ClientConnectionError:
                assert attempt < 1199, "it does not listen"
                await asyncio.sleep(0.05)
        out = b""
        while b"admin key" not in out:
            message = await asyncio.wait_for(socket.receive(), 60)
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), out
            out += message.data if isinstance(message.data, bytes) else message.data.encode()
        await socket.close()
        return out


async def refused(url: str, origin: str) -> int:
    """Return the status with which a page of another site is turned away."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await session.ws_connect(f"{url}/ws", headers={"Origin": origin})
        return caught.value.status


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "oai_tui", "web", "--port", str(port)]
    quiet = subprocess.DEVNULL

    with subprocess.Popen(
        command, env={**os.environ, **person(tmp_path)}, stdout=quiet, stderr=quiet
    ) as server:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def test_the_app_opens_in_a_browser_and_not_for_other_pages(served: str) -> None:
    assert b"oai-tui" in asyncio.run(drawn(served))
    for origin in ("https://evil.example", served.replace("127.0.0.1", "evil.example"), "null"):
        assert asyncio.run(refused(served, origin)) == 403
    asyncio.run(drawn(served, served.replace("127.0.0.1", "localhost")))
