"""The page of the bill with every brake on the spend, and the hands on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from oai_tui.core.text import UNKNOWN
from oai_tui.ui.host import READ_ONLY
from oai_tui.ui.widgets.billing_limits_columns import brake_columns, brake_lines
from oai_tui.ui.widgets.billing_limits_rows import BrakeRow, brake_rows
from oai_tui.ui.widgets.billing_page import BillingPage
from oai_tui.ui.widgets.table import Table

if TYPE_CHECKING:
    from oai_tui.core.limits import SpendAlert
    from oai_tui.services.billing import Statement
    from oai_tui.ui.dialogs.brake import BrakeDialog

CHANGING = {"limits.new": "n", "limits.edit": "e", "limits.remove": "X"}
"""What changes a brake, with the key it is on unless the settings say otherwise."""

LIMITS_OF_PROJECTS = "the limits of projects"
"""What a gap of the statement names that says why nothing is known of any project's limit."""

BUSY = "A change is under way."


class LimitsPage(BillingPage):
    """Hard limits, local budgets and alerts in one table, with what the pace does to them."""

    KEY = "a"
    LABEL = "Limits"
    BINDING_GROUP_TITLE = "Limits and alerts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "new alert", id="limits.new", tooltip="Make a spend alert"),
        Binding("e", "edit", "edit", id="limits.edit", tooltip="Change the limit or alert"),
        Binding("X", "remove", "remove", id="limits.remove", tooltip="Remove the limit or alert"),
        Binding(
            "y",
            "copy_id",
            "copy id",
            id="limits.copy-id",
            show=False,
            tooltip="Send the id of the alert or project to the terminal's clipboard",
        ),
    ]
    DEFAULT_CSS = """
    LimitsPage #brake { height: 3; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the table and the lines about the brake under the cursor."""
        yield Table(brake_columns(self._today), id="brakes", placeholder="Nothing is known yet.")
        yield Static(id="brake", markup=False)

    @property
    def table(self) -> Table[BrakeRow]:
        """The brakes."""
        return self.query_one("#brakes", Table)

    @property
    def project_id(self) -> str:
        """The project under the cursor, "" for the organization."""
        row = self.table.current
        return row.project_id if row else ""

    def reset(self) -> None:
        """Forget the brakes of the session before."""
        self.table.set_rows((), lambda row: row.id)
        self.query_one("#brake", Static).update("")

    def tell(self, statement: Statement) -> None:
        """Show the brakes of a statement."""
        self.table.set_rows(brake_rows(statement), lambda row: row.id)
        self._tell_row()

    def gaps(self) -> Sequence[str]:
        """Say what is not as it was set here, and of how many projects no limit is known yet."""
        known = self.bill.statement
        if known is None:
            return ()
        number = known.unasked
        if not number or any(LIMITS_OF_PROJECTS in gap for gap in known.gaps):
            return known.overtaken
        some = "1 project has" if number == 1 else f"{number} projects have"
        return (*known.overtaken, f"Not asked yet whether {some} a limit or an alert.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the brakes where nothing may be changed."""
        if action in ("new", "edit", "remove"):
            return not self.bill.oai.setup.read_only
        return True

    def on_key(self, event: events.Key) -> None:
        """Say why the keys of the brakes do nothing."""
        self.bill.oai.say_read_only(event.key, CHANGING)

    @work(group="change")
    async def action_new(self) -> None:
        """Ask for a new alert, of the project under the cursor first."""
        await self._ask_alert(None, self.project_id)

    @work(group="change")
    async def action_edit(self) -> None:
        """Ask how the brake under the cursor is to be."""
        row = self.table.current
        if row is None or self._is_busy():
            return
        if row.kind.is_local:
            await self.bill.run_action("budget")
        elif row.alert:
            await self._ask_alert(row.alert, row.project_id)
        else:
            await self._ask_limit(row.project_id)

    @work(group="change")
    async def action_remove(self) -> None:
        """Ask whether the brake under the cursor is to be taken away."""
        row, known = self.table.current, self.bill.statement
        if row is None or known is None or self._is_busy():
            return
        # Late: the list is seen before anything is done to it.
        from oai_tui.ui.dialogs.remove_brake import RemoveBrake, alert_deletion, limit_removal

        if row.kind.is_local:
            await self.bill.run_action("budget")
        elif row.alert:
            asking = alert_deletion(self.session, known, row.alert)
            await self._ask(RemoveBrake(self.session, asking, "Delete this alert?"))
        elif row.limit:
            asking = limit_removal(self.session, known, row.limit, row.project_id)
            await self._ask(RemoveBrake(self.session, asking, "Remove this hard limit?"))
        else:
            self.bill.oai.hint("There is no limit to remove. L sets one.")

    def action_copy_id(self) -> None:
        """Send the id of the alert, or of its project, to the terminal's clipboard."""
        row = self.table.current
        if row and (id := row.alert.id if row.alert else row.project_id):
            self.app.copy_to_clipboard(id)
            self.bill.oai.hint(f"Sent to the terminal: {id}")
        else:
            self.bill.oai.hint(f"{UNKNOWN}  This one has no id at the platform.")

    @on(Table.Highlighted)
    def _tell_row(self) -> None:
        row = self.table.current
        self.query_one("#brake", Static).update(brake_lines(row, self._today()) if row else "")

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen[BrakeRow]) -> None:
        event.stop()
        if self.bill.oai.setup.read_only:
            self.bill.oai.hint(READ_ONLY)
        else:
            self.action_edit()

    async def _ask_limit(self, project_id: str) -> None:
        from oai_tui.ui.dialogs.limit import LimitDialog

        if known := self.bill.statement:
            await self._ask(LimitDialog(self.session, known, project_id))

    async def _ask_alert(self, alert: SpendAlert | None, project_id: str) -> None:
        from oai_tui.ui.dialogs.alert import AlertDialog

        if (known := self.bill.statement) and not self._is_busy():
            await self._ask(AlertDialog(self.session, known, alert, project_id))

    async def _ask(self, dialog: BrakeDialog) -> None:
        if await self.app.push_screen_wait(dialog):
            self.bill.load(fresh=False)

    def _is_busy(self) -> bool:
        if self.bill.oai.is_changing:
            self.bill.oai.hint(BUSY)
        return self.bill.oai.is_changing

    def _today(self) -> date:
        known = self.bill.statement
        if known and known.cycle:
            return known.cycle.today
        return self.bill.oai.setup.clock().date()
