"""The usage screen: what was used or spent, as a picture and as totals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from oai_tui.core.errors import ApiProblem, WrongInput
from oai_tui.core.period import Period, last_days
from oai_tui.core.usage import Dimension, Group, Metric
from oai_tui.services.directory import learn_members
from oai_tui.services.usage import Report
from oai_tui.ui.chart_colors import chart_style
from oai_tui.ui.dialogs.dates import DatesDialog
from oai_tui.ui.dialogs.details import Details
from oai_tui.ui.screens.base import DataScreen
from oai_tui.ui.screens.usage_keys import USAGE_KEYS
from oai_tui.ui.screens.usage_view import View
from oai_tui.ui.widgets.table import Table
from oai_tui.ui.widgets.usage_columns import usage_columns
from oai_tui.ui.widgets.usage_figures import (
    Figures,
    details,
    facts,
    period_words,
    title,
)
from oai_tui.ui.widgets.usage_panes import UsagePanes

USUAL_DAYS = 30

Question = tuple[Period, Dimension | None]
"""What is asked of the platform: the days, and for costs the dimension."""


class UsageScreen(DataScreen):
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
        self._view = View(last_days(USUAL_DAYS, date.max))
        self._held: dict[Question, Report] = {}
        self._figures: Figures | None = None
        self._asking: Question | None = None
        self._progress = ""
        self._members_asked = False
        self._nameless = ""

    @property
    def table(self) -> Table[Group]:
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

    @property
    def _today(self) -> date:
        return self.session.setup.clock().astimezone(UTC).date()

    @property
    def _question(self) -> Question:
        view = self._view
        by = view.dimension if view.metric is Metric.COST else None
        return view.period(self._today), by

    def reset(self) -> None:
        """Forget the figures of the session before, and follow the names of this one."""
        self._view = View(last_days(USUAL_DAYS, self._today))
        self._held = {}
        self._figures = self._asking = None
        self._members_asked, self._nameless = False, ""
        self.panes.reset()
        self.session.directory.listen(self._names_came)

    def load(self, *, fresh: bool) -> None:
        """Read the figures of the view; what is on the screen stays until they are here."""
        if fresh:
            self._held = {}
            self._members_asked = self._members_asked and not self._nameless
        self._asking = self._question
        self._progress = ""
        self._say_reading()
        self._read(self._question, fresh)

    def on_screen_resume(self) -> None:
        """Take the names that came while another screen was shown."""
        if self._figures and self._session is self.oai.session:
            self._names_came()

    def _go(self, view: View) -> None:
        """Go to another view: at once where its figures are here, else once they are read."""
        self._view = view
        if self._question == self._asking:
            self._say_reading()
        elif held := self._held.get(self._question):
            self.workers.cancel_group(self, "load")
            self._asking = None
            self._show(held)
        else:
            self.load(fresh=False)

    @work(exclusive=True, group="load")
    async def _read(self, question: Question, fresh: bool) -> None:
        desk, (period, by) = self.session.usage, question
        try:
            if by is None:
                report = await desk.usage(period, fresh=fresh, on_progress=self._count)
            else:
                report = await desk.costs(period, by, fresh=fresh)
        except ApiProblem as problem:
            self._asking = self._figures = None
            self.head(self._wanted())
            self.show_gaps(())
            self.show_failed(problem)
            return
        self._asking = None
        self._hold(question, report)
        self._show(report)

    def _hold(self, question: Question, report: Report) -> None:
        """Keep what belongs to the same days, so that another grouping needs no request."""
        same = {asked: known for asked, known in self._held.items() if asked[0] == question[0]}
        self._held = {**same, question: report}

    def _show(self, report: Report) -> None:
        view, directory = self._view, self.session.directory
        pivot = report.pivot(view.metric, view.dimension, directory.name_of)
        self._figures = Figures(pivot, report)
        self.query_one("#body").remove_class("-old")
        by_user = view.dimension is Dimension.USER
        if by_user and not self._members_asked:
            self._learn_members()
        self.show_gaps((*report.gaps, *([self._nameless] if by_user and self._nameless else [])))
        if not pivot.groups:
            self._show_nothing(report)
            return
        was_ready = self.is_ready
        self._fill(self._figures)
        self.show_ready()
        self._write_head()
        if not was_ready and self.is_current:
            self.table.focus()

    def _fill(self, figures: Figures) -> None:
        table = self.table
        order = table.sorted_by or ("total", True)
        table.set_columns(usage_columns(figures, unicode=chart_style(self.app).unicode))
        table.sort_by(*order)
        table.set_rows(figures.pivot.groups, lambda group: group.id)
        self.panes.show(figures)

    def _show_nothing(self, report: Report) -> None:
        kind = "costs" if self._view.metric is Metric.COST else "usage"
        if self._view.metric in (Metric.OUTPUT, Metric.CACHED):
            kind = self._view.metric.label
        words = report.period.words(self._today)
        self._write_head()
        self.show_empty(f"No {kind} in {words} (UTC).\n\n[ shows an earlier period, d other dates.")

    def _write_head(self) -> None:
        if self._figures:
            now = self.session.setup.clock()
            first = title(self._figures.pivot, self._today)
            second = facts(self._figures, now, self.app.size.width - 2)
            self.head(first, Content.assemble("\n ", second))

    def _wanted(self) -> Content:
        view = self._view
        return Content(
            f"{period_words(view.period(self._today), self._today)}   "
            f"{view.metric.label} by {view.dimension.label}"
        )

    def _say_reading(self) -> None:
        words = f"reading {self._progress or '…'}"
        if not self.is_ready or self._figures is None:
            self.head(self._wanted())
            self.show_loading(f"{words[:1].upper()}{words[1:]}")
            return
        self.query_one("#body").add_class("-old")
        shown = self._figures.pivot
        self.head(
            self._wanted(),
            Content.styled(
                f"\n {words}   below still {shown.period.words(self._today)}, "
                f"{shown.metric.label} by {shown.dimension.label}",
                "$text-warning",
            ),
        )

    def _count(self, done: int, of: int) -> None:
        self._progress = f"{done} of {max(done, of)} requests …"
        self._say_reading()

    def on_resize(self) -> None:
        """Say in the head what there is room for now."""
        if self._asking is None and self.is_ready:
            self._write_head()

    def _names_came(self) -> None:
        figures = self._figures
        if figures and self._asking is None and self.is_current:
            self._show(figures.report)

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

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen[Group]) -> None:
        if self._figures:
            text = details(self._figures, event.row)
            self.app.push_screen(Details(event.row.name, text))

    @work(group="dates")
    async def action_dates(self) -> None:
        """Ask which days to show."""
        chosen = await self.app.push_screen_wait(DatesDialog(self._view.asked, self._today))
        if chosen:
            self._go(replace(self._view, asked=chosen))

    def action_earlier(self) -> None:
        """Show the period before."""
        self._move_by(lambda: self._view.earlier())

    def action_later(self) -> None:
        """Show the period after."""
        self._move_by(lambda: self._view.later(self._today))

    def action_now(self) -> None:
        """Show as many days that end today."""
        self._move_by(lambda: self._view.to_now(self._today))

    def _move_by(self, move: Callable[[], View]) -> None:
        try:
            self._go(move())
        except WrongInput as problem:
            self.oai.hint(str(problem))

    def action_group(self, step: int) -> None:
        """Group by the next or the former dimension."""
        self._go(self._view.regrouped(step))

    def action_metric(self, step: int) -> None:
        """Show the next or the former figure."""
        self._go(self._view.measured(step))

    def action_turn(self) -> None:
        """Show the days, their sum, or both."""
        self.panes.turn()
