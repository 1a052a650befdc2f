"""A month to walk through by day, in which a first and a last day are marked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from oai_tui.core.period import EARLIEST, Period, month_of

WEEKDAYS = "Mo Tu We Th Fr Sa Su"
WIDE = len(WEEKDAYS)
HIGH = 8
"""The month's name, the names of the days, and at most six weeks."""

IN = "on $accent-muted"
"""How marked days look."""


def _key(keys: str, action: str, name: str, description: str, tooltip: str) -> Binding:
    return Binding(keys, action, description, id=f"calendar.{name}", show=False, tooltip=tooltip)


class Calendar(Widget, can_focus=True):
    """One month. The cursor stays between the first day there was an API and today."""

    BINDING_GROUP_TITLE = "Calendar"
    BINDINGS: ClassVar[list[BindingType]] = [
        _key("left,h", "move(-1)", "left", "Left", "The day before"),
        _key("right,l", "move(1)", "right", "Right", "The day after"),
        _key("up,k", "move(-7)", "up", "Up", "A week back"),
        _key("down,j", "move(7)", "down", "Down", "A week on"),
        _key("pageup", "turn(-1)", "back", "Month back", "The month before"),
        _key("pagedown", "turn(1)", "on", "Month on", "The month after"),
        _key("home", "end_of(0)", "first", "First", "The first day of the month"),
        _key("end", "end_of(1)", "last", "Last", "The last day of the month"),
        _key("space", "mark(False)", "mark", "Mark", "Mark the first, then the last day"),
        _key("enter", "mark(True)", "choose", "Choose", "Mark the first day; with the last, apply"),
    ]
    DEFAULT_CSS = "Calendar { width: 20; height: 8; }"

    class Marked(Message):
        """Days were marked; `is_final` when they are to be taken at once."""

        def __init__(self, first: date, last: date | None, is_final: bool) -> None:
            super().__init__()
            self.first = first
            self.last = last
            self.is_final = is_final

    def __init__(self, shown: Period, today: date) -> None:
        super().__init__()
        self._today = today
        self._begun: date | None = None
        self._period = shown
        self.cursor = min(shown.last, today)

    @property
    def marked(self) -> Period:
        """The days that are marked, up to the cursor while only the first is."""
        if self._begun is None:
            return self._period
        return Period(min(self._begun, self.cursor), max(self._begun, self.cursor))

    def show(self, period: Period) -> None:
        """Mark days that were chosen elsewhere, and show the last month of them."""
        self._begun, self._period = None, period
        self.cursor = self._within(period.last)
        self.refresh()

    def action_move(self, days: int) -> None:
        """Go some days on."""
        self._go(self.cursor + timedelta(days=days))

    def action_turn(self, months: int) -> None:
        """Go to the same day of another month, or to its last."""
        month = month_of(self.cursor).shifted(months)
        self._go(min(month.last, month.first + timedelta(days=self.cursor.day - 1)))

    def action_end_of(self, end: int) -> None:
        """Go to the first or the last day of the month."""
        month = month_of(self.cursor)
        self._go(month.last if end else month.first)

    def action_mark(self, is_final: bool) -> None:
        """Mark the first day, or with one marked the last one, whichever lies earlier."""
        if self._begun is None:
            self._begun = self.cursor
            self.post_message(self.Marked(self.cursor, None, False))
        else:
            self._period, self._begun = self.marked, None
            period = self._period
            self.post_message(self.Marked(period.first, period.last, is_final))
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go to the day that is clicked and mark it; turn the month at its name."""
        at = event.get_content_offset(self)
        if at is None:
            return
        if at.y == 0:
            self.action_turn(-1 if at.x < WIDE // 2 else 1)
            return
        first = month_of(self.cursor).first
        day = first + timedelta(days=(at.y - 2) * 7 + at.x // 3 - first.weekday())
        if at.y >= 2 and day in month_of(self.cursor) and day == self._within(day):
            self._go(day)
            self.action_mark(False)

    def _go(self, day: date) -> None:
        self.cursor = self._within(day)
        self.refresh()

    def _within(self, day: date) -> date:
        return max(min(EARLIEST, self._today), min(day, self._today))

    def render(self) -> Content:
        """Return the month: its name, the names of the days, its weeks."""
        month = month_of(self.cursor)
        back = "‹" if month.first > EARLIEST else " "
        on = "›" if month.last < self._today else " "
        name = f"{back}{f'{month.first:%B %Y}':^{WIDE - 2}}{on}"
        days = [Content("   ")] * month.first.weekday()
        days += [Content.assemble(self._day(day), self._gap(day)) for day in month]
        weeks = [Content("").join(days[at : at + 7]) for at in range(0, len(days), 7)]
        head = Content.styled(name, "bold" if self.has_focus else "$text-muted")
        return Content("\n").join([head, Content.styled(WEEKDAYS, "$text-muted"), *weeks])

    def _day(self, day: date) -> Content:
        text = f"{day.day:>2}"
        if day == self.cursor and self.has_focus:
            return Content.styled(text, "reverse bold")
        if day != self._within(day):
            return Content.styled(text, "dim $text-muted")
        if day in self.marked:
            return Content.styled(text, IN)
        return Content(text)

    def _gap(self, day: date) -> Content:
        """Return what stands after a day: marked where the days on both sides are."""
        after = day + timedelta(days=1)
        joined = day in self.marked and after in self.marked and day.weekday() < 6
        return Content.styled(" ", IN) if joined else Content(" ")
