"""The text that stands where figures will be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.app import App, ComposeResult

from oai_tui.core.errors import Problem
from oai_tui.ui.widgets.state import STILL_WAITING, StatePane
from tests.ui.app_under_test import awaited


class _App(App[None]):
    def compose(self) -> ComposeResult:
        yield StatePane()


async def _wait(pane: StatePane, step: Callable[[], None]) -> str:
    """Take a step and return what the pane says once its time for waiting has passed twice."""
    pane.slow_after = 0.05
    step()
    over = asyncio.Event()
    pane.set_timer(2 * pane.slow_after, over.set)
    await over.wait()
    return str(pane.visual)


@awaited
async def test_it_is_said_that_nothing_has_come_yet() -> None:
    async with _App().run_test() as pilot:
        pane = pilot.app.query_one(StatePane)
        said = await _wait(pane, lambda: pane.say_loading("Reading …"))
        assert said.splitlines() == ["Reading …", "", STILL_WAITING]


@awaited
async def test_an_answer_ends_the_waiting() -> None:
    async with _App().run_test() as pilot:
        pane = pilot.app.query_one(StatePane)

        def fail() -> None:
            pane.say_loading("Reading …")
            pane.say_failed(Problem("It broke."))

        said = await _wait(pane, fail)
        assert "It broke." in said
        assert STILL_WAITING not in said
