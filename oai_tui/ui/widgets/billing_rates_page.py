"""The page of the bill with the rate limits of every project and model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, Static

from oai_tui.core.rates import RateRow
from oai_tui.ui.host import READ_ONLY
from oai_tui.ui.widgets.billing_limits_page import BUSY
from oai_tui.ui.widgets.billing_rates_columns import rate_columns, rate_id, rate_lines
from oai_tui.ui.widgets.billing_rates_filter import HINT, RateFilter, RateFilterLine
from oai_tui.ui.widgets.billing_rates_keys import EDIT, RATES_KEYS
from oai_tui.ui.widgets.billing_rates_reading import RatesReading
from oai_tui.ui.widgets.table import Table

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement

READING = "Reading the rate limits …"


class RatesPage(RatesReading):
    """Ceilings by project and model beside the busiest minute and the day; read when seen."""

    KEY = "t"
    LABEL = "Rates"
    BINDING_GROUP_TITLE = "Rate limits"
    BINDINGS: ClassVar[list[BindingType]] = [*RATES_KEYS]
    DEFAULT_CSS = """
    RatesPage #rate { height: 4; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._filter = RateFilter()
        self._only_throttled = self._is_touched = False

    def compose(self) -> ComposeResult:
        """Lay out the filter, the table and the lines about the row under the cursor."""
        yield RateFilterLine(placeholder=HINT, id="rate-filter")
        yield Table(rate_columns(), id="rate-limits", markable=True)
        yield Static(id="rate", markup=False)

    def on_mount(self) -> None:
        """Begin with what comes nearest to its ceiling."""
        self.table.sort_by("busiest", True)

    def on_resize(self) -> None:
        """Say of the row what there is room for now."""
        self._tell_row()

    @property
    def table(self) -> Table[RateRow]:
        """The rate limits."""
        return self.query_one("#rate-limits", Table)

    @property
    def project_id(self) -> str:
        """The project under the cursor."""
        row = self.table.current
        return row.limit.project_id if row else ""

    def reset(self) -> None:
        """Forget the rate limits of the session before, and what they were filtered by."""
        super().reset()
        self._only_throttled = self._is_touched = False
        self.table.clear_marks()
        self._forget_text()
        self.fill()

    def tell(self, statement: Statement) -> None:
        """Show nothing of it: rate limits are no part of the statement."""

    def head(self) -> Sequence[Content | str]:
        """Return how many are shown, how many come near a ceiling, and how old they are."""
        known, parts = self.known, []
        if known is None or (self.is_reading and not known.rows):
            told = (self.age, "$text-muted") if self.is_reading else ("not read", "$text-warning")
            return [Content.styled(*told)]
        shown, total = len(self.table.rows), len(known.rows)
        number = f"{total:,}" if shown == total else f"{shown:,} of {total:,}"
        parts.append(Content(f"{number} rate limits" if shown == total else number))
        if marked := len(self.table.marked):
            parts.append(Content.styled(f"{marked} marked", "$text-accent"))
        if near := len(known.throttled):
            parts.append(Content.styled(f"{near} near a ceiling", "$text-warning"))
        if self._only_throttled:
            parts.append(Content.styled("only throttled (f)", "$text-accent"))
        return [*parts, Content.styled(self.age, "$text-muted")]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what may not be changed, and the filter's key where it is typed in."""
        if action == "edit":
            return not self.bill.oai.setup.read_only
        return not self._line.has_focus if action == "filter" else True

    def on_key(self, event: events.Key) -> None:
        """Say why the key that changes something does nothing."""
        self.bill.oai.say_read_only(event.key, {EDIT: "e"})

    def action_filter(self) -> None:
        """Open the filter."""
        self._line.display = True
        self.bill.set_focus(self._line)  # at once: what is typed next are no keys of the page

    def action_throttled(self) -> None:
        """Show only what comes near a ceiling, or everything again."""
        self._only_throttled = not self._only_throttled
        self.fill()

    def action_clear(self) -> None:
        """Take back what is typed, else the other filter, else the marks."""
        if self._filter.text:
            self._clear_text()
        elif self._only_throttled:
            self.action_throttled()
        else:
            self.table.clear_marks()

    @work(group="change")
    async def action_edit(self) -> None:
        """Ask for other ceilings of the marked rows, or of the one under the cursor."""
        rows = self.table.marked_rows or [row for row in [self.table.current] if row]
        if not rows:
            self.bill.oai.hint("There is no rate limit here to change.")
            return
        if self.bill.oai.is_changing:
            self.bill.oai.hint(BUSY)
            return
        # Late: the list is seen before anything is done to it.
        from oai_tui.ui.dialogs.rates import RatesDialog

        asked, self._is_touched = RatesDialog(self.session, rows), True
        if await self.app.push_screen_wait(asked):
            # An answer that is under way may be older than the change.
            self.leave()
            await self.session.rates.take(asked.outcomes)
            self.begin(fresh=False)

    def action_copy_id(self) -> None:
        """Send the id of the rate limit to the terminal's clipboard."""
        if row := self.table.current:
            self.app.copy_to_clipboard(row.limit.id)
            self.bill.oai.hint(f"Sent to the terminal: {row.limit.id}")

    @property
    def _line(self) -> RateFilterLine:
        return self.query_one("#rate-filter", RateFilterLine)

    def fill(self) -> None:
        """Show the rows that the filters let through."""
        rows = self.known.rows if self.known else ()
        shown = [
            row
            for row in rows
            if self._filter.matches(row) and (row.throttled or not self._only_throttled)
        ]
        # What comes nearest to its ceiling may arrive last; who is at a row by choice stays there.
        goes_first = self.is_reading and not self._is_touched and self.table.cursor == 0
        self.table.placeholder = self._why_nothing()
        self.table.set_rows(shown, rate_id)
        if goes_first:
            self.table.move_to(0)
        self._tell_row()
        self._tell_head()

    def _why_nothing(self) -> str:
        known = self.known
        if self.is_reading and not (known and known.rows):
            return READING
        if known is None:
            return "The rate limits could not be read.  r tries again."
        if self._only_throttled and known.since is None:
            return f"{known.basis}  f shows all."
        if self._only_throttled and not self._filter.text:
            return "None came near its ceiling in the hours looked at.  f shows all."
        return "No rate limit matches the filter.  esc shows all." if known.rows else "None."

    @on(Table.Highlighted)
    def _tell_row(self) -> None:
        row, known = self.table.current, self.known
        text: str | Content = ""
        if row and known:
            text = rate_lines(row, known.bases, self.session.setup.clock(), self.size.width)
        self.query_one("#rate", Static).update(text)

    @on(Table.Marked)
    def _tell_head(self) -> None:
        if self.is_shown:
            self.bill.write_head()

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen[RateRow]) -> None:
        event.stop()
        if self.bill.oai.setup.read_only:
            self.bill.oai.hint(READ_ONLY)
        else:
            self.action_edit()

    @on(Input.Changed, "#rate-filter")
    def _typed(self, event: Input.Changed) -> None:
        self._filter = RateFilter(event.value)
        self.fill()

    @on(Input.Submitted, "#rate-filter")
    def _done_typing(self, event: Input.Submitted) -> None:
        event.input.display = bool(event.value.strip())
        self.bill.set_focus(self.table)

    @on(RateFilterLine.Cleared)
    def _clear_text(self) -> None:
        self._forget_text()
        self.fill()
        self.bill.set_focus(self.table)

    def _forget_text(self) -> None:
        with self.prevent(Input.Changed):
            self._line.value = ""
        self._line.display = False
        self._filter = RateFilter()
