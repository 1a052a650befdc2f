"""What charts take from whichever theme is on, and from the terminal."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.color import Color

from oai_tui.ui.charts import Palette, Style
from oai_tui.ui.theme import COLORS, DARK, DARK_VARIABLES, LIGHT_VARIABLES


def monochrome(app: App[Any]) -> bool:
    """Return whether the user asked for no colours (`NO_COLOR`), which Textual turns into greys.

    Charts then tell series apart by their characters.
    """
    return app.no_color


def chart_style(app: App[Any]) -> Style:
    """Return the characters and colours that charts may use in this terminal."""
    unicode = app.console.encoding.lower().startswith("utf")
    return Style(color=not monochrome(app), unicode=unicode)


def series_colors(app: App[Any]) -> tuple[str, ...]:
    """Return the colours of the first series, in order."""
    return tuple(_variable(app, f"chart-{number}") for number in range(1, COLORS + 1))


def other_color(app: App[Any]) -> str:
    """Return the colour of everything that is not shown on its own."""
    return _variable(app, "chart-other")


def palette(app: App[Any]) -> Palette:
    """Return the colours around the series in the current theme."""
    return Palette(
        background=_ground(app),
        axis=_variable(app, "chart-axis"),
        grid=_variable(app, "chart-grid"),
        line=_variable(app, "chart-line"),
        highlight=_variable(app, "chart-highlight"),
        mark=app.theme_variables.get("warning", DARK.warning or ""),
    )


def _variable(app: App[Any], name: str) -> str:
    """Return a colour of the theme, or ours where a theme of Textual's own is on."""
    ours = DARK_VARIABLES if app.current_theme.dark else LIGHT_VARIABLES
    return app.theme_variables.get(name, ours[name])


def _ground(app: App[Any]) -> str:
    background = app.theme_variables.get("background", "")
    if background and Color.parse(background).ansi is None:
        return background
    return "ansi_default"
