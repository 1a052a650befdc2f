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
NARROWEST = 10
"""Cells of a column at most and at least, on a terminal; elsewhere everything is written whole."""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows under their heads, on a terminal cut to its width.

    The first column, which is what a person copies, is cut last.
    """
    shown = [list(heads), *(list(row) for row in rows)]
    is_seen = sys.stdout.isatty()
    widths = [max(map(width, column)) for column in zip(*shown, strict=True)]
    gaps = len(GAP) * (len(widths) - 1)
    most = shutil.get_terminal_size().columns if is_seen else sum(widths) + gaps
    if is_seen:
        widths = _fitting(widths, most - gaps)
    lines = [GAP.join(map(_cell, row, widths)) for row in shown]
    return "\n".join(cut(line.rstrip(), most) for line in lines)


def _fitting(widths: Sequence[int], most: int) -> list[int]:
    """Return widths of columns that fit side by side, as far as they may be cut."""
    first, *others = widths
    others = [min(each, WIDEST) for each in others]
    while first + sum(others) > most and max(others, default=0) > NARROWEST:
        others[others.index(max(others))] -= 1
    return [first, *others]


def _cell(text: str, cells: int) -> str:
    text = cut(text, cells)
    return text + " " * (cells - width(text))


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
