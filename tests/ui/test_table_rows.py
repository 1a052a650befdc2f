from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from oai_tui.ui.widgets.table_rows import Rows, sorted_indices

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
    order = sorted_indices(rows, the_number, reverse)
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
    rows.sort(the_number if order else None, reverse)
    assert rows.current_id == kept
    place = rows.cursor
    rows.replace(after, the_id)
    if kept in map(the_id, after):
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
        wanted ^= {rows.current_id} - {None} if rows.current_id else set()  # type: ignore[arg-type]
    assert rows.marked == wanted
    rows.replace(second, the_id)
    assert rows.marked == wanted & set(map(the_id, second))
    rows.replace(first, the_id)
    assert rows.marked == wanted
    rows.clear_marks()
    assert not rows.marked


def test_odd_keys_do_not_break_the_order() -> None:
    def broken(row: object) -> object:
        raise KeyError(row)

    assert sorted_indices([1, 2], broken) == [0, 1]
    assert sorted_indices([2, "b", 1], lambda x: x) == [2, 0, 1]
    assert sorted_indices([float("nan"), 2.0, 1.0], lambda x: x) == [2, 1, 0]
    assert sorted_indices([Decimal("NaN"), Decimal(2), Decimal(1)], lambda x: x) == [2, 1, 0]


def test_find_knows_the_place_that_is_shown() -> None:
    rows: Rows[Row] = Rows()
    rows.replace([("a", 1), ("b", 2), ("c", 3)], the_id)
    rows.sort(the_number, True)
    assert [rows.find(name) for name in "abcd"] == [2, 1, 0, None]
