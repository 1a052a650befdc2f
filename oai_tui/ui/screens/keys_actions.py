"""What the list of keys has done to keys: the questions are asked elsewhere, the answers shown."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from textual import events, work

from oai_tui.core.errors import StoreProblem
from oai_tui.core.estate import EstateRow
from oai_tui.services.inventory import Inventory
from oai_tui.ui.screens.base import DataScreen

if TYPE_CHECKING:
    from oai_tui.services.creation import Orphan
    from oai_tui.ui.screens.key_changes import KeyChanges

CHANGING = {"keys.new": "n", "keys.rotate": "R", "keys.revoke": "X", "keys.expiry": "e"}
"""What changes the organization, with the key it is on unless the settings say otherwise."""

NO_KEYS = "There is no key here that can be changed."


class KeysActions(DataScreen):
    """A screen of keys that can be changed. The list is read again after every change."""

    def __init__(self) -> None:
        super().__init__()
        self._orphans: tuple[Orphan, ...] = ()
        self._trouble: tuple[str, ...] = ()
        self._made_id = ""
        """The id of the key made last, until it was seen in the list."""

    @cached_property
    def changes(self) -> KeyChanges:
        """What is done to keys."""
        # Late: the list is seen before anything is done to it.
        from oai_tui.ui.screens.key_changes import KeyChanges

        return KeyChanges(self)

    @property
    @abstractmethod
    def known(self) -> Inventory:
        """What is known of the organization."""

    @property
    @abstractmethod
    def current(self) -> EstateRow | None:
        """The row under the cursor; None while no list is seen."""

    @abstractmethod
    def targets(self) -> list[EstateRow]:
        """Return the rows that a change is for: those marked, else the one under the cursor."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what cannot be done now."""
        if action in ("new", "rotate", "revoke", "extend"):
            return not self.oai.setup.read_only
        return bool(self._orphans) if action == "orphan" else True

    def on_key(self, event: events.Key) -> None:
        """Say why the keys that change something do nothing."""
        self.oai.say_read_only(event.key, CHANGING)

    @work(group="change")
    async def action_new(self) -> None:
        """Ask what key to make, make it, and show it once."""
        known = self.known
        if self._is_changing():
            return
        if known.as_of is None:
            self.oai.hint("The projects are not read yet.")
        elif await self.changes.make(known.projects, self._current_project()):
            self._made_id = self.changes.made_id
            self.load(fresh=True)

    def _current_project(self) -> str:
        row = self.current
        return row.key.project.id if row and row.key.project else ""

    @work(group="change")
    async def action_revoke(self) -> None:
        """Ask, then revoke the marked keys, or the one under the cursor."""
        rows = self._changeable()
        if rows and await self.changes.revoke(rows):
            self.load(fresh=True)

    @work(group="change")
    async def action_rotate(self) -> None:
        """Ask how the marked keys, or the one under the cursor, are to be rotated, and begin."""
        # Late: the list is seen before anything is done to it.
        from oai_tui.ui.screens.key_rotation import rotate

        if rows := self._changeable():
            await rotate(self, rows)

    @work(group="change")
    async def action_extend(self) -> None:
        """Ask for another expiry and other scopes, for the marked keys or the current one."""
        rows = self._changeable()
        if rows and await self.changes.extend(rows):
            self.load(fresh=True)

    @work(group="change")
    async def action_projects(self) -> None:
        """Show the projects, to be made, renamed and archived."""
        if not self._is_changing() and await self.changes.projects(self.known):
            self.load(fresh=True)

    @work(group="change")
    async def action_orphan(self) -> None:
        """Show what was interrupted, one at a time, and do what the person says."""
        if not self._orphans or self._is_changing():
            return
        if await self.changes.settle(self._orphans[0]):
            self._find_orphans()
            self.load(fresh=True)

    def _find_orphans(self) -> None:
        maker = self.session.maker
        if maker and not self.oai.is_changing:
            known = self.known
            whole = known.is_complete and not known.gaps
            try:
                self._orphans = maker.orphans(known.keys, whole=whole, as_of=known.as_of)
                self._trouble = ()
            except StoreProblem as problem:
                self._trouble = (str(problem),)
            self.refresh_bindings()

    def _changeable(self) -> list[EstateRow]:
        """Return the rows a change is for, or none with the reason said."""
        if self._is_changing():
            return []
        live = [row for row in self.targets() if row.key.is_live]
        if not live:
            self.oai.hint(NO_KEYS)
        return live

    def _is_changing(self) -> bool:
        """Whether no change can begin now, which is said to whoever asks for one."""
        if self._session is None:
            self.oai.hint("Signing in …")
            return True
        if self.oai.is_changing:
            self.oai.hint("A change is under way.")
        return self.oai.is_changing
