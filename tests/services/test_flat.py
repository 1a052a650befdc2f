"""Flat rows."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.services.flat import csv_cell, csv_of, json_of

FIELDS = ("id", "name", "count")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\0x"])
def test_no_text_is_a_formula(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1, Decimal("-1.5"), None, "", "a=b", "日本"])
def test_numbers_and_plain_texts_stay_as_they_are(value: object) -> None:
    assert csv_cell(value) is value


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0")), max_size=5))
def test_what_is_written_is_read_back(names: list[str]) -> None:
    rows = [{"id": f"key_{i}", "name": name, "count": i} for i, name in enumerate(names)]
    assert json.loads(json_of(rows)) == rows
    read = list(csv.DictReader(io.StringIO(csv_of(FIELDS, rows))))
    assert [row["name"] for row in read] == [csv_cell(name) for name in names]
    assert [int(row["count"]) for row in read] == list(range(len(names)))


def test_no_rows_are_an_empty_array_and_a_head() -> None:
    assert json_of([]) == "[]\n"
    assert csv_of(FIELDS, []) == "id,name,count\n"
