"""Signing in: what an admin key is, proving one, choosing where to keep it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Button, Input, Static

from oai_tui.core.errors import Problem, WrongInput
from oai_tui.core.secret import Secret
from oai_tui.core.secret_kind import SecretKind, key_from, kind_of
from oai_tui.services.kept import kept
from oai_tui.ui.host import Host
from oai_tui.ui.widgets.footer import KeyLine
from oai_tui.ui.widgets.places import PlacePicker, can_keep_now, why_not
from oai_tui.ui.widgets.secret_input import SecretInput
from oai_tui.ui.widgets.state import told
from oai_tui.ui.widgets.topbar import TopBar, follow
from oai_tui.vault.credential import Credential

if TYPE_CHECKING:
    from oai_tui.api.client import Client
    from oai_tui.services.login import Ability, Proof
    from oai_tui.services.setup import Setup

ADMIN_KEYS_PAGE = "https://platform.openai.com/settings/organization/admin-keys"

WHAT_IT_IS = (
    "oai-tui works with an admin key. It manages the keys, limits and usage of an organization, "
    "and cannot call models. An organization owner makes one here:"
)
NOWHERE = "No place of this machine can keep a key now; it is used until oai-tui ends."
DEMO_AGAIN = "The demo's own key comes back when you empty the line and press enter."
NOT_KEPT = "not kept"
"""What the first line says of a key that no place could keep."""

SHORTEST_TOLD = 8
"""Characters from which on a key being typed is told the kind of."""


@dataclass(frozen=True, slots=True)
class _Proved:
    """A key the platform has answered to, and the connection it answered on."""

    secret: Secret
    client: Client


class LoginScreen(Screen[None]):
    """Takes a key, has the platform say what it may do, keeps it where the person wants.

    A pasted key stays in this screen until it is kept: a place that fails loses nothing. Leaving
    the screen lets go of it.
    """

    AUTO_FOCUS = ""
    BINDING_GROUP_TITLE = "Sign in"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", id="login.back", tooltip="Back to where you were"),
        Binding(
            "ctrl+r",
            "look_again",
            "look again",
            id="login.look-again",
            tooltip="Look again for a kept key, and for places that can keep one",
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._is_open = False
        self._is_keeping = False
        self._proved: _Proved | None = None
        self._places_known = asyncio.Event()

    @property
    def oai(self) -> Host:
        """The app, as ours."""
        return cast(Host, self.app)

    @property
    def _field(self) -> SecretInput:
        return self.query_one(SecretInput)

    def compose(self) -> ComposeResult:
        """Lay out the questions from top to bottom."""
        yield TopBar("login")
        with VerticalScroll(id="login", can_focus=False):
            yield Static(Content(WHAT_IT_IS), id="what")
            yield Static(Content.styled(ADMIN_KEYS_PAGE, Style(link=ADMIN_KEYS_PAGE)), id="where")
            yield Static("", id="address", markup=False)
            yield SecretInput(placeholder="Paste an admin key (sk-admin-…), then enter", id="key")
            yield Static("", id="kind", markup=False)
            yield Static(Content("Keep it in"), classes="label")
            yield Vertical(id="places")
            yield Static("", id="elsewhere", markup=False)
            yield Static("", id="result", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Sign in", id="sign-in", compact=True)
        yield KeyLine()

    def on_mount(self) -> None:
        """Say where a key would be sent."""
        follow(self)
        self.query_one("#address", Static).update(_platform(self.oai.setup))

    def on_screen_resume(self) -> None:
        """Begin anew whenever somebody comes here, not when a dialog closes."""
        if not self._is_open:
            self._is_open = True
            self._begin()

    async def on_screen_suspend(self) -> None:
        """Let go of a pasted key when the screen is left, not when a dialog opens."""
        if self.app.current_mode != "login":
            self._is_open = False
            await self._let_go()
            self._field.take()
            self._say(Content(""))
            self.query_one("#kind", Static).update("")

    async def on_unmount(self) -> None:
        """Let go of the connection of a key that was never kept."""
        if self._proved:
            await self._proved.client.close()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a way back only while somebody is signed in."""
        return self.oai.session is not None if action == "back" else True

    async def action_back(self) -> None:
        """Go back to the keys."""
        await self.oai.action_go("keys")

    @work(exclusive=True, group="start")
    async def _begin(self) -> None:
        self.query_one("#sign-in", Button).label = "Sign in"
        await self._ask_for_key()

    @work(exclusive=True, group="start")
    async def action_look_again(self) -> None:
        """Ask the places for a key again: a key store may have been unlocked meanwhile."""
        from oai_tui.services.session import connect

        setup = self.oai.setup
        self._say(Content.styled("Looking for a key that is kept already …", "$text-muted"))
        found, self.oai.key_troubles = await kept(setup.places, setup.profile, setup.base_url)
        if found and self.oai.session is None:
            client = connect(setup, found.credential.secret)
            await self._open(found.credential, found.place.name, client)
        else:
            await self._ask_for_key()

    async def _ask_for_key(self) -> None:
        """Say how things stand, and ask for a key."""
        setup = self.oai.setup
        self._say(Content(""))
        if setup.demo and not self._field.value and not self.oai.session:
            self._fill_in(setup.demo.admin_key)
        self._field.focus()
        others = await self._offer_places()
        # What already stands beside its place need not be said twice.
        troubles = [told(each) for each in self.oai.key_troubles if each.what not in others]
        if self.oai.session:
            self._say(Content(f"Signed in with {self.oai.session.secret.masked()}. esc goes back."))
        elif troubles:
            self._say(Content("\n").join(troubles))

    def _fill_in(self, secret: Secret) -> None:
        with self.prevent(Input.Changed):
            self._field.value = secret.reveal()
        self.query_one("#kind", Static).update(_kind(self._field.value))
        self._say(Content("The demo's own key is filled in. Press enter to sign in with it."))

    async def _offer_places(self) -> str:
        """List the places that can keep a key, and say why the others cannot; return that."""
        places = self.oai.setup.places
        states = await asyncio.gather(*(place.state() for place in places))
        known = list(zip(places, states, strict=True))
        offered = [(place, state) for place, state in known if can_keep_now(place, state)]
        others = [why_not(place, state) for place, state in known if (place, state) not in offered]
        if not offered:
            others.insert(0, NOWHERE)
        box = self.query_one("#places")
        await box.remove_children()
        if offered:
            await box.mount(PlacePicker(offered))
        text = "\n".join(others)
        self.query_one("#elsewhere", Static).update(Content.styled(text, "$text-muted"))
        self._places_known.set()
        return text

    @on(Input.Changed, "#key")
    async def _recognise(self, event: Input.Changed) -> None:
        await self._let_go()
        self._say(Content(""))
        self.query_one("#kind", Static).update(_kind(event.value))

    @on(Input.Submitted, "#key")
    @on(PlacePicker.Submitted)
    @on(Button.Pressed, "#sign-in")
    def _submitted(self) -> None:
        if self._is_keeping:
            return
        if self._proved:
            self._is_keeping = True
            self._keep(self._proved)
        elif not self._field.value and (demo := self.oai.setup.demo) and demo.admin_key.reveal():
            self._fill_in(demo.admin_key)
        else:
            self._prove()

    @work(exclusive=True, group="prove")
    async def _prove(self) -> None:
        try:
            proof = await self._ask()
        except Problem as problem:
            again = f"\n{DEMO_AGAIN}" if self.oai.setup.demo else ""
            self._say(Content.assemble(told(problem), again))
            self._field.focus()
            return
        self._say(_list(proof))
        button = self.query_one("#sign-in", Button)
        button.label = "Continue"
        button.focus()

    async def _ask(self) -> Proof:
        """Have the platform say what the key in the field may do. Raises Problem."""
        from oai_tui.services.login import prove, refuse_session_key
        from oai_tui.services.session import connect

        setup = self.oai.setup
        secret = key_from(self._field.value)
        refuse_session_key(secret)
        self._say(Content.styled(f"Asking {setup.base_url.origin} …", "$text-muted"))
        client = connect(setup, secret)
        try:
            proof = await prove(client, secret, setup.clock().date())
        except BaseException:
            await client.close()
            raise
        self._proved = _Proved(secret, client)
        return proof

    @work(group="keep")
    async def _keep(self, proved: _Proved) -> None:
        """Keep the key and go on; where that fails it stays here, proved, for another place."""
        setup = self.oai.setup
        credential = Credential(proved.secret, setup.base_url.origin)
        self._field.disabled = True
        try:
            place = await self._save(credential)
        except Problem as problem:
            self._field.disabled = False
            self._say(Content.assemble(told(problem), "\nThe key is still here."))
            (*self.query(PlacePicker), self._field)[0].focus()
        else:
            self._field.disabled = False
            self._field.take()
            self._proved = None
            await self._open(credential, place, proved.client)
        finally:
            self._is_keeping = False

    async def _save(self, credential: Credential) -> str:
        """Put the key into the place that is chosen and return its name. Raises VaultProblem."""
        from oai_tui.services.signing_in import forget_answers, keep

        setup = self.oai.setup
        await self._places_known.wait()
        picker = next(iter(self.query(PlacePicker)), None)
        if picker is None:
            forget_answers(setup)
            return NOT_KEPT
        self._say(Content.styled(f"Keeping the key in {picker.place.name} …", "$text-muted"))
        if trouble := await keep(setup, picker.place, credential):
            self.notify(trouble, severity="warning", timeout=20, markup=False)
        return picker.place.name

    async def _open(self, credential: Credential, place: str, client: Client) -> None:
        from oai_tui.services.session import open_session

        await self.oai.signed_in(open_session(self.oai.setup, credential, place, client))

    async def _let_go(self) -> None:
        """Forget what was proved of another text, and its connection."""
        if self._is_keeping:
            return
        self.workers.cancel_group(self, "prove")
        proved, self._proved = self._proved, None
        self.query_one("#sign-in", Button).label = "Sign in"
        if proved:
            await proved.client.close()

    def _say(self, text: Content) -> None:
        result = self.query_one("#result", Static)
        result.update(text)
        self.call_after_refresh(self.query_one(".buttons").scroll_visible, animate=False)


