"""The line that parts what is told of a row from the list above it."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from oai_tui.core.text import clean

LONGEST = 400
"""Characters of a title; no terminal is wider."""


def rule(title: str, width: int) -> Content:
    """Return a line of `width` cells with a title in it, cut where it has no room."""
    title = clean(title, LONGEST)
    if cell_len(title) > width - 6:
        title = f"{set_cell_size(title, max(0, width - 7))}…"
    rest = "─" * max(0, width - cell_len(title) - 3)
    return Content.assemble(
        Content.styled("─ ", "$text-muted"),
        Content.styled(title, "bold"),
        Content.styled(f" {rest}", "$text-muted"),
    )
