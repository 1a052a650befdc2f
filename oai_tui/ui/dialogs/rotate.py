"""The plan of a rotation: what will happen, what will not carry over, and where the key goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from oai_tui.core import lifetime
from oai_tui.core.delivery import Command, Destination, DestinationKind
from oai_tui.core.errors import WrongInput
from oai_tui.services.rotation import Proposal, Wish
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.dialogs.scopes import ScopesDialog
from oai_tui.ui.widgets.deliver_field import DeliverField
from oai_tui.ui.widgets.expiry_field import ExpiryField
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.form import note, row
from oai_tui.ui.widgets.scopes_field import ScopesField
from oai_tui.ui.widgets.state import told

Order = tuple[Proposal, Wish]

AS_BEFORE = "as before"
MOST_NAMED = 8
"""Keys that are named one by one before the rest is counted."""


class _Plan(Dialog[tuple[Order, ...] | None]):
    """Where there are few lines, all of them go to the plan and the questions."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]
    CSS = """
    .rotate > .plan { margin-bottom: 1; }
    .-low > .rotate { padding: 0 1; height: 100%; max-height: 100%; }
    .-low > .rotate > .plan { margin: 0; }
    .-low > .rotate > .buttons { margin: 0; }
    """
    SCOPED_CSS = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="rotate.cancel", tooltip="Change nothing"),
    ]

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Close without changing anything."""
        self.dismiss(None)


class RotateOne(_Plan):
    """Asks how one key is to be rotated; closes with the order, or with None."""

    AUTO_FOCUS = "#rotate"

    def __init__(self, proposal: Proposal, commands: Mapping[str, Command], now: datetime) -> None:
        super().__init__()
        self._proposal = proposal
        self._commands = commands
        self._now = now

    def compose(self) -> ComposeResult:
        """Lay out the plan and the questions."""
        it = self._proposal
        with VerticalScroll(classes="dialog rotate") as box:
            box.border_title = Content(f"Rotate {it.key.name or it.key.id}")
            box.border_subtitle = "enter rotates · tab to change · esc cancels · F1 help"
            yield Static(_plan(it), classes="plan", markup=False)
            with Grid(classes="form"):
                yield from row("Deliver to", self._deliver())
                yield from note("goes")
                yield from row("Name", Field(it.name, compact=True, id="name"))
                yield from row("Expires", ExpiryField(_expiry(it.expires_in)))
                yield from note("ends")
                if not it.method.is_admin:
                    yield from row("May do", ScopesField())
            yield Static("", id="told", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Rotate", id="rotate", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def _deliver(self) -> DeliverField:
        it = self._proposal
        return DeliverField(it.remembered, self._commands, name=it.name, may_be_empty=it.takes_over)

    def on_mount(self) -> None:
        """Begin where nothing has to be typed any more, else where it has."""
        for field in self.query(ScopesField):
            field.choose(self._proposal.scopes or ())
        self.say("")
        self._tell()
        if not (self._proposal.remembered or self._proposal.takes_over):
            self.set_focus(self.query_one(DeliverField))  # at once: somebody may type already

    @on(Input.Changed)
    def _tell(self) -> None:
        self.query_one("#goes", Static).update(self.query_one(DeliverField).meant())
        self.query_one("#ends", Static).update(self.query_one(ExpiryField).meant(self._now))

    @on(ScopesField.Asked)
    @work
    async def _choose_scopes(self) -> None:
        field = self.query_one(ScopesField)
        chosen = await self.app.push_screen_wait(ScopesDialog(field.scopes or ()))
        if chosen is not None:
            field.choose(chosen)

    @on(Button.Pressed, "#rotate")
    @on(Input.Submitted)
    def _rotate(self) -> None:
        try:
            self.dismiss(((self._proposal, self._wish()),))
        except WrongInput as problem:
            self.say(told(problem))

    def _wish(self) -> Wish:
        scopes = [field.scopes or () for field in self.query(ScopesField)]
        return Wish(
            name=self.query_one("#name", Input).value,
            expires_in=lifetime.parse(self.query_one(ExpiryField).value, self._now),
            scopes=scopes[0] or None if scopes else None,
            destinations=tuple(each.text for each in self.query_one(DeliverField).destinations),
        )


class RotateMany(_Plan):
    """Asks once for several keys: each goes where it went before, the others where it is said."""

    AUTO_FOCUS = "#deliver"

    def __init__(
        self, proposals: Sequence[Proposal], commands: Mapping[str, Command], now: datetime
    ) -> None:
        super().__init__()
        self._refused = [each for each in proposals if each.refusal]
        self._proposals = [each for each in proposals if not each.refusal]
        self._commands = commands
        self._now = now

    def compose(self) -> ComposeResult:
        """Lay out which keys, and the two answers that are for all."""
        number = len(self._proposals)
        with VerticalScroll(classes="dialog rotate") as box:
            box.border_title = f"Rotate {number} keys"
            box.border_subtitle = "enter rotates · tab to change · esc cancels · F1 help"
            yield Static(self._what(), classes="plan", markup=False)
            with Grid(classes="form"):
                yield from row("Deliver to", DeliverField((), self._commands))
                yield from note("goes")
                yield from row(
                    "Expires",
                    ExpiryField(AS_BEFORE, (AS_BEFORE, *lifetime.PRESETS)),
                )
                yield from note("ends")
            yield Static("", id="told", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(f"Rotate {number}", id="rotate", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def _what(self) -> Content:
        lines = [
            Content.assemble(
                f" {each.key.name or each.key.id}  ",
                Content.styled(_where(each), "$text-muted"),
            )
            for each in self._proposals[:MOST_NAMED]
        ]
        if (more := len(self._proposals) - MOST_NAMED) > 0:
            lines.append(Content.styled(f" and {more} more", "$text-muted"))
        lines += [
            Content.styled(f" ✖ {each.key.name or each.key.id}: {each.refusal}", "$text-warning")
            for each in self._refused
        ]
        lines.append(
            Content(
                "\nEach gets a new key, which is delivered and proved; the old ones live until "
                "you revoke them. One that fails does not stop the rest."
            )
        )
        return Content("\n").join(lines)

    def on_mount(self) -> None:
        """Say what the answers mean from the beginning."""
        self.say("")
        self._tell()
        self.query_one("#rotate", Button).disabled = not self._proposals

    @on(Input.Changed)
    def _tell(self) -> None:
        self.query_one("#goes", Static).update(self.query_one(DeliverField).meant())
        field = self.query_one(ExpiryField)
        as_before = Content.styled("each for as long as its old key was given", "$text-muted")
        meant = as_before if field.value.strip() == AS_BEFORE else field.meant(self._now)
        self.query_one("#ends", Static).update(meant)

    @on(Button.Pressed, "#rotate")
    @on(Input.Submitted)
    def _rotate(self) -> None:
        if not self._proposals:
            return
        try:
            orders = tuple((each, self._wish(each)) for each in self._proposals)
            _refuse_shared(orders)
            self.dismiss(orders)
        except WrongInput as problem:
            self.say(told(problem))

    def _wish(self, proposal: Proposal) -> Wish:
        typed = self.query_one(ExpiryField).value
        as_before = typed.strip() == AS_BEFORE
        places = tuple(each.text for each in self.query_one(DeliverField).destinations)
        return Wish(
            name=proposal.name,
            expires_in=proposal.expires_in if as_before else lifetime.parse(typed, self._now),
            scopes=proposal.scopes,
            destinations=proposal.remembered or (() if proposal.takes_over else places),
        )


def _plan(proposal: Proposal) -> Content:
    key = proposal.key
    where = key.project.name or key.project.id if key.project else "the organization"
    lines = [Content.styled(f"{key.masked}   {key.id}   {where}", "$text-muted")]
    lines += [Content(f"· {each}") for each in (*proposal.will, proposal.keep_in)]
    lines += [Content.styled(f"! {each}", "$text-warning") for each in proposal.will_not]
    return Content("\n").join(lines)


def _where(proposal: Proposal) -> str:
    if proposal.remembered:
        return f"as last time: {', '.join(proposal.remembered)}"
    if proposal.takes_over:
        return "oai-tui's own: it goes on with the new one"
    return "to where you say below"


def _expiry(seconds: int | None) -> str:
    """Return a length of life as people write it; a platform's odd seconds are rounded away."""
    if seconds is None:
        return "never"
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{round(seconds / size)}{unit}"
    return f"{seconds}s"


def _refuse_shared(orders: Sequence[Order]) -> None:
    """Raise WrongInput where several keys would go to one place that holds only one."""
    seen: set[str] = set()
    for each in (place for _, wish in orders for place in wish.destinations):
        there = Destination.parse(each)
        if there.kind in (DestinationKind.FILE, DestinationKind.ENV) and each in seen:
            raise WrongInput(
                f"Several keys cannot go to one place: {there.words}.",
                "Write show here and deliver them one by one, or rotate them one by one.",
            )
        seen.add(each)
