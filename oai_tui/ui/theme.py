"""Colours: our two themes, and what charts take from whichever theme is on."""

from __future__ import annotations

from textual.app import App
from textual.color import Color
from textual.theme import Theme

from oai_tui.ui.charts import Palette, Style

COLORS = 8
"""How many series colours a theme has."""

DARK_VARIABLES = {
    "chart-1": "#5a9bff",
    "chart-2": "#7fe0c3",
    "chart-3": "#8f45d6",
    "chart-4": "#ea86c0",
    "chart-5": "#157a70",
    "chart-6": "#dbe58a",
    "chart-7": "#a98467",
    "chart-8": "#c4e2ff",
    "chart-other": "#66717f",
    "chart-grid": "#2a313a",
    "chart-axis": "#8b96a3",
    "chart-line": "#ffffff",
    "chart-highlight": "#2b3a49",
}
LIGHT_VARIABLES = {
    "chart-1": "#2e6fe6",
    "chart-2": "#4fb89a",
    "chart-3": "#54179a",
    "chart-4": "#d873b4",
    "chart-5": "#0d5f5a",
    "chart-6": "#9aa02a",
    "chart-7": "#6b4426",
    "chart-8": "#6aaef0",
    "chart-other": "#8d97a3",
    "chart-grid": "#dde2e8",
    "chart-axis": "#5d6874",
    "chart-line": "#10151b",
    "chart-highlight": "#d3e3f3",
}

DARK = Theme(
    name="oai-dark",
    dark=True,
    primary="#4fb3bf",
    secondary="#3a7f88",
    accent="#4fb3bf",
    warning="#e5a93c",
    error="#e8605a",
    success="#8fb8a2",
    foreground="#d9dee4",
    background="#101418",
    surface="#151a20",
    panel="#1c232b",
    variables={
        **DARK_VARIABLES,
        "foreground-muted": "#98a2ae",
        "text-muted": "#98a2ae",
        "block-cursor-background": "#23414a",
        "block-cursor-foreground": "#f2f5f8",
        "block-cursor-text-style": "none",
        "footer-background": "#101418",
    },
)
LIGHT = Theme(
    name="oai-light",
    dark=False,
    primary="#0f6f7c",
    secondary="#5a9aa3",
    accent="#0f6f7c",
    warning="#8a5600",
    error="#b3261e",
    success="#3f6e57",
    foreground="#1b2128",
    background="#fafbfc",
    surface="#f2f4f7",
    panel="#e7ebf0",
    variables={
        **LIGHT_VARIABLES,
        "foreground-muted": "#59636e",
        "text-muted": "#59636e",
        "block-cursor-background": "#cfe6ea",
        "block-cursor-foreground": "#10151b",
        "block-cursor-text-style": "none",
        "footer-background": "#fafbfc",
    },
)
THEMES = (DARK, LIGHT)


def monochrome(app: App[object]) -> bool:
    """Return whether the user asked for no colours (`NO_COLOR`), which Textual turns into greys.

    Charts then tell series apart by their characters.
    """
    return app.no_color


def chart_style(app: App[object]) -> Style:
    """Return the characters and colours that charts may use in this terminal."""
    unicode = app.console.encoding.lower().startswith("utf")
    return Style(color=not monochrome(app), unicode=unicode)


def series_colors(app: App[object]) -> tuple[str, ...]:
    """Return the colours of the first series, in order."""
    return tuple(_variable(app, f"chart-{number}") for number in range(1, COLORS + 1))


def other_color(app: App[object]) -> str:
    """Return the colour of everything that is not shown on its own."""
    return _variable(app, "chart-other")


def palette(app: App[object]) -> Palette:
    """Return the colours around the series in the current theme."""
    return Palette(
        background=_ground(app),
        axis=_variable(app, "chart-axis"),
        grid=_variable(app, "chart-grid"),
        line=_variable(app, "chart-line"),
        highlight=_variable(app, "chart-highlight"),
        mark=app.theme_variables.get("warning", DARK.warning or ""),
    )


def _variable(app: App[object], name: str) -> str:
    """Return a colour of the theme, or ours where a theme of Textual's own is on."""
    ours = DARK_VARIABLES if app.current_theme.dark else LIGHT_VARIABLES
    return app.theme_variables.get(name, ours[name])


def _ground(app: App[object]) -> str:
    background = app.theme_variables.get("background", "")
    if background and Color.parse(background).ansi is None:
        return background
    return "ansi_default"
