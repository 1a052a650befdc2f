from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from textual.color import Color
from textual.events import MouseScrollDown

from oai_tui.ui.widgets.table import Cell, Column, Table
from tests.ui.table_app import COLUMNS, Key, TableApp, keys

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


def named(*names: str) -> list[Key]:
    return [Key(name, name) for name in names]


def the_id(key: Key) -> str:
    return key.id


def names(app: TableApp) -> list[str]:
    return [line[3:].split("  ")[0] for line in app.lines()[1:] if line]


def current(app: TableApp) -> str:
    assert app.table.current
    return app.table.current.id


@pytest.mark.parametrize(
    ("pressed", "place"),
    [
        ("down j", 2),
        ("down down up k", 0),
        ("up", 0),
        ("end", 99),
        ("end down", 99),
        ("end home", 0),
        ("pagedown", 19),
        ("pagedown pageup", 0),
        ("ctrl+d", 9),
        ("ctrl+d ctrl+u", 0),
        ("pagedown " * 9, 99),
    ],
)
async def test_keys_move_the_cursor_and_it_stays_in_sight(pressed: str, place: int) -> None:
    app = TableApp(keys(100))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press(*pressed.split())
        assert app.table.cursor == place
        assert sum(line.startswith("▌") for line in app.lines()) == 1
        assert current(app) == f"key_{place}"


async def test_a_page_takes_the_rows_with_the_cursor() -> None:
    app = TableApp(keys(100))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("down", "down", "pagedown")
        assert app.lines()[3].startswith("▌")
        assert app.table.cursor == 21


async def test_moving_and_choosing_are_told() -> None:
    app = TableApp(named("a", "b", "c"))
    async with app.run_test() as pilot:
        await pilot.press("down", "enter")
        first, moved, chosen = app.heard
        assert isinstance(first, Table.Highlighted)
        assert isinstance(moved, Table.Highlighted)
        assert isinstance(chosen, Table.Chosen)
        assert (first.row.id, moved.row.id, chosen.row.id) == ("a", "b", "b")
        assert chosen.control is app.table


async def test_new_rows_leave_cursor_and_view_where_they_were() -> None:
    app = TableApp(keys(100))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("pagedown", "down")
        top = names(app)[0]
        app.table.set_rows([replace(key, name="x" + key.name) for key in app.table.rows], the_id)
        await pilot.pause()
        assert names(app)[0] == "x" + top
        assert current(app) == "key_20"
        app.table.set_rows(keys(100)[15:], the_id)
        await pilot.pause()
        assert current(app) == "key_20"
        assert sum(line.startswith("▌") for line in app.lines()) == 1
        app.table.set_rows(keys(3), the_id)
        await pilot.pause()
        assert current(app) == "key_2"
        assert len(names(app)) == 3


async def test_the_sign_of_the_order_takes_no_more_of_the_name_than_it_must() -> None:
    app = TableApp([Key("1", "a")])
    async with app.run_test(size=(120, 20)):
        app.table.sort_by("seen")
        assert "LAST SE…▲" in app.lines()[0]
        app.table.sort_by("project")
        assert "PROJECT ▲" in app.lines()[0]


async def test_sorting_keeps_the_cursor_on_its_row_and_shows_the_direction() -> None:
    rows = [Key("1", "b", cost=5), Key("2", "a"), Key("3", "c", cost=1), Key("4", "a", cost=5)]
    app = TableApp(rows)
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press("s")
        assert names(app) == ["a", "a", "b", "c"]
        assert "NAME ▲" in app.lines()[0]
        assert current(app) == "1"
        assert app.table.cursor == 2
        await pilot.press("S")
        assert names(app) == ["c", "b", "a", "a"]
        assert "NAME ▼" in app.lines()[0]
        app.table.sort_by("cost", reverse=True)
        assert names(app) == ["b", "a", "c", "a"]
        assert app.table.sorted_by == ("cost", True)
        app.table.sort_by("cost")
        assert names(app) == ["c", "b", "a", "a"]
        app.table.sort_by(None)
        assert names(app) == ["b", "a", "c", "a"]
        await pilot.pause()
        assert sum(isinstance(event, Table.Sorted) for event in app.heard) == 5


async def test_sort_key_goes_round_the_sortable_columns() -> None:
    app = TableApp(named("a"))
    async with app.run_test(size=(120, 20)) as pilot:
        seen = []
        for _ in range(6):
            await pilot.press("s")
            assert app.table.sorted_by
            seen.append(app.table.sorted_by[0])
        assert seen == ["name", "project", "owner", "seen", "cost", "name"]


