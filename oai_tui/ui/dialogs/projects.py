"""The projects of the organization: made, renamed, archived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from oai_tui.api.projects import projects as list_projects
from oai_tui.core.errors import ApiProblem, OutcomeUnknown
from oai_tui.core.keys import ApiKey, Project
from oai_tui.core.text import UNKNOWN, day, short_id
from oai_tui.services.changing import archive_project, create_project, rename_project
from oai_tui.services.session import Session
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.dialogs.project_questions import ProjectQuestion
from oai_tui.ui.host import READ_ONLY
from oai_tui.ui.widgets.field import Field
from oai_tui.ui.widgets.state import told
from oai_tui.ui.widgets.table import Cell, Column, Table

FOR_GOOD = (
    "An archived project and its keys can no longer be used or changed, and no API brings it back."
)


class Projects(Dialog[bool]):
    """A list of projects; returns whether any of them was changed."""

    AUTO_FOCUS = "Table"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "new", id="projects.new", tooltip="Make a project"),
        Binding("e", "rename", "rename", id="projects.rename", tooltip="Give it another name"),
        Binding("X", "archive", "archive", id="projects.archive", tooltip="Archive it for good"),
        Binding("slash", "filter", "filter", id="projects.filter", tooltip="Find by name or id"),
        Binding(
            "y", "copy_id", "copy id", id="projects.copy", tooltip="Send the id to the terminal"
        ),
        Binding("r", "reload", "refresh", id="projects.refresh", tooltip="Ask the platform again"),
        Binding("escape", "leave", "close", id="projects.leave", tooltip="Close"),
    ]
    DEFAULT_CSS = """
    Projects Table { height: 12; background: $surface; }
    Projects.-high Table { height: 24; }
    Projects #find { background: $panel; display: none; }
    """

    def __init__(
        self,
        session: Session,
        projects: Iterable[Project],
        keys: Iterable[ApiKey],
        *,
        is_whole: bool,
    ) -> None:
        """`is_whole` says that all keys are known, so that a project without any has none."""
        super().__init__()
        self._session = session
        self._projects = list(projects)
        self._keys = Counter(key.project.id for key in keys if key.project and key.is_live)
        self._is_whole = is_whole
        self._has_changed = False

    def compose(self) -> ComposeResult:
        """Lay out the filter, the list and what came of it."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Projects"
            box.border_subtitle = "n new · e rename · X archive · / filter · ? help · esc closes"
            yield Field(placeholder="words of the name or id", compact=True, id="find")
            yield Table[Project](self._columns(), id="projects")
            yield Static(id="told", markup=False)

    def on_mount(self) -> None:
        """Show what is known."""
        self.say(READ_ONLY if self._session.setup.read_only else "")
        self._fill()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Change nothing where nothing may be changed."""
        if action in ("new", "rename", "archive"):
            return not self._session.setup.read_only
        return True

    def action_new(self) -> None:
        """Ask for a name and make it."""
        act = partial(create_project, self._session.client)
        self.app.push_screen(ProjectQuestion("New project", act, "Make it"), self._changed)

    def action_rename(self) -> None:
        """Ask for another name."""
        if project := self._changeable():
            question = ProjectQuestion(
                f"Another name for {project.name or project.id}",
                partial(rename_project, self._session.client, project),
                "Rename it",
                typed=project.name,
            )
            self.app.push_screen(question, self._changed)

    def action_archive(self) -> None:
        """Have its name typed and archive it."""
        project = self._changeable()
        if project is None:
            return
        client, keys = self._session.client, self._count(project)
        text = Content.assemble(
            f"{project.name or UNKNOWN}  {project.id}\nkeys: {keys}\n\n",
            Content.styled(f"{FOR_GOOD}\n", "$text-error"),
        )
        question = ProjectQuestion(
            "Archive this project?",
            lambda _: archive_project(client, project),
            "Archive it",
            text=text,
            asked=f"to archive it, type {project.name or project.id}",
            must_be=tuple(each for each in (project.name, project.id) if each),
        )
        self.app.push_screen(question, self._changed)

    def action_filter(self) -> None:
        """Open the filter."""
        field = self.query_one("#find", Input)
        field.display = True
        field.focus()

    @on(Input.Changed, "#find")
    def _fill(self) -> None:
        words = self.query_one("#find", Input).value.casefold().split()
        shown = [
            each
            for each in self._projects
            if all(word in f"{each.name} {each.id} {each.status}".casefold() for word in words)
        ]
        shown.sort(key=lambda each: (each.is_archived, each.name.casefold()))
        table = self._table
        table.placeholder = "No project matches." if words else "No project yet.  n makes one."
        table.set_rows(shown, lambda each: each.id)

    @on(Input.Submitted, "#find")
    def _found(self) -> None:
        self._table.focus()

    def action_copy_id(self) -> None:
        """Send the id of the project under the cursor to the terminal's clipboard."""
        if project := self._table.current:
            self.app.copy_to_clipboard(project.id)
            self.say(f"Sent to the terminal: {project.id}")

    def action_reload(self) -> None:
        """Ask the platform for the projects again."""
        self.say("Reading the projects …", "$text-muted")
        self._reload("")

    def action_leave(self) -> None:
        """Go one step back: close the filter, then the list."""
        field = self.query_one("#find", Input)
        if field.display:
            field.value = ""
            field.display = False
            self._table.focus()
        else:
            self.dismiss(self._has_changed)

    @property
    def _table(self) -> Table[Project]:
        return self.query_one(Table)

    def _changeable(self) -> Project | None:
        project = self._table.current
        if project and project.is_archived:
            self.say("An archived project cannot be changed, nor brought back by API.")
            return None
        return project

    def _changed(self, outcome: Project | OutcomeUnknown | None) -> None:
        """Show the list as the platform has it after a change, or one that may have been made."""
        if outcome is None:
            return
        self._has_changed = True
        if isinstance(outcome, OutcomeUnknown):
            self._reload(str(outcome))
            return
        name = outcome.name or outcome.id
        before = {each.id: each for each in self._projects}.get(outcome.id)
        if before is None:
            words = f"{name} is made."
        elif outcome.is_archived:
            words = f"{name} is archived."
        else:
            words = f"{before.name or before.id} is now {name}."
        self._projects = [each for each in self._projects if each.id != outcome.id] + [outcome]
        self._fill()
        self._table.move_to_id(outcome.id)
        self.say(words)

    @work(exclusive=True, group="load")
    async def _reload(self, said: str) -> None:
        try:
            self._projects = await list_projects(self._session.client, archived=True)
        except ApiProblem as problem:
            self.say(told(problem))
            return
        self._fill()
        self.say(said, "$text-warning")

    def _count(self, project: Project) -> str:
        number = self._keys[project.id]
        # The keys of archived projects are only read on request, so none known is not none.
        is_known = bool(number) or (self._is_whole and not project.is_archived)
        return str(number) if is_known else UNKNOWN

    def _columns(self) -> tuple[Column[Project], ...]:
        clock = self._session.setup.clock
        return (
            Column("name", "NAME", 20, _name, _sort_name, grow=True, priority=9),
            Column("id", "ID", 14, lambda each: Cell(short_id(each.id), "muted"), priority=4),
            Column("status", "STATUS", 8, lambda each: each.status, _status, priority=7),
            Column(
                "created",
                "CREATED",
                8,
                lambda each: day(each.created_at, clock()),
                lambda each: each.created_at,
                priority=1,
            ),
            Column("keys", "KEYS", 5, self._count, self._sort_keys, "right", priority=5),
        )

    def _sort_keys(self, project: Project) -> int:
        return -self._keys[project.id]


def _name(project: Project) -> Cell:
    return Cell(project.name or UNKNOWN, "muted" if project.is_archived else "")


def _sort_name(project: Project) -> str:
    return project.name.casefold()


def _status(project: Project) -> str:
    return project.status
