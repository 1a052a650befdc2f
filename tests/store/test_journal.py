"""The journal: what is written is there, whatever happens next."""

from __future__ import annotations

import os
import resource
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oai_tui.core.creation import Creation, CreationKind, CreationState, IllegalMove
from oai_tui.core.errors import StoreProblem
from oai_tui.store.database import problem_of
from oai_tui.store.journal import Journal

MOVER = str(Path(__file__).with_name("mover.py"))
NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
ORIGIN = "https://api.openai.com"
S = CreationState


def plan(journal: Journal, nonce: str = "k3v9", profile: str = "work", hours: int = 0) -> Creation:
    creation = Creation(
        nonce=nonce,
        kind=CreationKind.SERVICE_ACCOUNT_KEY,
        profile=profile,
        origin=ORIGIN,
        organization="acme",
        project_id="proj_1",
        account_id=None,
        name=f"ci-deploy {nonce}",
        at=NOW + timedelta(hours=hours),
    )
    journal.plan(creation)
    return creation


def start_mover(folder: Path, *nonces: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, MOVER, str(folder), *nonces],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_creation_is_unfinished_until_it_ends(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    planned = plan(journal)
    assert journal.unfinished("work", ORIGIN) == (planned,)
    journal.move("k3v9", S.SENT)
    created = journal.move("k3v9", S.CREATED, "key_1")
    assert (created.state, created.key_id) == (S.CREATED, "key_1")
    assert Journal(tmp_path).unfinished("work", ORIGIN) == (created,)
    assert journal.move("k3v9", S.DELIVERED).key_id == "key_1"
    assert journal.unfinished("work", ORIGIN) == ()


def test_the_oldest_comes_first_and_each_profile_has_its_own(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    plan(journal, "b", hours=2)
    plan(journal, "c", hours=1)
    plan(journal, "a", profile="home")
    assert [creation.nonce for creation in journal.unfinished("work", ORIGIN)] == ["c", "b"]
    assert [creation.nonce for creation in journal.unfinished("home", ORIGIN)] == ["a"]


def test_moves_that_cannot_be_are_refused_and_change_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    planned = plan(journal)
    with pytest.raises(IllegalMove, match="planned cannot become delivered"):
        journal.move("k3v9", S.DELIVERED)
    with pytest.raises(StoreProblem, match="does not know"):
        journal.move("other", S.SENT)
    with pytest.raises(StoreProblem, match="already"):
        plan(journal)
    assert journal.unfinished("work", ORIGIN) == (planned,)


def test_a_name_that_holds_a_key_is_not_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with pytest.raises(StoreProblem, match="holds one"):
        plan(journal, "sk-admin-1234567890")
    assert journal.unfinished("work", ORIGIN) == ()


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    before = os.umask(0)
    try:
        plan(Journal(folder))
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize(("steps", "state"), [(1, S.PLANNED), (2, S.SENT), (3, S.PLANNED)])
def test_what_was_written_survives_a_kill(tmp_path: Path, steps: int, state: S) -> None:
    process = start_mover(tmp_path, "a", "b")
    assert process.stdout is not None
    said = [process.stdout.readline().split() for _ in range(steps)]
    process.kill()
    process.communicate(timeout=120)
    found = {
        creation.nonce: creation.state for creation in Journal(tmp_path).unfinished("work", ORIGIN)
    }
    step, nonce = said[-1]
    # The kill may come after the step that follows, never before the one that was told.
    assert step == state
    assert found[nonce] in (state, S.SENT)
    assert set(found) >= {nonce for _, nonce in said}


def test_two_programs_write_at_the_same_time(tmp_path: Path) -> None:
    names = [[f"{who}{number}" for number in range(25)] for who in "ab"]
    both = [start_mover(tmp_path, *nonces) for nonces in names]
    mine = Journal(tmp_path)
    for process in both:
        told, complaint = process.communicate("", timeout=120)
        assert complaint == ""
        assert told.endswith("done\n")
    found = mine.unfinished("work", ORIGIN)
    assert {creation.nonce for creation in found} == {*names[0], *names[1]}
    assert {creation.state for creation in found} == {S.SENT}


def test_a_move_another_program_made_first_is_seen(tmp_path: Path) -> None:
    mine, theirs = Journal(tmp_path), Journal(tmp_path)
    plan(mine)
    theirs.move("k3v9", S.FORGOTTEN)
    with pytest.raises(IllegalMove, match="forgotten cannot become sent"):
        mine.move("k3v9", S.SENT)


@pytest.mark.parametrize(
    "rubbish",
    [b"no database" * 500, b"SQLite format 3\0" + b"\xff" * 5000],
    ids=["text", "torn"],
)
def test_a_damaged_one_is_put_aside_and_kept(tmp_path: Path, rubbish: bytes) -> None:
    for number in (1, 2):
        (tmp_path / "journal.sqlite3").write_bytes(rubbish)
        journal = Journal(tmp_path)
        assert journal.set_aside == tmp_path / f"journal-damaged-{number}.sqlite3"
        assert journal.set_aside.read_bytes() == rubbish
        plan(journal)
        assert len(journal.unfinished("work", ORIGIN)) == 1
        journal.close()
        for path in tmp_path.glob("journal.sqlite3*"):
            path.unlink()


def test_damage_inside_the_file_is_noticed_at_the_start(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for number in range(200):
        plan(journal, f"nonce{number}")
    journal.close()
    with open(journal.path, "r+b") as file:
        file.seek(9000)
        file.write(b"\xa5" * 4096)
    again = Journal(tmp_path)
    assert again.set_aside is not None
    assert again.unfinished("work", ORIGIN) == ()


def test_one_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    Journal(tmp_path).close()
    with sqlite3.connect(tmp_path / "journal.sqlite3") as newer:
        newer.execute("PRAGMA user_version=99")
    newer.close()
    before = (tmp_path / "journal.sqlite3").read_bytes()
    with pytest.raises(StoreProblem, match="newer oai-tui") as raised:
        Journal(tmp_path)
    assert raised.value.way_out
    assert (tmp_path / "journal.sqlite3").read_bytes() == before


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreProblem, match="a file is where a folder should be"):
        Journal(tmp_path / "file")
    (tmp_path / "state" / "journal.sqlite3").mkdir(parents=True)
    with pytest.raises(StoreProblem, match="cannot be"):
        Journal(tmp_path / "state")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.close()
    journal.path.chmod(0o400)
    tmp_path.chmod(0o500)
    with pytest.raises(StoreProblem) as raised:
        plan(Journal(tmp_path))
    assert raised.value.way_out


def test_a_disk_that_takes_no_more_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, MOVER, str(tmp_path), *(f"n{number}" for number in range(200))],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)),
    )
    assert "StoreProblem" in done.stderr.splitlines()[-1]
    told = [line.split() for line in done.stdout.splitlines()]
    assert told
    journal = Journal(tmp_path)
    assert journal.set_aside is None
    found = {creation.nonce: creation.state for creation in journal.unfinished("work", ORIGIN)}
    last = {nonce: S(step) for step, nonce in told}
    assert found == last


def test_sqlites_own_complaints_become_sentences(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None)
    connection.execute("CREATE TABLE t (x)")
    connection.execute("PRAGMA max_page_count=3")
    with pytest.raises(sqlite3.Error) as full:
        connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    other = sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None, timeout=0)
    connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.Error) as busy:
        other.execute("BEGIN IMMEDIATE")
    connection.execute("PRAGMA query_only=ON")
    with pytest.raises(sqlite3.Error) as readonly:
        connection.execute("INSERT INTO t VALUES (1)")
    for raised, reason in ((full, "disk is full"), (busy, "busy"), (readonly, "read-only")):
        problem = problem_of(tmp_path / "x.sqlite3", raised.value)
        assert reason in problem.what
        assert problem.way_out
    connection.close()
    other.close()
