"""The budgets of a person: known to this program only, refusing nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from oai_tui.core.budget import Budget
from oai_tui.core.errors import Problem, WrongInput
from oai_tui.core.money import Money
from oai_tui.core.remaining import used
from oai_tui.core.text import UNKNOWN, money
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.form import note, row

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement
    from oai_tui.services.session import Session

WHAT_IT_DOES = (
    "Local: this program warns by them, and so does oai-tui billing --check. The platform knows "
    "nothing of them and refuses nothing. It has no daily limit at all."
)
NONE = "none"


class BudgetDialog(Dialog[bool]):
    """Takes the daily and the monthly budget down; returns whether they changed."""

    AUTO_FOCUS = "#daily"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", "cancel", id="budget.cancel"),
    ]
    DEFAULT_CSS = """
    BudgetDialog .form { margin-top: 1; }
    BudgetDialog .note { color: $text-muted; height: auto; }
    """

    def __init__(self, session: Session, known: Statement) -> None:
        super().__init__()
        self._session = session
        self._known = known

    def compose(self) -> ComposeResult:
        """Lay out what a budget does and the two amounts."""
        budget = self._known.budget
        with Vertical(classes="dialog") as box:
            box.border_title = f"Budgets of {self._session.setup.profile} (local)"
            box.border_subtitle = "enter saves · empty is none · esc changes nothing"
            yield Static(Content(WHAT_IT_DOES), markup=False)
            with Grid(classes="form"):
                yield from row("A day (UTC)", _field("daily", budget.daily))
                yield from note("daily-means")
                yield from row("A month", _field("monthly", budget.monthly))
                yield from note("monthly-means")
            yield Static(id="told", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Save (enter)", id="save", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Say what the budgets mean as they are."""
        self.say("")
        self._tell()

    @on(Input.Changed)
    def _typed(self) -> None:
        self.say("")
        self._tell()

    def _tell(self) -> None:
        cycle = self._known.cycle
        today = cycle.spent_today if cycle else None
        month = cycle.spent if cycle and cycle.is_reported else None
        for id, spent, when in (("daily", today, "today"), ("monthly", month, "this month")):
            line = self.query_one(f"#{id}-means", Static)
            try:
                amount = self._amount(id)
            except WrongInput:  # it is said when it is meant, not while it is typed
                amount = None
            words = f"{money(spent)} {when} so far" if spent is not None else f"{UNKNOWN} {when}"
            if amount and spent is not None:
                words = f"{words}: {used(spent, amount.dollars)} of it"
            line.update(Content(f"{words}{self._ahead(id, amount)}"))

    def _ahead(self, id: str, amount: Money | None) -> str:
        pace = self._known.pace
        if pace is None or amount is None:
            return ""
        if id == "daily":
            return f" · {money(pace.per_day)} a day lately"
        due = pace.reached(amount.dollars)
        return f" · reached {due.day} {due:%b} at this pace" if due else " · not reached this month"

    def _amount(self, id: str) -> Money | None:
        """Return what a field says, None where it is empty. Raises WrongInput."""
        text = self.query_one(f"#{id}", Input).value.strip()
        if not text or text.casefold() == NONE:
            return None
        amount = Money.parse(text)
        if not amount.dollars:
            raise WrongInput("A budget of nothing warns always.", "Leave it empty for none.")
        return amount

    @on(Input.Submitted)
    @on(Button.Pressed, "#save")
    def _submitted(self) -> None:
        try:
            budget = Budget(self._amount("daily"), self._amount("monthly"))
        except WrongInput as problem:
            self.say(str(problem), "$text-error")
            return
        if budget == self._known.budget:
            self.dismiss(False)
        else:
            self._save(budget)

    @work(group="change", exclusive=True)
    async def _save(self, budget: Budget) -> None:
        try:
            await self._session.own_figures.set_budget(budget)
        except Problem as problem:
            self.say(str(problem), "$text-error")
            return
        self.dismiss(True)

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.dismiss(False)


def _field(id: str, amount: Money | None) -> Field:
    value = str(amount).removeprefix("$") if amount else ""
    return Field(value, placeholder="none; such as 60, or 1,500.50", compact=True, id=id)
