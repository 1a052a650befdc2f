"""What a person typed of the balance stays, whatever happens to the file or beside it."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from oai_tui.core.balance import BalanceEntry, EntryKind
from oai_tui.core.errors import StoreProblem
from oai_tui.core.money import Money
from oai_tui.store.balance import BalanceFile

AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
HERE = "https://api.openai.com"


def entry(
    id: str = "a", amount: str = "500.00", at: datetime = AT, expires: date | None = None
) -> BalanceEntry:
    return BalanceEntry(id, EntryKind.BALANCE, at, Money(Decimal(amount)), expires, AT)


@pytest.fixture
def file(tmp_path: Path) -> BalanceFile:
    return BalanceFile(tmp_path / "state", "work", HERE)


def test_without_a_file_nothing_was_typed(file: BalanceFile) -> None:
    assert file.entries() == ()
    file.remove("a")
    assert not file.path.exists()


def test_entries_come_back_as_they_were_the_oldest_first(file: BalanceFile) -> None:
    first = entry("a", "500.10", expires=date(2027, 11, 3))
    elsewhere = datetime.fromisoformat("2026-11-02T23:30:00-08:00")
    later = BalanceEntry("b", EntryKind.TOP_UP, AT + timedelta(1), Money.of_cents(1), None, AT)
    for each in (later, first, entry("c", "0", elsewhere)):
        file.add(each)
    again = BalanceFile(file.path.parent, "work", HERE)
    assert again.entries() == (entry("c", "0", elsewhere.astimezone(UTC)), first, later)
    assert again.entries()[0].at.tzinfo is UTC
    file.add(entry("b", "7"))
    assert [each.amount.dollars for each in again.entries()] == [0, Decimal("500.10"), 7]
    file.remove("a")
    assert [each.id for each in again.entries()] == ["c", "b"]


def test_the_file_is_its_owners_only(file: BalanceFile) -> None:
    file.add(entry())
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in file.path.parent.iterdir()} == {0o600}


def test_profiles_and_origins_do_not_see_each_other(file: BalanceFile) -> None:
    others = [
        BalanceFile(file.path.parent, "home", HERE),
        BalanceFile(file.path.parent, "work", "http://localhost:8000"),
    ]
    for place, each in enumerate((file, *others)):
        each.add(entry("a", str(place)))
    others[0].remove("a")
    assert [each.amount.dollars for each in file.entries()] == [0]
    assert others[0].entries() == ()
    assert [each.amount.dollars for each in others[1].entries()] == [2]


def test_many_may_write_at_once_and_none_is_lost(file: BalanceFile) -> None:
    folder = file.path.parent

    def add(number: int) -> None:
        BalanceFile(folder, "work", HERE).add(entry(f"e{number:02}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(24)))
    assert {each.id for each in file.entries()} == {f"e{number:02}" for number in range(24)}


def rows(*changed: dict[str, object]) -> str:
    whole = {
        "profile": "work",
        "origin": HERE,
        "id": "a",
        "kind": "balance",
        "at": "2026-11-03T09:30:00+00:00",
        "amount": "500.00",
        "expires": None,
        "entered_at": "2026-11-03T09:30:00+00:00",
    }
    return json.dumps({"version": 1, "entries": [whole | each for each in changed]})


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "\x00\xff", '{"version": 1}', "[" * 100_000, '{"version": 1, "entries": 3}'],
)
def test_a_damaged_file_is_kept_aside_and_told(file: BalanceFile, text: str) -> None:
    file.path.parent.mkdir()
    file.path.write_text(text)
    assert file.entries() == ()
    assert file.set_aside is not None
    assert file.set_aside.name == "balance-damaged-1.json"
    assert file.set_aside.read_text() == text
    assert stat.S_IMODE(file.set_aside.stat().st_mode) == 0o600
    file.add(entry())
    assert file.entries() == (entry(),)
    file.path.write_text(text)
    file.add(entry("b"))
    assert file.set_aside.name == "balance-damaged-2.json"
    assert file.entries() == (entry("b"),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "NaN"},
        {"amount": "-5"},
        {"amount": "five"},
        {"amount": None},
        {"kind": "gift"},
        {"at": "2026-11-03T09:30:00"},
        {"at": 3},
        {"expires": "soon"},
        {"id": ""},
        {"profile": None},
    ],
)
def test_one_damaged_entry_does_not_take_the_others_along(
    file: BalanceFile, wrong: dict[str, object]
) -> None:
    file.path.parent.mkdir()
    text = rows({"id": "b"}, {"id": "c", **wrong})
    file.path.write_text(text)
    assert file.entries() == (entry("b"),)
    assert file.set_aside is not None
    assert file.set_aside.read_text() == text
    assert BalanceFile(file.path.parent, "work", HERE).entries() == (entry("b"),)


def test_what_another_wrote_beside_an_entry_stays(file: BalanceFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text(rows({"note": "from the invoice"}))
    file.add(entry("b"))
    assert "from the invoice" in file.path.read_text()
    assert file.set_aside is None


def test_a_newer_file_is_left_alone(file: BalanceFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text('{"version": 2, "entries": []}')
    with pytest.raises(StoreProblem, match="newer"):
        file.entries()
    with pytest.raises(StoreProblem, match="newer"):
        file.add(entry())
    assert file.path.read_text() == '{"version": 2, "entries": []}'


def test_a_file_that_cannot_be_read_is_told(file: BalanceFile) -> None:
    file.path.mkdir(parents=True)
    with pytest.raises(StoreProblem, match=r"balance\.json"):
        file.entries()
    with pytest.raises(StoreProblem, match=r"balance\.json"):
        file.add(entry())
