"""The panel under the list and the details of one key."""

from __future__ import annotations

from pathlib import Path

import pytest

from oai_tui.core.estate import EstateRow
from oai_tui.core.keys import KeyKind
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.widgets.chart import Chart
from oai_tui.ui.widgets.key_words import cost_words, requests_words
from oai_tui.ui.widgets.table import Table
from tests.core.test_estate import row
from tests.core.test_health import NOW
from tests.ui.app_under_test import app_on, awaited, said, settle, signed_in, until


def table(app: OaiApp) -> Table[EstateRow]:
    return app.screen.query_one(Table)


async def go_to(app: OaiApp, name: str) -> EstateRow:
    row = next(row for row in table(app).rows if row.key.name == name)
    table(app).move_to_id(row.id)
    return row


@awaited
async def test_a_high_terminal_tells_use_cost_owner_and_siblings(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        row = await go_to(app, "ci-deploy")
        await settle(pilot)
        told = said(app, "#panel")
        assert row.id in told
        assert "in 30 days to 22 Nov (UTC)" in told
        assert "last day provisional" in told
        assert "2 keys of this account, also ci-deploy" in told
        assert any(level in told for level in "▂▃▄▅▆▇█")
        for found in row.findings:
            assert found.why in told
        assert app.screen.query_one("#panel").size.height == 8


@awaited
async def test_what_is_not_counted_is_never_a_zero(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        await go_to(app, "terraform")
        await settle(pilot)
        told = said(app, "#panel")
        assert told.count("—  not counted for admin keys") == 2
        assert "$0" not in told


@awaited
async def test_a_low_terminal_has_two_lines(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await signed_in(pilot)
        assert len(said(app, "#panel").splitlines()) == 2
        await pilot.resize_terminal(120, 40)
        await settle(pilot)
        assert len(said(app, "#panel").splitlines()) == 8


@awaited
async def test_the_details_draw_the_days_and_tell_the_history(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        await go_to(app, "tom-experiments")
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen.query_one(Chart).description == "30 bars of requests"
        assert app.screen.query_one(".dialog").size.width > 90
        assert "created by tom@acme-research.example" in said(app, "#trail")
        assert "scopes" in said(app, "#trail")


def test_what_is_still_being_read_is_told_apart_from_what_is_not_known() -> None:
    for words in (requests_words, cost_words):
        assert words(row(), None) == "—  not read yet"
        assert words(row(), NOW.date()) == "—  not known"
        admin = row(kind=KeyKind.ADMIN, project=None)
        assert words(admin, None) == "—  not counted for admin keys"


@pytest.mark.parametrize("fault", ["503", "403-plain"])
@awaited
async def test_a_history_that_cannot_be_read_is_told(
    world: World, tmp_path: Path, faults: Faults, fault: str
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        faults.set(f"{fault}@/organization/audit_logs")
        await pilot.press("enter")
        await until(pilot, lambda: "could not be read" in said(app, "#trail"))
        await pilot.press("escape")
        assert table(app).rows


@awaited
async def test_details_closed_before_the_history_came_leave_no_trace(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    app = app_on(world, tmp_path, faults)
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        faults.set("hang@/organization/audit_logs")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query("#trail"))
        assert "reading the audit log" in said(app, "#trail")
        await pilot.press("escape")
        await settle(pilot)
        assert table(app).rows
        faults.clear()
