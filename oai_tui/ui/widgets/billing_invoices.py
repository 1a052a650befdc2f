"""The line that leads to the invoices, which no API gives."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

ADDRESS = "https://platform.openai.com/settings/organization/billing/history"
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
        fits = (label for label in LABELS if len(f" {label}{ADDRESS}") <= self.size.width)
        told = next(fits, LABELS[-1])
        # Without its scheme the address fits where it would be cut.
        short = "" if "\n" not in told or len(ADDRESS) < self.size.width else "https://"
        link = Content.styled(ADDRESS.removeprefix(short), Style(link=ADDRESS))
        self.update(Content.assemble(Content.styled(f" {told}", "$text-muted"), link))
