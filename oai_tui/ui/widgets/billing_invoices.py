"""The line that leads to the invoices, which no API gives."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from oai_tui.core.pages import INVOICES_PAGE

LABELS = ("Invoices are in no API: ", "Invoices: ", "Invoices:\n ")
"""What stands before the address; where there is little room, on a line of its own."""


class InvoicesLine(Static):
    """The address of the invoices, whole at any width; it leads there where a terminal can."""

    DEFAULT_CSS = """
    InvoicesLine { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__(id="invoices", markup=False)

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        fits = (label for label in LABELS if len(f" {label}{INVOICES_PAGE}") <= self.size.width)
        told = next(fits, LABELS[-1])
        # Without its scheme the address fits where it would be cut.
        short = "" if "\n" not in told or len(INVOICES_PAGE) < self.size.width else "https://"
        link = Content.styled(INVOICES_PAGE.removeprefix(short), Style(link=INVOICES_PAGE))
        self.update(Content.assemble(Content.styled(f" {told}", "$text-muted"), link))
