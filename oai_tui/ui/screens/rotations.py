"""The queue of rotations: how far each has come, who is still on the old key, and what is next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from oai_tui.core.errors import Problem
from oai_tui.core.rotation import Step
from oai_tui.services.rotation import Action
from oai_tui.services.rotation.queue import Line
from oai_tui.ui.screens.base import DataScreen
from oai_tui.ui.screens.rotation_moves import QUESTIONS, RotationMoves
from oai_tui.ui.screens.rotations_keys import ROTATIONS_KEYS
from oai_tui.ui.widgets.rotation_words import rotation_columns, story
from oai_tui.ui.widgets.table import Table

LOOK_EVERY = 60.0
"""Seconds between two looks at the journal and the old keys; their use comes by the minute."""

ROUND_STORY = 2
"""Columns left and right of the story."""

READ_ONLY = "Read-only: nothing can be rotated here. Start without --read-only for that."
EMPTY = "Nothing is being rotated.\n\nR on a key of the list rotates it.    1  to the keys"


class Queue(Table[Line]):
    """The list of rotations, where enter does what is next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "choose",
            "next",
            id="rotations.next",
            tooltip="Do what is next, as the last column says",
        ),
    ]


class RotationsScreen(RotationMoves):
    """Every rotation that somebody still has to see to, and those ended in this run."""

    MODE = "rotations"
    AUTO_FOCUS = "Table"
    TITLE_TEXT = "Rotations"
    BINDING_GROUP_TITLE = "Rotations"
    BINDINGS: ClassVar[list[BindingType]] = [*ROTATIONS_KEYS]
    CSS = "RotationsScreen.-low #story { padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._wanted = ""

    @property
    def table(self) -> Table[Line]:
        """The queue."""
        return self.query_one(Table)

    def body(self) -> Iterable[Widget]:
        """Return the queue and what there is to say of one."""
        yield Queue(id="queue", markable=True)
        yield Static(id="story", markup=False)

    def on_mount(self) -> None:
        """Follow the queue, and look at the old keys from time to time."""
        super().on_mount()
        self.watch(self.app, "rotation_news", self._tell, init=False)
        self.set_interval(LOOK_EVERY, self._load_if_seen)

    def reset(self) -> None:
        """Forget the rotations of the session before."""
        self.table.set_columns(rotation_columns())
        self.table.set_rows((), lambda line: line.id)

    def on_screen_resume(self) -> None:
        """Take what the journal says whenever the screen comes up."""
        is_new = self.oai.session is not self._session
        super().on_screen_resume()
        if not is_new and self._session:
            self.load(fresh=False)

    def on_screen_suspend(self) -> None:
        """Have the list of keys read again where it would show what is not so any more."""
        if self.has_changed_keys and self.oai.current_mode != self.MODE:
            self.has_changed_keys = False
            for screen in self.oai.get_screen_stack("keys")[:1]:
                if isinstance(screen, DataScreen):
                    screen.action_refresh()

    def show(self, old_id: str) -> None:
        """Put the cursor on the rotation of a key, as soon as there is one that is unfinished."""
        self._wanted = old_id
        self._tell()

    def load(self, *, fresh: bool) -> None:
        """Read the journal, and look at the old keys that are waited for."""
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        queue = self.queue
        if queue is None:
            # Signed in a moment ago, it is found as soon as the list of keys is seen.
            self.show_empty(self.session.trouble if self.session.rotator is None else "")
            return
        try:
            await queue.reload()
        except Problem as problem:
            self.show_failed(problem)
            return
        for line in queue.lines:
            await queue.look(line.id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what cannot be done with the rotation under the cursor."""
        if action not in ("deliver", "revoke", "decide"):
            return True
        line = self._current()
        if line is None or line.rotation is None or self.oai.setup.read_only:
            return False
        if line.is_elsewhere or line.is_working:
            return False
        if action == "deliver":
            return line.rotation.step in (Step.STORED, Step.DELIVERED, Step.PROVED)
        if action == "revoke":
            return bool(self._waiting())
        return line.next is not None and parameters[0] in (line.next.action, *line.next.others)

    def _current(self) -> Line | None:
        return self.table.current if self.is_ready else None

    def _waiting(self) -> list[Line]:
        """Return the marked rotations, or the one under the cursor, whose old key can go."""
        lines = self.table.marked_rows or [line for line in [self._current()] if line]
        return [
            line
            for line in lines
            if line.rotation and line.rotation.step is Step.WAITING and not line.is_working
        ]

    def _tell(self) -> None:
        """Show the queue as it is now."""
        queue = self.queue
        if self._session is None or queue is None:
            return
        if not queue.lines:
            self.head()
            self.show_empty(EMPTY)
            return
        self.table.set_rows(queue.lines, lambda line: line.id)
        for line in queue.lines:
            is_open = line.is_working or not line.is_finished
            if self._wanted and line.old_id == self._wanted and is_open:
                self._wanted = ""
                self.table.move_to_id(line.id)
        if not self.is_ready:
            self.show_ready()
            self.table.focus()
        waiting = sum(
            line.rotation is not None and line.rotation.step is Step.WAITING for line in queue.lines
        )
        parts = [f"{queue.unfinished} unfinished"]
        if waiting:
            keys = "its old key" if waiting == 1 else "their old keys"
            parts.append(f"{waiting} waiting for {keys} to fall quiet")
        self.head(*parts)
        self._tell_story()

    def _tell_story(self) -> None:
        line, pane = self._current(), self.query_one("#story", Static)
        now = self.session.setup.clock()
        unicode = self.app.console.encoding.lower().startswith("utf")
        width = self.size.width - ROUND_STORY
        pane.update(story(line, now, width, unicode=unicode) if line else Content(""))
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Break the lines of the story anew."""
        if self._session:
            self._tell_story()

    @on(Table.Highlighted)
    @on(Table.Marked)
    def _highlighted(self) -> None:
        self._tell_story()

    def on_key(self, event: events.Key) -> None:
        """Say why the keys that change something do nothing."""
        if self.oai.setup.read_only and event.key in ("X", "K", "u", "f", "d", "enter"):
            self.oai.hint(READ_ONLY)

    def action_back(self) -> None:
        """Take back the marks, else go to the keys."""
        if self.table.marked:
            self.table.clear_marks()
        else:
            self.app.run_worker(self.oai.action_go("keys"))

    @on(Table.Chosen)
    @work(group="change")
    async def _chosen(self, event: Table.Chosen[Line]) -> None:
        """Do what is next with a rotation."""
        line, queue = event.row, self.queue
        if queue is None or line.is_working or line.is_elsewhere or self.oai.setup.read_only:
            return
        todo = line.next
        if line.rotation and line.is_finished:
            queue.dismiss(line.id)
        elif line.rotation is None or todo is None or not todo.needs_person:
            await self.change(queue.go_on(line.id))
        elif todo.action is Action.DELIVER:
            await self.hand_over(line)
        elif todo.action is Action.REVOKE:
            await self.revoke([line])
        elif todo.action in QUESTIONS:
            await self.decide(line, todo.action)

    @work(group="change")
    async def action_deliver(self) -> None:
        """Hand the value over in one more way."""
        if line := self._current():
            await self.hand_over(line)

    @work(group="change")
    async def action_revoke(self) -> None:
        """Revoke the old keys of the rotations that wait."""
        await self.revoke(self._waiting())

    @work(group="change")
    async def action_decide(self, name: str) -> None:
        """Ask, then end a rotation in the way that was named."""
        if line := self._current():
            await self.decide(line, Action(name))

    def _load_if_seen(self) -> None:
        if self.app.screen is self and self._session and self.queue:
            self._load()
