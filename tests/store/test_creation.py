"""The legal moves of a creation, held against a second telling of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.creation import UNFINISHED, Creation, CreationKind, CreationState, IllegalMove

S = CreationState
LEGAL = {
    (S.PLANNED, S.SENT),
    (S.PLANNED, S.FAILED),
    (S.PLANNED, S.FORGOTTEN),
    (S.SENT, S.CREATED),
    (S.SENT, S.UNKNOWN),
    (S.SENT, S.FAILED),
    (S.UNKNOWN, S.CREATED),
    (S.UNKNOWN, S.FAILED),
    (S.UNKNOWN, S.FORGOTTEN),
    (S.CREATED, S.DELIVERED),
    (S.CREATED, S.FAILED),
    (S.CREATED, S.FORGOTTEN),
}


def planned() -> Creation:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Creation(
        nonce="n",
        kind=CreationKind.ADMIN_KEY,
        profile="work",
        origin="https://api.openai.com",
        organization="acme",
        project_id=None,
        account_id=None,
        name="ops n",
        at=now,
    )


@given(st.lists(st.tuples(st.sampled_from(S), st.sampled_from([None, "key_1", "key_2"]))))
def test_no_walk_leaves_the_legal_moves(wishes: list[tuple[S, str | None]]) -> None:
    creation = planned()
    for state, key_id in wishes:
        before = creation
        try:
            creation = creation.moved(state, key_id)
        except IllegalMove:
            same_key = key_id is None or before.key_id in (None, key_id)
            has_key = state is not S.CREATED or before.key_id or key_id
            assert (before.state, state) not in LEGAL or not same_key or not has_key
            continue
        assert (before.state, creation.state) in LEGAL
        assert creation.state is state
        assert before.key_id in (None, creation.key_id)
        if creation.state in (S.CREATED, S.DELIVERED):
            assert creation.key_id


def test_only_a_created_key_can_count_as_delivered() -> None:
    assert {before for before, after in LEGAL if after is S.DELIVERED} == {S.CREATED}


def test_what_may_still_move_is_unfinished() -> None:
    assert set(UNFINISHED) == {before for before, _ in LEGAL}


def test_a_key_does_not_count_as_created_without_its_id() -> None:
    with pytest.raises(IllegalMove, match="id is not known"):
        planned().moved(S.SENT).moved(S.CREATED)
