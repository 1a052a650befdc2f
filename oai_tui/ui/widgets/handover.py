"""The ways to take a new key: masked until it is asked for, and let go of afterwards."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.selection import Selection
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from oai_tui.core.delivery import Command, DeliveryFailed, Destination, DestinationKind
from oai_tui.core.errors import Problem
from oai_tui.core.secret import Secret
from oai_tui.services.delivery import deliver
from oai_tui.ui.host import Host
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.state import told

Bring = Callable[[Destination], Coroutine[Any, Any, str]]

SHOWN_FOR = 30.0
"""Seconds a revealed key stays readable."""

SENT = (
    "Sent to the terminal. Whether its clipboard has it, only a paste can tell; some terminals, "
    "and tmux by default, ignore it."
)
ASKING = {
    DestinationKind.FILE: "file, such as ~/ci-deploy.key",
    DestinationKind.ENV: ".env file, such as ~/app/.env",
    DestinationKind.COMMAND: "command of the settings",
}
VARIABLE = "OPENAI_API_KEY"


class _Value(Static):
    """The key's place, of which nothing can be selected."""

    ALLOW_SELECT = False

    def get_selection(self, selection: Selection) -> None:
        """Return nothing, even when everything on the screen is selected."""


class _Target(Field):
    """Where it goes; where that is a command, up and down go through those there are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "turn(-1)", "before", show=False),
        Binding("down", "turn(1)", "next", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(compact=True, id="path")
        self.choices: tuple[str, ...] = ()

    def action_turn(self, step: int) -> None:
        """Take the next of the choices."""
        if self.choices:
            now = self.choices.index(self.value) if self.value in self.choices else 0
            self.value = self.choices[(now + step) % len(self.choices)]


class Handover(Vertical):
    """A key and the ways to take it, each with its receipt; nothing of it stays when it is gone.

    The screen around it calls `hide` when it is covered, and asks `is_delivering` before it goes.
    What is put `below` has the keys of the handover as well.
    """

    BINDING_GROUP_TITLE = "The new key"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "reveal", "reveal", id="new-key.reveal", tooltip="Show or hide the key"),
        Binding(
            "c",
            "send",
            "to clipboard",
            id="new-key.clipboard",
            tooltip="Send the key to the terminal's clipboard",
        ),
        Binding(
            "f", "ask('file')", "to file", id="new-key.file", tooltip="Save it to a private file"
        ),
        Binding(
            "e",
            "ask('env')",
            "to .env",
            id="new-key.env",
            tooltip="Put it into a variable of a .env file",
        ),
        Binding(
            "m",
            "ask('command')",
            "to command",
            id="new-key.command",
            tooltip="Give it to a command of the settings",
        ),
    ]
    DEFAULT_CSS = """
    Handover {
        height: auto;
        #value { margin: 1 0; padding: 1 2; background: $panel; height: auto; }
        #path, #variable { background: $panel; display: none; }
        #variable { margin-top: 1; }
        &.-asking #path, &.-env #variable { display: block; }
        .ways { height: auto; margin-top: 1; }
    }
    """

    class Taken(Message):
        """The key went somewhere; the receipt says what is known of it."""

        def __init__(self, destination: Destination, receipt: str) -> None:
            super().__init__()
            self.destination = destination
            self.receipt = receipt

    def __init__(
        self,
        secret: Secret,
        commands: Mapping[str, Command],
        *below: Widget,
        bring: Bring | None = None,
    ) -> None:
        """`bring` takes the key to a file or a command in place of the usual way."""
        super().__init__()
        self._bring = bring
        self._secret = secret
        self._masked = secret.masked()
        self._commands = commands
        self._below = below
        self._asked: DestinationKind | None = None
        self._hide_timer: Timer | None = None
        self.is_delivering = False

    def compose(self) -> ComposeResult:
        """Lay out the key and the ways to take it."""
        yield _Value("", id="value", markup=False)
        yield _Target()
        yield Field(VARIABLE, placeholder="variable", compact=True, id="variable")
        yield Static(id="told", markup=False)
        with Horizontal(classes="ways"):
            yield Button("Reveal (v)", id="reveal", compact=True)
            yield Button("To clipboard (c)", id="send", compact=True)
            yield Button("To file (f)", id="file", compact=True)
        with Horizontal(classes="ways"):
            yield Button("To .env (e)", id="env", compact=True)
            if self._commands:
                yield Button("To command (m)", id="command", compact=True)
        yield from self._below

    def on_mount(self) -> None:
        """Begin masked, and hide again whenever nobody may be looking."""
        self.hide()
        self.app.app_suspend_signal.subscribe(self, lambda _: self.hide())
        self.watch(self.app, "app_focus", self.hide)

    def on_unmount(self) -> None:
        """Let go of the key, whatever still holds on to the widget."""
        self._secret = Secret("")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer commands only where the settings have one."""
        return bool(self._commands) if parameters == ("command",) else True

    def action_reveal(self) -> None:
        """Show the key for a while, or hide it."""
        if self._hide_timer:
            self.hide()
            return
        self.query_one("#value", Static).update(Content(self._secret.reveal()))
        self.query_one("#reveal", Button).label = "Hide (v)"
        self._hide_timer = self.set_timer(SHOWN_FOR, self.hide)
        self._taken(
            Destination(DestinationKind.SHOW), f"It hides again after {SHOWN_FOR:.0f} seconds."
        )

    def action_send(self) -> None:
        """Send the key to the terminal's clipboard, which never says whether it took it."""
        self.app.copy_to_clipboard(self._secret.reveal())
        self._taken(Destination(DestinationKind.CLIPBOARD), SENT)

    def action_ask(self, kind: str) -> None:
        """Ask where exactly."""
        if self.is_delivering:
            return
        self._asked = asked = DestinationKind(kind)
        field = self.query_one(_Target)
        field.choices = tuple(self._commands) if asked is DestinationKind.COMMAND else ()
        field.value = field.choices[0] if field.choices else ""
        field.placeholder = ASKING[asked]
        self.add_class("-asking")
        self.set_class(asked is DestinationKind.ENV, "-env")
        field.focus()

    def take_back(self) -> bool:
        """Ask no longer where exactly; tell whether it was being asked."""
        asked, self._asked = self._asked, None
        self.remove_class("-asking", "-env")
        if asked:
            self.query_one(f"#{asked.value}").focus()
        return asked is not None

    def hide(self) -> None:
        """Mask the key again."""
        if self._hide_timer:
            self._hide_timer.stop()
            self._hide_timer = None
        self.query_one("#value", Static).update(Content.styled(self._masked, "$text-muted"))
        self.query_one("#reveal", Button).label = "Reveal (v)"

    def say(self, text: Content | str, style: str = "$text-muted") -> None:
        """Write the line under the key."""
        words = Content.styled(text, style) if isinstance(text, str) else text
        self.query_one("#told", Static).update(words)

    @on(Button.Pressed, ".ways Button")
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        match event.button.id:
            case "reveal":
                self.action_reveal()
            case "send":
                self.action_send()
            case str(kind):
                self.action_ask(kind)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.is_delivering or self._asked is None:
            return
        try:
            destination = self._destination(self._asked)
        except Problem as problem:
            self.say(told(problem))
            return
        self.is_delivering = True
        self._deliver(destination)

    def _destination(self, kind: DestinationKind) -> Destination:
        path = self.query_one("#path", Input).value.strip()
        if kind is DestinationKind.ENV:
            path = f"{path}:{self.query_one('#variable', Input).value.strip()}"
        return Destination.parse(f"{kind.value}:{path}")

    @work(group="change")
    async def _deliver(self, destination: Destination) -> None:
        """Bring the key there; that goes on to its end whatever becomes of the screen."""
        self.say(f"Bringing it to {destination.words} …", "$text-warning")
        if self._bring:
            work = self._bring(destination)
        else:
            work = deliver(destination, self._secret, self._commands)
        try:
            receipt = await cast(Host, self.app).change(work)
        except Problem as problem:
            output = problem.output if isinstance(problem, DeliveryFailed) else ()
            said = "".join(f"\n  {line}" for line in output)
            self.say(Content.assemble(told(problem), Content.styled(said, "$text-muted")))
        else:
            self._asked = None
            self.remove_class("-asking", "-env")
            self._taken(destination, receipt)
        finally:
            self.is_delivering = False

    def _taken(self, destination: Destination, receipt: str) -> None:
        self.say(receipt)
        self.post_message(self.Taken(destination, receipt))
