from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from oai_tui.core.text import HARMFUL
from oai_tui.ui.widgets.table_columns import GAP, Cell, Column, fit, lay_out


def column(key: str, width: int, priority: int = 0, grow: bool = False) -> Column[str]:
    return Column(key, key.upper(), width, str, priority=priority, grow=grow)


some_columns = st.lists(
    st.tuples(st.integers(1, 20), st.integers(0, 5), st.booleans()), min_size=1, max_size=7
).map(lambda found: [column(f"c{i}", *c) for i, c in enumerate(found)])


@given(some_columns, st.integers(0, 90), st.integers(-1, 8))
def test_columns_never_overlap_and_the_first_is_always_there(
    columns: list[Column[str]], width: int, shift: int
) -> None:
    layout = lay_out(columns, width, shift)
    end = -GAP
    for slot in layout.slots:
        assert slot.x == end + GAP
        assert slot.width > 0
        end = slot.x + slot.width
    assert end <= width or not layout.slots
    assert not layout.slots or layout.slots[0].column is columns[0]
    assert bool(layout.slots) == (width > 0)


@given(some_columns, st.integers(25, 90))
def test_every_column_can_be_reached(columns: list[Column[str]], width: int) -> None:
    seen: set[str] = set()
    shift, more = 0, True
    while more:
        layout = lay_out(columns, width, shift)
        assert layout.shift == shift
        seen |= {slot.column.key for slot in layout.slots}
        shift, more = shift + 1, layout.more_right
    assert seen == {c.key for c in columns}


def shown(columns: list[Column[str]], width: int, shift: int = 0, keep: str = "") -> str:
    return "".join(slot.column.key for slot in lay_out(columns, width, shift, keep).slots)


def test_the_least_wanted_columns_go_first() -> None:
    columns = [column("n", 10), column("a", 10, 1), column("b", 10, 3), column("c", 10, 2)]
    assert [shown(columns, width) for width in (46, 45, 34, 33, 22, 12, 5)] == [
        "nabc",
        "nbc",
        "nbc",
        "nb",
        "nb",
        "n",
        "n",
    ]
    assert shown(columns, 34, keep="a") == "nab"
    assert [shown(columns, 34, shift) for shift in (0, 1, 2)] == ["nbc", "nca", "nca"]
    assert lay_out(columns, 34, 0).more_right
    assert not lay_out(columns, 34, 0).more_left
    assert lay_out(columns, 34, 9).more_left
    assert not lay_out(columns, 34, 9).more_right


def test_growing_columns_share_what_is_left() -> None:
    columns = [column("n", 10, grow=True), column("a", 10), column("b", 10, grow=True)]
    assert [slot.width for slot in lay_out(columns, 39).slots] == [13, 10, 12]


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("deploy", 6, "deploy"),
        ("deploy", 8, "deploy  "),
        ("deploy", 5, "depl…"),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日 …"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("two\nlines\x1b[2J", 12, "two␊lines␛[…"),
        ("deploy", 0, ""),
        ("deploy", 1, "…"),
        ("[bold]x[/]", 10, "[bold]x[/]"),
    ],
)
def test_text_fills_its_cells(text: str, width: int, cut: str) -> None:
    assert fit(text, width) == cut


@given(st.text(max_size=40), st.integers(0, 30), st.sampled_from(["left", "right"]))
def test_any_text_fills_its_cells(text: str, width: int, align: str) -> None:
    filled = fit(text, width, align)  # type: ignore[arg-type]
    assert cell_len(filled) == width
    assert not HARMFUL.search(filled)
    assert not {"\n", "\t"} & set(filled)


def test_a_row_that_cannot_be_read_is_a_question_mark() -> None:
    assert Column[str]("n", "N", 4, lambda row: row.nothing).read("x") == Cell("?", "warn")  # type: ignore[attr-defined]
    assert Column[str]("n", "N", 4, lambda row: None).read("x") == Cell("None")  # type: ignore[arg-type,return-value]
