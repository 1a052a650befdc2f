"""A ledger sums what it was given, knows what it has, and never stands in the way."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.core.cuts import Grain
from oai_tui.core.exact import total
from oai_tui.core.kinds import TOKEN_KINDS, Dimension, Kind
from oai_tui.core.usage import Counted
from oai_tui.store.ledger import REFRESH, Ledger
from oai_tui.store.ledger_sums import Sums
from tests.figures import LATER, at, charged, cuts_of, moment, name_of, number_of, used

ROOT = Path(__file__).resolve().parents[2]
MODEL, KEY, BATCH = Dimension.MODEL, Dimension.KEY, Dimension.BATCH
BOTH = ("input_tokens", "output_tokens")

names = st.sampled_from(["", "a", "b", "ünï", "true"])
counts = st.one_of(st.none(), st.integers(0, 10**15))
rows = st.lists(
    st.builds(
        lambda day, model, key, batch, numbers: used(
            at(day),
            {MODEL: model, KEY: key, BATCH: batch},
            input_tokens=numbers[0],
            output_tokens=numbers[1],
            input_cached_tokens=numbers[2],
        ),
        st.integers(0, 19),
        names,
        names,
        st.sampled_from(["", "true", "false"]),
        st.tuples(counts, counts, counts),
    ),
    max_size=40,
)
edges = st.lists(st.integers(0, 20), min_size=2, max_size=6, unique=True).map(sorted)


def ledger(folder: Path, profile: str = "work", **more: Any) -> Ledger:
    return Ledger(folder, profile, "https://api.openai.com", "sk-…abc", **more)


def put(place: Ledger, found: list[Counted], kind: Kind = Kind.COMPLETIONS) -> None:
    place.put(kind, Grain.DAY, moment(0), moment(20), found, LATER)


def tokens(place: Ledger, by: Dimension | None = None) -> dict[str, int | None]:
    wanted = Sums(Grain.DAY, cuts_of([0, 20]), TOKEN_KINDS, BOTH, by)
    return {each.id: each.figure for each in place.sums(wanted)}


@settings(deadline=None)
@given(rows, rows, edges, st.sampled_from([None, MODEL, KEY, BATCH, Dimension.KIND]), names)
def test_sums_are_those_of_the_rows(
    one: list[Counted], other: list[Counted], cuts: list[int], by: Dimension | None, whose: str
) -> None:
    given_rows = {Kind.COMPLETIONS: one, Kind.EMBEDDINGS: other}
    wanted: dict[tuple[int, str], list[Counted]] = defaultdict(list)
    for kind, found in given_rows.items():
        for row in found:
            for place, (first, last) in enumerate(cuts_of(cuts)):
                if first <= row.at < last and name_of(row, KEY) == whose:
                    id = "" if by is None else kind if by is Dimension.KIND else name_of(row, by)
                    wanted[place, id].append(row)
    with tempfile.TemporaryDirectory() as folder:
        kept = ledger(Path(folder))
        for kind, found in given_rows.items():
            put(kept, found, kind)
        asked = Sums(Grain.DAY, cuts_of(cuts), TOKEN_KINDS, BOTH, by, ((KEY, (whose,)),), True)
        answer = {(each.cut, each.id): each for each in kept.sums(asked)}
        kept.close()
    assert answer.keys() == wanted.keys()
    for key, mine in wanted.items():
        told = [number for row in mine if (number := number_of(row, *BOTH)) is not None]
        assert answer[key].figure == (sum(told) if told else None)
        assert answer[key].untold == len(mine) - len(told)
        cached = [row for row in mine if number_of(row, "input_cached_tokens") is not None]
        assert answer[key].cached == sum(number_of(row, "input_cached_tokens") or 0 for row in mine)
        assert answer[key].input == sum(number_of(row, "input_tokens") or 0 for row in cached)
        batch = [row for row in mine if name_of(row, BATCH) == "true"]
        assert answer[key].batch == sum(number_of(row, *BOTH) or 0 for row in batch)


amounts = st.decimals(-(10**9), 10**9, places=39).map(str)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 19), amounts, names), max_size=30), edges)
def test_costs_are_summed_exactly(found: list[tuple[int, str, str]], cuts: list[int]) -> None:
    by = (Dimension.PROJECT, Dimension.LINE_ITEM)
    paid = [charged(at(day), amount, {Dimension.PROJECT: id}) for day, amount, id in found]
    wanted: dict[tuple[int, str], list[Decimal]] = defaultdict(list)
    for row in paid:
        for place, (first, last) in enumerate(cuts_of(cuts)):
            if first <= row.at < last:
                wanted[place, name_of(row, Dimension.PROJECT)].append(row.amount)
    with tempfile.TemporaryDirectory() as folder:
        kept = ledger(Path(folder))
        kept.put_costs(by, moment(0), moment(20), paid, LATER)
        asked = Sums(Grain.DAY, cuts_of(cuts), by=Dimension.PROJECT)
        answer = {(each.cut, each.id): each.amount for each in kept.cost_sums(asked, by)}
        other = kept.cost_sums(asked, (Dimension.PROJECT,))
        kept.close()
    assert answer == {key: total(mine) for key, mine in wanted.items()}
    assert other == []


def test_sums_beyond_what_sqlite_can_count_are_right(tmp_path: Path) -> None:
    place = ledger(tmp_path)
    put(place, [used(at(0), {}, input_tokens=2**60, output_tokens=2**60)] * 20)
    assert tokens(place) == {"": 40 * 2**60}
    assert (
        place.totals(Sums(Grain.DAY, cuts_of([0, 20]), TOKEN_KINDS))[Kind.COMPLETIONS][
            "input_tokens"
        ]
        == 20 * 2**60
    )


def test_what_is_put_replaces_what_was_known_of_these_days_only(tmp_path: Path) -> None:
    place = ledger(tmp_path)
    put(place, [used(at(day), {}, input_tokens=1) for day in range(20)])
    place.put(Kind.COMPLETIONS, Grain.DAY, moment(5), moment(7), [], LATER)
    put(place, [used(at(3), {}, input_tokens=100)], Kind.EMBEDDINGS)
    assert tokens(place, Dimension.KIND) == {"completions": 18, "embeddings": 100}
    place.close()
    assert tokens(ledger(tmp_path)) == {"": 118}


def test_closed_days_are_known_for_good_and_young_ones_are_asked_again(tmp_path: Path) -> None:
    place, kind, now = ledger(tmp_path), Kind.COMPLETIONS, moment(20) + timedelta(hours=12)
    whole = (moment(0), moment(21))

    def missing(after: timedelta, refresh: timedelta = REFRESH) -> list[tuple[int, int]]:
        found = place.missing(kind, Grain.DAY, *whole, now + after, refresh)
        return [((a - moment(0)).days, (b - moment(0)).days) for a, b in found]

    assert missing(timedelta(0)) == [(0, 21)]
    place.put(kind, Grain.DAY, *whole, [], now)
    assert missing(timedelta(minutes=1)) == []
    assert missing(REFRESH) == [(18, 21)]
    assert missing(timedelta(0), timedelta(0)) == [(18, 21)]
    assert missing(timedelta(days=30)) == [(18, 21)]
    place.put(kind, Grain.DAY, moment(18), moment(19), [], now + timedelta(days=30))
    assert missing(timedelta(days=30)) == [(19, 21)]
    known = place.known(kind, Grain.DAY, *whole)
    assert len(known.asked) == 21
    assert known.settled == {at(day) for day in range(19)}


def test_costs_settle_a_day_later_than_usage(tmp_path: Path) -> None:
    place, by = ledger(tmp_path), (Dimension.PROJECT,)
    place.put_costs(by, moment(0), moment(20), [], moment(20))
    assert place.known(by, Grain.DAY, moment(0), moment(20)).settled == {
        at(day) for day in range(17)
    }


def test_nothing_ahead_is_asked_for_and_holes_are_found(tmp_path: Path) -> None:
    place, now = ledger(tmp_path), moment(9) + timedelta(hours=1)
    place.put(Kind.IMAGES, Grain.DAY, moment(3), moment(4), [], LATER)
    assert place.missing(Kind.IMAGES, Grain.DAY, moment(0), moment(20), now) == [
        (moment(4), moment(10)),
        (moment(0), moment(3)),
    ]
    assert place.missing(Kind.IMAGES, Grain.DAY, moment(15), moment(20), now) == []
    hour = moment(2) + timedelta(minutes=30)
    assert place.missing(Kind.IMAGES, Grain.HOUR, hour, hour + timedelta(hours=1), now) == [
        (moment(2), moment(2) + timedelta(hours=2))
    ]


def test_profiles_origins_and_keys_see_nothing_of_each_other(tmp_path: Path) -> None:
    places = [
        ledger(tmp_path),
        ledger(tmp_path, "home"),
        Ledger(tmp_path, "work", "https://proxy.example", "sk-…abc"),
        Ledger(tmp_path, "work", "https://api.openai.com", "sk-…xyz"),
    ]
    for number, place in enumerate(places, 1):
        put(place, [used(at(0), {}, input_tokens=number)])
    assert [tokens(place)[""] for place in places] == [1, 2, 3, 4]
    ledger(tmp_path, "other").drop("work")
    assert [tokens(place) for place in places] == [{}, {"": 2}, {}, {}]
    assert places[0].known(Kind.COMPLETIONS, Grain.DAY, moment(0), moment(20)).asked == {}


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    (tmp_path / "usage.sqlite3").touch(0o644)
    put(ledger(tmp_path), [])
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize(
    "rubbish",
    [b"no database" * 500, b"SQLite format 3\0" + b"\xff" * 5000],
    ids=["text", "torn"],
)
def test_a_damaged_one_is_begun_anew(tmp_path: Path, rubbish: bytes) -> None:
    (tmp_path / "usage.sqlite3").write_bytes(rubbish)
    place = ledger(tmp_path)
    assert tokens(place) == {}
    put(place, [used(at(0), {}, input_tokens=7)])
    assert (tokens(ledger(tmp_path)), place.trouble) == ({"": 7}, "")


@pytest.mark.parametrize("first", [0, 1])
def test_damage_found_while_it_is_read_is_got_over(tmp_path: Path, first: int) -> None:
    place = ledger(tmp_path)
    put(place, [used(at(n % 20), {KEY: f"key {n}"}, input_tokens=n) for n in range(5000)])
    place.close()
    with open(place.path, "r+b") as file:
        file.seek(first * 4096)
        file.write(b"\xff" * (100_000 - first * 4096))
    assert tokens(place, KEY) == {}
    put(place, [used(at(0), {}, input_tokens=7)])
    assert (tokens(ledger(tmp_path)), place.trouble) == ({"": 7}, "")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "ten", ""])
def test_an_amount_that_is_none_is_taken_for_damage(tmp_path: Path, amount: str) -> None:
    place, by = ledger(tmp_path), (Dimension.PROJECT,)
    place.put_costs(by, moment(0), moment(1), [charged(at(0), "1")], LATER)
    with sqlite3.connect(place.path) as other:
        other.execute("UPDATE cost SET amount = ?", (amount,))
    other.close()
    assert place.cost_sums(Sums(Grain.DAY, cuts_of([0, 1])), by) == []
    assert place.trouble == ""


def test_one_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "usage.sqlite3") as other:
        other.execute("CREATE TABLE usage (something_else)")
        other.execute("PRAGMA user_version=99")
    other.close()
    place = ledger(tmp_path)
    put(place, [used(at(0), {}, input_tokens=7)])
    assert (tokens(place), place.trouble) == ({"": 7}, "")


def test_without_a_file_it_goes_on_in_memory_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = ledger(tmp_path / "file" / "cache")
    put(place, [used(at(0), {}, input_tokens=7)])
    assert tokens(place) == {"": 7}
    assert "a file is where a folder should be" in place.trouble
    assert place.size() == 0
    place.clear()
    assert tokens(place) == {}
    place.close()


def test_two_processes_share_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.store.ledger_writer", str(tmp_path)]
    running = [
        subprocess.Popen([*command, name, "30"], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for name in ("one", "two")
    ]
    assert [process.communicate()[0] for process in running] == ["4950 ", "4950 "]
    for name in ("one", "two"):
        place = Ledger(tmp_path, name, "here")
        assert sum(figure or 0 for figure in tokens(place, KEY).values()) == 4950
        assert Counter(id.split()[0] for id in tokens(place, KEY)) == {name: 100}


def test_on_a_full_disk_what_is_known_stays_and_the_rest_is_kept_for_this_run(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-m", "tests.store.ledger_writer", str(tmp_path), "one", "20"]
    ran = subprocess.run([*command, "70000"], capture_output=True, text=True, cwd=ROOT, check=True)
    figure, _, trouble = ran.stdout.partition(" ")
    assert int(figure) == 21 * 4950
    assert "usage.sqlite3 cannot be used" in trouble
    assert tokens(Ledger(tmp_path, "one", "here"), Dimension.KIND)["completions"] == 4950


def test_the_oldest_of_the_finest_grain_makes_room(tmp_path: Path) -> None:
    place, kind = ledger(tmp_path, most_bytes=1_000_000), Kind.COMPLETIONS

    def rows(grain: Grain, since: int) -> list[Counted]:
        return [
            used(at(since + n % 24, grain), {KEY: f"key {n % 50}"}, input_tokens=n)
            for n in range(3000)
        ]

    place.put(kind, Grain.DAY, moment(0), moment(24), rows(Grain.DAY, 0), LATER)
    for since in range(0, 240, 24):
        ends = moment(since, Grain.HOUR), moment(since + 24, Grain.HOUR)
        place.put(kind, Grain.HOUR, *ends, rows(Grain.HOUR, since), LATER)
    hours = place.known(kind, Grain.HOUR, moment(0), moment(10)).asked
    assert 0 < len(hours) < 240
    assert max(hours) == at(239, Grain.HOUR)
    assert min(hours) > at(0, Grain.HOUR)
    assert len(place.known(kind, Grain.DAY, moment(0), moment(24)).asked) == 24
    assert place.path.stat().st_size < 1_500_000


def test_clearing_gives_the_room_back(tmp_path: Path) -> None:
    place, other = ledger(tmp_path), ledger(tmp_path, "home")
    put(place, [used(at(n % 20), {KEY: f"key {n}"}, input_tokens=n) for n in range(20_000)])
    assert place.size() > 1_000_000
    other.clear()
    assert other.size() < 100_000
    assert tokens(place) == {}
    put(place, [used(at(0), {KEY: "new"}, input_tokens=7)])
    assert tokens(place, KEY) == {"new": 7}
