"""The page of the bill with limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oai_tui.ui.widgets.billing_page import BillingPage

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement


class LimitsPage(BillingPage):
    """The limits."""

    KEY = "a"
    LABEL = "Limits"

    def tell(self, statement: Statement) -> None:
        """Draw a statement."""
