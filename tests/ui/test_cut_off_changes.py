"""Changes of a brake that a program did not live to see the end of."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from oai_tui.core.changes import Action, Change, Outcome
from oai_tui.simulator.world import World
from oai_tui.store.changes import ChangeLog
from tests.ui.app_under_test import app_on, awaited, settle, signed_in


@awaited
async def test_the_next_start_says_what_became_of_it(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    log = ChangeLog(app.setup.folders.state, app.setup.profile, app.setup.base_url.origin)
    at = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    asked = ("hard limit of the organization", "$2,500.00 a month", "$1,500.00 a month")
    log.ask(Change(Action.SET_LIMIT, *asked, at))
    log.close()
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        await settle(pilot)
        said = [each.message for each in app._notifications]
        assert [each for each in said if "was cut off" in each and "was not made" in each]
        assert log.recent()[0].outcome is Outcome.REFUSED


@awaited
async def test_lines_that_cannot_be_read_are_told(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    log = ChangeLog(app.setup.folders.state, app.setup.profile, app.setup.base_url.origin)
    log.path.write_text("no line of ours\n")
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        await settle(pilot)
        assert [each for each in app._notifications if "are left out" in each.message]
