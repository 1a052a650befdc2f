"""Our two themes.

Their plain colours are exact ones of xterm's palette: a terminal is told of them in fewer bytes.
"""

from __future__ import annotations

from textual.theme import Theme

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
    "chart-highlight": "#202d39",
}
LIGHT_VARIABLES = {
    "chart-1": "#1f5cd0",
    "chart-2": "#3da586",
    "chart-3": "#54179a",
    "chart-4": "#d573b2",
    "chart-5": "#0d5f5a",
    "chart-6": "#949a22",
    "chart-7": "#6b4426",
    "chart-8": "#4c9adb",
    "chart-other": "#7f8995",
    "chart-grid": "#dde2e8",
    "chart-axis": "#56616d",
    "chart-line": "#10151b",
    "chart-highlight": "#dce9f6",
}

DARK = Theme(
    name="oai-dark",
    dark=True,
    primary="#5fafaf",
    secondary="#5f8787",
    accent="#5fafaf",
    warning="#d7af5f",
    error="#ff8787",
    success="#87af87",
    foreground="#dadada",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    variables={
        **DARK_VARIABLES,
        "foreground-muted": "#9e9e9e",
        "text-muted": "#9e9e9e",
        "text-accent": "#87d7d7",
        "text-success": "#87af87",
        "text-warning": "#d7af5f",
        "text-error": "#ff8787",
        "accent-muted": "#1f3535",
        "warning-muted": "#3a3020",
        "scrollbar": "#5f8787",
        "input-selection-background": "#005f5f",
        "block-cursor-background": "#005f5f",
        "block-cursor-foreground": "#eeeeee",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#1f3535",
        "footer-background": "#121212",
    },
)
LIGHT = Theme(
    name="oai-light",
    dark=False,
    primary="#005f5f",
    secondary="#5f8787",
    accent="#005f5f",
    warning="#875f00",
    error="#af0000",
    success="#005f00",
    foreground="#262626",
    background="#ffffff",
    surface="#eeeeee",
    panel="#e4e4e4",
    variables={
        **LIGHT_VARIABLES,
        "foreground-muted": "#5f5f5f",
        "text-muted": "#5f5f5f",
        "text-accent": "#005f5f",
        "text-success": "#005f00",
        "text-warning": "#875f00",
        "text-error": "#af0000",
        "accent-muted": "#d7ebeb",
        "warning-muted": "#f5e8c8",
        "scrollbar": "#5f8787",
        "block-cursor-background": "#afd7d7",
        "block-cursor-foreground": "#121212",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#d7ebeb",
        "footer-background": "#ffffff",
    },
)
THEMES = (DARK, LIGHT)
