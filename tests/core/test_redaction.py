"""A known secret is taken out of whatever a program says."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.redaction import REMOVED, without_value
from tests.canary import CANARY, leaks


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (CANARY, REMOVED),
        (f"stored {CANARY} in x", f"stored {REMOVED} in x"),
        (f"{CANARY[20:40]} twice {CANARY[60:72]}", f"{REMOVED} twice {REMOVED}"),
        (CANARY[40:51], CANARY[40:51]),
        ("nothing of it", "nothing of it"),
        ("", ""),
    ],
)
def test_every_twelve_characters_in_a_row_go(text: str, left: str) -> None:
    assert without_value(text, CANARY) == left


def test_a_short_value_goes_whole() -> None:
    assert without_value("a pass b", "pass") == f"a {REMOVED} b"
    assert without_value("text", "") == "text"


@pytest.mark.parametrize("before", ["", "k", "ke", "key"])
def test_its_other_spellings_go(before: str) -> None:
    written = base64.b64encode(f"{before}{CANARY}\n".encode()).decode()
    left = without_value(f"data: {written}", CANARY)
    assert len(left.replace(REMOVED, "")) < 24
    assert without_value(CANARY.encode().hex(), CANARY) == REMOVED
    assert without_value(CANARY.encode().hex().upper(), CANARY) == REMOVED


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 40), st.text(max_size=3))))
def test_no_part_is_left_whatever_it_stands_in(parts: list[tuple[int, int, str]]) -> None:
    text = "".join(CANARY[start : start + size] + more for start, size, more in parts)
    assert not leaks(CANARY, without_value(text, CANARY))
