from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.estate import EstateRow
from oai_tui.core.facts import KeyFacts
from oai_tui.core.health import Ailment, findings
from oai_tui.core.key_filter import parse
from oai_tui.core.keys import KeyKind
from tests.core.test_estate import row
from tests.core.test_health import KEY, NOW

ALICE = row()
STALE = row(name="old one", last_used_at=NOW - timedelta(days=200), expires_at=None)
ADMIN = row(kind=KeyKind.ADMIN, project=None, owner=None)
ROWS = (ALICE, STALE, ADMIN, row(owner_access="inactive"), row(kind=KeyKind.ACCOUNT))
FIELDS = ("name", "project", "owner", "kind", "state", "id", "key", "expires", "odd")
TEXTS = st.text() | st.lists(
    st.builds("".join, st.tuples(st.sampled_from(("", "!", "!!", '"')), st.text('ab:"! ß\n')))
    | st.builds("{}:{}".format, st.sampled_from(FIELDS), st.text('ae"!: ')),
).map(" ".join)
WORDS = st.text(min_size=1).filter(lambda t: not any(c.isspace() or c in '"!' for c in t)) | (
    st.builds("{}:{}".format, st.sampled_from(FIELDS), st.sampled_from(("never", "soon", "a", "e")))
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ()),
        ("CI two", ("“ci”", "“two”")),
        ('!"a b" project:web', ("not “a b”", "project: “web”")),
        ("!expires:never owner:", ("expires: not “never”", "owner: …")),
        ("expires:30d", ("“expires:30d” as a word (only never or soon)",)),
        ("team:web", ("“team:web” as a word (no such field)",)),
    ],
)
def test_each_part_is_told_as_it_was_understood(text: str, said: tuple[str, ...]) -> None:
    assert parse(text).said == said


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
        ("!!web", True),
        ("!!demo", False),
        ('"in use"', True),
        ('"use in"', False),
        ('"alice ch', True),
        ("name:ci", True),
        ("name:alice", False),
        ("NAME:CI", True),
        ("project:web", True),
        ("project:proj_1", True),
        ("!project:web", False),
        ("!project:demo", True),
        ('owner:"Alice Chen"', True),
        ("owner:alice@acme", True),
        ("owner:user_1", True),
        ("owner:bob", False),
        ("kind:project", True),
        ("kind:admin", False),
        ('state:"in use"', True),
        ("state:stale", False),
        ("id:KEY_9qx", True),
        ("key:w3fk", True),
        ("expires:never", False),
        ("expires:soon", False),
        ("!expires:never", True),
        ("project:", True),
        ("!project:", True),
        ("expires:", True),
        ('name:""', True),
        ("colour:red", False),
        ("expires:2026", False),
        ('"name:ci"', False),
    ],
)
def test_filters(text: str, found: bool) -> None:
    assert parse(text).matches(ALICE) is found


@pytest.mark.parametrize("ailment", list(Ailment))
def test_every_ailment_is_a_word_of_the_filter(ailment: Ailment) -> None:
    sick = [each for each in (*ROWS, *_sick()) if ailment in each.ailments]
    assert sick
    assert all(parse(ailment).matches(each) for each in sick)
    assert all(parse(f'state:"{ailment}"').matches(each) for each in sick)


def _sick() -> list[EstateRow]:
    found = findings(KEY, NOW)[:1]
    return [
        EstateRow(KEY, KeyFacts(), tuple(replace(f, ailment=a, word=a.value) for f in found))
        for a in Ailment
    ]


def test_an_admin_key_belongs_to_the_organization() -> None:
    assert parse("organization admin").matches(ADMIN)
    assert parse("project:organization !owner:alice kind:admin").matches(ADMIN)


def test_expiry() -> None:
    assert parse("expires:never").matches(STALE)
    soon = row(expires_at=NOW + timedelta(days=3))
    assert parse("expires:soon").matches(soon)
    assert not parse("expires:never").matches(row(kind=KeyKind.ACCOUNT, expires_at=None))


@given(TEXTS)
def test_any_text_is_a_filter(text: str) -> None:
    wanted = parse(text)
    for each in ROWS:
        assert wanted.matches(each) in (True, False)


@given(WORDS)
def test_an_inverse_word_is_the_complement(word: str) -> None:
    plain, inverse = parse(word), parse(f"!{word}")
    for each in ROWS:
        assert plain.matches(each) is not inverse.matches(each)


@given(st.lists(WORDS, max_size=4))
def test_all_words_must_hold(words: list[str]) -> None:
    together, alone = parse(" ".join(words)), [parse(word) for word in words]
    for each in ROWS:
        assert together.matches(each) is all(one.matches(each) for one in alone)


def test_ten_thousand_rows_are_filtered_at_once() -> None:
    rows = [row(id=f"key_{number}", name=f"worker-{number % 100}") for number in range(10_000)]
    begun = time.thread_time()
    assert sum(map(parse("worker-7 !stale").matches, rows)) == 1_100
    # The bench holds it to less; this only notices what is no longer in proportion.
    assert time.thread_time() - begun < 0.3
