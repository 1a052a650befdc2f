from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from oai_tui.core.activity import HERE, Event
from oai_tui.core.activity_filter import ActivityFilter, Kind, Person
from oai_tui.core.activity_words import Subject, deed, detail_label, effect, subject_of
from oai_tui.core.period import Period

BOB = "bob@acme.io"
AT = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
CONTRACT = Path(__file__).resolve().parents[2] / "../shared/reference/openai-admin.openapi.json"


def event(type: str, **more: Any) -> Event:
    return Event("log_1", type, AT, BOB, "key_1", **more)


@pytest.mark.parametrize(
    ("type", "more", "words"),
    [
        ("api_key.created", {}, "created by bob@acme.io"),
        ("api_key.deleted", {}, "deleted by bob@acme.io"),
        ("api_key.updated", {"scopes": ()}, "scopes changed by bob@acme.io"),
        ("api_key.updated", {"expires_in": 60}, "expiry changed by bob@acme.io"),
        (
            "api_key.updated",
            {"scopes": ("api.all.read",), "expires_in": 60},
            "scopes and expiry changed by bob@acme.io",
        ),
        ("api_key.updated", {}, "changed by bob@acme.io"),
        ("api_key.created", {"scopes": ("api.all.read",)}, "created by bob@acme.io"),
        ("tenant.admin_api_key.created", {}, "created by bob@acme.io"),
        ("service_account.created", {}, "service account created by bob@acme.io"),
        ("rate_limit.updated", {}, "rate limit changed by bob@acme.io"),
        ("odd", {}, "odd by bob@acme.io"),
    ],
)
def test_words(type: str, more: dict[str, Any], words: str) -> None:
    assert event(type, **more).words() == words


def test_an_event_of_nobody() -> None:
    assert Event("log_1", "api_key.created", None, "", "key_1").words() == "created"


@pytest.mark.parametrize(
    ("type", "more", "words"),
    [
        ("api_key.created", {}, "created key"),
        ("api_key.updated", {"scopes": ()}, "changed scopes of key"),
        ("api_key.updated", {"expires_in": 60}, "changed expiry of key"),
        ("tenant.admin_api_key.deleted", {}, "deleted admin key"),
        ("service_account.deleted", {}, "deleted service account"),
        ("rate_limit.updated", {}, "changed rate limit"),
        ("rate_limit.deleted", {}, "reset rate limit"),
        ("login.succeeded", {}, "signed in"),
        ("login.failed", {}, "sign-in failed"),
        ("logout.failed", {}, "sign-out failed"),
        ("project.updated", {}, "changed project"),
        ("project.updated", {"details": (("title", "Web"),)}, "renamed project"),
        ("invite.sent", {}, "invited"),
        ("user.deleted", {}, "removed user"),
        ("tenant.billing.alerts.updated", {}, "changed billing alerts"),
        ("ip_allowlist.config.activated", {}, "activated IP allowlists"),
        ("odd.thing", {}, "odd.thing"),
        ("odd_thing.created", {}, "odd_thing.created"),
        ("api_key.teleported", {}, "api_key.teleported"),
        ("", {}, "did something untold"),
        ("here.set-limit", {"said": "set"}, "set"),
    ],
)
def test_what_was_done(type: str, more: dict[str, Any], words: str) -> None:
    assert deed(event(type, **more)) == words


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract is not here")
def test_every_documented_type_has_words_of_its_own() -> None:
    known = json.loads(CONTRACT.read_text())["components"]["schemas"]["AuditLogEventType"]["enum"]
    assert [type for type in known if deed(event(type)) == type] == []
    ours = {type for kind in Kind for type in (*kind.types, *kind.tenant_types)}
    assert ours <= set(known)


