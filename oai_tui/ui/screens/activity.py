"""The activity screen: what was done, by whom and when, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from oai_tui.core.errors import ApiProblem
from oai_tui.core.text import day, when
from oai_tui.services.activity import Feed, Line
from oai_tui.services.activity.silence import NOTHING_YET, in_short, may_be_off, told
from oai_tui.ui.screens.activity_keys import ACTIVITY_KEYS
from oai_tui.ui.screens.activity_moves import ActivityMoves
from oai_tui.ui.screens.activity_view import ActivityView
from oai_tui.ui.widgets.activity_columns import activity_columns
from oai_tui.ui.widgets.activity_filters import FilterLine, FindField
from oai_tui.ui.widgets.activity_words import LinePanel
from oai_tui.ui.widgets.state import in_a_line
from oai_tui.ui.widgets.table import Table

FAR_ENOUGH = 1000
"""Lines that are looked through for a text before somebody has to ask for older ones."""

SEND_ADDRESS = "\n\ny  send the address to the terminal"


class LogTable(Table[Line]):
    """The lines, which tell when somebody comes near their end."""

    class NearEnd(Message):
        """Older lines may be wanted."""

    def action_move(self, step: int) -> None:
        """Move the cursor by a number of rows."""
        super().action_move(step)
        self.look()

    def action_page(self, pages: float) -> None:
        """Move cursor and rows together by a number of pages."""
        super().action_page(pages)
        self.look()

    def action_last(self) -> None:
        """Go to the last row there is so far."""
        super().action_last()
        self.look()

    def on_mouse_scroll_down(self) -> None:
        """Look whether the end comes near."""
        self.look()

    def look(self) -> None:
        """Tell when less than a page is left below what is seen."""
        seen = max(self.cursor, self.scroll_offset.y + self.size.height)
        if seen + self.size.height >= len(self.rows):
            self.post_message(self.NearEnd())


class ActivityScreen(ActivityMoves):
    """The audit log, and beside it what only this program knows of."""

    MODE = "activity"
    TITLE_TEXT = "Activity"
    AUTO_FOCUS = "LogTable"
    BINDING_GROUP_TITLE = "Activity"
    BINDINGS: ClassVar[list[BindingType]] = [*ACTIVITY_KEYS]
    CSS_PATH = "activity.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._feed: Feed | None = None
        self._as_of: datetime | None = None
        self._gaps: tuple[str, ...] = ()
        self._problem = ""
        self._reading = False
        self._was_left = False

    @property
    def table(self) -> LogTable:
        """The lines."""
        return self.query_one(LogTable)

    def body(self) -> Iterable[Widget]:
        """Return the filters, the lines and the panel under them."""
        yield FindField(placeholder="find in what is shown", id="filter")
        yield FilterLine(id="kinds")
        yield LogTable(id="log")
        yield LinePanel(id="panel")

    def reset(self) -> None:
        """Forget the lines of the session before, and follow the names of this one."""
        self.view = ActivityView(self.trail, self.session.directory)
        self.session.directory.listen(self._names_came)
        self._forget()
        self._as_of = None
        self._write_text("")
        self.table.set_columns(activity_columns(self.session.setup.clock))
        self.table.set_rows((), lambda line: line.id)
        self.show_loading("Reading the audit log …")

    def _forget(self) -> None:
        self._feed, self._gaps, self._problem, self._reading = None, (), "", False

    def on_screen_resume(self) -> None:
        """Read what happened while another screen was seen."""
        is_new = self.oai.session is not self._session
        super().on_screen_resume()
        if not is_new and self._session and self._was_left:
            self.load(fresh=True)
        self._was_left = False

    def on_screen_suspend(self) -> None:
        """Notice that another screen is shown, which a dialog over this one is not."""
        self._was_left = self._was_left or self.oai.current_mode != self.MODE

    def load(self, *, fresh: bool) -> None:
        """Read the newest lines; what is on the screen stays until better is known."""
        if not self.is_ready:
            self.show_loading("Reading the audit log …")
            if not fresh and (known := self.trail.remembered()):
                self.view.take(known.events)
                self._as_of = known.at
                self._show()
        self._reading = True
        self._tell_head()
        self._read()

    def ask(self) -> None:
        """Ask for the lines of another filter, and show what is known of them meanwhile."""
        self._forget()
        self.view.fall_back()
        self.table.action_first()
        if self.is_ready:
            self._fill()
        self.load(fresh=True)

    @work(exclusive=True, group="load")
    async def _read(self) -> None:
        """Read the newest lines, and older ones until a page of them can be shown."""
        asked = replace(self.view.asked, text="")
        feed = self.trail.feed(asked)
        try:
            await feed.more()
        except ApiProblem as problem:
            self._fail(problem, feed)
            return
        self._reading, self._problem = False, ""
        self._as_of, self._gaps = feed.as_of, feed.gaps
        if self._feed is None or not self.view.renew(feed.events):
            self._feed = feed
            self.view.take(feed.events)
        if asked.is_empty:
            self.trail.remember(feed)
        self._show()
        self.narrow()

    def _fail(self, problem: ApiProblem, feed: Feed) -> None:
        """Tell what went wrong: beside the lines that are known, or instead of them."""
        self._reading = False
        self._problem = in_short(problem)
        if not self.view.lines and feed.ours:
            self.view.take(feed.ours)
        if self.view.lines or not self.view.asked.is_empty:
            self._show()
        else:
            self.head()
            self.show_gaps(())
            self.show_failed(_with_address(problem))

    @on(LogTable.NearEnd)
    def _near_end(self) -> None:
        if self._feed and not self._feed.is_done and not self._reading:
            self._read_older(0)

    def narrow(self) -> None:
        """Show the lines that have the text, and look for more where they are few."""
        if self._session is None:
            return
        if self.is_ready:
            self._fill()
        too_few = len(self.table.rows) < self.table.size.height
        if self._feed and not self._feed.is_done and not self._reading and too_few:
            self._read_older(FAR_ENOUGH)

    @work(group="load")
    async def _read_older(self, far: int) -> None:
        """Read older lines: a page, or while a page is not full as `far` as so many lines."""
        feed = self._feed
        if feed is None or self._reading:
            return
        self._reading = True
        self._tell_head()
        until = len(self.view.lines) + far
        try:
            while feed is self._feed:
                self.view.add(await feed.more())
                self._problem, self._gaps = "", feed.gaps
                self._fill()
                full = len(self.table.rows) >= self.table.size.height
                if feed.is_done or full or len(self.view.lines) >= until:
                    break
        except ApiProblem as problem:
            self._problem = f"Older lines could not be read: {in_a_line(problem)}"
        # Not where this was broken off: whoever did that is reading now.
        self._reading = False
        self._fill()
        if not far and self.view.asked.text and not self._problem:
            self.narrow()

    def _show(self) -> None:
        if not self.view.lines and self.view.asked.is_empty and not self._reading:
            self._tell()
            self.show_empty(f"{NOTHING_YET}{SEND_ADDRESS}")
            return
        was_ready = self.is_ready
        self.show_ready()
        self._fill()
        if not was_ready and self.is_current:
            self.table.focus()

    def _fill(self) -> None:
        self.table.placeholder = self._nothing()
        self.table.set_rows(list(self.view.shown()), lambda line: line.id)
        self._tell()
        # The list first: what the panel takes to draw is not waited for.
        self.call_after_refresh(self._tell_panel)

    def _nothing(self) -> str:
        """Return what stands where no line is shown."""
        if self.view.asked.text.strip() and self.view.lines:
            older = "" if self.is_whole else "  end looks further back."
            return f"None of the {len(self.view.lines)} lines read has this.{older}  esc shows all."
        if self._reading or self._problem:
            return ""
        return "No line passes these filters.  esc takes the last one back."

    @property
    def is_whole(self) -> bool:
        """Whether there are no older lines than those read."""
        return self._feed is not None and self._feed.is_done

    def _tell(self) -> None:
        """Say how much is shown, how old it is, by which filter, and what is missing."""
        self._tell_head()
        asked = self.view.asked
        today = self.session.setup.clock().date()
        days = f"{asked.period.words(today)} UTC" if asked.period else ""
        self.query_one(FilterLine).tell(asked, self.view.project_name, days)
        self.show_gaps((*[self._problem] * bool(self._problem), *self._gaps))

    def _tell_head(self) -> None:
        lines, shown = self.view.lines, len(self.table.rows)
        number = f"{shown} of {len(lines)}" if self.view.asked.text.strip() else f"{len(lines)}"
        parts = [Content(f"{number} line{'s' * (len(lines) != 1)}")] if self.is_ready else []
        now = self.session.setup.clock()
        if self.is_ready and self.view.oldest and not self.is_whole:
            parts.append(Content.styled(f"back to {day(self.view.oldest, now)}", "$text-muted"))
        if self._problem and self._as_of:
            failed = f"as of {when(self._as_of, now)}, could not be read again"
            parts.append(Content.styled(failed, "$text-warning"))
        elif self._reading:
            age = f"as of {when(self._as_of, now)}, " if self._as_of else ""
            parts.append(Content.styled(f"{age}reading …", "$text-muted"))
        elif self._as_of:
            parts.append(Content.styled(f"as of {self._as_of:%H:%M} UTC", "$text-muted"))
        self.head(*parts)

    def _tell_panel(self) -> None:
        if self.is_ready and self._session:
            self.query_one(LinePanel).tell(self.table.current, self.session.setup.clock())

    def _names_came(self) -> None:
        if self._session and self.is_ready and self.is_current:
            self.view.name()
            self._fill()

    @on(Table.Highlighted)
    def _highlighted(self) -> None:
        self.call_after_refresh(self._tell_panel)

    @on(Table.Chosen)
    @work(group="change")
    async def _chosen(self, event: Table.Chosen[Line]) -> None:
        from oai_tui.ui.dialogs.activity_details import LineDetails

        asked = LineDetails(self.session, self.trail, event.row)
        if await self.app.push_screen_wait(asked) == "open":
            await self.open(event.row)


def _with_address(problem: ApiProblem) -> ApiProblem:
    explained = told(problem)
    if not may_be_off(problem):
        return explained
    return ApiProblem(explained.what, f"{explained.way_out}{SEND_ADDRESS}", explained.request_id)