def _platform(setup: Setup) -> Content:
    if setup.demo:
        text = "A made-up organization inside this program; nothing leaves this machine."
        return Content.styled(text, "$text-muted")
    came = f" (from {setup.base_url_from})" if setup.base_url_from else ""
    text = f"The key is sent to {setup.base_url.url}{came} and nowhere else."
    return Content.styled(text, "$text-muted" if setup.base_url.is_official else "$text-warning")


def _kind(typed: str) -> Content:
    """Return what a key seems to be, once there is enough of it."""
    if len(typed) < SHORTEST_TOLD:
        return Content("")
    try:
        kind = kind_of(key_from(typed))
    except WrongInput as problem:
        return Content.styled(str(problem), "$text-warning")
    text = f"{kind.label.capitalize()}. {kind.what_it_can_do} {kind.what_it_cannot}"
    usual = kind in (SecretKind.ADMIN, SecretKind.UNKNOWN)
    return Content.styled(text, "$text-muted" if usual else "$text-warning")


def _list(proof: Proof) -> Content:
    """Return what a key may do and what will not work, a line each."""
    known = f" for {proof.organization}" if proof.organization else ""
    return Content("\n").join(
        [
            Content(f"The key works{known}:"),
            _line("manage keys, projects and limits", proof.management),
            _line("read usage and costs", proof.usage),
        ]
    )


def _line(what: str, ability: Ability) -> Content:
    if ability.allowed:
        return Content.assemble(Content.styled("  ✓ ", "$text-success"), f"it may {what}")
    why = Content.styled(f"\n    {ability.why} {ability.way_out}", "$text-muted")
    return Content.assemble(Content.styled("  ✗ ", "$text-error"), f"it may not {what}", why)
