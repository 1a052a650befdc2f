"""Answers that are too slow, too large, cut, damaged or no answers at all."""

from __future__ import annotations

import asyncio
import gzip
import time

import pytest

from oai_tui.api.wire import Key, Listing
from oai_tui.core.errors import BadAnswer, TooSlow, Unreachable
from oai_tui.simulator.server import running
from tests.api.talking import Answer, Nothing, Platform, asking, client_of, raw_server

FINE = b'{"object": "list", "data": [], "has_more": false}'


def getting(body: bytes | object, *headers: tuple[str, str], kind: str | None = None) -> object:
    answer = Answer(200, body, headers, kind or "application/json")
    return asking(client_of(Platform(answer)), lambda c: c.get(Listing[Key], "/x"))


def test_the_deadline_holds_though_bytes_keep_coming() -> None:
    with running(now=1_795_350_000, faults=["slow-bytes=50"]) as served:
        client = client_of(address=served.base_url, key=served.admin_key, deadline=0.3)
        started = time.monotonic()
        with pytest.raises(TooSlow):
            asking(client, lambda c: c.get(Nothing, "/organization/projects"))
        assert 0.9 <= time.monotonic() - started < 20


def test_a_cancelled_read_closes_its_connection() -> None:
    async def cancel() -> bool:
        asked, left = asyncio.Event(), asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
            asked.set()
            await reader.read()
            left.set()

        async with raw_server(serve) as address, client_of(address=address) as client:
            task = asyncio.create_task(client.get(Nothing, "/x"))
            await asked.wait()
            task.cancel()
            await asyncio.wait({task})
            await asyncio.wait_for(left.wait(), 60)
            return task.cancelled()

    assert asyncio.run(cancel())


def test_a_body_has_a_largest_size_however_small_it_came() -> None:
    packed = gzip.compress(FINE + b" " * (65 << 20), compresslevel=1)
    with pytest.raises(BadAnswer, match="too large"):
        getting(packed, ("content-encoding", "gzip"))


def test_a_giant_body_of_the_platform_is_refused() -> None:
    with running(now=1_795_350_000, faults=["giant-body=65"]) as served:
        client = client_of(address=served.base_url, key=served.admin_key, deadline=30)
        with pytest.raises(BadAnswer, match="too large"):
            asking(client, lambda c: c.get(Nothing, "/organization/projects"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["https://evil.example/v1", "/v2", "http://[bad", "", "\ufffd"])
def test_a_key_is_not_carried_to_another_address(status: int, place: str) -> None:
    headers = (("location", place),)
    platform = Platform(Answer(status, b"", headers))
    with pytest.raises((BadAnswer, Unreachable)):
        asking(client_of(platform), lambda c: c.get(Nothing, "/x"))
    assert {asked.path for asked in platform.asked} == {"/v1/x"}
    assert {asked.headers["host"] for asked in platform.asked} == {"localhost"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        FINE[:-1],
        b'{"data": [], "has_more": NaN}',
        b'{"data": [], "x": Infinity}',
        b'{"data": [], "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"data": [], "x": ' + b'{"a":' * 200_000 + b"1" + b"}" * 200_000 + b"}",
        b'{"data": [{"id": "k", "created_at": ' + b"9" * 5_000 + b"}]}",
        b'{"data": [{"id": "\\ud800"}]}',
        b'{"data": [{"id": "\xff\xfe"}]}',
        b'{"data": [{"id": 7}]}',
        b'{"data": [{}]}',
        b'{"data": {}}',
        b'{"data": null}',
        b"{}",
        b"[]",
        b"null",
        b'"text"',
        b"\xef\xbb\xbf" + FINE,
        FINE + FINE,
    ],
    ids=lambda body: str(body[:40]),
)
def test_what_cannot_be_read_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer, match="could not be read"):
        getting(body)


def test_a_time_beyond_all_calendars_is_unknown() -> None:
    found = getting(b'{"data": [{"id": "k", "created_at": ' + b"9" * 400 + b', "expires_at": -1}]}')
    assert isinstance(found, Listing)
    key = found.data[0].to_core(None)
    assert (key.created_at, key.expires_at) == (None, None)


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/octet-stream", ""])
def test_what_is_not_json_is_refused(kind: str) -> None:
    platform = Platform(Answer(200, FINE, content_type=kind))
    with pytest.raises(BadAnswer, match="not JSON"):
        asking(client_of(platform), lambda c: c.get(Listing[Key], "/x"))


@pytest.mark.parametrize(
    "kind", ["Application/JSON; charset=utf-8", "application/problem+json", None]
)
def test_json_by_any_name_is_read(kind: str | None) -> None:
    platform = Platform(Answer(200, FINE, content_type=kind))
    assert asking(client_of(platform), lambda c: c.get(Listing[Key], "/x")).data == []


@pytest.mark.parametrize(
    "body",
    [FINE, gzip.compress(FINE)[:-12], gzip.compress(FINE)[:12] + b"\xff" * 20],
    ids=["none", "cut", "garbage"],
)
def test_a_damaged_compression_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        getting(body, ("content-encoding", "gzip"))


def test_a_sound_compression_is_read() -> None:
    assert getting(gzip.compress(FINE), ("content-encoding", "gzip"))


def test_a_cut_body_is_asked_for_again() -> None:
    with running(now=1_795_350_000, faults=["cut-body*2"]) as served:
        client = client_of(address=served.base_url, key=served.admin_key)
        assert asking(client, lambda c: c.get(Listing[Key], "/organization/projects")).data
        served.faults.set("cut-body")
        client = client_of(address=served.base_url, key=served.admin_key)
        with pytest.raises(Unreachable, match="broke before"):
            asking(client, lambda c: c.get(Listing[Key], "/organization/projects"))


def test_a_proxy_of_the_environment_gets_nothing_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def ask() -> int:
        stolen: list[bytes] = []

        async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            stolen.append(await reader.readuntil(b"\r\n\r\n"))

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

        async with raw_server(proxy) as other, raw_server(serve) as address:
            for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, other.removesuffix("/v1"))
            async with client_of(address=address) as client:
                await client.get(Nothing, "/x")
            return len(stolen)

    assert asyncio.run(ask()) == 0