@pytest.mark.parametrize(
    ("type", "more", "words"),
    [
        ("api_key.created", {"scopes": ()}, "all permissions"),
        ("api_key.created", {"scopes": ("a.read", "b.read")}, "scopes a.read b.read"),
        ("api_key.created", {"scopes": ("a",) * 9}, "9 scopes"),
        ("api_key.updated", {"expires_in": 86400}, "expires 23 Nov 2026"),
        ("api_key.updated", {"expires_in": 10**15}, "expires 11574074074 d later"),
        (
            "rate_limit.updated",
            {"details": (("max_requests_per_1_minute", "5000"), ("max_requests_per_1_day", "9"))},
            "5,000 requests a minute, 9 requests a day",
        ),
        ("user.updated", {"details": (("role", "owner"),)}, "role owner"),
        ("project.updated", {"details": (("title", "Web"),)}, "Web"),
        ("login.failed", {"details": (("error_code", "mfa"),)}, "mfa"),
        (
            "login.failed",
            {"details": (("error_code", "mfa"), ("error_message", "No second factor."))},
            "No second factor (mfa)",
        ),
        ("here.x", {"recorded_here": True, "was": "$9.00", "is_now": "$5.00"}, "$9.00 → $5.00"),
        ("here.x", {"recorded_here": True, "was": "$9.00"}, "$9.00 → —"),
        ("scim.enabled", {}, ""),
    ],
)
def test_what_it_came_to(type: str, more: dict[str, Any], words: str) -> None:
    assert effect(event(type, **more)) == words


def test_an_expiry_without_a_time_is_told_as_a_length() -> None:
    told = Event("log_1", "api_key.updated", None, BOB, "key_1", expires_in=86400)
    assert effect(told) == "expires 1 d later"


@pytest.mark.parametrize(
    ("type", "subject"),
    [
        ("api_key.created", Subject.KEY),
        ("tenant.admin_api_key.deleted", Subject.KEY),
        ("service_account.updated", Subject.ACCOUNT),
        ("project.archived", Subject.PROJECT),
        ("login.failed", Subject.USER),
        ("certificate.created", Subject.OTHER),
    ],
)
def test_what_it_is_about(type: str, subject: Subject) -> None:
    assert subject_of(event(type)) is subject


def test_details_by_the_names_people_use() -> None:
    assert detail_label("max_tokens_per_1_minute") == "tokens a minute"
    assert detail_label("principal_id") == "principal id"
    told = event("invite.sent", details=(("email", ""), ("role", "owner")))
    assert (told.detail("email", "role"), told.detail("name")) == ("owner", "")


NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (ActivityFilter(), True),
        (ActivityFilter(kind=Kind.KEYS), True),
        (ActivityFilter(kind=Kind.LOGINS), False),
        (ActivityFilter(kind=Kind.LIMITS), False),
        (ActivityFilter(person=Person("user_1", "BOB@acme.io")), True),
        (ActivityFilter(person=Person("user_2", "al@acme.io")), False),
        (ActivityFilter(person=Person("user_1")), True),
        (ActivityFilter(person=Person("user_2")), False),
        (ActivityFilter(person=Person(HERE)), False),
        (ActivityFilter(project_id="proj_1"), True),
        (ActivityFilter(project_id="proj_2"), False),
        (ActivityFilter(period=NOVEMBER), True),
        (ActivityFilter(period=NOVEMBER.shifted(-1)), False),
        (ActivityFilter(text="never looked at"), True),
    ],
)
def test_what_a_filter_lets_through(wanted: ActivityFilter, passes: bool) -> None:
    told = event("api_key.created", actor_id="user_1", actor_email=BOB)
    assert wanted.admits(told, "proj_1") is passes


def test_lines_recorded_here_are_limits_of_nobody_but_this_program() -> None:
    own = event("here.set-limit", recorded_here=True)
    assert ActivityFilter(kind=Kind.LIMITS).admits(own, "")
    assert ActivityFilter(person=Person(HERE)).admits(own, "")
    assert not ActivityFilter(kind=Kind.KEYS).admits(own, "")
    assert not ActivityFilter(person=Person("user_1", BOB)).admits(own, "")


def test_a_text_needs_each_of_its_words() -> None:
    wanted = ActivityFilter(text="Bob  CREATED")
    assert wanted.matches("bob@acme.io\ncreated key")
    assert not wanted.matches("bob@acme.io\ndeleted key")
    assert ActivityFilter().is_empty
    assert not wanted.is_empty
