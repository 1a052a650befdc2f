"""However small the terminal is, the answers to a question are on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Static

from tests.ui.app_under_test import awaited
from tests.ui.bill import billing, press, text, type_in, world_at


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
@awaited
async def test_every_answer_is_seen_whole(tmp_path: Path, size: tuple[int, int]) -> None:
    async with billing(world_at(), tmp_path, size=size) as pilot:
        for keys in ("B", "escape b"):
            await press(pilot, *keys.split())
            answers_are_seen(pilot)
        await type_in(pilot, "500")
        await press(pilot, "enter")
        answers_are_seen(pilot)
        await press(pilot, "escape", "L")
        answers_are_seen(pilot)
        await type_in(pilot, "9")
        answers_are_seen(pilot)
        await press(pilot, "enter")
        answers_are_seen(pilot)
        for keys in ("escape escape escape a n", "escape X", "escape w x"):
            await press(pilot, *keys.split())
            answers_are_seen(pilot)


@awaited
async def test_what_an_amount_means_is_seen_beside_the_entries(tmp_path: Path) -> None:
    async with billing(world_at(), tmp_path, size=(60, 20), pages="b") as pilot:
        assert "○ what was bought" in text(pilot)
        await type_in(pilot, "500")
        await press(pilot, "enter")
        await type_in(pilot, "300")
        shown = text(pilot)
        assert "$500.00" in shown
        assert "≈ $300.00 left now · lasts about 4 days" in shown
        assert pilot.app.screen.query_one("#told", Static).region.bottom < 19


def answers_are_seen(pilot: Pilot[Any]) -> None:
    """Hold every button of the question against what is on the terminal in its place."""
    screen = pilot.app.screen
    lines = screen._compositor.render_strips()
    buttons = [each for each in screen.query(Button) if each.region.width]
    assert buttons
    for button in buttons:
        place = button.region
        assert place.bottom < len(lines), button
        assert lines[place.y].crop(place.x, place.right).text.strip() == str(button.label)
