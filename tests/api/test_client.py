"""One request: how it is signed, written, repeated and waited for."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from oai_tui import __version__
from oai_tui.api.exchange import Params
from oai_tui.api.wire import Deleted, ProjectItem
from oai_tui.core.errors import (
    ApiProblem,
    NotFound,
    PlatformDown,
    RateLimited,
    Rejected,
    TooSlow,
    Unreachable,
)
from tests.api.talking import NOW, Answer, Nothing, Platform, Waits, asking, client_of, closed_port
from tests.canary import CANARY

FINE = Answer(body={"id": "proj_1"})
BROKEN = ConnectionResetError("gone")


def too_many(after: str | None = None, code: str = "rate_limit_exceeded") -> Answer:
    headers = () if after is None else (("retry-after", after),)
    error = {"message": "Too many.", "type": "rate_limit_error", "param": None, "code": code}
    return Answer(429, {"error": error}, headers)


def test_a_request_is_signed_and_says_who_asks() -> None:
    platform = Platform(FINE)
    asking(client_of(platform), lambda c: c.get(ProjectItem, "/organization/projects/proj_1"))
    asked = platform.asked[0]
    assert (asked.method, asked.path) == ("GET", "/v1/organization/projects/proj_1")
    assert asked.headers["authorization"] == f"Bearer {CANARY}"
    assert asked.headers["user-agent"] == f"oai-tui/{__version__}"
    assert "openai-organization" not in asked.headers


def test_parameters_are_written_as_the_official_client_does() -> None:
    platform = Platform(FINE)
    params: Params = {
        "limit": 31,
        "group_by": ("model", "project_id"),
        "include_archived": True,
        "batch": False,
        "page": None,
        "after": "a&b=c d/é",
        "nothing": (),
    }
    asking(client_of(platform), lambda c: c.get(ProjectItem, "/x", params))
    assert platform.asked[0].query == [
        ("limit", "31"),
        ("group_by[]", "model"),
        ("group_by[]", "project_id"),
        ("include_archived", "true"),
        ("batch", "false"),
        ("after", "a&b=c d/é"),
    ]


def test_a_change_is_sent_as_json() -> None:
    platform = Platform(FINE)
    asking(client_of(platform), lambda c: c.post(ProjectItem, "/x", {"name": "é", "n": 1}))
    assert json.loads(platform.asked[0].body) == {"name": "é", "n": 1}
    assert platform.asked[0].headers["content-type"] == "application/json"


def test_the_organization_is_learned_from_an_answer_and_cleaned() -> None:
    client = client_of(Platform(Answer(headers=(("openai-organization", "acme\x9b"),)), Answer()))

    async def ask() -> str | None:
        async with client:
            await client.get(Nothing, "/x")
            await client.get(Nothing, "/x")
            return client.organization

    assert asyncio.run(ask()) == "acme\ufffd"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_reads_and_deletions_are_tried_again(status: int) -> None:
    platform = Platform(Answer(status), Answer(status), Answer(body={"deleted": True, "id": "x"}))
    waits = Waits()
    assert asking(client_of(platform, sleep=waits), lambda c: c.delete(Deleted, "/x")).deleted
    assert len(platform.asked) == 3
    assert waits.slept == [0.5, 1.0]


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Answer(500), PlatformDown),
        (Answer(502, b"<html>", content_type="text/html"), PlatformDown),
        (Answer(503), PlatformDown),
        (Answer(408), TooSlow),
        (Answer(504), TooSlow),
        (too_many(), RateLimited),
        (BROKEN, Unreachable),
    ],
)
def test_three_tries_are_all(failure: Answer | Exception, kind: type[ApiProblem]) -> None:
    platform = Platform(failure)
    with pytest.raises(kind):
        asking(client_of(platform), lambda c: c.get(Nothing, "/x"))
    assert len(platform.asked) == 3


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 418, 422, 501, 505, 520, 524])
def test_what_will_not_pass_is_not_tried_again(status: int) -> None:
    platform = Platform(Answer(status))
    with pytest.raises(ApiProblem):
        asking(client_of(platform), lambda c: c.get(Nothing, "/x"))
    assert len(platform.asked) == 1


def test_a_lost_deletion_that_was_made_is_told_as_not_found() -> None:
    platform = Platform(BROKEN, Answer(404))
    with pytest.raises(NotFound):
        asking(client_of(platform), lambda c: c.delete(Deleted, "/x"))


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_change_is_never_sent_twice(status: int) -> None:
    platform = Platform(Answer(status), FINE)
    with pytest.raises(ApiProblem):
        asking(client_of(platform), lambda c: c.post(ProjectItem, "/x", {}))
    assert len(platform.asked) == 1


@pytest.mark.parametrize(
    ("after", "waited"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("2.5", 2.5),
        ("60", 60.0),
        (format_datetime(NOW + timedelta(seconds=42), usegmt=True), 42.0),
        (format_datetime(NOW - timedelta(seconds=42), usegmt=True), 0.0),
        ("soon", 0.5),
        ("-3", 0.5),
        ("²", 0.5),
        ("", 0.5),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_asked_for_is_kept_and_told(status: int, after: str, waited: float) -> None:
    waits, told = Waits(), list[tuple[float, str]]()
    busy = Answer(status, too_many().body, (("retry-after", after),))
    client = client_of(
        Platform(busy, FINE), sleep=waits, on_wait=lambda s, why: told.append((s, why))
    )
    asking(client, lambda c: c.get(ProjectItem, "/x"))
    assert waits.slept == [waited]
    assert told[0][0] == waited
    assert told[0][1].startswith("The platform")


@pytest.mark.parametrize(
    ("after", "wait", "told"),
    [
        ("61", 61.0, "61 s"),
        ("600", 600.0, "10 min"),
        (format_datetime(NOW + timedelta(days=2), usegmt=True), 172_800.0, "2 d"),
    ],
)
def test_a_long_wait_is_told_instead_of_waited(after: str, wait: float, told: str) -> None:
    platform, waits = Platform(too_many(after)), Waits()
    with pytest.raises(RateLimited) as caught:
        asking(client_of(platform, sleep=waits), lambda c: c.get(Nothing, "/x"))
    assert caught.value.wait == wait
    assert f"wait {told}" in str(caught.value)
    assert (len(platform.asked), waits.slept) == (1, [])


BILLING = (
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
)


@pytest.mark.parametrize("code", BILLING)
@pytest.mark.parametrize("field", ["code", "type"])
def test_money_that_is_used_up_is_not_waited_for(code: str, field: str) -> None:
    error = {"message": "No.", "type": "rate_limit_error", "code": "something_new"} | {field: code}
    platform = Platform(Answer(429, {"error": error}))
    with pytest.raises(Rejected) as caught:
        asking(client_of(platform), lambda c: c.get(Nothing, "/x"))
    assert len(platform.asked) == 1
    assert "used up" in caught.value.what or "limit is reached" in caught.value.what


def test_nobody_listening_is_unreachable_whatever_was_asked() -> None:
    address = closed_port()
    waits = Waits()
    with pytest.raises(Unreachable, match="cannot be reached"):
        asking(client_of(address=address, sleep=waits), lambda c: c.get(Nothing, "/x"))
    assert len(waits.slept) == 2
    with pytest.raises(Unreachable, match="cannot be reached"):
        asking(client_of(address=address), lambda c: c.post(Nothing, "/x", {}))


def test_eight_requests_at_most_run_side_by_side() -> None:
    running = most = 0

    async def platform(scope: object, receive: object, send: object) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(20):
            await asyncio.sleep(0)
        running -= 1
        await Platform(FINE)(scope, receive, send)

    async def ask() -> None:
        async with client_of(platform) as client:
            await asyncio.gather(*(client.get(ProjectItem, "/x") for _ in range(30)))

    asyncio.run(ask())
    assert most == 8
