"""Setting, changing and removing a hard limit: what it refuses is said before it is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Select, Static

from oai_tui.api.spend import spend_limit
from oai_tui.core.brakes import (
    Consequence,
    consequence,
    limit_amount,
    limit_words,
    subject_of_limit,
)
from oai_tui.core.errors import ApiProblem, Problem, WrongInput
from oai_tui.core.limits import SpendLimit
from oai_tui.core.money import Money
from oai_tui.core.text import money
from oai_tui.services.billing.statement import Asked, Statement
from oai_tui.ui.dialogs.asking import Asking, was_and_is
from oai_tui.ui.dialogs.brake import BrakeDialog
from oai_tui.ui.dialogs.remove_brake import limit_removal
from oai_tui.ui.widgets.billing_scopes import ORGANIZATION, Spend, scopes, spend_of
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.form import note, row
from oai_tui.ui.widgets.state import told

if TYPE_CHECKING:
    from oai_tui.services.session import Session

HINT = "dollars a month, such as 1500 or 1,500.50"
NOT_READ = "The limit there is now is not read yet."
READING = "reading the limit there is …"
FAILED = "— (the limit there is could not be read)"


class LimitDialog(BrakeDialog):
    """Asks whose limit and how much; closes with whether anything was tried."""

    FIRST: ClassVar[str] = "#amount"
    DEFAULT_CSS = """
    LimitDialog.-unlimited #remove { display: none; }
    """

    def __init__(self, session: Session, known: Statement, project_id: str = "") -> None:
        super().__init__(session)
        self._known = known
        self._scopes = scopes(known)
        is_there = any(id == project_id for _, id in self._scopes)
        self._project_id = project_id if is_there else ""
        self._limits: dict[str, Asked[SpendLimit]] = {}
        self._unread: set[str] = set()

    @property
    def heading(self) -> str:
        """What is asked, for the frame."""
        return "Hard limit"

    def form(self) -> Iterable[Widget]:
        """Return whose limit, what there is, and the amount."""
        choices = [(Content(name), id or ORGANIZATION) for name, id in self._scopes]
        select = Select(
            choices,
            value=self._project_id or ORGANIZATION,
            allow_blank=False,
            compact=True,
            id="whose",
        )
        amount = Field(placeholder=HINT, compact=True, max_length=24, id="amount")
        yield Grid(
            *row("For", select),
            *note("now"),
            *row("At most", amount),
            *note("means"),
            classes="form",
        )

    def more_buttons(self) -> Iterable[Button]:
        """Offer to remove the limit there is."""
        yield Button("Remove it …", id="remove", variant="error", compact=True)

    def read(self) -> Asking:
        """Return the limit that is wanted. Raises WrongInput."""
        seen = self._seen()
        wanted = limit_amount(self.query_one("#amount", Input).value)
        if seen is not None and seen.amount == wanted:
            raise WrongInput(f"The limit is {wanted} already.", "Type another amount.")
        come = self._consequence(wanted)
        return Asking(
            lambda: self._set(seen, wanted),
            "Setting the limit and reading it back …",
            _question(self._spend.name, seen, wanted, come),
            "Yes, set it",
            wanted if come.must_retype else None,
            come.must_retype,
        )

    async def look_again(self) -> None:
        """Read the limit there is now; what was typed stays."""
        await self._read_limit(self._project_id)

    def on_mount(self) -> None:
        """Begin with the limit there is."""
        self._tell_scope()

    @property
    def _spend(self) -> Spend:
        return spend_of(self._known, self._project_id)

    @property
    def _limit(self) -> Asked[SpendLimit]:
        return self._limits.get(self._project_id) or self._spend.limit

    def _seen(self) -> SpendLimit | None:
        limit = self._limit
        if not limit.is_known:
            raise WrongInput(NOT_READ, "Wait for it, or choose it again.")
        return limit.value

    def _consequence(self, wanted: Money) -> Consequence:
        spend, limit = self._spend, self._limit.value
        return consequence(
            spend.name,
            limit.amount if limit else None,
            wanted,
            spent=spend.spent,
            today=spend.today,
            reached=spend.pace.reached if spend.pace else None,
        )

    async def _set(self, seen: SpendLimit | None, wanted: Money) -> Content:
        done = await self.session.brakes.set_limit(seen, wanted, self._project_id)
        self.session.billing.forget(self._project_id)
        return was_and_is(done)

    @on(Select.Changed, "#whose")
    def _chosen(self, event: Select.Changed) -> None:
        self._project_id = "" if event.value == ORGANIZATION else str(event.value)
        self.say("")
        self._tell_scope()

    def _tell_scope(self) -> None:
        """Show the limit there is, which is asked for where nobody did yet."""
        if not self._limit.is_known:
            self._ask_limit(self._project_id)
        self._tell_now()
        self._tell_meaning()

    @work(exclusive=True, group="load")
    async def _ask_limit(self, project_id: str) -> None:
        await self._read_limit(project_id)

    async def _read_limit(self, project_id: str) -> None:
        now = self.session.setup.clock()
        try:
            found = await spend_limit(self.session.client, project_id)
        except ApiProblem as problem:
            self._unread.add(project_id)
            self._tell_now()
            if not self.is_doing:
                self.say(told(problem))
            return
        self._unread.discard(project_id)
        self._limits[project_id] = Asked(found, now)
        self._tell_now()
        self._tell_meaning()

    def _tell_now(self) -> None:
        limit = self._limit
        self.set_class(limit.value is None, "-unlimited")
        if limit.value:
            word = limit.value.enforcement or "enforcement not told"
            words = f"now {limit.value.amount} a month · {word}"
        else:
            missing = FAILED if self._project_id in self._unread else READING
            words = "now no limit" if limit.is_known else missing
        spend = self._spend
        spent = "— (not known)" if spend.spent is None else money(spend.spent)
        text = f"{words}\nspent {spent} in {spend.today:%B} (UTC){spend.age}"
        self.query_one("#now", Static).update(Content(text))

    @on(Input.Changed, "#amount")
    def _tell_meaning(self) -> None:
        typed = self.query_one("#amount", Input).value
        self.query_one("#means", Static).update(self._meaning(typed))

    def _meaning(self, typed: str) -> Content:
        if not typed.strip():
            return Content("")
        try:
            wanted = limit_amount(typed)
        except WrongInput:
            return Content("")  # it is said when it is meant, not while it is typed
        come = self._consequence(wanted)
        first, *rest = come.lines
        return Content("\n").join(
            [
                Content.styled(f"{wanted} a month", "bold"),
                Content.styled(first, "$text-warning" if come.must_retype else ""),
                *map(Content, rest),
            ]
        )

    @on(Button.Pressed, "#remove")
    def _asked_to_remove(self) -> None:
        try:
            seen = self._seen()
        except Problem as problem:
            self.say(told(problem))
            return
        if seen is not None:
            self.ask(limit_removal(self.session, self._known, seen, self._project_id))


def _question(name: str, seen: SpendLimit | None, wanted: Money, come: Consequence) -> Content:
    """Return what is going to be, old beside new, and what it does."""
    first, *rest = come.lines
    return Content("\n").join(
        [
            Content.styled(f"Set {subject_of_limit(name)}?", "bold"),
            Content(f"{limit_words(seen)} → {wanted} a month\n"),
            Content.styled(first, "$text-error" if come.must_retype else ""),
            *map(Content, rest),
        ]
    )
