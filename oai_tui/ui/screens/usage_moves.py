"""What the keys of the usage screen do."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import date
from pathlib import Path

from textual import on, work

from oai_tui.core.errors import WrongInput
from oai_tui.core.usage import Metric
from oai_tui.core.zone import Zone
from oai_tui.ui.dialogs.details import Details
from oai_tui.ui.screens.base import DataScreen
from oai_tui.ui.screens.usage_view import View
from oai_tui.ui.widgets.table import Table
from oai_tui.ui.widgets.usage_details import details
from oai_tui.ui.widgets.usage_figures import Figures, Row
from oai_tui.ui.widgets.usage_panes import UsagePanes
from oai_tui.ui.widgets.usage_words import zone_words

NOT_TOLD = "\0"
"""How the ids begin of groups that stand for no one thing."""


class UsageMoves(DataScreen):
    """A screen of figures that goes from view to view."""

    view: View
    figures: Figures | None

    @property
    @abstractmethod
    def table(self) -> Table[Row]:
        """The totals."""

    @property
    @abstractmethod
    def panes(self) -> UsagePanes:
        """The pictures."""

    @abstractmethod
    def go(self, view: View) -> None:
        """Go to another view."""

    @property
    def local_zone(self) -> Zone:
        """Where the days of the person begin."""
        return self.session.usage.local_zone

    @property
    def today(self) -> date:
        """The day it is where the days of the view begin."""
        return self.view.zone(self.local_zone).day_of(self.session.setup.clock())

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """What was gone into, in words."""
        name_of = self.session.directory.name_of
        return [(each.label, name_of(each, id)) for each, id in self.view.crumbs]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Do nothing before anybody is signed in."""
        mine = action in ("dates", "figures", "export", "details", "leave", "zone", "compare")
        return self._session is not None if mine else super().check_action(action, parameters)

    def _try(self, move: Callable[[], View]) -> None:
        """Go where a move leads, or say why it leads nowhere."""
        try:
            self.go(move())
        except WrongInput as problem:
            self.oai.hint(str(problem))

    @work(group="change")
    async def action_dates(self) -> None:
        """Ask which days to show."""
        from oai_tui.ui.dialogs.dates import DatesDialog

        zone = zone_words(self.view.zone(self.local_zone))
        asked = DatesDialog(self.view.asked, self.today, zone)
        if chosen := await self.app.push_screen_wait(asked):
            self.go(self.view.at(chosen))

    def action_earlier(self) -> None:
        """Show the period before."""
        self._try(lambda: self.view.earlier(self.local_zone))

    def action_later(self) -> None:
        """Show the period after."""
        self._try(lambda: self.view.later(self.today, self.local_zone))

    def action_now(self) -> None:
        """Show as many days that end today."""
        self._try(lambda: self.view.to_now(self.today))

    def action_zoom_in(self) -> None:
        """Show what the bar that is read out stands for."""
        cut = self.panes.selected
        if self.figures and cut:
            step = self.figures.report.step
            self._try(lambda: self.view.zoomed(cut, step, self.local_zone))

    def action_zoom_out(self) -> None:
        """Show what was zoomed in from, or what is wider."""
        self._try(lambda: self.view.widened())

    def action_group(self, step: int) -> None:
        """Group by the next or the former dimension."""
        self.go(self.view.regrouped(step))

    def action_metric(self, step: int) -> None:
        """Show the next or the former figure there is."""
        self.go(self.view.measured(step, self._without()))

    def _without(self) -> set[Metric]:
        """Return the figures that are known to be nothing here."""
        if self.figures is None:
            return set()
        totals = self.session.usage.totals(self.figures.report.question)
        return {metric for metric, value in totals.items() if value == 0}

    @work(group="change")
    async def action_figures(self) -> None:
        """Let one of all figures and one of all groups be chosen."""
        from oai_tui.ui.dialogs.usage_choice import UsageChoice

        question = self.view.question(self.today, self.local_zone, compare=False)
        metrics = [metric for metric in Metric if self.view.fits(metric)]
        totals = self.session.usage.totals(question)
        asked = UsageChoice(self.view, [(each, totals.get(each)) for each in metrics])
        if chosen := await self.app.push_screen_wait(asked):
            self.go(chosen)

    def action_leave(self) -> None:
        """Leave the row that was gone into."""
        self._try(lambda: self.view.out())

    def action_compare(self) -> None:
        """Hold the figures against the period before, or no longer."""
        self.go(self.view.compared())

    def action_zone(self) -> None:
        """Show local days, or UTC days again."""
        local, now = self.local_zone, self.session.setup.clock()
        if local.is_utc and not self.view.is_local:
            self.oai.hint("The days of this computer are UTC days already.")
            return
        if self.view.metric is Metric.COST:
            self.oai.hint("Costs are known by UTC day only; other figures have local days.")
        is_local = not self.view.is_local
        days = (Zone(), local) if is_local else (local, Zone())
        before, after = (zone.day_of(now) for zone in days)
        self.go(self.view.in_zone(is_local, before, after))

    def action_turn(self) -> None:
        """Show the bars, what they add up to, or both."""
        self.panes.turn()

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen[Row]) -> None:
        if event.row.id.startswith(NOT_TOLD):
            self.oai.hint("These figures cannot be told apart.")
        else:
            self._try(lambda: self.view.into(event.row.id))

    def action_details(self) -> None:
        """Show everything that is known of the row under the cursor."""
        row, figures = self.table.current, self.figures
        if row and figures:
            totals = self.session.usage.totals(figures.report.question, row.id)
            self.app.push_screen(Details(row.name, details(figures, row, totals)))

    def action_copy_id(self) -> None:
        """Send the id of the row under the cursor to the terminal's clipboard."""
        row = self.table.current
        if row and row.id and not row.id.startswith(NOT_TOLD):
            self.app.copy_to_clipboard(row.id)
            self.oai.hint(f"Sent to the terminal: {row.id}")

    @work(group="change")
    async def action_export(self) -> None:
        """Write what is shown to a file."""
        from oai_tui.services.usage_export import save_as, suggested
        from oai_tui.ui.dialogs.usage_export import UsageExport

        figures = self.figures
        if figures is None or not self.is_ready:
            return
        report, picture = figures.report, self.panes.picture
        drawn = {ending: picture(ending) for ending in ("svg", "txt")}

        def write(name: str) -> Path:
            return save_as(name, report=report, picture=drawn.__getitem__)

        asked = UsageExport(lambda ending: suggested(report, ending), write)
        if written := await self.app.push_screen_wait(asked):
            self.oai.hint(f"Written to {written}, readable by you only.")
