"""The page of the bill with rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oai_tui.ui.widgets.billing_page import BillingPage

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement


class RatesPage(BillingPage):
    """The rates."""

    KEY = "t"
    LABEL = "Rates"

    def tell(self, statement: Statement) -> None:
        """Draw a statement."""
