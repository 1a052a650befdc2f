"""When the rate limits are read: as long as their page is seen, and no longer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from textual import work

from oai_tui.core.errors import ApiProblem
from oai_tui.core.text import when
from oai_tui.ui.widgets.billing_page import BillingPage
from oai_tui.ui.widgets.state import in_a_line

if TYPE_CHECKING:
    from oai_tui.services.billing.rates import RateTable

YOUNG = timedelta(minutes=5)
"""Up to this age it is said when the rate limits were seen, from then on how long ago."""


class RatesReading(BillingPage):
    """A page that shows rate limits as they become known; leaving it breaks the reading off.

    `known` is the newest table, None before the first. Subclasses give `fill`, which draws it.
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.known: RateTable | None = None
        self.is_reading = False
        self._is_fresh = False
        self._problem: ApiProblem | None = None

    @abstractmethod
    def fill(self) -> None:
        """Draw what is known."""

    def on_mount(self) -> None:
        """Hear of it when another screen is turned to, or this one again."""
        self.app.mode_change_signal.subscribe(self, self._mode_changed)

    def on_hide(self) -> None:
        """Break the reading off when another page is turned to."""
        if not self.is_shown:
            self.leave()

    def on_shown(self) -> None:
        """Show what is remembered, and ask for what is not known or old."""
        if not self.is_reading:
            self.begin(fresh=False)

    def refresh_page(self) -> None:
        """Ask for all rate limits and for use again."""
        if not (self.is_reading and self._is_fresh):
            self.begin(fresh=True)

    def reset(self) -> None:
        """Forget the rate limits of the session before."""
        self.leave()
        self.known = self._problem = None

    def begin(self, *, fresh: bool) -> None:
        """Start to read, in place of what is being read."""
        self.is_reading, self._is_fresh = True, fresh
        self._read(fresh)
        self.fill()

    def leave(self) -> None:
        """Ask for nothing more; what came is kept."""
        self.workers.cancel_group(self, "load")
        self.is_reading = False

    def gaps(self) -> Sequence[str]:
        """Return what could not be read, and what was counted under another name."""
        problem = (in_a_line(self._problem),) if self._problem else ()
        return (*problem, *self.known.gaps, *self.known.notes) if self.known else problem

    @property
    def age(self) -> str:
        """How old what is shown is, and what is being read."""
        known, now = self.known, self.session.setup.clock()
        parts = []
        if known and known.as_of:
            is_young = now - known.as_of < YOUNG
            seen = f"as last seen {when(known.as_of, now)}"
            parts.append(f"as of {known.as_of:%H:%M} UTC" if is_young else seen)
        if self.is_reading:
            parts.append(self._reading)
        elif self._problem:
            parts.append("could not be read again")
        return ", ".join(parts)

    @property
    def _reading(self) -> str:
        if self.known and self.known.to_read:
            return f"reading, {self.known.read:,} of {self.known.to_read:,} projects …"
        return "reading …"

    @work(exclusive=True, group="load")
    async def _read(self, fresh: bool) -> None:
        try:
            async for known in self.session.rates.load(fresh=fresh):
                self.known, self._problem = known, None
                self.fill()
        except ApiProblem as problem:
            self._problem = problem
            if self.known and not self.known.rows:
                self.known = None
        self.is_reading = False
        self.fill()

    def _mode_changed(self, mode: str) -> None:
        if mode != self.bill.MODE:
            self.leave()
        elif self.bill.is_ready and self.is_shown and self.session is self.bill.oai.session:
            self.on_shown()
