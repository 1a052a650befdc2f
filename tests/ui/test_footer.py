"""The last line: whole keys only, and always the ways to help and out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oai_tui.simulator.world import World
from tests.ui.app_under_test import app_on, awaited, settle, signed_in
from tests.ui.bill import footer_of, press


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
@awaited
async def test_no_key_is_cut_and_the_ways_out_have_room(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(200, 60)) as pilot:
        await signed_in(pilot)
        for screen in ("1", "2", "3", "a", "w", "enter", "4"):
            await press(pilot, screen)
            whole = footer_of(pilot)
            await pilot.resize_terminal(*size)
            await settle(pilot)
            narrow = footer_of(pilot)
            assert narrow.rstrip().endswith("? help"), screen
            assert {"^q quit", "? help"} <= keys_of(narrow) <= keys_of(whole), screen
            await pilot.resize_terminal(200, 60)
            await settle(pilot)
            assert footer_of(pilot) == whole, screen


def keys_of(line: str) -> set[str]:
    """Return the keys of a footer with their words."""
    return set(re.split(r"\s{2,}", line.strip()))
