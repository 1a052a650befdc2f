from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.ui.widgets.table_rows import Rows, in_order

Row = tuple[str, int | None]
rows_of_any_order = st.lists(
    st.tuples(st.text("abcdef", min_size=1, max_size=2), st.none() | st.integers(0, 3)),
    unique_by=lambda row: row[0],
    max_size=12,
)


def the_id(row: Row) -> str:
    return row[0]


def the_number(row: Row) -> int | None:
    return row[1]


@given(rows_of_any_order, st.booleans())
def test_order_is_stable_and_what_is_unknown_comes_last(rows: list[Row], reverse: bool) -> None:
    order = in_order(range(len(rows)), [row[1] for row in rows], reverse)
    assert sorted(order) == list(range(len(rows)))
    numbers = [rows[i][1] for i in order]
    known = [n for n in numbers if n is not None]
    assert numbers == known + [None] * (len(numbers) - len(known))
    assert known == sorted(known, reverse=reverse)
    for one, next_one in pairwise(order):
        assert rows[one][1] != rows[next_one][1] or one < next_one


@given(rows_of_any_order, rows_of_any_order, st.integers(0, 15), st.booleans(), st.booleans())
def test_cursor_stays_on_its_row(
    before: list[Row], after: list[Row], start: int, order: bool, reverse: bool
) -> None:
    rows: Rows[Row] = Rows()
    rows.replace(before, the_id)
    rows.move(start)
    kept, place = rows.current_id, rows.cursor
    rows.sort(*([(the_number, reverse)] if order else []))
    assert rows.current_id == kept
    place = rows.cursor
    rows.replace(after, the_id)
    if kept in {the_id(row) for row in after}:
        assert rows.current_id == kept
    else:
        assert rows.cursor == max(0, min(place, len(after) - 1))
    assert (rows.current is None) == (not after)


@given(rows_of_any_order, rows_of_any_order, st.lists(st.integers(0, 12), max_size=4))
def test_a_mark_counts_only_while_its_row_is_here(
    first: list[Row], second: list[Row], places: list[int]
) -> None:
    rows: Rows[Row] = Rows()
    rows.replace(first, the_id)
    wanted: set[str] = set()
    for place in places:
        rows.move(place)
        rows.toggle_mark()
        wanted ^= {rows.current_id} - {None} if rows.current_id else set()
    assert rows.marked == wanted
    rows.replace(second, the_id)
    assert rows.marked == wanted & set(map(the_id, second))
    rows.replace(first, the_id)
    assert rows.marked == wanted
    rows.clear_marks()
    assert not rows.marked


@given(st.lists(st.tuples(st.integers(0, 2), st.none() | st.integers(0, 2)), max_size=12))
def test_a_further_level_orders_what_the_first_leaves_equal(pairs: list[tuple[int, int]]) -> None:
    rows: Rows[tuple[int, int]] = Rows()
    rows.replace(pairs, str)
    rows.sort((lambda row: row[0], True), (lambda row: row[1], False))
    shown = [rows[place] for place in range(len(rows))]
    assert shown == sorted(pairs, key=lambda row: (-row[0], row[1] is None, row[1] or 0))


def test_keys_are_read_once_for_a_set_of_rows() -> None:
    read: list[str] = []

    def key(row: Row) -> str:
        read.append(row[0])
        return row[0]

    rows: Rows[Row] = Rows()
    rows.replace([("b", 1), ("a", 2)], the_id)
    rows.sort((key, False))
    rows.sort((key, True), (the_number, False))
    assert sorted(read) == ["a", "b"]
    rows.replace([("c", 1)], the_id)
    assert read[2:] == ["c"]


def test_odd_keys_do_not_break_the_order() -> None:
    def broken(row: Row) -> object:
        raise KeyError(row)

    rows: Rows[Row] = Rows()
    rows.replace([("a", 1), ("b", 2)], the_id)
    rows.sort((broken, False))
    assert [rows.id_at(place) for place in (0, 1)] == ["a", "b"]
    assert in_order(range(3), [2, "b", 1]) == [2, 0, 1]
    assert in_order(range(3), [None, 2.0, 1.0]) == [2, 1, 0]


@pytest.mark.parametrize("odd", [float("nan"), Decimal("NaN")])
def test_what_is_no_number_comes_last(odd: object) -> None:
    rows: Rows[tuple[str, object]] = Rows()
    rows.replace([("odd", odd), ("2", 2), ("1", 1)], lambda row: row[0])
    rows.sort((lambda row: row[1], False))
    assert [rows.id_at(place) for place in range(3)] == ["1", "2", "odd"]


def test_find_knows_the_place_that_is_shown() -> None:
    rows: Rows[Row] = Rows()
    rows.replace([("a", 1), ("b", 2), ("c", 3)], the_id)
    rows.sort((the_number, True))
    assert [rows.find(name) for name in "abcd"] == [2, 1, 0, None]
