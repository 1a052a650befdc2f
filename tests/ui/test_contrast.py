"""Every word on the bill, the activity and what opens over them can be read, in both themes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color
from textual.pilot import Pilot
from textual.strip import Strip
from textual.theme import Theme

from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.theme import THEMES
from tests.ui.app_under_test import app_on, awaited, signed_in
from tests.ui.bill import press
from tests.ui.test_theme import contrast

LOOKS = ("3", "question_mark", "escape b", "escape B", "escape L", "escape a", "t", "w", "enter")


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@awaited
async def test_words_stand_out_from_their_ground(
    theme: Theme, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = OaiApp(replace(app_on(world, tmp_path).setup, theme=theme.name, read_only=False))
    async with app.run_test(size=(120, 40)) as pilot:
        await signed_in(pilot)
        for keys in (*LOOKS, "4", "slash", "escape enter"):
            await press(pilot, *keys.split())
            for words, ink, ground in drawn(pilot):
                assert contrast(ink, ground) >= 4.5, (keys, words, ink, ground)


def drawn(pilot: Pilot[Any]) -> Iterator[tuple[str, str, str]]:
    """Yield every run of words with its colour and the one behind it, of what is on top."""
    for strip in seen_strips(pilot):
        for words, style, _ in strip:
            if style and style.color and style.bgcolor and any(map(str.isalnum, words)):
                yield words, hex_of(style.color), hex_of(style.bgcolor)


def seen_strips(pilot: Pilot[Any]) -> Iterator[Strip]:
    """Yield the lines of the screen, or of the question over it: what is behind is dimmed."""
    screen = pilot.app.screen
    over = [box.region for box in screen.query(".dialog")] or [screen.region]
    lines = screen._compositor.render_strips()
    for line in lines[over[0].y : over[0].bottom]:
        yield line.crop(over[0].x, over[0].right)


def hex_of(color: Color) -> str:
    """Return a colour as its six digits."""
    return color.get_truecolor().hex
