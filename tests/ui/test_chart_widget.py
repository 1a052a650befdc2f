from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot

from oai_tui.ui.chart_colors import chart_style, palette
from oai_tui.ui.charts import Palette, Picture, Series, Style
from oai_tui.ui.theme import DARK, LIGHT, THEMES
from oai_tui.ui.widgets.chart import Bars, Chart, Lines

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


@dataclass
class Recorder:
    """A drawing that notes what it was asked for."""

    asked: list[tuple[tuple[int, int], Palette, Style]] = field(default_factory=list)

    def draw(self, size: tuple[int, int], colors: Palette, style: Style) -> Picture:
        self.asked.append((size, colors, style))
        return Picture(Content(f"drawn {size[0]}x{size[1]}"))

    def describe(self) -> str:
        return "a recorder"


class Stage(App[None]):
    def __init__(self, chart: Chart) -> None:
        super().__init__()
        self.chart = chart
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield self.chart


def dollars(value: Decimal) -> str:
    return f"${value}"


BARS = Bars((Series("gpt", (1, 2, 3), "#4c8df6"),), ((0, "1 Nov"),), dollars)


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def screen_text(app: App[None]) -> str:
    chart = app.query_one(Chart)
    return "\n".join(strip.text for strip in chart.render_lines(chart.size.region))


async def test_a_chart_fills_its_place_once_plotext_is_in() -> None:
    app = Stage(Chart(BARS))
    async with app.run_test(size=(60, 12)) as pilot:
        await settle(pilot)
        text = screen_text(app)
    assert "1 Nov" in text
    assert "█" in text
    assert app.chart.description == "3 bars of gpt"


async def test_the_picture_is_kept_until_something_changes() -> None:
    drawing = Recorder()
    app = Stage(Chart(drawing))
    async with app.run_test(size=(60, 12)) as pilot:
        await settle(pilot)
        app.chart.refresh()
        await settle(pilot)
        assert len(drawing.asked) == 1
        await pilot.resize_terminal(70, 20)
        await settle(pilot)
        assert drawing.asked[-1][0] == (70, 20)
        app.theme = LIGHT.name
        await settle(pilot)
        assert [colors.background.lower() for _, colors, _ in drawing.asked] == [
            DARK.background,
            DARK.background,
            LIGHT.background,
        ]


async def test_a_new_drawing_replaces_the_old() -> None:
    app = Stage(Chart())
    async with app.run_test(size=(60, 12)) as pilot:
        await settle(pilot)
        assert not screen_text(app).strip()
        app.chart.drawing = Lines(BARS.series, BARS.ticks, dollars, marks=((Decimal(4), "limit"),))
        await settle(pilot)
        assert "limit" in screen_text(app)
        assert app.chart.description == "lines of gpt, limit"


async def test_no_color_draws_with_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    drawing = Recorder()
    app = Stage(Chart(drawing))
    async with app.run_test(size=(60, 12)) as pilot:
        await settle(pilot)
    assert not drawing.asked[0][2].color


async def test_a_theme_of_textuals_own_has_chart_colours_too() -> None:
    app = Stage(Chart(BARS))
    async with app.run_test(size=(60, 12)) as pilot:
        for theme in ("nord", "textual-light", "textual-ansi"):
            if theme in app.available_themes:
                app.theme = theme
                await settle(pilot)
                assert palette(app).grid
                assert chart_style(app).unicode
                assert "█" in screen_text(app)


FIRST_FRAME = """
import asyncio, sys
from textual.app import App
from oai_tui.ui.widgets.chart import Bars, Chart
from oai_tui.ui.charts import Series
assert "plotext" not in sys.modules
class Stage(App):
    def compose(self):
        yield Chart(Bars((Series("gpt", (1, 2), "#ffffff"),), (), str))
    def on_mount(self):
        assert "plotext" not in sys.modules
async def main():
    app = Stage()
    async with app.run_test(size=(60, 12)) as pilot:
        while "█" not in app.query_one(Chart).picture.plain:
            await pilot.pause(0.02)
        assert "plotext" in sys.modules
asyncio.run(asyncio.wait_for(main(), 120))
"""


def test_plotext_comes_after_the_first_frame() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
