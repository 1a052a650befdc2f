"""Other ceilings for one model or many: a number, or a change such as x2, with old beside new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from oai_tui.api.rate_limits import rate_limits
from oai_tui.core.adjusting import Adjustment, RateChange, rate_change
from oai_tui.core.errors import ApiProblem, WrongInput
from oai_tui.core.limits import Ceiling, RateLimit
from oai_tui.core.rates import RateRow
from oai_tui.ui.dialogs.asking import Asking
from oai_tui.ui.dialogs.brake import BrakeDialog
from oai_tui.ui.dialogs.rates_words import RatesWords, note
from oai_tui.ui.widgets.field import Field

if TYPE_CHECKING:
    from oai_tui.services.billing.brakes import RateOutcome
    from oai_tui.services.session import Session

HINT = "A number (1500, 1.5M) or a change (x2, 50%, +1000); empty stays as it is."
NAMED = 3
"""Models that are named before it is asked; of more only the number is told."""


class RatesDialog(BrakeDialog):
    """Asks for ceilings of the rows given; closes with whether anything was tried.

    `outcomes` are what became of everything that was tried.
    """

    DEFAULT_CSS = """
    RatesDialog .rates { grid-size: 3; grid-columns: 28 16 1fr; grid-rows: auto; height: auto; }
    RatesDialog .rates Label { color: $text-muted; }
    RatesDialog .rates Input { background: $panel; margin-right: 1; }
    """

    def __init__(self, session: Session, rows: Sequence[RateRow]) -> None:
        super().__init__(session)
        self.outcomes: list[RateOutcome] = []
        self._rows = tuple(rows)
        self._words = RatesWords(self._rows)
        self._limits = [row.limit for row in rows]
        self._changes: tuple[RateChange, ...] = ()
        self._failed_changes: tuple[RateChange, ...] = ()

    FIRST: ClassVar[str] = ".rates Input"

    @property
    def heading(self) -> str:
        """What is asked, for the frame."""
        if len(self._rows) == 1:
            return f"Rate limits of {self._rows[0].limit.model} in {self._rows[0].project}"
        return f"Rate limits of {len(self._rows)} models"

    def form(self) -> Iterable[Widget]:
        """Return the models, and a line for every ceiling that any of them has."""
        yield Static(Content(self._names()), classes="note", markup=False)
        cells: list[Widget] = []
        for ceiling in self._ceilings:
            field = Field(compact=True, max_length=20, id=ceiling.value)
            note = Static(id=f"{ceiling}-note", classes="note", markup=False)
            cells += [Label(f"{ceiling.label[:1].upper()}{ceiling.label[1:]}"), field, note]
        yield Grid(*cells, classes="rates")
        yield Static(Content(HINT), classes="note", markup=False)

    def read(self) -> Asking:
        """Return the changes that were filled in. Raises WrongInput."""
        adjustments = self._adjustments()
        if not adjustments:
            raise WrongInput("Nothing is to be changed.", "Type a ceiling or a change of one.")
        changes = [_change(limit, adjustments) for limit in self._limits]
        wanted = tuple(each for each in changes if each is not None)
        if not wanted:
            raise WrongInput("All of them are so already.", "Type other ceilings.")
        return self._asking_for(wanted)

    async def look_again(self) -> None:
        """Read the ceilings there are now; what was typed stays."""
        now: dict[tuple[str, str], RateLimit] = {}
        try:
            for project_id in {each.project_id for each in self._limits}:
                found = await rate_limits(self.session.client, project_id)
                now |= {(project_id, each.id): each for each in found}
        except ApiProblem:
            return  # what went wrong before is said already
        self._limits = [now.get((each.project_id, each.id), each) for each in self._limits]
        self._tell_notes()

    def on_mount(self) -> None:
        """Show the ceilings there are."""
        self._tell_notes()

    def again(self) -> None:
        """Ask once more for what failed, from what is there now to what was wanted."""
        self._ask_again()

    @work(exclusive=True, group="load")
    async def _ask_again(self) -> None:
        await self.look_again()
        now = {(each.project_id, each.id): each for each in self._limits}
        again = tuple(
            replace(each, limit=now[each.limit.project_id, each.limit.id])
            for each in self._failed_changes
        )
        self.ask(self._asking_for(again))

    @property
    def _ceilings(self) -> list[Ceiling]:
        return [each for each in Ceiling if any(each in one.ceilings for one in self._limits)]

    def _names(self) -> str:
        if len(self._rows) == 1:
            mark = self._rows[0].mark
            return f"used lately: {mark}" if mark else "no use under these ceilings is known"
        named = [f"{row.limit.model} in {row.project}" for row in self._rows[:NAMED]]
        more = len(self._rows) - len(named)
        return "\n".join([*named, *[f"and {more} more"] * bool(more)])

    def _adjustments(self) -> dict[Ceiling, Adjustment]:
        return {
            ceiling: Adjustment.parse(typed)
            for ceiling in self._ceilings
            if (typed := self.query_one(f"#{ceiling}", Input).value.strip())
        }

    @on(Input.Changed, ".rates Input")
    def _tell_notes(self) -> None:
        """Say beside every line what there is, and what it would be."""
        for ceiling in self._ceilings:
            typed = self.query_one(f"#{ceiling}", Input).value
            had = [each.ceilings.get(ceiling) for each in self._limits]
            self.query_one(f"#{ceiling}-note", Static).update(note(had, typed))

    def _asking_for(self, changes: tuple[RateChange, ...]) -> Asking:
        number = f"{len(changes)} models" if len(changes) > 1 else changes[0].limit.model
        return Asking(
            lambda: self._set(changes),
            f"Changing {number} …",
            self._words.question(changes, number),
            "Yes, change" if len(changes) == 1 else f"Yes, change {len(changes)}",
        )

    async def _set(self, changes: tuple[RateChange, ...]) -> Content:
        await self.session.rates.doubt(changes)
        outcomes = await self.session.brakes.set_rates(changes, self._count)
        self.outcomes += outcomes
        if len(self._rows) == 1 and (problem := outcomes[0].problem):
            raise problem
        self._failed_changes = tuple(each.change for each in outcomes if each.problem)
        return self._words.told(outcomes)

    def over(self, came: Content, again: str = "") -> None:
        """Say what came of each; what failed can be tried again."""
        number = len(self._failed_changes)
        super().over(came, f"Try again ({number})" if number else again)

    def _count(self, done: int, of: int) -> None:
        self.say(f"Changing: {done} of {of} sent …", "$text-warning")


def _change(limit: RateLimit, adjustments: Mapping[Ceiling, Adjustment]) -> RateChange | None:
    """Return what adjustments make of a rate limit, None where it stays as it is."""
    wanted: dict[Ceiling, int] = {}
    for ceiling, adjustment in adjustments.items():
        if change := rate_change(limit, ceiling, adjustment):
            wanted |= change.wanted
    return RateChange(limit, wanted) if wanted else None
