"""The legal moves of a rotation, held against a second telling of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from oai_tui.core.creation import IllegalMove
from oai_tui.core.rotation import Method, Rotation, Step

NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
S = Step
WORK = {S.CREATED, S.STORED, S.PROVED, S.WAITING, S.REVOKED, S.UNDONE}
ENDS = {S.REVOKED, S.KEPT, S.UNDONE, S.FAILED, S.FORGOTTEN}
STRAIGHT = (S.PLANNED, S.CREATED, S.STORED, S.DELIVERED, S.PROVED, S.WAITING, S.REVOKED)
LEGAL = {
    (S.PLANNED, S.CREATED),
    (S.PLANNED, S.FAILED),
    (S.CREATED, S.STORED),
    (S.STORED, S.DELIVERED),
    (S.DELIVERED, S.PROVED),
    (S.PROVED, S.WAITING),
    (S.WAITING, S.REVOKED),
    (S.WAITING, S.KEPT),
    *((step, S.UNDONE) for step in (S.CREATED, S.STORED, S.DELIVERED, S.PROVED, S.WAITING)),
    *((step, S.FORGOTTEN) for step in S if step not in ENDS),
}


def planned() -> Rotation:
    return Rotation(
        id="k3v9m",
        method=Method.SAME_ACCOUNT,
        profile="work",
        origin="https://api.openai.com",
        organization="acme",
        project_id="proj_1",
        account_id="svc_acct_1",
        old_id="key_old",
        old_name="ci-deploy",
        old_masked="sk-svcacct…9QxA",
        name="ci-deploy-k3v9m",
        at=NOW,
        destinations=("env:~/.env:OPENAI_API_KEY", "show"),
    )


def at(step: Step) -> Rotation:
    """Return a rotation that came to a step on the straight way."""
    rotation = planned()
    for each in STRAIGHT[1:]:
        if rotation.step is step:
            break
        if each is S.DELIVERED:
            rotation = rotation.hand_to("show").handed(NOW).finish(each)
        else:
            rotation = rotation.begin(each).finish(each, new_id="key_new", kept_in="keyring")
    assert rotation.step is step
    return rotation


class Machine(RuleBasedStateMachine):
    """Tries whatever comes to its mind and keeps its own books of what happened."""

    def __init__(self) -> None:
        super().__init__()
        self.rotation = planned()
        self.passed = [S.PLANNED]
        self.doing: Step | None = None
        self.delivering: str | None = None
        self.delivered: set[str] = set()

    @property
    def step(self) -> Step:
        return self.passed[-1]

    @property
    def is_idle(self) -> bool:
        return self.doing is None and self.delivering is None

    def try_to(self, is_legal: bool, move: str, *args: object, **known: object) -> bool:
        before = self.rotation
        try:
            self.rotation = getattr(before, move)(*args, **known)
        except IllegalMove:
            assert not is_legal, (before, move, args)
            return False
        assert is_legal, (before, move, args)
        return True

    @rule(step=st.sampled_from(S))
    def begin(self, step: Step) -> None:
        is_legal = (self.step, step) in LEGAL and step in WORK and self.is_idle
        if self.try_to(is_legal, "begin", step):
            self.doing = step

    @precondition(lambda self: self.doing is not None)
    @rule(has_id=st.booleans(), has_place=st.booleans())
    def finish_what_was_begun(self, has_id: bool, has_place: bool) -> None:
        assert self.doing
        self.finish(self.doing, has_id, has_place)

    @rule(step=st.sampled_from(S), has_id=st.booleans(), has_place=st.booleans())
    def finish(self, step: Step, has_id: bool, has_place: bool) -> None:
        is_legal = (self.step, step) in LEGAL and {
            S.FORGOTTEN: True,
            S.FAILED: self.doing in (None, S.CREATED),
            S.KEPT: self.is_idle,
            S.DELIVERED: self.is_idle and bool(self.delivered),
            S.CREATED: self.doing is S.CREATED and has_id,
            S.STORED: self.doing is S.STORED and has_place,
        }.get(step, self.doing is step)
        known = {"new_id": "key_new" if has_id else "", "kept_in": "keyring" if has_place else ""}
        if self.try_to(is_legal, "finish", step, **known):
            self.passed.append(step)
            self.doing = self.delivering = None

    @rule(there=st.sampled_from(["show", "file:/tmp/key"]))
    def hand_to(self, there: str) -> None:
        is_legal = self.is_idle and self.step in (S.STORED, S.DELIVERED, S.PROVED)
        if self.try_to(is_legal, "hand_to", there):
            self.delivering = there

    @rule()
    def handed(self) -> None:
        if self.try_to(self.delivering is not None, "handed", NOW):
            assert self.delivering
            self.delivered.add(self.delivering)
            self.delivering = None

    @precondition(lambda self: self.is_idle and self.step not in ENDS)
    @rule()
    def go_on(self) -> None:
        """Take the straight way, which chance alone seldom finds to its end."""
        step = STRAIGHT[STRAIGHT.index(self.step) + 1]
        if step is S.DELIVERED:
            self.hand_to("show")
            self.handed()
        else:
            self.begin(step)
        self.finish(step, has_id=True, has_place=True)

    @rule(unsure=st.booleans())
    def give_up(self, unsure: bool) -> None:
        is_legal = self.delivering is not None or self.doing not in (None, S.UNDONE)
        if self.try_to(is_legal, "give_up", unsure=unsure):
            self.doing = self.delivering = None

    @invariant()
    def the_books_agree(self) -> None:
        now = self.rotation
        assert (now.step, now.doing, now.delivering) == (self.step, self.doing, self.delivering)
        assert set(now.delivered) == self.delivered
        assert not self.delivered & set(now.unsure)
        assert now.is_finished is (self.step in ENDS)
        assert now.is_in_doubt is not self.is_idle

    @invariant()
    def nothing_is_revoked_before_its_successor_was_proved(self) -> None:
        if S.REVOKED in self.passed or self.doing is S.REVOKED:
            assert {S.CREATED, S.STORED, S.DELIVERED, S.PROVED, S.WAITING} <= set(self.passed)
            assert self.delivered
            assert self.rotation.new_id == "key_new"


Machine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyWalk = Machine.TestCase


@pytest.mark.parametrize("skipped", [S.STORED, S.DELIVERED, S.PROVED, S.WAITING])
def test_no_step_before_revoking_can_be_left_out(skipped: Step) -> None:
    """Every way through the legal moves from created to revoked passes each of them."""
    reached, fresh = {S.CREATED}, {S.CREATED}
    while fresh:
        fresh = {
            after
            for before in fresh
            for after in S
            if after is not skipped and replace(at(S.PLANNED), step=before).may(after)
        } - reached
        reached |= fresh
    assert S.REVOKED not in reached


def test_a_rotation_in_doubt_about_the_old_key_is_not_undone() -> None:
    revoking = at(S.WAITING).begin(S.REVOKED)
    with pytest.raises(IllegalMove, match="being revoked cannot become undone"):
        revoking.begin(S.UNDONE)
    assert revoking.give_up().begin(S.UNDONE).doing is S.UNDONE


def test_an_undoing_can_only_be_made_again() -> None:
    undoing = at(S.STORED).begin(S.UNDONE)
    with pytest.raises(IllegalMove):
        undoing.give_up()
    with pytest.raises(IllegalMove):
        undoing.hand_to("show")
    assert undoing.finish(S.UNDONE).is_finished


def test_what_is_not_certain_to_have_been_delivered_is_told_apart() -> None:
    doubt = at(S.STORED).hand_to("command:vault").give_up(unsure=True)
    assert (doubt.unsure, doubt.delivered) == (("command:vault",), ())
    again = doubt.hand_to("command:vault").handed(NOW)
    assert (again.unsure, again.delivered) == ((), ("command:vault",))
    assert again.switched_at == NOW
    assert at(S.STORED).hand_to("show").give_up().unsure == ()


def test_what_is_left_to_deliver_is_known() -> None:
    half = at(S.STORED).hand_to("show").handed(NOW)
    assert half.to_deliver == ("env:~/.env:OPENAI_API_KEY",)
    assert half.base_name == "ci-deploy"


def test_it_never_changes_to_another_new_key() -> None:
    created = at(S.CREATED)
    with pytest.raises(IllegalMove, match="another new key"):
        created.begin(S.STORED).finish(S.STORED, new_id="key_other", kept_in="keyring")
