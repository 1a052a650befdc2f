"""Which days to look at: from a list, in a calendar, as a word, or from one day to another."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.core.errors import WrongInput
from oai_tui.core.period import EARLIEST, PRESETS, Period, between, month_of, named, quarter_of
from oai_tui.core.text import clean
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.widgets.calendar import Calendar
from oai_tui.ui.widgets.field import Field

THIS_MONTH = ("mtd", "this-month")
THIS_QUARTER = ("qtd", "this-quarter")
ONE_DAY = ("today", "yesterday")
MOVES = "hjkl"
NEXT_MARK = "   now the last day: space or enter"


class DatesDialog(Dialog[Period | None]):
    """Returns the days chosen, days to come included, or None."""

    AUTO_FOCUS = "#presets"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", id="dates.cancel"),
        Binding("enter", "apply", "apply", id="dates.apply", show=False),
    ]
    DEFAULT_CSS = """
    DatesDialog {
        .columns { height: auto; }
        #presets {
            width: 1fr; height: auto; max-height: 12; border: none; padding: 0;
            background: transparent;
        }
        Calendar { margin: 0 2 0 4; }
        .ends { height: 1; margin-top: 1; }
        .ends .label { width: auto; padding-right: 1; }
        .ends #last-label { padding: 0 1 0 2; }
        .ends Input { width: 1fr; background: $panel; }
        #said { height: 2; margin-top: 1; }
    }
    """

    def __init__(self, shown: Period, today: date, zone: str = "UTC") -> None:
        """Begin at the days `shown`; `zone` says whose days they are."""
        super().__init__()
        self._shown = shown
        self._today = today
        self._zone = zone

    def compose(self) -> ComposeResult:
        """Lay out the list, the calendar, the two fields and the line that says what they mean."""
        with Vertical(classes="dialog") as box:
            box.border_title = f"Dates ({self._zone} days)"
            box.border_subtitle = "enter applies · tab to the calendar and the fields · esc cancels"
            with Horizontal(classes="columns"):
                yield OptionList(*self._options(), id="presets", markup=False)
                yield Calendar(self._shown, self._today)
            with Horizontal(classes="ends"):
                yield Static(Content("From"), classes="label")
                yield _field("first", "2026-11-03, 7d, 2026-Q3")
                yield Static(Content("To"), classes="label", id="last-label")
                yield _field("last", "today")
            yield Static(id="said", markup=False)

    def on_mount(self) -> None:
        """Begin at what is shown now."""
        presets = self.query_one(OptionList)
        words = [word for word, _ in PRESETS]
        now = [word for word in words if preset(word, self._today) == self._shown]
        if now:
            presets.highlighted = words.index(now[0])
        else:
            self.call_after_refresh(self._begin_in_calendar)
        self._say_period(self._shown)

    def _begin_in_calendar(self) -> None:
        calendar = self.query_one(Calendar)
        calendar.focus()
        calendar.show(self._shown)
        self._say_period(self._shown)

    def on_key(self, event: events.Key) -> None:
        """Let whoever types at the list write into the first field, however fast."""
        typed = event.character if event.is_printable else None
        if not typed or not (typed.isalnum() or typed == "-"):
            return
        if isinstance(self.focused, Calendar) and typed in MOVES:
            return
        field = self.query_one("#first", Field)
        if isinstance(self.focused, OptionList | Calendar):
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
        period = preset(event.option_id or "", self._today)
        self._say_period(period)
        if period:
            self.query_one(Calendar).show(period)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(preset(event.option_id or "", self._today))

    @on(Calendar.Marked)
    def _marked(self, event: Calendar.Marked) -> None:
        if event.is_final and event.last:
            self.dismiss(Period(event.first, event.last))
            return
        with self.prevent(Input.Changed):
            self.query_one("#first", Input).value = str(event.first)
            self.query_one("#last", Input).value = str(event.last or "")
        if event.last:
            self._say_period(Period(event.first, event.last))
        else:
            self._say(Content(f"From {event.first.day} {event.first:%b %Y}{NEXT_MARK}"))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_apply()

    @on(Input.Changed)
    def _changed(self) -> None:
        try:
            period = self._typed()
        except WrongInput as problem:
            self._say(Content.styled(str(problem), "$text-warning"))
        else:
            self._say_period(period)
            self.query_one(Calendar).show(period)

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
            self._say(Content(f"{past.words(self._today)} · {days} · {self._zone}"))

    def _say(self, text: Content) -> None:
        self.query_one("#said", Static).update(text)


def _field(id: str, example: str) -> Input:
    # Selecting on focus would have the second character typed at the list replace the first.
    return Field(placeholder=example, id=id, max_length=40, select_on_focus=False, compact=True)


def preset(word: str, today: date) -> Period | None:
    """Return what a word stands for; this month is all of it, so that it moves by months."""
    word = word.strip().casefold()
    if word in THIS_QUARTER:
        return quarter_of(today)
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
