"""Reading the months of the bill: the last year first, then all before it, again when costs are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from textual import work

from oai_tui.core.errors import Problem
from oai_tui.core.kinds import Dimension
from oai_tui.core.period import month_of
from oai_tui.ui.widgets.billing_page import BillingPage
from oai_tui.ui.widgets.state import StatePane

if TYPE_CHECKING:
    from oai_tui.services.billing import Statement
    from oai_tui.services.billing.history import ToldHistory

FIRST_MONTHS = 12
"""Months that are read before all that are older."""

WAYS = (Dimension.PROJECT, Dimension.LINE_ITEM)
READING = "Reading the months …"


class HistoryReading(BillingPage):
    """A page that has the months, told apart by one thing or the other."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.history: ToldHistory | None = None
        self.progress = ""
        self._way = WAYS[0]
        self._told: dict[Dimension, ToldHistory] = {}
        self._costs_of: datetime | None = None
        self._is_stale = True
        self._missing = ""

    @property
    def told_by(self) -> Dimension:
        """What the months shown are told apart by; another may be on its way."""
        return self.history.dimension if self.history else self._way

    @abstractmethod
    def show(self, history: ToldHistory) -> None:
        """Show months that have come."""

    @abstractmethod
    def say(self) -> None:
        """Say how the months stand, and what is on its way."""

    def reset(self) -> None:
        """Forget the months of the session before."""
        self.workers.cancel_group(self, "load")
        self.history, self._way = None, WAYS[0]
        self._is_stale, self.progress, self._missing = True, "", ""
        self._told.clear()
        self._costs_of = None

    def tell(self, statement: Statement) -> None:
        """Read the months again once costs have been, and what was missing in any case."""
        if statement.from_cache or (statement.as_of == self._costs_of and not self.gaps()):
            return
        self._costs_of, self._is_stale = statement.as_of, True
        if self.is_shown and self.bill.is_ready:
            self._read()

    def on_shown(self) -> None:
        """Read the months, unless they are as they were."""
        if self._is_stale:
            self._read()

    def refresh_page(self) -> None:
        """Try again what failed; what is shown is read again after the statement."""
        if self.history is None:
            self._read()

    def gaps(self) -> Sequence[str]:
        """Return what is missing of the months."""
        told = self.history.gaps if self.history else ()
        return [*told, self._missing] if self._missing else told

    def action_group(self) -> None:
        """Tell the months apart by the other thing."""
        self._way = WAYS[(WAYS.index(self._way) + 1) % len(WAYS)]
        if known := self._told.get(self._way):
            self.workers.cancel_group(self, "load")
            self.progress = ""
            self._take(known)
        else:
            self._read()

    @work(exclusive=True, group="load")
    async def _read(self) -> None:
        """Read the last months, then all before them."""
        desk, way = self.session.billing, self._way
        if self._is_stale:
            self._told.clear()
        self._is_stale, self._missing = False, ""
        if self.history is None:
            self.query_one(StatePane).say_loading(READING)
        try:
            if self.history is None:
                since, count = self._recent(), self._say_progress
                self._take(await desk.history(way, since=since, on_progress=count))
            self._say_progress(0, 0)
            self._told[way] = await desk.history(way, on_progress=self._say_progress)
            self._take(self._told[way])
        except Problem as problem:
            self._fail(problem)
        self.progress = ""
        self.say()

    def _recent(self) -> date:
        first = month_of(self._today())
        for _ in range(FIRST_MONTHS - 1):
            first = first.shifted(-1)
        return first.first

    def _fail(self, problem: Problem) -> None:
        self._is_stale = True
        if self.history is None:
            self.query_one(StatePane).say_failed(problem)
        else:
            self._missing = f"Older months could not be read. {problem.what}"

    def _say_progress(self, done: int, of: int) -> None:
        count = f"{done} of {max(done, of)}" if of else "…"
        if self.history is None:
            self.query_one(StatePane).say_loading(f"{READING}\n{count}" if of else READING)
            return
        what = "older months" if self._way is self.told_by else f"by {self._way.label}"
        self.progress = f"reading {what}, {count}"
        self.say()

    def _take(self, history: ToldHistory) -> None:
        self.history = history
        self.show(history)

    def _today(self) -> date:
        return self.session.setup.clock().astimezone(UTC).date()
