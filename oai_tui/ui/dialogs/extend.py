"""Another expiry and other scopes for keys that live."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from oai_tui.core.errors import WrongInput
from oai_tui.core.estate import EstateRow
from oai_tui.core.lifetime import PRESETS, ends, ends_in_words, parse
from oai_tui.core.scopes import READ_ONLY, in_words, unchecked
from oai_tui.services.changing import KeyChange, change_key
from oai_tui.services.session import Session
from oai_tui.ui.dialogs.key_lines import expiry_lines
from oai_tui.ui.dialogs.one_by_one import OneByOne
from oai_tui.ui.dialogs.scopes import ScopesDialog
from oai_tui.ui.widgets.expiry_field import ExpiryField
from oai_tui.ui.widgets.form import note, row
from oai_tui.ui.widgets.scopes_field import ScopesField
from oai_tui.ui.widgets.state import told

FINITE = tuple(preset for preset in PRESETS if preset != "never")
UNCHANGED = "as it is now; ↑↓ choose, or type"
NOTES = (
    "An expiry counts from now, a year at most, and cannot be taken away again. Scopes replace "
    "all a key had; the platform never tells them, so what is last known is from the audit log."
)


class Extend(OneByOne):
    """Asks for an expiry and scopes, asks once more, and gives them to one key after another."""

    DOING = "Changing"
    AUTO_FOCUS = "#expires"
    DEFAULT_CSS = """
    Extend .note { color: $text-muted; height: auto; }
    Extend .form { margin-top: 1; }
    Extend #yes, Extend #no { display: none; }
    Extend.-sure #yes, Extend.-sure #no { display: block; }
    Extend.-sure .filling { display: none; }
    Extend.-done #yes, Extend.-done #no, Extend.-done .filling { display: none; }
    Extend.-doing #yes, Extend.-doing #no, Extend.-doing .filling { display: none; }
    """

    def __init__(
        self, session: Session, rows: Sequence[EstateRow], left_out: Sequence[str] = ()
    ) -> None:
        super().__init__(session, rows)
        self._left_out = tuple(left_out)
        self._wanted = KeyChange()

    def compose(self) -> ComposeResult:
        """Lay out the keys, what can be changed and the answers."""
        with Vertical(classes="dialog") as box:
            what = self.rows[0].key.name or self.rows[0].id
            several = f"{len(self.rows)} keys"
            box.border_title = Content(
                f"Expiry and scopes of {several if len(self.rows) > 1 else what}"
            )
            box.border_subtitle = "enter goes on · esc cancels · F1 help"
            yield self.told_list()
            with Grid(classes="form filling"):
                yield from row("Expires", ExpiryField(presets=FINITE, placeholder=UNCHANGED))
                yield from note("ends")
                yield from row("May do", ScopesField(may_stay=True))
            yield Static(self._notes(), id="notes", classes="filling", markup=False)
            yield Static(id="told", markup=False)
            yield self.buttons("No, go back", "Yes, change (y)")

    def on_mount(self) -> None:
        """Offer to go on, beside the answers that come later."""
        buttons = self.query_one(".buttons")
        buttons.mount(
            Button("Go on", id="go", variant="primary", compact=True, classes="filling"),
            Button("Cancel", id="cancel", compact=True, classes="filling"),
            before=0,
        )
        self._tell_end()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take letters for answers only while it is asked whether to change."""
        return self.has_class("-sure") if action == "answer" else True

    def lines(self) -> Content:
        """Return the keys with what they have now."""
        return expiry_lines(self.rows, self.session.setup.clock())

    async def change(self, row: EstateRow) -> str:
        """Change one key."""
        now = self.session.setup.clock()
        words = await change_key(self.session.client, row.key, self._wanted, now)
        return f"{row.key.name or row.id}: {words}" if len(self.rows) == 1 else words

    @on(Input.Changed, "#expires")
    def _tell_end(self) -> None:
        field = self.query_one(ExpiryField)
        typed = bool(field.value.strip())
        meant = field.meant(self.session.setup.clock())
        self.query_one("#ends", Static).update(meant if typed else Content("stays as it is"))

    @on(ScopesField.Asked)
    def _choose_scopes(self, event: ScopesField.Asked) -> None:
        self.app.push_screen(ScopesDialog(event.field.scopes or ()), event.field.choose)

    @on(Button.Pressed, "#go")
    @on(Input.Submitted, "#expires")
    def _go_on(self) -> None:
        """Say what is going to be changed, and ask."""
        try:
            self._wanted = self._read()
        except WrongInput as problem:
            self.say(told(problem))
            return
        self.add_class("-sure")
        self.say(self._question())
        self.query_one("#no").focus()

    def action_answer(self, yes: bool) -> None:
        """Change them, or go back to what was filled in."""
        self.remove_class("-sure")
        if yes:
            self.start(self.rows)
        else:
            self.say("")
            self.query_one(ExpiryField).focus()

    def action_leave(self) -> None:
        """Go one step back."""
        if self.has_class("-sure"):
            self.action_answer(False)
        else:
            super().action_leave()

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.action_leave()

    def _read(self) -> KeyChange:
        typed = self.query_one(ExpiryField).value
        seconds = None
        if typed.strip():
            seconds = parse(typed, self.session.setup.clock())
            if seconds is None:
                raise WrongInput(
                    "The platform takes no expiry away.", "Give a later one, a year at most."
                )
        change = KeyChange(self.query_one(ScopesField).scopes, seconds)
        if not change:
            raise WrongInput("Nothing is to be changed.", "Give an expiry or other scopes.")
        return change

    def _question(self) -> Content:
        """Return what will be, and whom it may surprise."""
        now, change = self.session.setup.clock(), self._wanted
        which = "this key" if len(self.rows) == 1 else f"these {len(self.rows)} keys"
        parts, warnings = [], []
        if change.expires_in is not None:
            parts.append(f"expires {ends_in_words(change.expires_in, now)}")
            warnings += self._sooner(change.expires_in)
        if change.scopes is not None:
            parts.append(f"scopes: {in_words(change.scopes)}")
            if change.scopes == READ_ONLY:
                warnings.append("Read only calls no model.")
            if unknown := unchecked(change.scopes):
                warnings.append(f"Unchecked: {', '.join(unknown)}.")
            warnings.append("Whatever needs more than these scopes stops working.")
        if change.scopes == ():
            warnings = ["All is everything the owner may do."]
        return Content.assemble(
            f"Change {which}?  {'; '.join(parts)}\n",
            Content.styled(" ".join(warnings), "$text-warning"),
        )

    def _sooner(self, seconds: int) -> list[str]:
        """Return a warning where a key would end sooner than now."""
        end = ends(seconds, self.session.setup.clock())
        assert end
        sooner = [
            each for each in self.rows if each.key.expires_at is None or each.key.expires_at > end
        ]
        if not sooner:
            return []
        names = ", ".join(each.key.name or each.id for each in sooner[:3])
        more = f" and {len(sooner) - 3} more" if len(sooner) > 3 else ""
        return [f"Sooner than now: {names}{more}."]

    def _notes(self) -> Content:
        left = "".join(f"\nLeft out: {why}." for why in self._left_out)
        return Content.assemble(
            Content.styled(f"\n{NOTES}", "$text-muted"), Content.styled(left, "$text-warning")
        )
