"""What key to make, for whom, for how long, and what it may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Select, Static

from oai_tui.api.keys import service_accounts
from oai_tui.core.creation import CreationKind
from oai_tui.core.errors import ApiProblem, OutcomeUnknown, Problem, WrongInput
from oai_tui.core.keys import Project
from oai_tui.core.lifetime import SUGGESTED, parse
from oai_tui.core.scopes import unchecked
from oai_tui.services.creation import Made, Order
from oai_tui.services.session import Session
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.dialogs.scopes import ScopesDialog
from oai_tui.ui.host import Host
from oai_tui.ui.widgets.expiry_field import ExpiryField
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.form import note, row, show_row
from oai_tui.ui.widgets.scopes_field import ScopesField
from oai_tui.ui.widgets.state import told

PERSON = "person"
KINDS: tuple[tuple[Content, str], ...] = (
    (Content("for a service account that exists"), CreationKind.SERVICE_ACCOUNT_KEY),
    (Content("for a new service account"), CreationKind.SERVICE_ACCOUNT),
    (Content("admin key of the organization"), CreationKind.ADMIN_KEY),
    (Content("for a person (not by API)"), PERSON),
)
FOR_A_PERSON = (
    "The platform lets nobody make a person's key by API. Make one for a service account instead: "
    "it stays when people leave and can be rotated here. Or that person makes it in the "
    "dashboard, at platform.openai.com/api-keys."
)
NAMING = "<service>-<where>-<purpose>"
NONCE = "?????"
"""Stands for the ending that is drawn when the key is made."""

SCOPES_NOTES = {
    CreationKind.ADMIN_KEY: "An admin key made by API may do everything. The dashboard can make "
    "restricted ones.",
    CreationKind.SERVICE_ACCOUNT: "The first key of a new account takes no scopes: the account is "
    "made first, then a key with them.",
}
IN_DOUBT = "If the key turns up it waits under “unfinished” (o) to be revoked."


class NewKeyForm(Dialog[Made | OutcomeUnknown | None]):
    """Asks, and makes the key; closes with it, or with None.

    When it is not known whether the key was made, the form makes no other and closes with that.
    """

    AUTO_FOCUS = "#name"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="new-key.cancel", tooltip="Make no key"),
    ]
    DEFAULT_CSS = """
    NewKeyForm .note { color: $text-muted; height: auto; }
    NewKeyForm #person { display: none; margin-top: 1; }
    """

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
            box.border_subtitle = "enter makes it · tab to the next · esc cancels · F1 help"
            with Grid(classes="form"):
                yield from row("Name", Field(placeholder=NAMING, compact=True, id="name"))
                yield from note("full")
                yield from row("Key", Select(KINDS, allow_blank=False, compact=True, id="kind"))
                yield from row("Project", self._project_choice())
                yield from row("Service account", _choice([], "account"))
                yield from row("Expires", ExpiryField(SUGGESTED))
                yield from note("ends")
                yield from row("May do", ScopesField())
                yield from note("allows")
            yield Static(Content(FOR_A_PERSON), id="person", markup=False)
            yield Static("", id="told", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Make it", id="make", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def full_name(self, made: Made) -> str:
        """Return the name under which a key from here is found again.

        The platform gives a new service account's key a name of its own, the same for all.
        """
        return f"{self._key_name}-{made.nonce}"

    def _project_choice(self) -> Select[str]:
        choices = [(Content(each.name or each.id), each.id) for each in self._projects]
        return _choice(choices, "project")

    def on_mount(self) -> None:
        """Begin with the project of the key under the cursor."""
        if any(project.id == self._first for project in self._projects):
            self.query_one("#project", Select).value = self._first
        self.say("")
        self._tell_name()
        self._tell_end()

    @property
    def _kind(self) -> CreationKind | None:
        """What is to be made; None for what no API makes."""
        value = cast(str, self.query_one("#kind", Select).value)
        return None if value == PERSON else CreationKind(value)

    @on(Select.Changed, "#kind")
    def _kind_changed(self) -> None:
        kind = self._kind
        self.say("")
        for name in ("full", "expires", "ends", "scopes", "allows"):
            show_row(self, name, kind is not None)
        show_row(self, "project", kind not in (None, CreationKind.ADMIN_KEY))
        show_row(self, "account", kind is CreationKind.SERVICE_ACCOUNT_KEY)
        self.query_one("#person").display = kind is None
        self.query_one("#make", Button).disabled = kind is None
        field = self.query_one(ScopesField)
        field.disabled = kind is CreationKind.ADMIN_KEY
        if field.disabled:
            field.choose(())
        self._tell_name()
        self._tell_scopes()

    @on(Input.Changed, "#name")
    def _tell_name(self) -> None:
        """Show the full name as it will be."""
        name = self.query_one("#name", Input).value.strip()
        said = "the ending finds it again"
        if self._kind is CreationKind.SERVICE_ACCOUNT:
            said = "is the account; the platform names its key"
        text = f"{name}-{NONCE}   {said}" if name else "such as ci-deploy-prod"
        self.query_one("#full", Static).update(Content(text))

    @on(Input.Changed, "#expires")
    def _tell_end(self) -> None:
        meant = self.query_one(ExpiryField).meant(self._session.setup.clock())
        self.query_one("#ends", Static).update(meant)

    @on(ScopesField.Asked)
    def _choose_scopes(self, event: ScopesField.Asked) -> None:
        self.app.push_screen(ScopesDialog(event.field.scopes or ()), event.field.choose)

    @on(ScopesField.Changed)
    def _tell_scopes(self) -> None:
        scopes = self.query_one(ScopesField).scopes or ()
        kind = self._kind
        parts = []
        if kind is CreationKind.ADMIN_KEY or (kind and scopes):
            parts.append(SCOPES_NOTES.get(kind, ""))
        if unknown := unchecked(scopes):
            parts.append(f"Unchecked: {', '.join(unknown)}.")
        text = " ".join(part for part in parts if part)
        self.query_one("#allows", Static).update(Content(text))
        show_row(self, "allows", bool(text))

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
        self.say("Reading the service accounts …", "$text-muted")
        try:
            accounts = await service_accounts(self._session.client, project_id)
        except ApiProblem as problem:
            self.say(told(problem))
            return
        self.say("")
        select.set_options(
            [(Content(account.name or account.id), account.id) for account in accounts]
        )
        if accounts:
            select.value = accounts[0].id
        elif self._kind is CreationKind.SERVICE_ACCOUNT_KEY:
            self.say("This project has no service account yet; choose a new one above.")

    @on(Button.Pressed, "#make")
    @on(Input.Submitted)
    def _make_pressed(self) -> None:
        if self._is_making or self._in_doubt or self._kind is None:
            return
        try:
            order = self._order(self._kind)
        except WrongInput as problem:
            self.say(told(problem))
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
        self.say("Making the key …", "$text-muted")
        try:
            self.dismiss(await cast(Host, self.app).change(maker.make(order)))
        except OutcomeUnknown as problem:
            self._is_making = False
            self._leave_in_doubt(problem)
        except Problem as problem:
            self._is_making = False
            self.query_one("#make", Button).disabled = False
            self.say(told(problem))

    def _leave_in_doubt(self, problem: OutcomeUnknown) -> None:
        self._in_doubt = problem
        self.say(Content.assemble(told(problem), Content.styled(f"\n{IN_DOUBT}", "$text-warning")))
        close = self.query_one("#cancel", Button)
        close.label = "Close"
        close.focus()

    def _order(self, kind: CreationKind) -> Order:
        project_id = account_id = None
        if kind is not CreationKind.ADMIN_KEY:
            project_id = _chosen(self.query_one("#project", Select))
            if project_id is None:
                raise WrongInput("No project is chosen.", "Choose the one the key is for.")
        if kind is CreationKind.SERVICE_ACCOUNT_KEY:
            account_id = _chosen(self.query_one("#account", Select))
            if account_id is None:
                raise WrongInput("No service account is chosen.", "Choose one, or make a new one.")
        name = self.query_one("#name", Input).value
        seconds = parse(self.query_one(ExpiryField).value, self._session.setup.clock())
        scopes = self.query_one(ScopesField).scopes or ()
        return Order(kind, name, project_id, account_id, seconds, scopes)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Close without a key; while one is being made, wait for the answer."""
        if self._is_making:
            self.say("The key is being made; its answer is waited for.")
        else:
            self.dismiss(self._in_doubt)


def _choice(choices: list[tuple[Content, str]], id: str) -> Select[str]:
    return Select(choices, prompt="choose", compact=True, id=id)


def _chosen(select: Select[str]) -> str | None:
    return None if select.is_blank() else cast(str, select.value)
