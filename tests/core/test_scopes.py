"""What a key may do, as people type it and as the platform is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.errors import WrongInput
from oai_tui.core.scopes import (
    ALL,
    KNOWN,
    MOST,
    READ_ONLY,
    in_words,
    matching,
    parse,
    unchecked,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("all", ()),
        ("", ()),
        (" Read only ", ("api.all.read",)),
        ("read-only", ("api.all.read",)),
        ("api.files.read", ("api.files.read",)),
        ("api.files.read, api.files.read,api.batch.read", ("api.files.read", "api.batch.read")),
        ("api.files.read; API.Batch.Read\n", ("api.files.read", "api.batch.read")),
        ("api.next_year.write", ("api.next_year.write",)),
    ],
)
def test_what_people_type(text: str, scopes: tuple[str, ...]) -> None:
    assert parse(text) == scopes


@pytest.mark.parametrize(
    "text",
    ["files", "api..read", "api.files.read api", "drop table", "api.fi\x1bles.read", "a.b é"],
)
def test_what_is_no_scope(text: str) -> None:
    with pytest.raises(WrongInput, match="no name of a scope"):
        parse(text)


def test_too_many_are_a_slip() -> None:
    with pytest.raises(WrongInput, match=f"{MOST + 1} scopes"):
        parse(" ".join(f"api.a{number}.read" for number in range(MOST + 1)))


def test_one_that_is_not_known_is_let_through_and_said() -> None:
    assert unchecked(("api.files.read", "api.moon.write")) == ("api.moon.write",)
    assert "unchecked" in words_of("api.moon.write")
    assert words_of("api.files.read") == "read and download files"


def test_in_words_an_empty_list_is_everything() -> None:
    assert in_words(ALL) == "all"
    assert in_words(READ_ONLY) == "read only"
    assert in_words(["api.files.read"]) == "only api.files.read"
    assert in_words(("api.files.read", "api.batch.read")).startswith("2 chosen: api.files.read")


def test_the_list_is_found_by_name_and_by_words() -> None:
    assert [scope.id for scope in matching("files write")] == ["api.files.write"]
    assert {scope.id for scope in matching("DOWNLOAD")} == {"api.files.read"}
    assert matching("") == KNOWN
    assert matching("nothing like it") == ()


def test_the_list_is_sound() -> None:
    ids = [scope.id for scope in KNOWN]
    assert len(set(ids)) == len(ids)
    assert all(parse(id) == (id,) for id in ids)
    assert set(READ_ONLY) <= set(ids)


@given(st.text(max_size=60))
def test_any_text_is_scopes_or_a_clear_refusal(text: str) -> None:
    try:
        scopes = parse(text)
    except WrongInput:
        return
    assert all(scope.isascii() and scope.isprintable() for scope in scopes)
