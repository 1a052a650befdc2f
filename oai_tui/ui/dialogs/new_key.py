"""What key to make, for whom, for how long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Select, Static

from oai_tui.api.keys import service_accounts
from oai_tui.core.creation import CreationKind
from oai_tui.core.errors import ApiProblem, OutcomeUnknown, Problem, WrongInput
from oai_tui.core.keys import Project
from oai_tui.services.creation import Made, Order
from oai_tui.services.session import Session
from oai_tui.ui.host import Host
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.state import told

KINDS = (
    (Content("for a service account that exists"), CreationKind.SERVICE_ACCOUNT_KEY),
    (Content("for a new service account"), CreationKind.SERVICE_ACCOUNT),
    (Content("admin key of the organization"), CreationKind.ADMIN_KEY),
)
EXPIRIES = tuple(
    (Content(label), int(timedelta(days=days).total_seconds()))
    for label, days in (
        ("in 30 days", 30),
        ("in 90 days", 90),
        ("in 180 days", 180),
        ("in a year", 365),
        ("never", 0),
    )
)
SUGGESTED = EXPIRIES[1][1]
HINT = (
    "A short ending is added to the name, by which the key is found again should the connection "
    "break. Keys owned by a person cannot be made by API; make those at "
    "platform.openai.com/api-keys, or use a service account."
)
IN_DOUBT = "If the key turns up it waits under “unfinished” (o) to be revoked."


class NewKeyForm(ModalScreen[Made | OutcomeUnknown | None]):
    """Asks, and makes the key; closes with it, or with None.

    When it is not known whether the key was made, the form makes no other and closes with that.
    """

    AUTO_FOCUS = "#name"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="new-key.cancel"),
    ]

    def __init__(self, session: Session, projects: Iterable[Project], project_id: str) -> None:
        super().__init__()
        self._session = session
        self._projects = [project for project in projects if not project.is_archived]
        self._first = project_id
        self._is_making = False
        self._in_doubt: OutcomeUnknown | None = None
        self._key_name = ""

    def compose(self) -> ComposeResult:
        """Lay out the questions."""
        with VerticalScroll(classes="dialog") as box:
            box.border_title = "New key"
            box.border_subtitle = "enter makes it · tab to the next · esc cancels"
            with Grid(classes="form"):
                yield Label("Name")
                yield Field(placeholder="<service>-<where>-<purpose>", compact=True, id="name")
                yield Label("Key")
                yield Select(KINDS, allow_blank=False, compact=True, id="kind")
                yield Label("Project", id="project-label")
                yield Select(self._choices(), prompt="choose", compact=True, id="project")
                yield Label("Service account", id="account-label")
                yield Select[str]([], prompt="choose", compact=True, id="account")
                yield Label("Expires")
                yield Select(
                    EXPIRIES, allow_blank=False, value=SUGGESTED, compact=True, id="expires"
                )
            yield Static(Content.styled(HINT, "$text-muted"), id="hint", markup=False)
            yield Static("", id="told", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Make it", id="make", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def full_name(self, made: Made) -> str:
        """Return the name under which a key from here is found again.

        The platform gives a new service account's key a name of its own, the same for all.
        """
        return f"{self._key_name}-{made.nonce}"

    def _choices(self) -> list[tuple[Content, str]]:
        return [(Content(project.name or project.id), project.id) for project in self._projects]

    def on_mount(self) -> None:
        """Begin with the project of the key under the cursor."""
        if any(project.id == self._first for project in self._projects):
            self.query_one("#project", Select).value = self._first

    @property
    def _kind(self) -> CreationKind:
        return cast(CreationKind, self.query_one("#kind", Select).value)

    @on(Select.Changed, "#kind")
    def _kind_changed(self) -> None:
        self._say(Content(""))
        for name, shown in (
            ("project", self._kind is not CreationKind.ADMIN_KEY),
            ("account", self._kind is CreationKind.SERVICE_ACCOUNT_KEY),
        ):
            self.query_one(f"#{name}").display = shown
            self.query_one(f"#{name}-label").display = shown

    @on(Select.Changed, "#project")
    def _project_changed(self) -> None:
        self._list_accounts()

    @work(exclusive=True, group="accounts")
    async def _list_accounts(self) -> None:
        project_id = _chosen(self.query_one("#project", Select))
        select = self.query_one("#account", Select)
        select.set_options([])
        if project_id is None:
            return
        self._say(Content.styled("Reading the service accounts …", "$text-muted"))
        try:
            accounts = await service_accounts(self._session.client, project_id)
        except ApiProblem as problem:
            self._say(told(problem))
            return
        self._say(Content(""))
        select.set_options(
            [(Content(account.name or account.id), account.id) for account in accounts]
        )
        if accounts:
            select.value = accounts[0].id
        elif self._kind is CreationKind.SERVICE_ACCOUNT_KEY:
            self._say(Content("This project has no service account yet; choose a new one above."))

    @on(Button.Pressed, "#make")
    @on(Input.Submitted, "#name")
    def _make_pressed(self) -> None:
        if self._is_making or self._in_doubt:
            return
        try:
            order = self._order()
        except WrongInput as problem:
            self._say(told(problem))
            return
        self._is_making = True
        self._key_name = order.name.strip()
        self._make(order)

    @work(group="make")
    async def _make(self, order: Order) -> None:
        """Make the key; the request itself outlives this dialog and everything above it."""
        maker = self._session.maker
        assert maker
        self.query_one("#make", Button).disabled = True
        self._say(Content.styled("Making the key …", "$text-muted"))
        try:
            self.dismiss(await cast(Host, self.app).change(maker.make(order)))
        except OutcomeUnknown as problem:
            self._is_making = False
            self._leave_in_doubt(problem)
        except Problem as problem:
            self._is_making = False
            self.query_one("#make", Button).disabled = False
            self._say(told(problem))

    def _leave_in_doubt(self, problem: OutcomeUnknown) -> None:
        self._in_doubt = problem
        self._say(Content.assemble(told(problem), Content.styled(f"\n{IN_DOUBT}", "$text-warning")))
        close = self.query_one("#cancel", Button)
        close.label = "Close"
        close.focus()

    def _order(self) -> Order:
        kind = self._kind
        project_id = account_id = None
        if kind is not CreationKind.ADMIN_KEY:
            project_id = _chosen(self.query_one("#project", Select))
            if project_id is None:
                raise WrongInput("No project is chosen.", "Choose the one the key is for.")
        if kind is CreationKind.SERVICE_ACCOUNT_KEY:
            account_id = _chosen(self.query_one("#account", Select))
            if account_id is None:
                raise WrongInput("No service account is chosen.", "Choose one, or make a new one.")
        seconds = cast(int, self.query_one("#expires", Select).value)
        name = self.query_one("#name", Input).value
        return Order(kind, name, project_id, account_id, seconds or None)

    def _say(self, text: Content) -> None:
        self.query_one("#told", Static).update(text)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Close without a key; while one is being made, wait for the answer."""
        if self._is_making:
            self._say(Content("The key is being made; its answer is waited for."))
        else:
            self.dismiss(self._in_doubt)


def _chosen(select: Select[str]) -> str | None:
    return None if select.is_blank() else cast(str, select.value)
