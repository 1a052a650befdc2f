"""The activity screen: what was done, by whom and when, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from oai_tui.core.errors import ApiProblem
from oai_tui.services.activity import Feed, Line
from oai_tui.services.activity.silence import NOTHING_YET, in_short, may_be_off, told
from oai_tui.ui.screens.activity_keys import ACTIVITY_KEYS
from oai_tui.ui.screens.activity_moves import ActivityMoves
from oai_tui.ui.screens.activity_reading import Reading
from oai_tui.ui.screens.activity_view import ActivityView
from oai_tui.ui.widgets.activity_columns import activity_columns
from oai_tui.ui.widgets.activity_filters import FilterLine, FindField
from oai_tui.ui.widgets.activity_table import LogTable
from oai_tui.ui.widgets.activity_words import LinePanel
from oai_tui.ui.widgets.state import in_a_line
from oai_tui.ui.widgets.table import Table

FAR_ENOUGH = 1000
"""Lines that are looked through for a text before somebody has to ask for older ones."""

SEND_ADDRESS = "\n\ny  send the address to the terminal"


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
        self._reading = Reading()
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
        self._reading = Reading()
        self._write_text("")
        self.table.set_columns(activity_columns(self.session.setup.clock))
        self.table.set_rows((), lambda line: line.id)
        self.show_loading("Reading the audit log …")

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
                self._reading.as_of = known.at
                self._show()
        self._reading.is_under_way = True
        self._tell_head()
        self._read()

    def ask(self) -> None:
        """Ask for the lines of another filter, and show what is known of them meanwhile."""
        self._reading = Reading(as_of=self._reading.as_of)
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
        goes_on = self._reading.feed
        if goes_on is None or not self.view.renew(feed.events):
            goes_on = feed
            self.view.take(feed.events)
        self._reading = Reading(goes_on, feed.as_of, feed.gaps)
        if asked.is_empty:
            self.trail.remember(feed)
        self._show()
        self.narrow()

    def _fail(self, problem: ApiProblem, feed: Feed) -> None:
        """Tell what went wrong: beside the lines that are known, or instead of them."""
        reading = self._reading
        reading.is_under_way, reading.problem = False, in_short(problem)
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
        if self._reading.can_go_on:
            self._read_older(0)

    def narrow(self) -> None:
        """Show the lines that have the text, and look for more where they are few."""
        if self._session is None:
            return
        if self.is_ready:
            self._fill()
        if self._reading.can_go_on and not self.table.is_full:
            self._read_older(FAR_ENOUGH)

    @work(group="load")
    async def _read_older(self, far: int) -> None:
        """Read older lines: a page, or while a page is not full as `far` as so many lines."""
        reading = self._reading
        feed = reading.feed
        if feed is None or reading.is_under_way:
            return
        reading.is_under_way = True
        self._tell_head()
        until = len(self.view.lines) + far
        try:
            while reading is self._reading:
                self.view.add(await feed.more())
                reading.problem, reading.gaps = "", feed.gaps
                self._fill()
                if feed.is_done or self.table.is_full or len(self.view.lines) >= until:
                    break
        except ApiProblem as problem:
            reading.problem = f"Older lines could not be read: {in_a_line(problem)}"
        # Not where this was broken off: whoever did that is reading now.
        reading.is_under_way = False
        self._fill()
        if not far and self.view.asked.text and not reading.problem:
            self.narrow()

    def _show(self) -> None:
        if not self.view.lines and self.view.asked.is_empty and not self._reading.is_under_way:
            self._tell()
            self.show_empty(f"{NOTHING_YET}{SEND_ADDRESS}")
            return
        was_ready = self.is_ready
        self.show_ready()
        self._fill()
        if not was_ready and self.is_current:
            self.table.focus()

    def _fill(self) -> None:
        self.table.placeholder = self._reading.nothing(self.view)
        self.table.set_rows(list(self.view.shown()), lambda line: line.id)
        self._tell()
        # The list first: what the panel takes to draw is not waited for.
        self.call_after_refresh(self._tell_panel)

    @property
    def is_whole(self) -> bool:
        """Whether there are no older lines than those read."""
        return self._reading.is_whole

    def _tell(self) -> None:
        """Say how much is shown, how old it is, by which filter, and what is missing."""
        self._tell_head()
        asked = self.view.asked
        today = self.session.setup.clock().date()
        days = f"{asked.period.words(today)} UTC" if asked.period else ""
        self.query_one(FilterLine).tell(asked, self.view.project_name, days)
        self.show_gaps(self._reading.missing)

    def _tell_head(self) -> None:
        reading, now = self._reading, self.session.setup.clock()
        lines = reading.head(self.view, len(self.table.rows), now) if self.is_ready else ()
        self.head(*lines, *reading.age(now))

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
