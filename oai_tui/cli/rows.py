"""How rows come out of a command for people: aligned under their heads."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Sequence

import click

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="How rows come out.",
)

GAP = "  "
WIDEST = 32
"""Cells of a column at most, on a terminal; elsewhere everything is written whole."""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows under their heads, on a terminal cut to its width."""
    shown = [list(heads), *(list(row) for row in rows)]
    is_seen = sys.stdout.isatty()
    if is_seen:
        shown = [[cut(text, WIDEST) for text in row] for row in shown]
    widths = [max(map(width, column)) for column in zip(*shown, strict=True)]
    lines = [
        GAP.join(text + " " * (w - width(text)) for text, w in zip(row, widths, strict=True))
        for row in shown
    ]
    most = shutil.get_terminal_size().columns if is_seen else 0
    return "\n".join(cut(line.rstrip(), most) if is_seen else line.rstrip() for line in lines)


def width(text: str) -> int:
    """Return the cells a text takes: two for a wide character, none for a mark on another."""
    return sum(map(_cells, text))


def cut(text: str, most: int) -> str:
    """Return a text cut to a number of cells, with `…` where something is left out."""
    if width(text) <= most:
        return text
    kept, used = [], 1
    for char in text:
        used += _cells(char)
        if used > most:
            break
        kept.append(char)
    return f"{''.join(kept)}…"


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
