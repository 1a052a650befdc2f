"""The journal of rotations: whoever has not seen the last write cannot make the next."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from oai_tui.core.creation import Creation, CreationKind, CreationState, IllegalMove
from oai_tui.core.errors import StoreProblem
from oai_tui.core.rotation import PROFILE, Rotation, Step
from oai_tui.store.creation_rows import TABLE as CREATIONS_OF_VERSION_1
from oai_tui.store.hold import Hold
from oai_tui.store.journal import Journal
from oai_tui.store.rotation_rows import Remembered
from tests.core.test_rotation import NOW, at, planned

S = Step
WHERE = ("work", planned().origin)


def stored(journal: Journal, rotation: Rotation) -> Rotation:
    """Bring a rotation into a journal as it is."""
    return journal.move_rotation(
        replace(
            rotation, revision=journal.plan_rotation(replace(planned(), id=rotation.id)).revision
        )
    )


def test_a_rotation_is_unfinished_until_it_ends(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    first = journal.plan_rotation(planned())
    assert first.revision == 1
    doing = journal.move_rotation(first.begin(S.CREATED))
    again = Journal(tmp_path)
    assert again.rotations(*WHERE) == (doing,)
    assert again.rotation("k3v9m") == doing
    failed = again.move_rotation(doing.finish(S.FAILED))
    assert journal.rotations(*WHERE) == ()
    assert journal.rotation("k3v9m") == failed
    assert journal.rotation("other") is None


def test_everything_about_it_comes_back(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    whole = replace(
        at(S.WAITING), expires_in=86_400, scopes=("model.request",), unsure=("show",), keep_old=True
    )
    written = stored(journal, whole)
    assert Journal(tmp_path).rotation(whole.id) == written
    assert replace(written, revision=0) == whole


def test_who_has_not_seen_the_last_write_cannot_make_the_next(tmp_path: Path) -> None:
    mine, theirs = Journal(tmp_path), Journal(tmp_path)
    first = mine.plan_rotation(planned())
    seen = theirs.move_rotation(first.begin(S.CREATED))
    with pytest.raises(IllegalMove, match="Another oai-tui"):
        mine.move_rotation(first.finish(S.FORGOTTEN))
    assert mine.rotation(first.id) == seen


def test_a_key_is_rotated_once_at_a_time(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    first = journal.plan_rotation(planned())
    second = replace(planned(), id="other", name="ci-deploy-other")
    with pytest.raises(IllegalMove, match="being rotated already"):
        Journal(tmp_path).plan_rotation(second)
    journal.move_rotation(first.finish(S.FAILED))
    assert journal.plan_rotation(second).revision == 1
    with pytest.raises(StoreProblem, match="already"):
        journal.plan_rotation(replace(second, old_id="key_3"))


def test_the_oldest_comes_first_and_each_profile_has_its_own(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for id, profile, hours in (("b", "work", 2), ("c", "work", 1), ("a", "home", 0)):
        late = NOW + timedelta(hours=hours)
        journal.plan_rotation(
            replace(planned(), id=id, old_id=f"key_{id}", profile=profile, at=late)
        )
    assert [rotation.id for rotation in journal.rotations(*WHERE)] == ["c", "b"]
    assert [rotation.id for rotation in journal.rotations("home", WHERE[1])] == ["a"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "sk-admin-1234567890"},
        {"destinations": ("file:/tmp/sk-proj-1234567890",)},
        {"old_masked": "sk-admin-1234567890"},
    ],
)
def test_what_looks_like_a_key_is_not_written(tmp_path: Path, change: dict[str, object]) -> None:
    journal = Journal(tmp_path)
    with pytest.raises(StoreProblem, match="keeps no keys"):
        journal.plan_rotation(replace(planned(), **change))  # type: ignore[arg-type]
    assert journal.rotations(*WHERE) == ()


@pytest.mark.parametrize(("end", "old_is_known"), [(S.REVOKED, False), (S.KEPT, True)])
def test_where_a_value_went_is_remembered_for_the_new_key(
    tmp_path: Path, end: Step, old_is_known: bool
) -> None:
    journal = Journal(tmp_path)
    with sqlite3.connect(journal.path) as other:
        other.execute("INSERT INTO remembered VALUES (?,?,'key_old','ci-deploy','[]')", WHERE)
    waiting = replace(at(S.WAITING), delivered=(PROFILE, "env:~/.env:KEY"))
    ending = waiting.begin(end) if end is S.REVOKED else waiting
    stored(journal, ending.finish(end))
    assert journal.remembered(*WHERE, "key_new") == Remembered("ci-deploy", ("env:~/.env:KEY",))
    assert (journal.remembered(*WHERE, "key_old") != Remembered()) is old_is_known
    assert journal.remembered("home", WHERE[1], "key_new") == Remembered()


def test_nothing_is_remembered_of_what_was_undone(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    stored(journal, at(S.WAITING).begin(S.UNDONE).finish(S.UNDONE))
    assert journal.remembered(*WHERE, "key_new") == Remembered()


def test_the_name_of_a_key_made_here_is_known_without_its_nonce(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.plan(creation())
    journal.move("k3v9", CreationState.SENT)
    journal.move("k3v9", CreationState.CREATED, "key_1")
    assert journal.remembered(*WHERE, "key_1").name == "web"


def test_a_journal_of_version_1_keeps_every_line(tmp_path: Path) -> None:
    Journal(tmp_path).close()
    path = tmp_path / "journal.sqlite3"
    for file in tmp_path.glob("journal*"):
        file.unlink()
    with sqlite3.connect(path) as old:
        old.execute(CREATIONS_OF_VERSION_1)
        old.execute("PRAGMA user_version=1")
        old.execute(
            "INSERT INTO creation VALUES ('k3v9','service_account_key','work',?,'acme','proj_1',"
            "'svc_acct_1','web-k3v9','planned',NULL,?)",
            (WHERE[1], NOW.isoformat()),
        )
    old.close()
    journal = Journal(tmp_path)
    assert journal.set_aside is None
    assert journal.unfinished(*WHERE) == (creation(),)
    assert journal.plan_rotation(planned()).revision == 1
    journal.close()
    again = Journal(tmp_path)
    assert len(again.unfinished(*WHERE)) == len(again.rotations(*WHERE)) == 1


def test_a_row_of_somebody_else_is_told(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.plan_rotation(planned())
    with sqlite3.connect(journal.path) as other:
        other.execute("UPDATE rotation SET record = '{}'")
    with pytest.raises(StoreProblem, match="did not write"):
        journal.rotations(*WHERE)


def test_a_hold_is_for_one_only_and_ends_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from oai_tui.store.hold import Hold\n"
        "hold = Hold.take(pathlib.Path(sys.argv[1]), 'k3v9m')\n"
        "print('none' if hold is None else 'held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout
    assert other.stdout.readline() == "held\n"
    assert Hold.take(tmp_path, "k3v9m") is None
    assert Hold.take(tmp_path, "other")
    other.kill()
    other.communicate(timeout=120)
    mine = Hold.take(tmp_path, "k3v9m")
    assert mine
    assert mine.trouble == ""
    assert Hold.take(tmp_path, "k3v9m") is None
    mine.let_go()
    mine.let_go()
    assert Hold.take(tmp_path, "k3v9m")


def test_only_its_owner_can_read_a_hold(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert Hold.take(tmp_path, "k3v9m")
    finally:
        os.umask(before)
    folder = tmp_path / "rotations"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_where_nothing_can_be_locked_it_goes_on_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "rotations").touch()
    hold = Hold.take(tmp_path, "k3v9m")
    assert hold
    assert "would not see" in hold.trouble
    hold.let_go()


def creation() -> Creation:
    return Creation(
        nonce="k3v9",
        kind=CreationKind.SERVICE_ACCOUNT_KEY,
        profile=WHERE[0],
        origin=WHERE[1],
        organization="acme",
        project_id="proj_1",
        account_id="svc_acct_1",
        name="web-k3v9",
        at=NOW,
    )
