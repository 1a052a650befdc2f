from __future__ import annotations

import math
from itertools import combinations, pairwise

import pytest
from textual.app import App
from textual.color import Color
from textual.theme import Theme

from oai_tui.ui.chart_colors import monochrome, other_color, series_colors
from oai_tui.ui.charts.model import faded
from oai_tui.ui.theme import THEMES

Linear = tuple[float, float, float]

SEEN = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deuteranopia": (
        (0.367, 0.861, -0.228),
        (0.280, 0.673, 0.047),
        (-0.012, 0.043, 0.969),
    ),
    "protanopia": (
        (0.152, 1.053, -0.205),
        (0.115, 0.786, 0.099),
        (-0.004, -0.048, 1.052),
    ),
}
"""How much of red, green and blue arrives (Machado, Oliveira and Fernandes 2009)."""


def linear(color: str) -> Linear:
    def channel(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = Color.parse(color).rgb
    return channel(red), channel(green), channel(blue)


def contrast(one: str, other: str) -> float:
    def luminance(color: str) -> float:
        red, green, blue = linear(color)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(color: str, matrix: tuple[Linear, Linear, Linear]) -> Linear:
    source = linear(color)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, source, strict=True)))) for row in matrix
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: str, other: str, sight: str) -> float:
    a, b = lab(one, SEEN[sight]), lab(other, SEEN[sight])
    return math.dist(a, b)


def chart_colors(theme: Theme) -> list[str]:
    return [theme.variables[f"chart-{number}"] for number in range(1, 9)]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("sight", SEEN)
def test_series_can_be_told_apart(theme: Theme, sight: str) -> None:
    colors = chart_colors(theme)
    assert min(distance(a, b, sight) for a, b in combinations(colors, 2)) > 14
    assert min(distance(a, b, sight) for a, b in pairwise(colors)) > 25


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_series_stand_out_from_their_ground(theme: Theme) -> None:
    assert theme.background
    for color in (*chart_colors(theme), theme.variables["chart-other"]):
        assert contrast(color, theme.background) >= 3
    # What may still grow is paler, and is seen all the same.
    young = faded(theme.variables["chart-1"], theme.background)
    assert contrast(young, theme.background) >= 3


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_text_can_be_read(theme: Theme) -> None:
    grounds = [theme.background, theme.surface, theme.panel]
    inks = [theme.foreground, theme.warning, theme.error, theme.variables["text-muted"]]
    inks.append(theme.variables["chart-axis"])
    for ground in grounds:
        for ink in inks:
            assert ground
            assert ink
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    for tone in ("accent", "warning"):
        assert contrast(theme.variables[f"text-{tone}"], theme.variables[f"{tone}-muted"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_red_and_amber_are_kept_for_what_needs_a_person(theme: Theme) -> None:
    assert theme.warning
    assert theme.error
    for color in (*chart_colors(theme), theme.primary):
        assert distance(color, theme.warning, "all colours") > 25
        assert distance(color, theme.error, "all colours") > 25


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_charts_take_their_colours_from_the_theme(
    theme: Theme, anyio_backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    app: App[object] = App()
    app.register_theme(theme)
    app.theme = theme.name
    async with app.run_test():
        assert series_colors(app) == tuple(chart_colors(theme))
        assert other_color(app) == theme.variables["chart-other"]
        assert not monochrome(app)
