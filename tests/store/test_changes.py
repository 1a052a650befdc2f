"""The record of changes: what is asked is there before it is sent, whatever happens next."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oai_tui.core.errors import StoreProblem
from oai_tui.store.changes import Action, Change, ChangeLog, Outcome

NOW = datetime(2026, 11, 22, 12, 4, 5, 678, tzinfo=UTC)
ORIGIN = "https://api.openai.com"
CHANGE = Change(
    Action.SET_RATE,
    "the rate limit of gpt-5.6 in Web app",
    "500 requests a minute",
    "1,000 requests a minute",
    NOW,
    "sk-admin…7f3a",
    "proj_1",
    "rl_1",
    ("max_requests_per_1_minute",),
)
ASKER = """
import os, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from oai_tui.core.errors import StoreProblem
from oai_tui.store.changes import Action, Change, ChangeLog, Outcome
log = ChangeLog(Path(sys.argv[1]), "work", "https://api.openai.com")
if sys.argv[2] == "full":
    size = log.path.stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, size + 40))
for number in range(int(sys.argv[3])):
    try:
        change = Change(Action.SET_LIMIT, f"{os.getpid()} {number}", "a", "b", datetime.now(UTC))
        change = log.ask(change)
    except StoreProblem as problem:
        sys.exit(str(problem))
    if sys.argv[2] == "die":
        print("asked", flush=True)
        sys.stdin.read()
    log.tell(change, Outcome.DONE, datetime.now(UTC), "b")
"""


def asker(folder: Path, how: str, times: int = 1) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ASKER, str(folder), how, str(times)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def opened(folder: Path, profile: str = "work", origin: str = ORIGIN) -> ChangeLog:
    return ChangeLog(folder, profile, origin)


def test_a_change_is_open_until_it_is_told(tmp_path: Path) -> None:
    log = opened(tmp_path)
    asked = log.ask(CHANGE)
    assert asked.id
    assert asked.is_open
    assert opened(tmp_path).recent() == (asked,)
    later = NOW + timedelta(seconds=3)
    ended = log.tell(asked, Outcome.DONE, later, "1,000 requests a minute", "req_1")
    (found,) = opened(tmp_path).recent()
    assert found == ended
    assert (found.ended_at, found.request_id) == (later, "req_1")
    assert found.at == NOW


def test_it_is_for_its_owner_only(tmp_path: Path) -> None:
    log = opened(tmp_path / "state")
    log.ask(CHANGE)
    for path in (tmp_path / "state").rglob("*"):
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected


def test_places_do_not_see_each_other(tmp_path: Path) -> None:
    opened(tmp_path).ask(CHANGE)
    for other in (opened(tmp_path, "home"), opened(tmp_path, origin="http://localhost:1")):
        assert other.recent() == ()
        assert other.abandoned() == ()
        assert other.trouble == ""


def test_the_newest_comes_first(tmp_path: Path) -> None:
    log = opened(tmp_path)
    ids = [log.ask(CHANGE).id for _ in range(5)]
    assert [change.id for change in log.recent()] == ids[::-1]
    assert [change.id for change in log.recent(2)] == ids[:2:-1]


def test_a_figure_of_ours_is_done_at_once(tmp_path: Path) -> None:
    log = opened(tmp_path)
    noted = log.note(Change(Action.SET_BUDGET, "the daily budget", "none", "$60.00", NOW), NOW)
    assert log.recent() == (noted,)
    assert (noted.outcome, noted.is_now) == (Outcome.DONE, "$60.00")
    assert log.abandoned() == ()


def test_no_secret_gets_to_the_disk(tmp_path: Path) -> None:
    secret = "sk-proj-" + "a1B2" * 12
    log = opened(tmp_path)
    log.ask(Change(Action.CREATE_ALERT, f"alert {secret}", secret, f"mails {secret}", NOW, secret))
    assert secret not in log.path.read_text()


def test_hostile_text_comes_back_harmless(tmp_path: Path) -> None:
    log = opened(tmp_path)
    log.ask(Change(Action.SET_LIMIT, "\x1b]52;c;x\x07\n{}", "\u202e", "b", NOW))
    (found,) = log.recent()
    assert not set("\x1b\x07\n\u202e") & set(found.subject + found.was)


@pytest.mark.parametrize(
    "damage",
    [b'{"id":"a"', b"\xff\xfe\n", b"[]\n", b'"not ours"\n', b'{"id":1,"action":"set-limit"}\n'],
)
def test_a_damaged_line_costs_only_itself(tmp_path: Path, damage: bytes) -> None:
    log = opened(tmp_path)
    first = log.tell(log.ask(CHANGE), Outcome.DONE, NOW, "x")
    with log.path.open("ab") as file:
        file.write(damage)
    second = log.ask(CHANGE)
    assert log.recent() == (second, first)
    assert "1 line" in log.trouble
    assert log.path.read_bytes().count(damage.rstrip(b"\n")) == 1


def test_a_full_disk_is_told_and_leaves_no_half_line(tmp_path: Path) -> None:
    log = opened(tmp_path)
    log.ask(CHANGE)
    before = log.path.read_bytes()
    process = asker(tmp_path, "full")
    _, error = process.communicate(timeout=120)
    assert "cannot be written: the file would become too large" in error
    assert log.path.read_bytes() == before
    assert len(log.recent()) == 1


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreProblem):
        opened(tmp_path / "file")
    log = opened(tmp_path / "state")
    log.path.unlink()
    log.path.mkdir()
    with pytest.raises(StoreProblem):
        log.ask(CHANGE)


def test_a_log_that_was_deleted_is_begun_anew(tmp_path: Path) -> None:
    log = opened(tmp_path)
    log.ask(CHANGE)
    log.path.unlink()
    shutil.rmtree(tmp_path / "changes")
    assert log.recent() == ()
    assert log.ask(CHANGE) in log.recent()


def test_several_may_write_at_once(tmp_path: Path) -> None:
    askers = [asker(tmp_path, "quick", 25) for _ in range(3)]
    for each in askers:
        assert each.communicate(timeout=120)[1] == ""
    log = opened(tmp_path)
    found = log.recent()
    assert len({change.subject for change in found}) == 75
    assert {change.outcome for change in found} == {Outcome.DONE}
    assert log.trouble == ""
    assert list((tmp_path / "changes").iterdir()) == []


def test_a_change_that_is_under_way_elsewhere_is_left_alone(tmp_path: Path) -> None:
    here, there = opened(tmp_path), opened(tmp_path)
    asked = here.ask(CHANGE)
    assert there.abandoned() == ()
    assert here.abandoned() == ()
    here.let_go(asked)
    assert there.abandoned() == (asked,)
    assert here.abandoned() == (), "it is held by who found it"
    there.tell(asked, Outcome.UNKNOWN, NOW)
    assert here.abandoned() == ()


def test_a_change_whose_process_was_killed_is_abandoned(tmp_path: Path) -> None:
    process = asker(tmp_path, "die")
    assert process.stdout
    assert process.stdout.readline() == "asked\n"
    log = opened(tmp_path)
    assert log.abandoned() == ()
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=120)
    (found,) = log.abandoned()
    assert found.subject == f"{process.pid} 0"
    assert found.is_open


def test_it_waits_its_turn_but_not_for_ever(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    log = opened(tmp_path)
    descriptor = os.open(log.path, os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(StoreProblem, match=r"keeps .* to itself"):
        log.ask(CHANGE)
    os.close(descriptor)
    assert log.ask(CHANGE) in log.recent()
