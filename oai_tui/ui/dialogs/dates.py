"""Which days to look at: from a list, as a word, or from one day to another."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.core.errors import WrongInput
from oai_tui.core.period import EARLIEST, PRESETS, Period, between, month_of, named
from oai_tui.core.text import clean
from oai_tui.ui.widgets.field import Field

THIS_MONTH = ("mtd", "this-month")
ONE_DAY = ("today", "yesterday")


class DatesDialog(ModalScreen[Period | None]):
    """Returns the days chosen, days to come included, or None."""

    AUTO_FOCUS = "#presets"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", id="dates.cancel"),
        Binding("enter", "apply", "apply", id="dates.apply", show=False),
    ]
    DEFAULT_CSS = """
    DatesDialog {
        .columns { height: auto; }
        #presets { width: 34; height: 8; border: none; padding: 0; background: transparent; }
        .fields { width: 1fr; height: auto; padding-left: 2; }
        #said { height: 2; margin-top: 1; }
    }
    """

    def __init__(self, shown: Period, today: date) -> None:
        super().__init__()
        self._shown = shown
        self._today = today

    def compose(self) -> ComposeResult:
        """Lay out the list, the two fields and the line that says what they mean."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Dates"
            box.border_subtitle = "enter applies · tab to the fields · esc cancels"
            with Horizontal(classes="columns"):
                yield OptionList(*self._options(), id="presets", markup=False)
                with Vertical(classes="fields"):
                    yield Static(Content("From"), classes="label")
                    yield _field("first", "2026-11-03, 7d, 2026-10")
                    yield Static(Content("To"), classes="label")
                    yield _field("last", "today")
            yield Static(id="said", markup=False)

    def on_mount(self) -> None:
        """Begin at the preset that is shown now."""
        presets = self.query_one(OptionList)
        words = [word for word, _ in PRESETS]
        now = [word for word in words if preset(word, self._today) == self._shown]
        presets.highlighted = words.index(now[0]) if now else words.index("30d")

    def on_key(self, event: events.Key) -> None:
        """Let whoever types at the list write into the first field, however fast."""
        typed = event.character if event.is_printable else None
        if not typed or not (typed.isalnum() or typed == "-"):
            return
        field = self.query_one("#first", Field)
        if self.focused is self.query_one(OptionList):
            self.set_focus(field)
            field.value = ""
        elif self.focused is not field:
            return
        # A key that comes here although the field has the focus was on its way to the list.
        field.insert_text_at_cursor(typed)
        event.stop()

    def action_apply(self) -> None:
        """Take what the fields say."""
        try:
            self.dismiss(self._typed())
        except WrongInput as problem:
            self._say(Content.styled(str(problem), "$text-error"))

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._say_period(preset(event.option_id or "", self._today))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(preset(event.option_id or "", self._today))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_apply()

    @on(Input.Changed)
    def _changed(self) -> None:
        try:
            self._say_period(self._typed())
        except WrongInput as problem:
            self._say(Content.styled(str(problem), "$text-warning"))

    def _typed(self) -> Period:
        first, last = (self.query_one(f"#{id}", Input).value for id in ("first", "last"))
        return period_from(first, last, self._today)

    def _options(self) -> list[Option]:
        return [
            Option(
                Content.assemble(f"{label:<15}", Content.styled(f"{word:>11}", "$text-muted")),
                id=word,
            )
            for word, label in PRESETS
        ]

    def _say_period(self, period: Period | None) -> None:
        if period:
            past = Period(period.first, min(period.last, self._today))
            days = "1 day" if past.days == 1 else f"{past.days} days"
            self._say(Content(f"{past.words(self._today)} · {days} · UTC"))

    def _say(self, text: Content) -> None:
        self.query_one("#said", Static).update(text)


def _field(id: str, example: str) -> Input:
    # Selecting on focus would have the second character typed at the list replace the first.
    return Field(placeholder=example, id=id, max_length=40, select_on_focus=False)


def preset(word: str, today: date) -> Period | None:
    """Return what a word stands for; this month is all of it, so that it moves by months."""
    word = word.strip().casefold()
    return month_of(today) if word in THIS_MONTH else named(word, today)


def period_from(first: str, last: str, today: date) -> Period:
    """Read a period from a word, or from two days. Raises WrongInput.

    A word that stands for several days needs no second field and suffers none.
    """
    if not first.strip():
        raise WrongInput("Type the first day.", "Such as 2026-11-03, or a word such as 7d.")
    period = preset(first, today)
    if period is None or (last.strip() and first.strip().casefold() in ONE_DAY):
        return between(first, last, today)
    if last.strip():
        raise WrongInput(
            f"“{clean(first.strip(), 20)}” says both ends already.", "Leave the second field empty."
        )
    if period.first > today:
        raise WrongInput("These days lie in the future.", f"Today is {today} (UTC).")
    if period.last < EARLIEST:
        raise WrongInput(f"There was no API before {EARLIEST:%B %Y}.")
    return Period(max(period.first, EARLIEST), period.last)
