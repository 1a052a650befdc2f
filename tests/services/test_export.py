from __future__ import annotations

import csv
import io
import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.errors import StoreProblem, WrongInput
from oai_tui.core.estate import EstateRow
from oai_tui.core.facts import KeyFacts
from oai_tui.core.health import findings
from oai_tui.core.keys import ApiKey, KeyKind, Owner, Project
from oai_tui.services.export import FIELDS, rows_csv, rows_json, save
from oai_tui.services.flat import csv_cell

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = ApiKey(
    "key_1",
    "ci-deploy",
    KeyKind.PROJECT,
    "sk-proj…w3fK",
    NOW - timedelta(days=30),
    NOW - timedelta(hours=2),
    None,
    Owner("user", "user_1", "Alice Chen", "alice@acme.io"),
    "active",
    Project("proj_1", "Web"),
)


def row(facts: KeyFacts | None = None, **changes: object) -> EstateRow:
    key = replace(KEY, **changes)  # type: ignore[arg-type]
    facts = facts or KeyFacts()
    return EstateRow(key, facts, findings(key, NOW, facts))


def read_csv(*rows: EstateRow) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(rows_csv(rows, NOW))))


def test_json_has_the_names_and_times_of_the_platform() -> None:
    [flat] = json.loads(rows_json([row(KeyFacts(12, Decimal("41.20")))], NOW))
    assert flat == {
        "id": "key_1",
        "name": "ci-deploy",
        "kind": "project",
        "project_id": "proj_1",
        "project": "Web",
        "owner_type": "user",
        "owner": "Alice Chen",
        "redacted_value": "sk-proj…w3fK",
        "created_at": int((NOW - timedelta(days=30)).timestamp()),
        "last_used_at": int((NOW - timedelta(hours=2)).timestamp()),
        "expires_at": None,
        "health": "in use",
        "requests_30d": 12,
        "cost_30d": "41.20",
        "currency": "usd",
    }


def test_what_is_not_known_is_no_zero() -> None:
    [flat] = json.loads(rows_json([row()], NOW))
    assert (flat["requests_30d"], flat["cost_30d"], flat["currency"]) == (None, None, None)
    [line] = read_csv(row())
    assert (line["requests_30d"], line["cost_30d"], line["currency"]) == ("", "", "")
    [line] = read_csv(row(KeyFacts(0, Decimal("0E-12"))))
    assert (line["requests_30d"], line["cost_30d"]) == ("0", "0.000000000000")


def test_csv_has_dates_a_spreadsheet_reads() -> None:
    assert rows_csv([], NOW) == ",".join(FIELDS) + "\n"
    [line] = read_csv(row())
    assert tuple(line) == FIELDS
    assert line["created_at"] == "2026-10-23T12:00:00Z"
    assert line["expires_at"] == ""


def test_a_row_of_the_organization() -> None:
    [flat] = json.loads(rows_json([row(kind=KeyKind.ADMIN, project=None, owner=None)], NOW))
    assert (flat["kind"], flat["project_id"], flat["project"]) == ("admin", None, None)
    assert (flat["owner_type"], flat["owner"]) == (None, None)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0"])
def test_no_cell_is_a_formula(start: str) -> None:
    evil = f"{start}HYPERLINK(1)"
    assert csv_cell(evil) == "'" + evil
    # Control characters never get as far as a row.
    if start.isprintable():
        [line] = read_csv(row(name=evil, masked=evil, owner=Owner("user", "u", evil)))
        assert {line["name"], line["owner"], line["redacted_value"]} == {"'" + evil}


def test_numbers_stay_numbers() -> None:
    assert csv_cell(-3) == -3


@given(st.lists(st.text(st.characters(exclude_categories=["C"])), min_size=1, max_size=4))
def test_any_name_comes_back(names: list[str]) -> None:
    rows = [row(name=name, owner=Owner("user", "u", name), masked=name) for name in names]
    assert [flat["name"] for flat in json.loads(rows_json(rows, NOW))] == names
    assert [line["name"] for line in read_csv(*rows)] == [csv_cell(name) for name in names]


def test_a_file_that_only_its_owner_can_read(tmp_path: Path) -> None:
    path = save("id\n", f" {tmp_path}/keys.csv ")
    assert path == tmp_path / "keys.csv"
    assert path.read_text() == "id\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.csv"
    path.write_text("before")
    with pytest.raises(StoreProblem, match="is there already"):
        save("id\n", path)
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreProblem, match="is there already"):
        save("id\n", tmp_path / "link")
    assert path.read_text() == "before"


@pytest.mark.parametrize("typed", ["", "  "])
def test_a_file_needs_a_name(typed: str) -> None:
    with pytest.raises(WrongInput):
        save("id\n", typed)


@pytest.mark.parametrize("typed", ["{folder}/missing/keys.csv", "{folder}/a\0b", "~nobody-here/x"])
def test_a_file_that_cannot_be_written(typed: str, tmp_path: Path) -> None:
    with pytest.raises(StoreProblem):
        save("id\n", typed.format(folder=tmp_path))
    assert os.listdir(tmp_path) == []
