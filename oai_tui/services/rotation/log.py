"""The journal as a rotation uses it: who works on what, and what to do when a write fails."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from oai_tui.core.creation import IllegalMove
from oai_tui.core.errors import StoreProblem
from oai_tui.core.rotation import Rotation
from oai_tui.store.hold import Hold
from oai_tui.store.journal import Journal


class RotationLog:
    """The rotations of one profile at one origin, and the holds this program has on them.

    What could not be written after it was done is remembered here and written with the next move:
    until then a crash leaves the journal in doubt, never wrong.
    """

    def __init__(self, journal: Journal, state_folder: Path, profile: str, origin: str) -> None:
        self._journal = journal
        self._folder = state_folder
        self._profile = profile
        self._origin = origin
        self._holds: dict[str, Hold] = {}
        self._busy: set[str] = set()
        self._ahead: dict[str, Rotation] = {}
        self._troubles: dict[str, dict[str, str]] = {}

    def unfinished(self) -> tuple[Rotation, ...]:
        """Return what somebody still has to see to, oldest first. Raises StoreProblem."""
        found = map(self._newest, self._journal.rotations(self._profile, self._origin))
        return tuple(rotation for rotation in found if not rotation.is_finished)

    def find(self, id: str) -> Rotation | None:
        """Return a rotation as it is now. Raises StoreProblem."""
        found = self._journal.rotation(id)
        return found and self._newest(found)

    @contextlib.contextmanager
    def working_on(self, id: str) -> Iterator[Rotation]:
        """Hold a rotation, and have it as it is now.

        It stays held until `let_go`. Raises IllegalMove while somebody else works on it, or this
        program does in another task, and StoreProblem.
        """
        if id in self._busy:
            raise IllegalMove("This rotation is being worked on already.", "Wait a moment.")
        self._take(id)
        self._busy.add(id)
        try:
            found = self.find(id)
            if found is None:
                raise StoreProblem("The journal does not know this rotation.")
            yield found
        finally:
            self._busy.discard(id)

    def plan(self, rotation: Rotation) -> Rotation:
        """Write down a new rotation. Raises StoreProblem and IllegalMove: nothing was done."""
        self._take(rotation.id)
        try:
            return self._journal.plan_rotation(rotation)
        except BaseException:
            self.let_go(rotation.id)
            raise

    def before(self, rotation: Rotation) -> Rotation:
        """Write down a move that is going to be made. Raises StoreProblem: do not make it then."""
        written = self._journal.move_rotation(rotation)
        self._ahead.pop(rotation.id, None)
        self.tell(rotation.id, "journal", "")
        return written

    def after(self, rotation: Rotation) -> Rotation:
        """Write down a move that was made; when that fails, tell it and go on."""
        try:
            return self.before(rotation)
        except StoreProblem as problem:
            self._ahead[rotation.id] = rotation
            self.tell(rotation.id, "journal", f"The last step is not in the journal: {problem}")
            return rotation

    def is_elsewhere(self, id: str) -> bool:
        """Whether another program works on it now."""
        if id in self._holds:
            return False
        hold = Hold.take(self._folder, id)
        if hold:
            hold.let_go()
        return hold is None

    def is_held(self, id: str) -> bool:
        """Whether this program holds it."""
        return id in self._holds

    def let_go(self, id: str) -> None:
        """Let another program work on it."""
        if hold := self._holds.pop(id, None):
            hold.let_go()

    def close(self) -> None:
        """Let go of everything."""
        for id in tuple(self._holds):
            self.let_go(id)

    def tell(self, id: str, about: str, trouble: str) -> None:
        """Remember what does not work with one thing about a rotation; "" for nothing."""
        self._troubles.setdefault(id, {})[about] = trouble

    def trouble_of(self, id: str) -> str:
        """Return everything that does not work with a rotation, in sentences."""
        return " ".join(filter(None, self._troubles.get(id, {}).values()))

    def _take(self, id: str) -> None:
        if id in self._holds:
            return
        hold = Hold.take(self._folder, id)
        if hold is None:
            raise IllegalMove(
                "Another oai-tui is working on this rotation.", "Go on there, or end that one."
            )
        self._holds[id] = hold
        self.tell(id, "hold", hold.trouble)

    def _newest(self, written: Rotation) -> Rotation:
        ahead = self._ahead.get(written.id)
        return ahead if ahead and ahead.revision == written.revision else written
