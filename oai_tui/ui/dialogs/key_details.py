"""Everything known of one key: itself, its use by day, and what the audit log says of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from oai_tui.core.estate import EstateRow
from oai_tui.core.keys import ApiKey
from oai_tui.core.text import UNKNOWN, count, when
from oai_tui.services.key_story import Story, story
from oai_tui.services.session import Session
from oai_tui.ui.chart_colors import series_colors
from oai_tui.ui.charts import Series
from oai_tui.ui.widgets.chart import Bars, Chart
from oai_tui.ui.widgets.key_words import LABEL, cost_words, full, labelled, requests_words


class KeyDetails(ModalScreen[None]):
    """One key over the list."""

    DEFAULT_CSS = """
    KeyDetails Chart { height: 7; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "close", id="details.close"),
    ]

    def __init__(
        self,
        session: Session,
        row: EstateRow,
        siblings: Sequence[ApiKey],
        last_day: date | None,
    ) -> None:
        super().__init__()
        self._session = session
        self._row = row
        self._siblings = siblings
        self._last_day = last_day

    def compose(self) -> ComposeResult:
        """Lay out what is known of the key, its use and its history."""
        key, facts = self._row.key, self._row.facts
        with VerticalScroll(classes="dialog") as box:
            box.border_title = Content(key.name or key.id)
            box.border_subtitle = "esc closes"
            now = self._session.setup.clock()
            yield Static(full(self._row, self._siblings, now), markup=False)
            if any(facts.daily):
                yield Chart(self._drawing())
            use = [
                labelled("requests", requests_words(self._row, self._last_day)),
                labelled("cost", cost_words(self._row, self._last_day)),
            ]
            yield Static(Content("\n").join(use), markup=False)
            waiting = Content.styled("reading the audit log …", "$text-muted")
            yield Static(labelled("history", waiting), id="trail", markup=False)

    def on_mount(self) -> None:
        """Ask for the history, which nothing here waits for."""
        self._read()

    @work(group="load")
    async def _read(self) -> None:
        found = await story(self._session.client, self._row.key)
        self.query_one("#trail", Static).update(self._trail(found))

    def _trail(self, found: Story) -> Content:
        """Return the scopes and the history, or why there is none."""
        now = self._session.setup.clock()
        lines = [f"{_time(event.at, now)}  {event.words()}" for event in found.events]
        blank = "\n" + " " * LABEL
        return Content("\n").join(
            [
                labelled("scopes", _scopes(found.scopes)),
                labelled("history", Content(blank.join(lines or [found.note]))),
            ]
        )

    def _drawing(self) -> Bars:
        daily = self._row.facts.daily
        series = Series("requests", daily, series_colors(self.app)[0])
        ticks = tuple(
            (place, f"{day.day} {day:%b}")
            for place, day in enumerate(_days(len(daily), self._last_day))
            if place % 7 == 0
        )
        return Bars((series,), ticks, _figure, provisional=len(daily) - 1)


def _scopes(scopes: tuple[str, ...] | None) -> str:
    """Return what the audit log tells of the permissions; the platform itself tells none."""
    if scopes is None:
        return f"{UNKNOWN}  the platform does not tell"
    return ", ".join(scopes) or "all permissions"


def _time(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return UNKNOWN
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC ({when(moment, now)})"


def _days(number: int, last: date | None) -> list[date]:
    if last is None:
        return []
    return [last - timedelta(days=back) for back in reversed(range(number))]


def _figure(value: Decimal) -> str:
    return count(value)
