from __future__ import annotations

import copy
import json
import pickle
import traceback

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.keys import NewKey
from oai_tui.core.secret import Secret
from tests.canary import CANARY, leaks

SECRET = Secret(CANARY)


def test_a_canary_is_found_by_any_of_its_parts() -> None:
    assert len(CANARY) == 133
    windows = [CANARY[start : start + 12] for start in range(122)]
    assert len(set(windows)) == 122
    assert leaks(CANARY, f"… {CANARY[50:62]} …") == [CANARY[50:62]]
    assert leaks(CANARY, CANARY[50:63].encode("utf-16-le")) == windows[50:52]
    assert not leaks(CANARY, CANARY[50:61])


@given(st.text(alphabet="abcdefgh0123<>^ .,rsd", max_size=6))
def test_no_format_shows_it(spec: str) -> None:
    assert not leaks(CANARY, format(SECRET, spec))


def test_it_shows_itself_nowhere() -> None:
    key = NewKey("key_1", "ops", SECRET)
    told = [repr(SECRET), str(SECRET), f"{SECRET}", f"{SECRET!r:>99}", ascii(SECRET)]
    told += [repr(key), str([SECRET]), str({"key": SECRET}), repr(vars(type(SECRET)))]
    assert not leaks(CANARY, "\n".join(told))
    assert SECRET.reveal() == CANARY


@pytest.mark.parametrize(
    "write", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, msgspec.json.encode]
)
def test_nothing_writes_it_down(write: object) -> None:
    assert callable(write)
    with pytest.raises(TypeError) as caught:
        write(SECRET)
    assert not leaks(CANARY, "".join(traceback.format_exception(caught.value)))


def test_masks() -> None:
    assert SECRET.masked() == f"sk-admin…{CANARY[-4:]}"
    assert Secret("sess-" + "x" * 30 + "wxyz").masked() == "sess…wxyz"
    assert Secret("proxy-token-" + "x" * 30 + "wxyz").masked() == "…wxyz"
    assert Secret("sk-admin-short").masked() == "…"


def test_equal_keys_are_equal() -> None:
    assert Secret(CANARY) == SECRET
    assert Secret(CANARY[:-1]) != SECRET
    assert CANARY != SECRET
    assert len({SECRET, Secret(CANARY)}) == 1