async def test_other_columns_keep_the_order_as_long_as_its_column_stays() -> None:
    app = TableApp(named("b", "a"))
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press("s")
        app.table.set_columns(COLUMNS[:2])
        assert app.lines()[0].split() == ["NAME", "▲", "PROJECT"]
        assert names(app) == ["a", "b"]
        app.table.set_columns(COLUMNS[1:2])
        assert app.lines()[0].split() == ["PROJECT"]
        assert app.table.sorted_by is None
        await pilot.pause()
        assert sum(isinstance(event, Table.Sorted) for event in app.heard) == 2


async def test_the_wheel_scrolls_and_the_cursor_stays() -> None:
    app = TableApp(keys(100))
    async with app.run_test(size=(80, 20)) as pilot:
        app.table.post_message(
            MouseScrollDown(app.table, 5, 5, 0, 0, 0, False, False, False, 5, 5, None)
        )
        await pilot.pause()
        assert names(app)[0] != app.table.rows[0].name
        assert app.table.cursor == 0
        app.table.set_rows(keys(100), the_id)
        await pilot.pause()
        assert names(app)[0] != app.table.rows[0].name
        await pilot.press("down")
        assert app.lines()[1].startswith("▌")


async def test_marks_belong_to_rows_that_are_here() -> None:
    app = TableApp(named("a", "b", "c"))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("space", "down", "space", "down", "space", "space")
        assert app.table.marked == {"a", "b"}
        assert [line[1] for line in app.lines()[1:4]] == ["●", "●", " "]
        app.table.set_rows(named("b", "c"), the_id)
        assert app.table.marked == {"b"}
        app.table.clear_marks()
        assert not app.table.marked
        await pilot.pause()
        assert sum(isinstance(event, Table.Marked) for event in app.heard) == 5


async def test_a_table_without_marks_has_no_room_for_them() -> None:
    app = TableApp(named("a"))
    async with app.run_test(size=(80, 20)) as pilot:
        table = Table(COLUMNS)
        await app.mount(table)
        table.set_rows(named("zz"), the_id)
        table.focus()
        await pilot.press("space")
        assert table.render_line(1).text.startswith("▌ zz")
        assert not table.marked


async def test_narrow_windows_leave_columns_out_and_arrows_bring_them() -> None:
    app = TableApp(named("a"))
    async with app.run_test(size=(120, 20)) as pilot:
        assert app.lines()[0].split()[-1] == "HEALTH"
        await pilot.resize_terminal(64, 20)
        head = app.lines()[0]
        assert "NAME" in head
        assert "HEALTH" in head
        assert "OWNER" not in head
        assert head.endswith("›")
        await pilot.press("right", "l", "right", "right")
        assert "OWNER" in app.lines()[0]
        assert "‹" in app.lines()[0]
        assert app.lines()[0].lstrip(" ").startswith("NAME")
        await pilot.press("right", "right", "right")
        assert "›" not in app.lines()[0]
        await pilot.press(*["h"] * 9)
        assert app.lines()[0] == head
        app.table.sort_by("owner")
        assert "OWNER ▲" in app.lines()[0]


async def test_resizing_keeps_the_cursor_in_sight() -> None:
    app = TableApp(keys(100))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("pagedown", "up")
        await pilot.resize_terminal(80, 10)
        await pilot.pause()
        assert sum(line.startswith("▌") for line in app.lines()) == 1
        assert {len(app.table.render_line(y).text) for y in range(10)} == {80}


async def test_the_mouse_goes_everywhere_the_keys_go() -> None:
    app = TableApp(keys(100))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.click(Table, offset=(10, 5))
        assert app.table.cursor == 4
        assert not any(isinstance(event, Table.Chosen) for event in app.heard)
        await pilot.click(Table, offset=(10, 7), times=2)
        assert isinstance(app.heard[-1], Table.Chosen)
        assert app.heard[-1].row.id == "key_6"
        await pilot.click(Table, offset=(5, 0))
        assert app.table.sorted_by == ("name", False)
        await pilot.click(Table, offset=(5, 0))
        assert app.table.sorted_by == ("name", True)


async def test_an_empty_table_says_why() -> None:
    app = TableApp([])
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("down", "enter", "space", "s", "S", "pagedown", "end", "right")
        assert app.lines()[10].strip() == "Nothing matches. esc clears it."
        app.table.placeholder = "Loading."
        assert app.lines()[10].strip() == "Loading."
        assert app.table.current is None
        assert all(isinstance(event, Table.Sorted) for event in app.heard)


@pytest.mark.parametrize("columns", [[], COLUMNS[:1], COLUMNS])
@pytest.mark.parametrize("size", [(1, 1), (2, 2), (8, 3), (400, 5)])
async def test_no_size_and_no_columns_break_it(
    columns: Sequence[Column[Key]], size: tuple[int, int]
) -> None:
    app = TableApp(keys(20), columns)
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "pagedown", "s", "right", "end", "enter")
        assert all(app.table.render_line(y).cell_length == size[0] for y in range(size[1]))


