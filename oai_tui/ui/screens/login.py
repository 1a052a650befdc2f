"""Signing in: what an admin key is, proving one, choosing where to keep it."""

from __future__ import annotations

from typing import ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Button, Footer, Input, RadioButton, RadioSet, Static

from oai_tui.api.client import Client
from oai_tui.core.errors import Problem, WrongInput
from oai_tui.core.secret import Secret
from oai_tui.core.secret_kind import key_from, kind_of
from oai_tui.services import login
from oai_tui.services.session import Setup, connect, open_session
from oai_tui.services.signing_in import forget_answers
from oai_tui.ui.host import Host
from oai_tui.ui.screens.base import watch_session
from oai_tui.ui.widgets.secret_input import SecretInput
from oai_tui.ui.widgets.state import told
from oai_tui.ui.widgets.topbar import TopBar
from oai_tui.vault.credential import Credential
from oai_tui.vault.place import Condition, Place

ADMIN_KEYS_PAGE = "https://platform.openai.com/settings/organization/admin-keys"

WHAT_IT_IS = (
    "oai-tui works with an admin key. It manages the keys, limits and usage of an organization, "
    "and cannot call models. An organization owner makes one here:"
)


class LoginScreen(Screen[None]):
    """Takes a key, has the platform say what it may do, keeps it where the person wants.

    A pasted key stays in this screen until it is kept: a place that fails loses nothing.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", id="login.back", tooltip="Back to where you were"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._secret: Secret | None = None
        self._client: Client | None = None
        self._proof: login.Proof | None = None
        self._keepers: list[Place] = []

    @property
    def oai(self) -> Host:
        """The app, as ours."""
        return cast(Host, self.app)

    def compose(self) -> ComposeResult:
        """Lay out the questions from top to bottom."""
        yield TopBar("login")
        with VerticalScroll(id="login"):
            yield Static(Content(WHAT_IT_IS), id="what")
            yield Static(Content.styled(ADMIN_KEYS_PAGE, Style(link=ADMIN_KEYS_PAGE)), id="where")
            yield SecretInput(placeholder="Paste an admin key (sk-admin-…), then enter", id="key")
            yield Static("", id="kind", markup=False)
            yield Static(Content("Keep it in"), classes="label")
            yield RadioSet(id="places")
            yield Static("", id="elsewhere", markup=False)
            yield Static("", id="result", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Sign in", id="sign-in", variant="primary", compact=True)
            yield Static("", id="address", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Look for a key that is there already, then ask for one."""
        watch_session(self)
        setup = self.oai.setup
        self.query_one("#address", Static).update(Content.styled(_platform(setup), "$text-muted"))
        self._say(Content.styled("Looking for a key that is kept already …", "$text-muted"))
        self._start()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a way back only while somebody is signed in."""
        return self.oai.session is not None if action == "back" else True

    async def action_back(self) -> None:
        """Go back to the keys."""
        await self.oai.action_go("keys")

    @work(exclusive=True, group="start")
    async def _start(self) -> None:
        setup = self.oai.setup
        found, problems = await login.remembered(setup.places, setup.profile, setup.base_url)
        if found and self.oai.session is None:
            await self._open(
                found.credential, found.place.name, connect(setup, found.credential.secret)
            )
            return
        self._say(Content("\n").join(told(problem) for problem in problems))
        if setup.demo:
            self.query_one(SecretInput).value = setup.demo.admin_key.reveal()
            self._say(Content("The demo's own key is filled in. Press enter to sign in with it."))
        self.query_one(SecretInput).focus()
        await self._offer_places()

    async def _offer_places(self) -> None:
        """List the places that can keep a key, and say why the others cannot."""
        radio = self.query_one("#places", RadioSet)
        elsewhere: list[str] = []
        for place in self.oai.setup.places:
            state = await place.state()
            if not place.can_keep:
                elsewhere.append(f"{place.name}: {state.why}")
            elif state.condition is Condition.WORKING:
                self._keepers.append(place)
                await radio.mount(
                    RadioButton(
                        Content(f"{place.name}  {state.why}"), value=len(self._keepers) == 1
                    )
                )
            else:
                elsewhere.append(f"{place.name}: {state.why} {state.way_out}")
        self.query_one("#elsewhere", Static).update(
            Content.styled("\n".join(elsewhere), "$text-muted")
        )

    @on(Input.Changed, "#key")
    def _recognise(self, event: Input.Changed) -> None:
        self._forget_proof()
        text = Content("")
        if len(event.value) >= 8:
            try:
                kind = kind_of(key_from(event.value))
                text = Content(f"{kind.label}: {kind.what_it_can_do} {kind.what_it_cannot}")
            except WrongInput as problem:
                text = Content.styled(str(problem), "$text-warning")
        self.query_one("#kind", Static).update(text)

    @on(Input.Submitted, "#key")
    @on(Button.Pressed, "#sign-in")
    def _submitted(self) -> None:
        self._sign_in()

    @work(exclusive=True, group="sign-in")
    async def _sign_in(self) -> None:
        try:
            if self._proof is None:
                await self._prove()
            else:
                await self._keep()
        except Problem as problem:
            self._say(told(problem))

    async def _prove(self) -> None:
        setup = self.oai.setup
        secret = key_from(self.query_one(SecretInput).value)
        login.refuse_session_key(secret)
        self._say(Content.styled(f"Asking {setup.base_url.origin} …", "$text-muted"))
        client = connect(setup, secret)
        try:
            proof = await login.prove(client, secret, setup.clock().date())
        except Problem:
            await client.close()
            raise
        self._secret, self._client, self._proof = secret, client, proof
        self._show(proof)
        button = self.query_one("#sign-in", Button)
        button.label = "Continue"
        button.focus()

    async def _keep(self) -> None:
        assert self._secret
        assert self._client
        setup = self.oai.setup
        place = self._keepers[max(0, self.query_one("#places", RadioSet).pressed_index)]
        credential = Credential(self._secret, setup.base_url.origin)
        self._say(Content.styled(f"Keeping the key in {place.name} …", "$text-muted"))
        await place.save(setup.profile, credential)
        forget_answers(setup)
        client, self._client = self._client, None
        self._secret = None
        self.query_one(SecretInput).take()
        await self._open(credential, place.name, client)

    async def _open(self, credential: Credential, place: str, client: Client) -> None:
        self._say(Content(""))
        await self.oai.signed_in(open_session(self.oai.setup, credential, place, client))

    def _show(self, proof: login.Proof) -> None:
        lines = [
            _line("manage keys, projects and limits", proof.management),
            _line("read usage and costs", proof.usage),
        ]
        if proof.organization:
            lines.insert(0, Content(f"The key works for {proof.organization}. It may"))
        self._say(Content("\n").join(lines))

    def _forget_proof(self) -> None:
        self._proof = None
        try:
            self.query_one("#sign-in", Button).label = "Sign in"
        except NoMatches:
            return

    def _say(self, text: Content) -> None:
        self.query_one("#result", Static).update(text)


def _platform(setup: Setup) -> str:
    if setup.demo:
        return "A made-up organization inside this program; nothing leaves this machine."
    came = f" (from {setup.base_url_from})" if setup.base_url_from else ""
    return f"The key is sent to {setup.base_url.url}{came} and nowhere else."


def _line(what: str, ability: login.Ability) -> Content:
    if ability.allowed:
        return Content.assemble(Content.styled("  ✓ ", "$text-success"), what)
    why = Content.styled(f"\n    {ability.why} {ability.way_out}", "$text-muted")
    return Content.assemble(Content.styled("  ✗ ", "$text-error"), f"not {what}", why)
