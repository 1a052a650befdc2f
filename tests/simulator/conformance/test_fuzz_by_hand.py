"""Requests nobody would write: queries, bodies, addresses and keys of every wrong kind."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.simulator.conformance.serving import (
    MIDNIGHT,
    PREFIX,
    Platform,
    furnished,
    names,
    platform,
    served,
)

bounded = settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SERVED = served(furnished())
READ = [address for method, address in SERVED if method == "GET"]
CHANGED = [address for method, address in SERVED if method == "POST"]
PARAMETERS = (
    "limit", "after", "before", "order", "page", "start_time", "end_time", "bucket_width",
    "group_by", "group_by[]", "group_by[0]", "project_ids", "project_ids[]", "models[]", "batch",
    "line_items", "effective_at[gt]", "effective_at[lte]", "effective_at", "event_types[]",
    "actor_emails[]", "tenant_only", "include_archived", "owner_project_access", "emails",
)  # fmt: skip
FIELDS = (
    "name", "role", "scopes", "expires_in_seconds", "create_service_account_only", "email",
    "user_id", "projects", "threshold_amount", "currency", "interval", "notification_channel",
    "max_requests_per_1_minute", "residency", "geography", "external_key_id", "role_id",
)  # fmt: skip
NASTY = (
    "", " ", "0", "-1", "1.5", "1e3", "٣", "9" * 18, "9" * 400, "-" + "9" * 30, "NaN", "null",
    "true", "\x00", "\ud7ff", "é" * 50, "𝟙", "a,b", "[]", "x" * 20_000, "../..", "%00", "page_AAAA",
    "1d", "project_id", "user_id", "asc", "\r\nX: 1",
)  # fmt: skip
values = st.sampled_from(NASTY) | st.text(max_size=20) | st.integers().map(str)
queries = st.lists(st.tuples(st.sampled_from(PARAMETERS) | st.text(max_size=8), values), max_size=6)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(NASTY)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner),
    max_leaves=8,
)
bodies = st.dictionaries(st.sampled_from(FIELDS), trees, max_size=5) | trees
DEEP = b'{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
RAW = (
    b"", b"no json", b"\xff\xfe", b'{"name": NaN}', b'{"name": "\\ud800"}', b'{"name": 1e999}',
    b'{"expires_in_seconds": ' + b"9" * 5_000 + b"}", b'{"name": "a"', b"[1]", b"null",
    b'{"name": "a", "name": null}', b'{"scopes": null}', b'"text"', b"\x00", DEEP,
)  # fmt: skip


def stands(answer: httpx.Response) -> None:
    """The answer is none of a broken server: JSON, and an envelope when it refuses."""
    assert answer.status_code < 500
    assert "Traceback" not in answer.text
    body = answer.json()
    if answer.status_code < 400:
        assert isinstance(body["object"] if isinstance(body, dict) else None, str)
        return
    error = body.get("error", {"message": body.get("message"), "code": body.get("code")})
    assert isinstance(error, str) or isinstance(error["message"], str)


def path_of(service: Platform, address: str) -> str:
    return address.format(**names(service.world, address))


@pytest.mark.parametrize("address", READ)
def test_any_query(address: str) -> None:
    with platform() as service:
        path = path_of(service, address)
        key = next(k for k in service.world.keys.values() if service.world.is_live(k))
        signed = service.world.admin_key if address.startswith(PREFIX) else key.value

        @bounded
        @given(queries, st.booleans())
        @example([("limit", "9" * 5_000)], True)
        @example([("bucket_width", "1m"), ("limit", "1440"), ("group_by", "model")], True)
        def ask(pairs: list[tuple[str, str]], timed: bool) -> None:
            timed_pairs = [("start_time", str(MIDNIGHT))] if timed else []
            stands(service.call("GET", path, key=signed, params=[*timed_pairs, *pairs]))

        ask()


@pytest.mark.parametrize("address", READ)
@pytest.mark.parametrize(
    "raw", ["%", "%ff=%fe", "=&=&;", "&" * 3_000, "limit=%00&limit=2", "a[b][c]=1"]
)
def test_any_raw_query(address: str, raw: str) -> None:
    with platform() as service:
        stands(service.call("GET", f"{path_of(service, address)}?{raw}"))


@pytest.mark.parametrize("address", CHANGED)
def test_any_body(address: str) -> None:
    with platform() as service:
        fixed = path_of(service, address)

        @bounded
        @given(bodies)
        def ask(body: Any) -> None:
            content = json.dumps(body).encode("utf-8", "surrogatepass")
            stands(service.call("POST", fixed, content=content))

        ask()


@pytest.mark.parametrize("address", CHANGED)
def test_bodies_that_are_no_object(address: str) -> None:
    with platform() as service:
        path = path_of(service, address)
        for raw in RAW:
            stands(service.call("POST", path, content=raw))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_refused(number: str) -> None:
    with platform() as service:
        content = f'{{"name": "new", "unread": {number}}}'.encode()
        assert service.call("POST", f"{PREFIX}/projects", content=content).status_code == 400


@pytest.mark.parametrize(("method", "address"), SERVED)
def test_any_id(method: str, address: str) -> None:
    with platform() as service:
        fields = names(service.world, address)
        for nasty in ("%00", "%2F", "..", "%F0%9F%98%80", "x" * 5_000, "%20", "%7B%7D", "-1"):
            for name in fields:
                path = address.format(**{**fields, name: nasty})
                if path != address.format(**fields) and method != "DELETE":
                    stands(service.call(method, path))


@bounded
@given(
    st.binary(max_size=60) | st.sampled_from([b"Bearer", b"Bearer ", b"Basic x", b"Bearer \xff"])
)
def test_any_signature(signature: bytes) -> None:
    with platform() as service:
        try:
            signature.decode("latin-1").encode("latin-1")
            headers = {"authorization": signature.replace(b"\r", b"").replace(b"\n", b"")}
        except UnicodeError:
            return
        for path in ("/v1/models", f"{PREFIX}/projects", f"{PREFIX}/costs"):
            answer = service.call("GET", path, headers=headers)
            stands(answer)
            assert answer.status_code == 401


@pytest.mark.parametrize("method", ["PATCH", "PUT", "OPTIONS", "HEAD", "TRACE", "DELETE", "BREW"])
def test_any_method(method: str) -> None:
    with platform() as service:
        for address in READ:
            answer = service.call(method, path_of(service, address))
            if answer.text:
                stands(answer)
            assert answer.status_code < 500