async def test_outside_text_stays_text() -> None:
    evil = "[red]x[/] [/y] \x1b]52;c;aGk=\x07\nnext"
    app = TableApp([Key("1", evil)])
    async with app.run_test(size=(120, 20)):
        assert app.lines()[1].startswith("▌  [red]x[/] [/y]")
        assert not {"\x1b", "\n"} & set("".join(app.lines()))


async def test_a_row_that_cannot_be_read_does_not_take_the_others_away() -> None:
    def half(key: Key) -> Cell | str:
        return {"a": key.name}[key.id]

    app = TableApp(named("a", "b"), [Column("name", "NAME", 10, half)])
    async with app.run_test(size=(80, 20)):
        assert names(app) == ["a", "?"]


async def test_a_theme_and_the_focus_recolour_it() -> None:
    app = TableApp([Key("1", "a", health="spending"), Key("2", "b")])
    async with app.run_test(size=(120, 20)) as pilot:

        def ground(y: int) -> Color:
            style = next(iter(app.table.render_line(y))).style
            assert style
            assert style.bgcolor
            return Color.from_rich_color(style.bgcolor)

        def health() -> str:
            style = next(s for s in app.table.render_line(1) if "spending" in s.text).style
            assert style
            return str(style.color)

        focused, colour = ground(1), health()
        assert focused != ground(2)
        app.set_focus(None)
        await pilot.pause()
        assert ground(1) not in (focused, ground(2))
        app.theme = "textual-light"
        await pilot.pause()
        assert ground(2).brightness > 0.5
        assert health() != colour


async def test_keys_can_be_remapped() -> None:
    app = TableApp(keys(10))
    async with app.run_test() as pilot:
        app.set_keymap({"table.down": "x"})
        await pilot.press("x", "x", "j")
        assert app.table.cursor == 2
        assert all(b.id and b.tooltip for b in app.table._bindings.key_to_bindings["s"])


async def test_only_rows_in_sight_are_read() -> None:
    read: list[str] = []

    def name(key: Key) -> str:
        read.append(key.id)
        return key.name

    app = TableApp(keys(5000), [Column("name", "NAME", 10, name)])
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("pagedown", "end")
        assert 0 < len(set(read)) <= 3 * 19


async def test_further_levels_are_added_changed_turned_and_numbered() -> None:
    rows = [Key("1", "b", "web"), Key("2", "a", "web"), Key("3", "c", "data")]
    app = TableApp(rows)
    async with app.run_test(size=(120, 20)) as pilot:
        app.table.sort_by("project")
        await pilot.press("full_stop")
        assert app.table.sorting == (("project", False), ("owner", False))
        await pilot.press(*["comma"] * 3)
        assert app.table.sorting == (("project", False), ("name", False))
        assert names(app) == ["c", "a", "b"]
        await pilot.press("S")
        assert names(app) == ["c", "b", "a"]
        assert "NAME ▼2" in app.lines()[0]
        assert "PROJECT ▲1" in app.lines()[0] or "PROJECT▲1" in app.lines()[0]
        await pilot.press("full_stop", "full_stop", "full_stop")
        assert len(app.table.sorting) == 3
        await pilot.press("s")
        assert app.table.sorting == (("owner", False),)


async def test_a_click_with_shift_adds_a_level_or_turns_it() -> None:
    app = TableApp(keys(100))
    async with app.run_test(size=(120, 20)) as pilot:
        project = app.lines()[0].index("PROJECT")
        await pilot.click(Table, offset=(project, 0))
        await pilot.click(Table, offset=(5, 0), shift=True)
        assert app.table.sorting == (("project", False), ("name", False))
        await pilot.click(Table, offset=(project, 0), shift=True)
        assert app.table.sorting == (("project", True), ("name", False))
        await pilot.click(Table, offset=(5, 0))
        assert app.table.sorting == (("name", True),)


async def test_all_rows_here_are_marked_at_once_and_told_in_order() -> None:
    app = TableApp(named("a", "b", "c"))
    async with app.run_test(size=(80, 20)) as pilot:
        app.table.sort_by("name", reverse=True)
        app.table.set_rows(named("a", "c"), the_id)
        await pilot.press("asterisk")
        assert [row.id for row in app.table.marked_rows] == ["c", "a"]
        app.table.set_rows(named("a", "b", "c"), the_id)
        assert app.table.marked == {"a", "c"}
        await pilot.press("asterisk", "asterisk")
        assert not app.table.marked


async def test_rows_that_arrive_above_do_not_move_the_cursor_on_the_screen() -> None:
    app = TableApp(keys(100))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("pagedown", "down", "down")
        place = next(y for y, line in enumerate(app.lines()) if line.startswith("▌"))
        app.table.set_rows([*named(*(f"new{n}" for n in range(30))), *keys(100)], the_id)
        await pilot.pause()
        assert app.lines()[place].startswith("▌")
        assert current(app) == "key_21"
