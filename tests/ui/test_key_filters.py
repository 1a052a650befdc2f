"""Quick filters, the typed filter, marks and the export, as the list of keys has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oai_tui.core.estate import EstateRow
from oai_tui.core.health import NEEDS_PERSON, Ailment
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets.key_filters import QUICK_FILTERS, counted, quick_lines
from oai_tui.ui.widgets.key_quick import QuickLine
from oai_tui.ui.widgets.table import Table
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in, until


def table(app: OaiApp) -> Table[EstateRow]:
    return app.screen.query_one(Table)


@awaited
async def test_each_quick_filter_shows_as_many_rows_as_it_counts(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        rows = app.screen._view.rows  # type: ignore[attr-defined]
        counts = counted(rows)
        assert counts["spending"]
        assert counts["accounts"]
        for quick in QUICK_FILTERS:
            assert counts[quick.name] == sum(map(quick.shows, rows)), quick.name
            await pilot.press("a" if quick.name == "all" else quick.key)
            await settle(pilot)
            assert len(table(app).rows) == counts[quick.name], quick.name
        await pilot.press("escape")
        await settle(pilot)
        assert len(table(app).rows) == counts["all"]


@awaited
async def test_the_same_key_again_and_escape_show_all(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        total = len(table(app).rows)
        for back in ("w", "escape"):
            await pilot.press("w")
            await settle(pilot)
            found = table(app).rows
            assert 0 < len(found) < total
            assert all(row.state.weight >= NEEDS_PERSON for row in found)
            assert f"{len(found)} of {total}" in said(app, "#head")
            await pilot.press(back)
            await settle(pilot)
            assert len(table(app).rows) == total


@awaited
async def test_marks_outlive_the_filter_and_are_told(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        await pilot.press("g", "space", "down", "space")
        await settle(pilot)
        assert "2 marked" in said(app, "#head")
        screen = app.screen
        assert isinstance(screen, KeysScreen)
        assert len(screen.targets()) == 2
        assert all(Ailment.OWNER_GONE in row.ailments for row in table(app).rows)
        await pilot.press("g", "u", "space")
        await settle(pilot)
        assert "1 marked  2 marked behind the filter" in said(app, "#head")
        assert len(screen.targets()) == 1
        await pilot.press("escape")
        await settle(pilot)
        assert "3 marked" in said(app, "#head")
        assert "behind" not in said(app, "#head")
        assert len(table(app).rows) > 40
        await pilot.press("escape")
        await settle(pilot)
        assert not table(app).marked
        assert [row.id for row in screen.targets()] == [table(app).current.id]  # type: ignore[union-attr]


@awaited
async def test_fields_are_understood_and_told_while_typing(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await signed_in(pilot)
        await pilot.press("slash")
        await settle(pilot)
        assert "project: owner:" in seen(app)
        await pilot.press(*"project:research !stale")
        await settle(pilot)
        rows = table(app).rows
        assert rows
        assert all(row.key.project and row.key.project.name == "Research" for row in rows)
        assert not any(Ailment.STALE in row.ailments for row in rows)
        await pilot.press("escape")
        await settle(pilot)
        assert "project: owner:" not in seen(app)


@pytest.mark.parametrize(("button", "ending"), [("enter", "csv"), ("#json", "json")])
@awaited
async def test_the_shown_rows_are_written_to_a_new_private_file(
    world: World, tmp_path: Path, button: str, ending: str
) -> None:
    app = app_on(world, tmp_path / "home")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await signed_in(pilot)
        await pilot.press("w", "x")
        await until(pilot, lambda: app.screen.query("#path"))
        shown = app.screen_stack[0].query_one(Table).shown_rows
        app.screen.query_one("#path").value = str(tmp_path / "keys.csv")  # type: ignore[attr-defined]
        await (pilot.press(button) if button == "enter" else pilot.click(button))
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        path = tmp_path / f"keys.{ending}"
        text = path.read_text()
        assert path.stat().st_mode & 0o077 == 0
        ids = [row.id for row in shown]
        if ending == "json":
            assert [row["id"] for row in json.loads(text)] == ids
        else:
            assert [line.split(",")[0] for line in text.splitlines()[1:]] == ids
        await settle(pilot)
        assert f"{len(ids)} rows written to" in seen(app)


@awaited
async def test_a_file_that_is_there_is_not_replaced(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path / "home")
    (tmp_path / "keys.csv").write_text("mine")
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        await pilot.press("x")
        await until(pilot, lambda: app.screen.query("#path"))
        app.screen.query_one("#path").value = str(tmp_path / "keys.csv")  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query_one("#told").display)
        assert "keys.csv" in said(app, "#told")
        assert (tmp_path / "keys.csv").read_text() == "mine"


def test_the_active_filter_stays_where_there_is_no_room() -> None:
    counts = {quick.name: 7 for quick in QUICK_FILTERS}
    keys = {quick.name: quick.key[0] for quick in QUICK_FILTERS}
    for width in (30, 60, 80, 120):
        for lines in (1, 2):
            line = quick_lines(counts, "deleted", keys, (width, lines))
            assert "d 7 deleted" in line.plain
            rows = line.plain.split("\n")
            assert len(rows) <= lines
            assert all(len(row) <= width for row in rows)


@awaited
async def test_a_click_on_a_quick_filter_does_what_its_key_does(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        line = app.screen.query_one(QuickLine).render_line(0).text
        for _ in range(2):
            total = len(table(app).rows)
            await pilot.click(QuickLine, offset=(line.index("owner gone"), 0))
            await settle(pilot)
            assert len(table(app).rows) != total
        assert len(table(app).rows) > 40
        await pilot.press("P")
        await settle(pilot)
        lines = app.screen.query_one(QuickLine)
        place = lines.render_line(1).text.index("with archived")
        await pilot.click(QuickLine, offset=(place, 1))
        await settle(pilot)
        assert "with archived" not in seen(app)


@awaited
async def test_the_line_above_tells_what_a_typed_filter_is_understood_as(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        await pilot.press("slash")
        await settle(pilot)
        assert "expires:never|soon" in line_of(app)
        await pilot.press(*"project:web !ci foo:x")
        await settle(pilot)
        assert line_of(app) == (
            "shows project: “web” and not “ci” and “foo:x” as a word (no such field)"
        )
        await pilot.press("escape", "slash")
        await settle(pilot)
        assert "expires:never|soon" in line_of(app)


@awaited
async def test_a_key_that_changes_something_says_so_when_there_is_no_row(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await signed_in(pilot)
        await pilot.press("slash", *"zzzz", "enter", "X")
        await settle(pilot)
        assert "no key here that can be changed" in seen(app)


def line_of(app: OaiApp) -> str:
    return app.screen.query_one(QuickLine).render_line(0).text.strip()
