"""The page of the bill with what each month cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oai_tui.ui.widgets.billing_page import BillingPage

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement


class HistoryPage(BillingPage):
    """What each month cost."""

    KEY = "w"
    LABEL = "History"

    def tell(self, statement: Statement) -> None:
        """Draw a statement."""
