"""A cache that is never missed and never in the way."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oai_tui.store.cache import MOST_BYTES, Cache

ORIGIN = "https://api.openai.com"
NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)


def cache(folder: Path, profile: str = "work", origin: str = ORIGIN) -> Cache:
    return Cache(folder, profile, origin)


def bytes_of(kept: Cache) -> int:
    """Return what a cache takes on disk, with the files SQLite lays beside it."""
    beside = kept.path.parent.glob(f"{kept.path.name}*") if kept.path.parent.is_dir() else ()
    return sum(path.stat().st_size for path in beside)


def test_what_is_put_comes_back_with_its_moment_in_another_run(tmp_path: Path) -> None:
    first = cache(tmp_path)
    assert first.get("keys") is None
    first.put("keys", b"old", NOW)
    first.put("keys", b"\0new", NOW + timedelta(hours=1))
    first.close()
    second = cache(tmp_path)
    assert second.get("keys") == (b"\0new", NOW + timedelta(hours=1))
    assert second.trouble == ""
    assert bytes_of(second) > 0


def test_profiles_and_origins_see_nothing_of_each_other(tmp_path: Path) -> None:
    work, home = cache(tmp_path), cache(tmp_path, profile="home")
    elsewhere = cache(tmp_path, origin="https://proxy.example")
    for place, payload in ((work, b"w"), (home, b"h"), (elsewhere, b"e")):
        place.put("keys", payload, NOW)
    home.drop("work")
    assert work.get("keys") is None
    assert elsewhere.get("keys") is None
    assert home.get("keys") == (b"h", NOW)


def test_the_oldest_make_room_and_what_is_too_large_is_not_kept(tmp_path: Path) -> None:
    place = cache(tmp_path)
    quarter = b"x" * (MOST_BYTES // 4)
    for name in ("keys", "a", "b", "keys", "c", "d", "e"):
        cache(tmp_path, profile=f"with {name}").put("small", b"x", NOW)
        place.put(name, quarter, NOW)
    assert [name for name in ("a", "b", "keys", "c", "d", "e") if place.get(name)] == [
        "c",
        "d",
        "e",
    ]
    place.put("huge", quarter * 5, NOW)
    assert place.get("huge") is None
    assert place.get("e")
    assert bytes_of(place) < 2 * MOST_BYTES


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "cache.sqlite3").touch(0o644)
    cache(tmp_path).put("keys", b"x", NOW)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize(
    "rubbish",
    [b"no database" * 500, b"SQLite format 3\0" + b"\xff" * 5000],
    ids=["text", "torn"],
)
def test_a_damaged_one_is_begun_anew(tmp_path: Path, rubbish: bytes) -> None:
    (tmp_path / "cache.sqlite3").write_bytes(rubbish)
    place = cache(tmp_path)
    assert place.trouble == ""
    place.put("keys", b"x", NOW)
    assert place.get("keys") == (b"x", NOW)


def test_damage_while_it_is_open_is_got_over(tmp_path: Path) -> None:
    place = cache(tmp_path)
    place.put("keys", b"x" * 100_000, NOW)
    place.close()
    place = cache(tmp_path)
    with open(place.path, "r+b") as file:
        file.seek(0)
        file.write(b"\xff" * 50_000)
    assert place.get("keys") in (None, (b"x" * 100_000, NOW))
    place.put("keys", b"y", NOW)
    assert cache(tmp_path).get("keys") == (b"y", NOW)


def test_one_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "cache.sqlite3") as other:
        other.execute("CREATE TABLE snapshot (something_else)")
        other.execute("PRAGMA user_version=99")
    other.close()
    place = cache(tmp_path)
    place.put("keys", b"x", NOW)
    assert place.get("keys") == (b"x", NOW)
    assert place.trouble == ""


def test_one_that_cannot_be_opened_is_empty_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = cache(tmp_path / "file" / "cache")
    assert "a file is where a folder should be" in place.trouble
    place.put("keys", b"x", NOW)
    assert place.get("keys") is None
    place.drop("work")
    place.close()
    assert bytes_of(place) == 0
    assert place.trouble


def test_one_that_can_be_used_again_says_nothing_any_more(tmp_path: Path) -> None:
    blocker = tmp_path / "cache"
    blocker.touch()
    place = cache(blocker)
    assert place.trouble
    blocker.unlink()
    place.put("keys", b"x", NOW)
    assert place.trouble == ""
    assert place.get("keys") == (b"x", NOW)
