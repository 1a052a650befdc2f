"""The rows of a form: a label, and beside it what is filled in or said."""

from __future__ import annotations

from typing import Any

from textual.dom import DOMNode
from textual.widget import Widget
from textual.widgets import Label, Static


def row(label: str, widget: Widget) -> tuple[Widget, Widget]:
    """Return the two cells of a row; it is shown and hidden by the id of the widget."""
    return Label(label, id=f"{widget.id}-label"), widget


def note(id: str) -> tuple[Widget, Widget]:
    """Return the two cells of a row that says what the one above means."""
    return row("", Static(id=id, classes="note", markup=False))


def show_row(form: DOMNode, id: str, shown: Any) -> None:
    """Show or hide a row."""
    form.query_one(f"#{id}").display = bool(shown)
    form.query_one(f"#{id}-label").display = bool(shown)
