from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.keys import ApiKey, KeyKind, Owner, Project, health, matches

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWNER = Owner("user", "user_1", "Alice Chen", "alice@acme.io")
KEY = ApiKey(
    id="key_9QxAbC",
    name="ci-deploy",
    kind=KeyKind.PROJECT,
    masked="sk-proj…w3fK",
    created_at=NOW - timedelta(days=400),
    last_used_at=NOW - timedelta(hours=2),
    owner=OWNER,
    owner_access="active",
    project=Project("proj_1", "Web"),
)
MOMENTS = st.none() | st.datetimes(
    datetime(2001, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)
)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    ("changes", "word", "tone"),
    [
        ({}, "in use", "good"),
        ({"expires_at": NOW}, "expired", "bad"),
        ({"expires_at": ago(days=1), "owner_access": "inactive"}, "expired", "bad"),
        ({"owner_access": "inactive"}, "owner gone", "bad"),
        ({"owner_access": "inactive", "expires_at": ago(days=-1)}, "owner gone", "bad"),
        ({"owner_access": "suspended"}, "in use", "good"),
        ({"expires_at": ago(days=-14)}, "expiring", "warn"),
        ({"expires_at": ago(days=-14, seconds=-1)}, "in use", "good"),
        ({"last_used_at": ago(days=90)}, "in use", "good"),
        ({"last_used_at": ago(days=90, seconds=1)}, "stale", "warn"),
        ({"last_used_at": None}, "not seen", "warn"),
        ({"last_used_at": None, "created_at": ago(days=7)}, "new", "muted"),
        ({"last_used_at": None, "created_at": ago(days=7, seconds=1)}, "not seen", "warn"),
        ({"last_used_at": None, "created_at": None}, "new", "muted"),
    ],
)
def test_health(changes: dict[str, object], word: str, tone: str) -> None:
    found = health(replace(KEY, **changes), NOW)  # type: ignore[arg-type]
    assert (found.word, found.tone) == (word, tone)
    assert found.why.endswith(".")


def test_why_tells_how_long() -> None:
    assert health(replace(KEY, expires_at=ago(days=-12)), NOW).why == "Expires in 12 d."
    assert health(replace(KEY, expires_at=ago(days=12)), NOW).why == "Expired 12 d ago."
    assert health(KEY, NOW).why == "Last seen used 2 h ago."


@given(MOMENTS, MOMENTS, MOMENTS, st.sampled_from(["", "active", "inactive", "odd"]))
def test_what_needs_a_person_weighs_more(
    created: datetime | None, used: datetime | None, expires: datetime | None, access: str
) -> None:
    key = replace(
        KEY, created_at=created, last_used_at=used, expires_at=expires, owner_access=access
    )
    found = health(key, NOW)
    assert {"bad": 4, "warn": 1}.get(found.tone, 0) <= found.weight
    assert found.weight <= {"bad": 5, "warn": 3}.get(found.tone, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("CI-dep", True),
        ("alice web", True),
        ("alice demo", False),
        ("!demo", True),
        ("!web", False),
        ("in use !stale", True),
        ("w3fk", True),
        ("key_9qx", True),
        ("user project", True),
        ("organization", False),
        ("!", True),
    ],
)
def test_filters(text: str, found: bool) -> None:
    assert matches(KEY, NOW, text) is found


def test_an_admin_key_belongs_to_the_organization() -> None:
    key = replace(KEY, kind=KeyKind.ADMIN, project=None, owner=None)
    assert matches(key, NOW, "organization admin")


def test_owners_and_projects() -> None:
    assert OWNER.label == "Alice Chen"
    assert replace(OWNER, name="").label == "alice@acme.io"
    assert Owner("", "user_1", "").label == "user_1"
    assert Owner("service_account", "svc_1", "ci").is_service_account
    assert not OWNER.is_service_account
    assert Project("proj_1", "Web", "archived").is_archived
    assert not Project("proj_1", "Web").is_archived
