"""Making and editing a spend alert: whose spend, how much, and who gets mail."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Select, Static

from oai_tui.core.brakes import alert_amount, alert_words, recipients_of, subject_prefix_of
from oai_tui.core.errors import Problem, WrongInput
from oai_tui.core.limits import SpendAlert
from oai_tui.core.money import Money
from oai_tui.core.text import money
from oai_tui.services.billing.statement import Statement
from oai_tui.ui.dialogs.asking import Asking, was_and_is
from oai_tui.ui.dialogs.brake import BrakeDialog
from oai_tui.ui.widgets.billing_scopes import ORGANIZATION, WHOLE, Spend, scopes, spend_of
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.form import note, row

if TYPE_CHECKING:
    from oai_tui.services.session import Session

AMOUNT = "dollars a month, such as 1500 or 1,500.50"
PEOPLE = "addresses, apart by commas"
PREFIX = "how subjects begin; may be empty"
ONLY_MAILS = "An alert only mails: no traffic is refused."


class AlertDialog(BrakeDialog):
    """Asks for a new alert, or how one is to be; closes with whether anything was tried."""

    FIRST: ClassVar[str] = "#amount"

    def __init__(
        self,
        session: Session,
        known: Statement,
        alert: SpendAlert | None = None,
        project_id: str = "",
    ) -> None:
        super().__init__(session)
        self._known = known
        self._alert = alert
        self._scopes = scopes(known)
        is_there = any(id == project_id for _, id in self._scopes)
        self._project_id = alert.project_id if alert else project_id if is_there else ""

    @property
    def heading(self) -> str:
        """What is asked, for the frame."""
        return "Spend alert" if self._alert else "New spend alert"

    def form(self) -> Iterable[Widget]:
        """Return whose spend, the amount, the people and the subject."""
        seen = self._alert or SpendAlert("", Money.of_cents(0))
        amount = f"{seen.amount.dollars:f}" if self._alert else ""
        people = ", ".join(seen.recipients)
        yield Grid(
            *row("For", self._whose()),
            *row("At", Field(amount, placeholder=AMOUNT, compact=True, max_length=24, id="amount")),
            *note("means"),
            *row("Mail to", Field(people, placeholder=PEOPLE, compact=True, id="people")),
            *row(
                "Subject",
                Field(seen.subject_prefix, placeholder=PREFIX, compact=True, id="prefix"),
            ),
            classes="form",
        )
        yield Static(Content(ONLY_MAILS), classes="note", markup=False)

    def read(self) -> Asking:
        """Return the alert that is wanted. Raises WrongInput."""
        wanted = SpendAlert(
            self._alert.id if self._alert else "",
            alert_amount(self._typed("amount")),
            recipients_of(self._typed("people")),
            subject_prefix_of(self._typed("prefix")),
            self._project_id,
        )
        if self._alert and alert_words(wanted) == alert_words(self._alert):
            raise WrongInput("Nothing is to be changed.", "Type another amount or other people.")
        doing = "Changing the alert" if self._alert else "Making the alert"
        return Asking(lambda: self._write(wanted), f"{doing} and reading it back …")

    async def look_again(self) -> None:
        """Take the alert as the platform has it now; what was typed stays."""
        self.session.billing.forget(self._project_id)
        try:
            self._known = await self.session.billing.load()
        except Problem:
            return  # what went wrong before is said already
        if self._alert:
            ids = {each.alert.id: each.alert for each in self._known.alerts}
            self._alert = ids.get(self._alert.id, self._alert)

    def on_mount(self) -> None:
        """Say what the amount means from the start."""
        self._tell_meaning()

    @property
    def _spend(self) -> Spend:
        return spend_of(self._known, self._project_id)

    def _whose(self) -> Widget:
        if self._alert:
            words = f"{self._spend.name or WHOLE}  {self._alert.id}"
            return Static(Content(words), id="whose", markup=False)
        return Select(
            [(Content(name), id or ORGANIZATION) for name, id in self._scopes],
            value=self._project_id or ORGANIZATION,
            allow_blank=False,
            compact=True,
            id="whose",
        )

    def _typed(self, id: str) -> str:
        return self.query_one(f"#{id}", Input).value

    async def _write(self, wanted: SpendAlert) -> Content:
        brakes = self.session.brakes
        if self._alert:
            done = await brakes.edit_alert(self._alert, wanted)
        else:
            done = await brakes.create_alert(wanted)
        self.session.billing.forget(wanted.project_id)
        return was_and_is(done)

    @on(Select.Changed, "#whose")
    def _chosen(self, event: Select.Changed) -> None:
        self._project_id = "" if event.value == ORGANIZATION else str(event.value)
        self._tell_meaning()

    @on(Input.Changed, "#amount")
    def _tell_meaning(self) -> None:
        self.query_one("#means", Static).update(self._meaning(self._typed("amount")))

    def _meaning(self, typed: str) -> Content:
        """Return where the spend is and when it comes to the amount that is typed."""
        spend = self._spend
        spent = "— (not known)" if spend.spent is None else money(spend.spent)
        lines = [Content(f"spent {spent} in {spend.today:%B} (UTC){spend.age}")]
        with suppress(WrongInput):  # it is said when it is meant, not while it is typed
            lines.append(_reached(alert_amount(typed), spend))
        return Content("\n").join(lines)


def _reached(amount: Money, spend: Spend) -> Content:
    """Return when the spend comes to an amount."""
    at = Content.styled(f"{amount} a month: ", "bold")
    if spend.spent is not None and spend.spent >= amount.dollars:
        words = "passed already; whether mail still goes out this month is not documented"
        return Content.assemble(at, Content.styled(words, "$text-warning"))
    if spend.pace is None:
        return Content.assemble(at, "when it would be reached cannot be told yet")
    day = spend.pace.reached(amount.dollars)
    return Content.assemble(
        at, f"at this pace on {day.day} {day:%B}" if day else "at this pace not this month"
    )
