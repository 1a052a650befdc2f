"""The first page of the bill: the figures, the picture of the month, the projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oai_tui.ui.widgets.billing_page import BillingPage

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement


class OverviewPage(BillingPage):
    """The state of the month at a glance."""

    KEY = "p"
    LABEL = "Overview"

    def tell(self, statement: Statement) -> None:
        """Draw a statement."""
