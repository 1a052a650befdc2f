"""Answers that say no, in every shape that was seen or promised."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from oai_tui.core.errors import (
    ApiProblem,
    BadAnswer,
    KeyRefused,
    MissingScope,
    NotFound,
    PlatformDown,
    RateLimited,
    Rejected,
)
from oai_tui.core.text import HARMFUL
from tests.api.talking import Answer, Nothing, Platform, asking, client_of
from tests.canary import CANARY, leaks

RECORDED = (
    Path(__file__).resolve().parents[2] / "../shared/data/recorded/error_bodies_observed.json"
)
SCOPES = (
    "You have insufficient permissions for this operation. Missing scopes: api.usage.read. Check "
    "that you have the correct role in your organization (Reader, Writer, Owner), and if you're "
    "using a restricted API key, that it has the necessary scopes."
)
WRONG_KEY = "Incorrect API key provided: sk-admin-****cdef. You can find your API key at …."


def envelope(message: str, code: str | int | None = None, **more: object) -> dict[str, object]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": code, **more}}


def refused(status: int, body: object, **more: Any) -> ApiProblem:
    answer = Answer(status, body, (("x-request-id", "req_1"),), **more)
    with pytest.raises(ApiProblem) as caught:
        asking(client_of(Platform(answer)), lambda c: c.get(Nothing, "/x"))
    problem = caught.value
    assert problem.request_id == "req_1"
    assert problem.what
    assert not HARMFUL.search(str(problem))
    return problem


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "body",
    [
        {"error": SCOPES},
        {"error": "Missing scopes: api.usage.read."},
        {"error": "Missing scopes: api.usage.read"},
        envelope(SCOPES),
        envelope(SCOPES, param=None, type="server_error"),
        {"code": 403, "message": SCOPES},
    ],
)
def test_missing_scopes_are_known_by_their_text(status: int, body: object) -> None:
    problem = refused(status, body)
    assert isinstance(problem, MissingScope)
    assert problem.scopes == ("api.usage.read",)
    assert "api.usage.read" in problem.what


def test_several_missing_scopes() -> None:
    body = {"error": "Missing scopes: api.management.read, api.usage.read. Check that."}
    problem = refused(403, body)
    assert isinstance(problem, MissingScope)
    assert problem.scopes == ("api.management.read", "api.usage.read")


@pytest.mark.parametrize("body", [envelope(WRONG_KEY, "invalid_api_key"), b"", {"error": None}])
def test_a_wrong_key(body: object) -> None:
    problem = refused(401, body)
    assert isinstance(problem, KeyRefused)
    assert "wrong, revoked or expired" in problem.what


def test_a_key_that_is_refused_for_another_reason() -> None:
    problem = refused(401, envelope("Your IP address is not authorized.", "ip_not_authorized"))
    assert isinstance(problem, KeyRefused)
    assert problem.what.endswith("Your IP address is not authorized.")


def test_a_403_without_scopes_says_why() -> None:
    body = envelope("Country, region, or territory not supported", "unsupported_country")
    problem = refused(403, body)
    assert isinstance(problem, MissingScope)
    assert problem.scopes == ()
    assert "territory not supported" in problem.what


@pytest.mark.parametrize(
    "body", [envelope("No such key: key_1."), {"code": 404, "message": "No such key: key_1."}]
)
def test_not_found(body: object) -> None:
    problem = refused(404, body)
    assert isinstance(problem, NotFound)
    assert problem.what == "The platform does not know this: No such key: key_1."


@pytest.mark.parametrize("status", [400, 409, 422])
def test_what_the_platform_rejects_is_quoted(status: int) -> None:
    problem = refused(status, envelope("Project is archived.", 17))
    assert isinstance(problem, Rejected)
    assert problem.detail == "Project is archived."
    assert problem.what == f"The platform refused this ({status}): Project is archived."


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, envelope("Slow down.", "slow_down", type="rate_limit_error"), RateLimited),
        (500, envelope("The server had an error.", type="server_error"), PlatformDown),
        (503, envelope("Overloaded.", "server_is_overloaded"), PlatformDown),
        (307, b"", BadAnswer),
    ],
)
def test_the_other_kinds(status: int, body: object, kind: type[ApiProblem]) -> None:
    assert type(refused(status, body)) is kind


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"plain text",
        b"<html>Bad gateway</html>",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"7",
        b'{"error": []}',
        b'{"error": {"message": null}}',
        b'{"error": {"message": {"a": 1}, "code": 500}}',
        b'{"error": {"message": NaN}}',
        b'{"error": ' + b"[" * 200_000,
        b'{"error": "' + b"x" * 200_000 + b'"}',
    ],
    ids=lambda body: str(body[:30]),
)
def test_no_body_breaks_the_reader(status: int, body: bytes) -> None:
    refused(status, body, content_type=None)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_hostile_words_are_cleaned_and_keys_taken_out(status: int) -> None:
    message = f"No \x1b]52;c;x\x07 \u202e to {CANARY} \n and {CANARY[:40]}"
    for body in (envelope(message), {"error": message}, {"code": 1, "message": message}):
        problem = refused(status, body)
        told = f"{problem} {problem!r} {getattr(problem, 'detail', '')}"
        assert not leaks(CANARY, told)
        assert not HARMFUL.search(told)


def test_a_request_id_is_no_way_in_either() -> None:
    headers = (("x-request-id", f"req {CANARY} \x9b31m"),)
    with pytest.raises(Rejected) as caught:
        asking(client_of(Platform(Answer(400, b"", headers))), lambda c: c.get(Nothing, "/x"))
    assert caught.value.request_id == "req <key removed> \ufffd31m"


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded answers are not here")
def test_recorded_errors() -> None:
    recorded = json.loads(RECORDED.read_text())
    problems = [refused(each["status"], each["body"] if each["body"] else b"") for each in recorded]
    assert [type(problem) for problem in problems] == [
        MissingScope,
        MissingScope,
        KeyRefused,
        MissingScope,
    ]
    scopes = [problem.scopes for problem in problems if isinstance(problem, MissingScope)]
    assert scopes == [("api.usage.read",), ("api.management.read",), ()]
    assert "session key" in problems[3].what
