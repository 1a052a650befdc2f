"""The usage screen: what was used or spent, as a picture and as totals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from oai_tui.core.errors import ApiProblem
from oai_tui.core.period import last_days
from oai_tui.core.usage import Dimension, Metric
from oai_tui.services.directory import learn_members
from oai_tui.services.usage import Question, Report
from oai_tui.services.usage.gaps import NO_BEFORE
from oai_tui.ui.chart_colors import chart_style
from oai_tui.ui.screens.usage_asking import figures_of
from oai_tui.ui.screens.usage_keys import USAGE_KEYS
from oai_tui.ui.screens.usage_moves import UsageMoves
from oai_tui.ui.screens.usage_view import View
from oai_tui.ui.widgets.table import Table
from oai_tui.ui.widgets.usage_columns import usage_columns
from oai_tui.ui.widgets.usage_figures import Figures, Row
from oai_tui.ui.widgets.usage_head import facts, title, trail
from oai_tui.ui.widgets.usage_panes import UsagePanes
from oai_tui.ui.widgets.usage_words import period_words, zone_words

USUAL_DAYS = 30


class UsageScreen(UsageMoves):
    """What was used, as a picture and as totals."""

    MODE = "usage"
    TITLE_TEXT = "Usage"
    AUTO_FOCUS = "Table"
    CSS_PATH = "usage.tcss"
    BINDING_GROUP_TITLE = "Usage"
    BINDINGS: ClassVar[list[BindingType]] = [
        *USAGE_KEYS,
        Binding("r", "refresh", "refresh", id="screen.refresh", show=False, tooltip="Ask again"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.view = View(last_days(USUAL_DAYS, date.max))
        self.figures: Figures | None = None
        self._waiting = False
        self._unfinished = False
        self._progress = ""
        self._members_asked = False
        self._nameless = ""

    @property
    def table(self) -> Table[Row]:
        """The totals."""
        return self.query_one(Table)

    @property
    def panes(self) -> UsagePanes:
        """The pictures."""
        return self.query_one(UsagePanes)

    def body(self) -> Iterable[Widget]:
        """Return the pictures and the totals."""
        yield UsagePanes(id="panes")
        yield Table(id="totals")

    def reset(self) -> None:
        """Forget the figures of the session before, and follow the names of this one."""
        self.view = View(last_days(USUAL_DAYS, date.max))
        self.view = self.view.at(last_days(USUAL_DAYS, self.today))
        self.figures = None
        self._waiting = self._unfinished = False
        self._members_asked, self._nameless = False, ""
        self.panes.reset()
        self.session.directory.listen(self._names_came)

    def load(self, *, fresh: bool) -> None:
        """Read the figures of the view; what is known of them is shown meanwhile."""
        if fresh:
            self._members_asked = self._members_asked and not self._nameless
        self._progress = ""
        self._waiting = not self.session.usage.is_known(self._question())
        if self._waiting:
            self._say_reading()
        self._read(fresh)

    def go(self, view: View) -> None:
        """Go to another view: at once as far as its figures are known, else once they are read."""
        self.view = view
        self._progress, self._unfinished = "", True
        if self.session.usage.is_known(self._question()):
            self._show()
        self.load(fresh=False)

    def on_screen_resume(self) -> None:
        """Go on reading where leaving broke it off, and take the names that came meanwhile."""
        if self._session is None or self._session is not self.oai.session:
            return
        if self._unfinished:
            self.load(fresh=False)
        else:
            self._names_came()

    def on_screen_suspend(self) -> None:
        """Read no further for a screen that nobody looks at; what came is kept."""
        if self.oai.current_mode != self.MODE:
            self.workers.cancel_group(self, "load")

    def _question(self, *, compare: bool = False) -> Question:
        return self.view.question(self.today, self.local_zone, compare=compare)

    @work(exclusive=True, group="load")
    async def _read(self, fresh: bool) -> None:
        """Read the figures, then what they are held against, then everything beside them."""
        desk = self.session.usage
        self._unfinished = True
        try:
            await desk.prepare(self._question(), fresh=fresh, on_progress=self._count)
        except ApiProblem as problem:
            self._fail(problem)
            return
        self._waiting = False
        self._show()
        if self.figures and self.figures.report.from_cache:
            # What could not be read just now is no reason to ask for more.
            self._unfinished = False
            return
        held = self._question(compare=True)
        await desk.prepare_all(held, on_progress=self._count_rest)
        self._unfinished, self._progress = False, ""
        self._show()

    def _fail(self, problem: ApiProblem) -> None:
        self._waiting = self._unfinished = False
        self.figures = None
        self.query_one("#body").remove_class("-old")
        self._write_head()
        self.show_gaps(())
        self.show_failed(problem)

    def _show(self) -> None:
        """Show what is known of the view."""
        if self._waiting or self._session is None:
            return
        self.query_one("#body").remove_class("-old")
        question = self._question(compare=True)
        self.figures = figures = figures_of(self.session.usage, question, self.panes.room)
        report = figures.report
        by_user = Dimension.USER in (question.dimension, *(each for each, _ in question.filters))
        if by_user and not self._members_asked:
            self._learn_members()
        nameless = [self._nameless] if by_user and self._nameless else []
        gaps = [gap for gap in report.gaps if gap != NO_BEFORE or not self._unfinished]
        self.show_gaps((*gaps, *report.notes, *nameless))
        self.panes.show(figures, self.today)
        if not figures.pivot.groups:
            self._write_head()
            self._show_nothing(report)
            return
        was_ready = self.is_ready
        self._fill(figures)
        self.show_ready()
        self._write_head()
        if not was_ready and self.is_current:
            self.table.focus()

    def _fill(self, figures: Figures) -> None:
        table = self.table
        order = table.sorted_by or ("total", True)
        table.set_columns(usage_columns(figures, unicode=chart_style(self.app).unicode))
        table.sort_by(*order)
        if table.sorted_by is None:
            table.sort_by("total", True)
        table.set_rows(figures.rows, lambda row: row.id)

    def _show_nothing(self, report: Report) -> None:
        question = report.question
        words = question.period.words(self.today)
        if len(report.pivot.unknown) == len(report.pivot.cuts):
            text = f"Nothing is known of {words} ({zone_words(report.zone)})."
        else:
            tokens = question.metric in (Metric.TOKENS, Metric.INPUT)
            what = "usage" if tokens else "costs" if question.is_cost else question.metric.label
            text = f"No {what} in {words} ({zone_words(report.zone)})."
        ways = "[ shows an earlier period, d other dates."
        if self.view.crumbs:
            ways = f"backspace leaves {self.crumbs[-1][1]}. {ways}"
        self.show_empty(f"{text}\n\n{ways}\nf shows which figures there are.")

    def _write_head(self) -> None:
        now, parts = self.session.setup.clock(), [self._wanted()]
        if self.crumbs:
            parts.append(Content.assemble("\n", trail(self.crumbs)))
        if self.figures and not self._waiting:
            line = facts(self.figures, now, self.app.size.width - 2, self._progress)
            parts.append(Content.assemble("\n ", line))
        self.head(*parts)

    def _wanted(self) -> Content:
        now = self.session.setup.clock()
        return title(self._question(), now, is_local=self.view.is_local)

    def _say_reading(self) -> None:
        words = f"reading {self._progress or '…'}"
        if not self.is_ready or self.figures is None:
            self._write_head()
            self.show_loading(f"{words[:1].upper()}{words[1:]}")
            return
        self.query_one("#body").add_class("-old")
        asked = self.figures.report.question
        days = period_words(asked.period, asked.within, asked.days_of, self.today)
        shown = f"{days.partition(' · ')[0]}, {asked.metric.label} by {asked.dimension.label}"
        warning = Content.styled(f"\n {words}   below still {shown}", "$text-warning")
        self.head(self._wanted(), warning)

    def _count(self, done: int, of: int) -> None:
        self._progress = f"{done} of {max(done, of)} requests …"
        if self._waiting and self._is_there:
            self._say_reading()

    @property
    def _is_there(self) -> bool:
        """Whether there is a screen to write on; answers may come while it is taken down."""
        return bool(self.query("#head"))

    def _count_rest(self, done: int, of: int) -> None:
        self._progress = f"reading the rest, {done} of {max(done, of)}"
        if self._is_there and self.is_ready and not self._waiting:
            self._write_head()

    def on_resize(self) -> None:
        """Say in the head what there is room for now."""
        if self.figures and not self._waiting and self.is_ready:
            self._write_head()

    @on(UsagePanes.RoomChanged)
    def _room_changed(self) -> None:
        if self.figures and not self._waiting and self.is_ready:
            self._show()

    def _names_came(self) -> None:
        if self.figures and not self._waiting and self.is_current:
            self._show()

    @work(exclusive=True, group="names")
    async def _learn_members(self) -> None:
        """Ask once who the members are; without an answer their ids stand."""
        self._members_asked, self._nameless = True, ""
        session = self.session
        try:
            await learn_members(session.client, session.directory)
        except ApiProblem as problem:
            self._nameless = f"The names of users could not be read: {problem.what}"
        self._names_came()
