"""The prepaid balance: what a person reads on the platform's page, kept on this machine."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, Vertical
from textual.content import Content
from textual.style import Style
from textual.widgets import Button, Input, Static

from oai_tui.core.balance import BalanceEntry, EntryKind
from oai_tui.core.errors import Problem, WrongInput
from oai_tui.core.moment import moment_from
from oai_tui.core.money import Money
from oai_tui.core.pages import BILLING_PAGE
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.dialogs.decide import Decide
from oai_tui.ui.dialogs.export import Export, Format
from oai_tui.ui.widgets.balance_words import (
    KINDS,
    balance_columns,
    balance_line,
    drift_words,
    expiry_lines,
    last_day,
)
from oai_tui.ui.widgets.choice_field import ChoiceField
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.form import row
from oai_tui.ui.widgets.table import Table

if TYPE_CHECKING:
    from datetime import date, datetime

    from oai_tui.services.billing import Statement
    from oai_tui.services.session import Session

NOT_TOLD = "No API tells the prepaid balance. Type what the platform's page shows:"
FROM_THEN_ON = "Type an amount; the costs since then are taken off it."
NO_ENTRIES = "Nothing was written down yet."


class Typed(NamedTuple):
    """What the form says."""

    kind: EntryKind
    at: datetime
    amount: Money
    expires: date | None


class BalanceDialog(Dialog[bool]):
    """Takes balances and top-ups down, shows them with their drift; returns whether any changed."""

    AUTO_FOCUS = "#amount"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", id="balance.close", tooltip="Back to the bill"),
        Binding(
            "X", "remove", "remove", id="balance.remove", tooltip="Remove the entry of the list"
        ),
        Binding(
            "x", "export", "export", id="balance.export", tooltip="Write the entries to a file"
        ),
    ]

    def __init__(self, session: Session, known: Statement) -> None:
        super().__init__()
        self._session = session
        self._known = known
        self._has_changed = False

    def compose(self) -> ComposeResult:
        """Lay out what is left, what was typed, and the form for more."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Prepaid balance (kept on this machine)"
            box.border_subtitle = "enter writes down · esc closes · F1 help"
            yield Static(id="now", markup=False)
            yield Static(Content.styled(BILLING_PAGE, Style(link=BILLING_PAGE)), id="page")
            yield Table(id="entries", placeholder=NO_ENTRIES)
            with Grid(classes="form"):
                yield from row("It is", ChoiceField(tuple(KINDS.values()), id="kind"))
                yield from row(
                    "Amount",
                    Field(placeholder="such as 500, or 1,284.10", compact=True, id="amount"),
                )
                yield from row("When (UTC)", Field("now", compact=True, id="when"))
                yield from row(
                    "Expires",
                    Field(placeholder="such as 2027-11-03, if told", compact=True, id="expires"),
                )
            yield Static(id="told", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Write down (enter)", id="write", variant="primary", compact=True)
                yield Button("Remove", id="remove", compact=True)
                yield Button("Export", id="export", compact=True)
                yield Button("Close", id="close", compact=True)

    def on_mount(self) -> None:
        """Show what is known."""
        self._fill()
        self._preview()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take letters for keys only in the list."""
        if action in ("remove", "export"):
            return self.entries.has_focus and bool(self._known.entries)
        return True

    @property
    def entries(self) -> Table[BalanceEntry]:
        """What was typed so far, the newest first."""
        return self.query_one("#entries", Table)

    def _fill(self) -> None:
        known = self._known
        lines = [Content(NOT_TOLD)]
        if known.balance:
            lines = [Content.styled(balance_line(known.balance), "bold")]
            lines += [Content.styled(line, "$text-warning") for line in expiry_lines(known.balance)]
        self.query_one("#now", Static).update(Content("\n").join(lines))
        newest = tuple(sorted(known.entries, key=lambda entry: entry.at, reverse=True))
        self.entries.set_columns(balance_columns(known.drifts))
        self.entries.set_rows(newest, lambda entry: entry.id)
        self.entries.move_to(0)
        self.entries.display = bool(newest)
        self.set_class(bool(newest), "-listed")
        for id in ("remove", "export"):
            self.query_one(f"#{id}", Button).display = bool(newest)

    @on(Input.Changed)
    @on(ChoiceField.Changed)
    def _preview(self) -> None:
        """Say what the form means, before it is written down."""
        if not self.query_one("#amount", Input).value.strip():
            self.workers.cancel_group(self, "preview")
            self.say(FROM_THEN_ON, "$text-muted")
            return
        try:
            self._look_ahead(self._read())
        except WrongInput as problem:
            self.workers.cancel_group(self, "preview")
            self.say(str(problem), "$text-warning")

    @work(group="preview", exclusive=True)
    async def _look_ahead(self, typed: Typed) -> None:
        try:
            balance, drift = await self._session.billing.preview(*typed)
        except WrongInput as problem:
            self.say(str(problem), "$text-warning")
            return
        words = f"{typed.kind.value} of {typed.amount} at {typed.at:%Y-%m-%d %H:%M} UTC"
        if drift:
            words = f"{words}, {drift_words(drift)}"
        after = balance_line(balance) if balance else "It counts from a balance on."
        self.say(f"{words[:1].upper()}{words[1:]}:\n{after}")

    def _read(self) -> Typed:
        """Return what the form says. Raises WrongInput."""
        amount, when, expires = (
            self.query_one(f"#{id}", Input).value for id in ("amount", "when", "expires")
        )
        kind = tuple(KINDS)[self.query_one(ChoiceField).chosen]
        now = self._session.setup.clock()
        money = Money.parse(amount)
        return Typed(kind, moment_from(when or "now", now), money, last_day(expires))

    @on(Input.Submitted)
    @on(Button.Pressed, "#write")
    def _write_down(self) -> None:
        try:
            typed = self._read()
        except WrongInput as problem:
            self.say(str(problem), "$text-error")
            return
        self._add(typed)

    @work(group="change", exclusive=True)
    async def _add(self, typed: Typed) -> None:
        try:
            await self._session.own_figures.add_balance(*typed)
        except Problem as problem:
            self.say(str(problem), "$text-error")
            return
        with self.prevent(Input.Changed):
            for id, value in (("amount", ""), ("when", "now"), ("expires", "")):
                self.query_one(f"#{id}", Input).value = value
        self._changed(f"Written down: {typed.kind.value} of {typed.amount}.")
        self.query_one("#amount").focus()

    def _changed(self, words: str) -> None:
        """Show the entries as they are now; what else changed is read when this is closed."""
        self._has_changed = True
        self._known = self._session.billing.remembered() or self._known
        self._fill()
        self.say(words, "$text-success")

    @on(Button.Pressed, "#remove")
    @work(group="change")
    async def action_remove(self) -> None:
        """Ask whether to remove the entry under the cursor of the list, and do it."""
        entry = self.entries.current
        if entry is None:
            return
        title = f"Remove {entry.kind.value} of {entry.amount}?"
        lines = [
            f"Typed for {entry.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC.",
            "What is left is then told from the other entries. Nothing changes at the platform.",
        ]
        if not await self.app.push_screen_wait(Decide(title, lines, "Remove")):
            return
        try:
            await self._session.own_figures.remove_balance(entry.id)
        except Problem as problem:
            self.say(str(problem), "$text-error")
            return
        self._changed(f"Removed: {entry.kind.value} of {entry.amount}.")

    @on(Button.Pressed, "#export")
    @work(group="change")
    async def action_export(self) -> None:
        """Write the entries to a file."""
        from oai_tui.services.billing.export import balance_csv, balance_json
        from oai_tui.services.export import save

        known = self._known

        def write(format: Format, name: str) -> Path:
            return save((balance_json if format == "json" else balance_csv)(known), name)

        number = len(known.entries)
        rows = f"{number} {'entry' if number == 1 else 'entries'} of the balance"
        if written := await self.app.push_screen_wait(Export(rows, "balance", write)):
            self.say(f"Written to {written}, readable by you only.")

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Go back to the bill."""
        self.dismiss(self._has_changed)
