"""What can be asked from every page of the bill: a limit, the balance, the budgets."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from textual import events, work

from oai_tui.ui.screens.base import DataScreen

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement
    from oai_tui.ui.widgets.billing_page import BillingPage

CHANGING = {"billing.limit": "L"}
"""What changes the organization from every page, with its usual key."""


class BillingAsking(DataScreen):
    """A screen of a statement that asks what to change; the statement is read again after it."""

    statement: Statement | None

    @property
    @abstractmethod
    def page(self) -> BillingPage:
        """The page that is seen."""

    def on_key(self, event: events.Key) -> None:
        """Say why the keys that change something do nothing."""
        self.oai.say_read_only(event.key, CHANGING)

    @work(group="change")
    async def action_limit(self) -> None:
        """Ask for the hard limit of the organization or of the project under the cursor."""
        from oai_tui.ui.dialogs.limit import LimitDialog

        if self.statement and not self.is_busy():
            asked = LimitDialog(self.session, self.statement, self.page.project_id)
            if await self.app.push_screen_wait(asked):
                self.load(fresh=True)

    @work(group="change")
    async def action_balance(self) -> None:
        """Ask what was paid ahead, and show what is left of it."""
        from oai_tui.ui.dialogs.balance import BalanceDialog

        if self.statement is None:
            return
        asked = BalanceDialog(self.session, self.statement)
        if await self.app.push_screen_wait(asked):
            self.load(fresh=False)

    @work(group="change")
    async def action_budget(self) -> None:
        """Ask what is meant to be spent a day and a month."""
        from oai_tui.ui.dialogs.budget import BudgetDialog

        if self.statement is None:
            return
        asked = BudgetDialog(self.session, self.statement)
        if await self.app.push_screen_wait(asked):
            self.load(fresh=False)

    def is_busy(self) -> bool:
        """Tell whether a change is under way, and say so."""
        if self.oai.is_changing:
            self.oai.hint("A change is under way; wait until it is answered.")
        return self.oai.is_changing
