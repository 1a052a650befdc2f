from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.facts import KeyFacts
from oai_tui.core.health import NEEDS_PERSON, Ailment, Finding, findings
from oai_tui.core.keys import ApiKey, KeyKind, Owner, Project
from oai_tui.core.thresholds import Thresholds

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWNER = Owner("user", "user_1", "Alice Chen", "alice@acme.io")
KEY = ApiKey(
    id="key_9QxAbC",
    name="ci-deploy",
    kind=KeyKind.PROJECT,
    masked="sk-proj…w3fK",
    created_at=NOW - timedelta(days=400),
    last_used_at=NOW - timedelta(hours=2),
    expires_at=NOW + timedelta(days=300),
    owner=OWNER,
    owner_access="active",
    project=Project("proj_1", "Web"),
)
BUSY = KeyFacts(requests=12, cost=Decimal("0.40"))
MOMENTS = st.none() | st.datetimes(
    datetime(2001, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)
)
FACTS = st.builds(
    KeyFacts, st.none() | st.integers(0, 9), st.none() | st.decimals(0, 9, allow_nan=False)
)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def words(found: tuple[Finding, ...]) -> list[str]:
    return [each.word for each in found]


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
        ({"expires_at": None}, "in use", "good"),
        ({"last_used_at": ago(days=90)}, "in use", "good"),
        ({"last_used_at": ago(days=90, seconds=1)}, "stale", "warn"),
        ({"last_used_at": None}, "not seen", "warn"),
        ({"last_used_at": None, "created_at": ago(days=7)}, "new", "muted"),
        ({"last_used_at": None, "created_at": ago(days=7, seconds=1)}, "not seen", "warn"),
        ({"last_used_at": None, "created_at": None}, "new", "muted"),
        ({"kind": KeyKind.DELETED, "last_used_at": None}, "deleted", "muted"),
        ({"kind": KeyKind.ACCOUNT, "last_used_at": None}, "no key", "muted"),
    ],
)
def test_the_most_pressing(changes: dict[str, object], word: str, tone: str) -> None:
    found = findings(replace(KEY, **changes), NOW)[0]  # type: ignore[arg-type]
    assert (found.word, found.tone) == (word, tone)
    assert found.why.endswith(".")


def test_why_tells_how_long() -> None:
    assert findings(replace(KEY, expires_at=ago(days=-12)), NOW)[0].why == "Expires in 12 d."
    assert findings(replace(KEY, expires_at=ago(days=12)), NOW)[0].why == "Expired 12 d ago."
    assert findings(KEY, NOW)[0].why == "Last seen used 2 h ago."
    old = findings(KEY, NOW, thresholds=Thresholds(oldest_days=365))[0]
    assert old.why == "Created 400 d ago; the policy is at most 365 d."


def test_everything_is_told_in_the_order_it_presses() -> None:
    gone = replace(
        KEY, owner_access="inactive", expires_at=ago(days=-3), last_used_at=ago(days=200)
    )
    found = findings(gone, NOW, BUSY, Thresholds(oldest_days=90), is_duplicate=True)
    assert words(found) == ["spending", "owner gone", "expiring", "old", "same name"]
    assert [each.weight for each in found] == [6, 4, 3, 2, 1]


def test_no_expiry_is_told_last_and_needs_nobody() -> None:
    found = findings(replace(KEY, expires_at=None), NOW)
    assert words(found) == ["in use", "no expiry"]
    assert found[-1].weight == 0


@pytest.mark.parametrize(
    "facts", [KeyFacts(requests=1), KeyFacts(cost=Decimal("0.01")), KeyFacts(1, Decimal(0))]
)
def test_an_owner_gone_and_spending_is_the_worst(facts: KeyFacts) -> None:
    gone = replace(KEY, owner_access="inactive")
    assert words(findings(gone, NOW, facts))[:2] == ["spending", "owner gone"]
    assert words(findings(KEY, NOW, facts)) == ["in use"]


@pytest.mark.parametrize("facts", [KeyFacts(), KeyFacts(0, Decimal(0)), KeyFacts(0, None)])
def test_what_is_not_known_is_not_spending(facts: KeyFacts) -> None:
    gone = replace(KEY, owner_access="inactive")
    assert words(findings(gone, NOW, facts)) == ["owner gone"]


def test_an_expired_key_spends_no_more() -> None:
    gone = replace(KEY, owner_access="inactive", expires_at=ago(days=2))
    found = findings(gone, NOW, BUSY)
    assert words(found) == ["expired", "owner gone"]
    assert "answers" not in found[1].why


def test_reported_requests_are_use() -> None:
    unseen, unused = replace(KEY, last_used_at=None), replace(KEY, last_used_at=ago(days=200))
    assert words(findings(unseen, NOW, BUSY)) == ["in use"]
    assert words(findings(unused, NOW, BUSY)) == ["in use"]
    # The facts look back further than this policy, so they do not clear a key of it.
    assert words(findings(unused, NOW, BUSY, Thresholds(stale_days=7))) == ["stale"]


def test_the_thresholds_decide() -> None:
    key = replace(KEY, expires_at=ago(days=-20), last_used_at=ago(days=40))
    assert words(findings(key, NOW)) == ["in use"]
    strict = Thresholds(expiring_days=30, stale_days=30)
    assert words(findings(key, NOW, thresholds=strict)) == ["expiring", "stale"]
    young = replace(KEY, last_used_at=None, created_at=ago(days=20))
    assert words(findings(young, NOW, thresholds=Thresholds(young_days=30))) == ["new"]


@given(MOMENTS, MOMENTS, MOMENTS, st.sampled_from(["", "active", "inactive", "odd"]), FACTS)
def test_what_needs_a_person_weighs_more(
    created: datetime | None,
    used: datetime | None,
    expires: datetime | None,
    access: str,
    facts: KeyFacts,
) -> None:
    key = replace(
        KEY, created_at=created, last_used_at=used, expires_at=expires, owner_access=access
    )
    found = findings(key, NOW, facts)
    weights = [each.weight for each in found]
    assert weights == sorted(weights, reverse=True)
    assert len(found) == len({each.word for each in found})
    for each in found:
        assert (each.tone == "bad") <= (each.weight >= NEEDS_PERSON)
        assert (each.tone == "warn") == (each.weight in (1, 2, 3) and each.ailment is not None)
        assert (each.weight > 0) <= (each.ailment is not None)


def test_every_ailment_can_be_found() -> None:
    sick = [
        (replace(KEY, owner_access="inactive", last_used_at=ago(days=200)), BUSY),
        (replace(KEY, expires_at=NOW), KeyFacts()),
        (replace(KEY, expires_at=ago(days=-1)), KeyFacts()),
        (replace(KEY, expires_at=None, last_used_at=None), KeyFacts()),
        (replace(KEY, last_used_at=ago(days=200)), KeyFacts()),
    ]
    policy = Thresholds(oldest_days=30)
    found = {
        each.ailment
        for key, facts in sick
        for each in findings(key, NOW, facts, policy, is_duplicate=True)
    }
    assert found - {None} == set(Ailment)
