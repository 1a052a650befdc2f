"""A window made larger or smaller shows what it would have shown from the start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from oai_tui.simulator.world import World
from tests.journeys.driving import SECONDS
from tests.ui.app_under_test import app_on, settle, signed_in

LARGE, SMALL = (120, 40), (80, 24)


async def shown(folder: Path, mode: str, size: tuple[int, int]) -> str:
    """Return the picture of a screen at a size."""
    app = app_on(World.seeded(now=SECONDS), folder)
    async with app.run_test(size=size) as pilot:
        await come_to(pilot, mode)
        return lines(app.export_screenshot())


async def shown_at_last(
    folder: Path, mode: str, size: tuple[int, int], later: tuple[int, int], wanted: str
) -> str:
    """Return the picture after the window came to another size, once it is the wanted one.

    What is drawn once a moment is waited for, some seconds at most.
    """
    app = app_on(World.seeded(now=SECONDS), folder)
    async with app.run_test(size=size) as pilot:
        await come_to(pilot, mode)
        await pilot.resize_terminal(*later)
        for _ in range(200):
            await settle(pilot)
            if lines(app.export_screenshot()) == wanted:
                break
            await pilot.pause(0.02)
        return lines(app.export_screenshot())


async def come_to(pilot: Pilot[Any], mode: str) -> None:
    await signed_in(pilot)
    await pilot.press(mode)
    await settle(pilot)


def lines(picture: str) -> str:
    """Return the text of a picture, line by line."""
    rows: dict[str, list[tuple[float, str]]] = {}
    for x, y, text in re.findall(r'<text[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<', picture):
        rows.setdefault(y, []).append((float(x), text))
    return "\n".join("|".join(text for _, text in sorted(rows[y])) for y in sorted(rows, key=float))


@pytest.mark.anyio
@pytest.mark.parametrize("mode", ["1", "2", "3"])
@pytest.mark.parametrize(("before", "after"), [(SMALL, LARGE), (LARGE, SMALL)])
async def test_a_resized_window_is_like_a_new_one(
    tmp_path: Path, mode: str, before: tuple[int, int], after: tuple[int, int]
) -> None:
    fresh = await shown(tmp_path / "fresh", mode, after)
    assert await shown_at_last(tmp_path / "resized", mode, before, after, fresh) == fresh
