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
async def test_marks_go_before_the_filter_and_are_told(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        await pilot.press("g", "space", "down", "space")
        await settle(pilot)
        assert "2 marked" in said(app, "#head")
        screen = app.screen
        assert isinstance(screen, KeysScreen)
        assert len(screen.targets()) == 2
        await pilot.press("escape")
        await settle(pilot)
        assert not table(app).marked
        assert all(Ailment.OWNER_GONE in row.ailments for row in table(app).rows)
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
