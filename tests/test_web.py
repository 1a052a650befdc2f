"""The app in a browser of this machine."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp

from tests.journeys.driving import person


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


async def drawn(url: str) -> bytes:
    """Open the app as the page would, and return what it draws first."""
    async with aiohttp.ClientSession() as session:
        for attempt in range(200):
            try:
                socket = await session.ws_connect(f"{url}/ws?width=100&height=30")
                break
            except aiohttp.ClientConnectionError:
                assert attempt < 199, "it does not listen"
                await asyncio.sleep(0.05)
        out = b""
        while b"admin key" not in out:
            message = await asyncio.wait_for(socket.receive(), 10)
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), out
            out += message.data if isinstance(message.data, bytes) else message.data.encode()
        await socket.close()
        return out


def test_the_app_opens_in_a_browser(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "oai_tui", "web", "--port", str(port)]
    quiet = subprocess.DEVNULL

    with subprocess.Popen(
        command, env={**os.environ, **person(tmp_path)}, stdout=quiet, stderr=quiet
    ) as server:
        try:
            assert b"oai-tui" in asyncio.run(drawn(f"http://127.0.0.1:{port}"))
        finally:
            server.terminate()
