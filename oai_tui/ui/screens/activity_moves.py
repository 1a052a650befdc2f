"""What the keys of the activity screen do: choosing what is shown, going to it, writing it down."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, cast

from textual import on, work
from textual.widgets import Input

from oai_tui.core.activity_filter import Person
from oai_tui.core.activity_words import Subject, is_deletion, is_sign_in, subject_of
from oai_tui.core.period import Period, last_days
from oai_tui.core.text import day
from oai_tui.services.activity import ActivityLog, Line
from oai_tui.services.activity.silence import SWITCH
from oai_tui.ui.dialogs.activity_choice import Choice
from oai_tui.ui.screens.activity_view import ActivityView
from oai_tui.ui.screens.base import DataScreen
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.widgets.activity_filters import FilterLine
from oai_tui.ui.widgets.table import Table

USUAL_DAYS = 30
NOTHING_TO_OPEN = "There is nothing to go to: the line is about no key, project or person."


class ActivityMoves(DataScreen):
    """A screen of lines that can be narrowed down."""

    view: ActivityView

    @property
    @abstractmethod
    def table(self) -> Table[Line]:
        """The lines."""

    @property
    def trail(self) -> ActivityLog:
        """Where the lines come from."""
        return self.session.activity

    @property
    def current(self) -> Line | None:
        """The line under the cursor; None while no list is seen."""
        return self.table.current if self.is_ready else None

    @property
    @abstractmethod
    def is_whole(self) -> bool:
        """Whether there are no older lines than those read."""

    @abstractmethod
    def ask(self) -> None:
        """Ask for the lines of another filter, and show what is known of them meanwhile."""

    @abstractmethod
    def narrow(self) -> None:
        """Show the lines that have the text, and look for more where they are few."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what cannot be done now."""
        mine = ("kind", "person", "project", "dates", "filter", "open", "export", "back")
        if action in mine and self._session is None:
            return False
        if action == "filter":
            return not self.query_one("#filter").has_focus
        return super().check_action(action, parameters)

    def _use(self, **chosen: Any) -> None:
        before = self.view.asked
        self.view.use(**chosen)
        if self.view.asked != before:
            self.ask()

    def action_kind(self, step: int) -> None:
        """Show the next kind, or the one before."""
        self._use(kind=self.view.next_kind(step))

    @on(FilterLine.Clicked)
    def _kind_clicked(self, event: FilterLine.Clicked) -> None:
        self._use(kind=event.kind)

    @work(group="change")
    async def action_person(self) -> None:
        """Ask whose doings to show."""

        def typed(text: str) -> Person | None:
            return Person(email=text, label=text) if "@" in text else None

        people = [(_named(each), each) for each in self.view.people(self.current)]
        hint = "First whoever did the line under the cursor."
        asked = Choice("Who did it", people, hint=hint, typed=typed)
        if chosen := await self.app.push_screen_wait(asked):
            self._use(person=chosen)

    @work(group="change")
    async def action_project(self) -> None:
        """Ask which project to show."""
        found = self.view.projects(self.current)
        asked: Choice[str] = Choice("Project", [(name, id) for id, name in found.items()])
        if chosen := await self.app.push_screen_wait(asked):
            self._use(project_id=chosen)

    @work(group="change")
    async def action_dates(self) -> None:
        """Ask which days to show."""
        from oai_tui.ui.dialogs.dates import DatesDialog

        today = self.session.setup.clock().date()
        shown = self.view.asked.period or last_days(USUAL_DAYS, today)
        chosen: Period | None = await self.app.push_screen_wait(DatesDialog(shown, today))
        if chosen:
            self._use(period=chosen)

    def action_filter(self) -> None:
        """Open the line the text is typed in."""
        field = self.query_one("#filter", Input)
        field.display = True
        field.focus()

    def action_clear_text(self) -> None:
        """Close it and show all."""
        self._write_text("")
        self.table.focus()

    def action_back(self) -> None:
        """Take back the filter that was set last."""
        name = self.view.take_back()
        if name == "text":
            self._write_text("")
        elif name:
            self.ask()

    @on(Input.Changed, "#filter")
    def _text_changed(self, event: Input.Changed) -> None:
        if event.value != self.view.asked.text:
            self.view.use(text=event.value)
            self.narrow()

    @on(Input.Submitted, "#filter")
    def _text_done(self, event: Input.Submitted) -> None:
        event.input.display = bool(event.value)
        self.table.focus()

    def _write_text(self, text: str) -> None:
        field = self.query_one("#filter", Input)
        with self.prevent(Input.Changed):
            field.value = text
        field.display = bool(text)
        self.view.use(text=text)
        self.narrow()

    def action_copy_id(self) -> None:
        """Send the id of what the line is about to the terminal, or where to switch the log on."""
        line = self.current
        if line is None:
            text = SWITCH if self._session else ""
        else:
            text = line.event.resource_id or line.id
        if text:
            self.app.copy_to_clipboard(text)
            self.oai.hint(f"Sent to the terminal: {text}")

    @work(group="change")
    async def action_open(self) -> None:
        """Go to the key, the project or the person the line is about."""
        if line := self.current:
            await self.open(line)

    async def open(self, line: Line) -> None:
        """Go to what a line is about, or say why there is nowhere to go."""
        event, subject = line.event, subject_of(line.event)
        place = self.trail.teller.place(event)
        if subject is Subject.LIMIT:
            await self.oai.action_go("billing")
        elif subject in (Subject.KEY, Subject.ACCOUNT):
            await self._open_key(line)
        elif subject is Subject.USER:
            is_self = is_sign_in(event)
            owner = event.actor_email or event.actor_id if is_self else event.resource_id
            await self._open_filter(f'owner:"{owner}"' if owner else "")
        elif place[0]:
            await self._open_filter(f'project:"{place[1]}"')
        else:
            self.oai.hint(NOTHING_TO_OPEN)

    async def _open_key(self, line: Line) -> None:
        keys = self._keys_screen()
        id = line.event.resource_id
        if not keys.has(id) and keys.known.is_complete:
            self.oai.hint(self._why_gone(line))
            return
        await self.oai.action_go("keys")
        keys.show_key(id)

    def _why_gone(self, line: Line) -> str:
        event = line.event
        name = f"{subject_of(event)} {line.subject.removesuffix(' (deleted)')}"
        gone = event if is_deletion(event) else self.view.deletion_of(event)
        if gone:
            at = day(gone.at, self.session.setup.clock())
            return f"The {name} was deleted on {at} by {gone.actor or 'somebody unnamed'}."
        return f"The {name} is not listed: deleted, or of a project that is archived or not read."

    async def _open_filter(self, text: str) -> None:
        if not text:
            self.oai.hint(NOTHING_TO_OPEN)
            return
        keys = self._keys_screen()
        await self.oai.action_go("keys")
        keys.show_matching(text)

    def _keys_screen(self) -> KeysScreen:
        return cast(KeysScreen, self.oai.get_screen_stack("keys")[0])

    @work(group="change")
    async def action_export(self) -> None:
        """Write the lines shown to a file."""
        from oai_tui.services.activity.export import lines_csv, lines_json
        from oai_tui.services.export import save
        from oai_tui.ui.dialogs.export import Export, Format

        lines = list(self.table.rows) if self.is_ready else []
        if not lines:
            return

        def write(format: Format, name: str) -> Path:
            return save(lines_csv(lines) if format == "csv" else lines_json(lines), name)

        number = f"{len(lines)} line{'s' * (len(lines) != 1)}"
        so_far = "" if self.is_whole else ", as far as they are read,"
        now = self.session.setup.clock()
        asked = Export(f"{number}{so_far}", f"oai-tui-activity-{now:%Y-%m-%d}", write)
        if written := await self.app.push_screen_wait(asked):
            self.oai.hint(f"{number} written to {written}, readable by you only.")


def _named(person: Person) -> str:
    return person.label or person.email or person.id
