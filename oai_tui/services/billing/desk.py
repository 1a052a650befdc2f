"""The desk that tells the bill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from oai_tui.api.client import Client
from oai_tui.core.kinds import Dimension
from oai_tui.core.limits import Budget
from oai_tui.core.money import Money
from oai_tui.services.billing.statement import Statement
from oai_tui.services.directory import Directory
from oai_tui.services.snapshots import Snapshots
from oai_tui.services.usage import UsageDesk
from oai_tui.store.balance import BalanceFile
from oai_tui.store.settings import SettingsFile

if TYPE_CHECKING:
    from oai_tui.core.balance import BalanceEntry, EntryKind
    from oai_tui.core.history import History

Progress = Callable[[int, int], None]
"""Told how many requests have answered, of how many are known to be needed."""


class BillingDesk:
    """Tells what was spent, what is left and how long it lasts; changes nothing at the platform."""

    def __init__(
        self,
        client: Client,
        usage: UsageDesk,
        snapshots: Snapshots,
        directory: Directory,
        balances: BalanceFile,
        settings: SettingsFile,
        profile: str,
        clock: Callable[[], datetime],
    ) -> None:
        raise NotImplementedError

    def remembered(self) -> Statement | None:
        """Return the statement as far as it is known without a request, None when nothing is."""
        raise NotImplementedError

    async def load(self, *, fresh: bool = False, on_progress: Progress | None = None) -> Statement:
        """Ask for what is not known or may have changed, and tell the state of the cycle.

        Raises ApiProblem when neither costs nor limits can be read and none are remembered.
        """
        raise NotImplementedError

    async def load_rest(self, *, on_progress: Progress | None = None) -> Statement:
        """Ask for the limits and alerts of the projects that `load` left out."""
        raise NotImplementedError

    def forget(self, project_id: str = "") -> None:
        """Have the limit and the alerts of a project, "" the organization, asked for again."""
        raise NotImplementedError

    async def history(
        self,
        dimension: Dimension,
        *,
        since: date | None = None,
        on_progress: Progress | None = None,
    ) -> History:
        """Return every month by project or line item, back to where the platform tells nothing."""
        raise NotImplementedError

    async def add_balance(
        self, kind: EntryKind, at: datetime, amount: Money, expires: date | None = None
    ) -> BalanceEntry:
        """Write down what the person says of the prepaid balance. Raises StoreProblem."""
        raise NotImplementedError

    async def remove_balance(self, id: str) -> None:
        """Take an entry of the balance away. Raises StoreProblem."""
        raise NotImplementedError

    async def set_budget(self, budget: Budget) -> None:
        """Write down the local budgets. Raises WrongInput and StoreProblem."""
        raise NotImplementedError
