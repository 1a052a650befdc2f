"""Ended at any instruction, the program loses no key and leaves none unknown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from oai_tui.simulator.server import Running
from tests.kills.driving import Driver, clear_up, points_of
from tests.kills.evidence import Figures, Run

LEAST = {"rotation": 48, "self-rotation": 48, "creation": 12}
"""Points that each script has at least; a smaller number means that some are no longer hit."""

Tell = Callable[[str, Figures], None]


@pytest.mark.parametrize("script", list(LEAST))
def test_killed_anywhere(
    script: str, platform: Running, drive: Driver, tmp_path: Path, tell: Tell
) -> None:
    """At every point the person goes on, and at every other one is undone in another run.

    The next start is killed as well, each time at another of its points.
    """
    points = points_of(script, platform, drive, tmp_path)
    assert len(points) >= LEAST[script], points
    total = Figures()
    for at, point in enumerate(points, 1):
        for wish in ("resume", "undo")[: 1 + at % 2]:
            run = Run(platform, tmp_path / f"{wish}-{at}")
            assert drive(run, script, at) == "killed 9"
            harm = run.at_once()
            again = drive(run, wish, 1 + at * 5 % 23)
            assert again == "killed 9" or again.startswith("done"), again
            harm.points += again == "killed 9"
            clear_up(run, wish)
            harm += run.afterwards()
            assert harm.harm == 0, (at, point, wish, harm, run.ends())
            total += harm
    tell(f"{script} killed", total)


@pytest.mark.parametrize("script", list(LEAST))
def test_a_full_disk_at_any_write(
    script: str, platform: Running, drive: Driver, tmp_path: Path, tell: Tell
) -> None:
    """From one write on the journal takes nothing more, and then the program ends."""
    points = points_of(script, platform, drive, tmp_path)
    total = Figures()
    for at, point in enumerate(points, 1):
        if not point.startswith("before journal"):
            continue
        run = Run(platform, tmp_path / f"full-{at}")
        told = drive(run, script, at, "disk")
        assert "journal.sqlite3 cannot be used" in told or told.startswith("done"), told
        harm = run.at_once()
        clear_up(run, "resume")
        harm += run.afterwards()
        assert harm.harm == 0, (at, point, harm, run.ends())
        total += harm
    assert total.points >= 4
    tell(f"{script} with a full disk", total)


@pytest.mark.parametrize("times", range(3))
def test_two_programs_rotate_side_by_side(
    times: int, platform: Running, drive: Driver, drive_too: Driver, tmp_path: Path
) -> None:
    """They share a journal; each has a key of its own, and nothing is in anybody's way."""
    mine, theirs = (Run(platform, tmp_path / "both") for _ in range(2))
    mine.before = theirs.before
    drive.ask(mine, "rotation")
    drive_too.ask(theirs, "rotation")
    for told in (drive.answer(), drive_too.answer()):
        assert told.startswith("done"), told
    assert mine.ends() == ["revoked", "revoked"]
    assert [len(run.audited()) for run in (mine, theirs)] == [2, 2]
    assert (mine.at_once() + mine.afterwards()).harm == 0


@pytest.mark.parametrize("times", range(3))
def test_two_programs_want_the_same_key(
    times: int, platform: Running, drive: Driver, drive_too: Driver, tmp_path: Path
) -> None:
    """One of them rotates it, once; the other is told why it cannot."""
    run = Run(platform, tmp_path / "both")
    drive.ask(run, "rotation")
    drive_too.ask(run, "rotation")
    told = sorted((drive.answer(), drive_too.answer()))
    assert told[0].startswith("done"), told
    assert told[1].startswith(("problem IllegalMove", "problem WrongInput")), told
    assert run.ends() == ["revoked"]
    assert run.audited() == ["api_key.created", "api_key.deleted"]
    assert (run.at_once() + run.afterwards()).harm == 0


@pytest.mark.parametrize("at", [12, 20, 30, 40])
def test_two_programs_go_on_with_the_same_rotation(
    at: int, platform: Running, drive: Driver, drive_too: Driver, tmp_path: Path
) -> None:
    """What one was killed in, both find at their start: it is ended once."""
    run = Run(platform, tmp_path / "both")
    assert drive(run, "rotation", at) == "killed 9"
    drive.ask(run, "resume")
    drive_too.ask(run, "undo")
    told = (drive.answer(), drive_too.answer())
    assert all(each.startswith(("done", "problem")) for each in told), told
    clear_up(run, "resume")
    assert len(run.ends()) == 1
    assert len(run.audited()) == 2, json.dumps(run.audited())
    assert (run.at_once() + run.afterwards()).harm == 0
