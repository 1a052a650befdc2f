"""Proxies and certificates of the environment that cannot be used, and proxies that refuse."""

from __future__ import annotations

import asyncio

import pytest

from oai_tui.core.errors import Unreachable
from tests.api.talking import Nothing, asking, client_of, raw_server

FAR = "https://platform.example/v1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1"),
        ("HTTPS_PROXY", "gopher://127.0.0.1:1"),
        ("HTTPS_PROXY", "http://host:port"),
        ("SSL_CERT_FILE", "/nowhere/at/all.pem"),
    ],
)
def test_settings_that_cannot_be_used_are_told(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Unreachable, match="network settings") as caught:
        asking(client_of(address=FAR), lambda client: client.get(Nothing, "/x"))
    assert name in caught.value.way_out


def test_a_proxy_that_refuses_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> list[bytes]:
        seen: list[bytes] = []

        async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")

        async with raw_server(proxy) as address:
            monkeypatch.setenv("HTTPS_PROXY", address.removesuffix("/v1"))
            async with client_of(address=FAR) as client:
                with pytest.raises(Unreachable):
                    await client.post(Nothing, "/x", {})
        return seen

    seen = asyncio.run(ask())
    assert len(seen) == 1
    assert b"authorization" not in seen[0].lower()
