"""What a person does with a rotation: hand its value over, and end it in one way or another."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any

from textual.content import Content

from oai_tui.core.delivery import Destination
from oai_tui.core.errors import Problem
from oai_tui.services.rotation import Action, consequences
from oai_tui.services.rotation.queue import Line, Move, RotationQueue
from oai_tui.ui.dialogs.decide import Decide
from oai_tui.ui.dialogs.hand_over import HandOver
from oai_tui.ui.screens.base import DataScreen
from oai_tui.ui.widgets.rotation_words import moving

QUESTIONS = {
    Action.KEEP: ("Keep the old key?", "Keep it"),
    Action.UNDO: ("Undo this rotation?", "Undo it"),
    Action.FORGET: ("Forget this rotation?", "Forget it"),
}


class RotationMoves(DataScreen):
    """A screen of rotations; each move is asked about before it is made."""

    def __init__(self) -> None:
        super().__init__()
        self.has_changed_keys = False
        """Whether a list of keys read before would be wrong now."""

    @property
    def queue(self) -> RotationQueue | None:
        """The rotations of the session; None while there is no journal."""
        return self.oai.rotations

    async def decide(self, line: Line, action: Action) -> None:
        """Ask, then end a rotation in one way."""
        rotation, queue, rotator = line.rotation, self.queue, self.session.rotator
        if rotation is None or queue is None or rotator is None or line.is_working:
            return
        title, yes = QUESTIONS[action]
        asked = Decide(title, consequences(rotation, action), yes)
        if await self.app.push_screen_wait(asked):
            moves: dict[Action, Move] = {
                Action.KEEP: rotator.keep,
                Action.UNDO: rotator.undo,
                Action.FORGET: rotator.forget,
            }
            await self.change(queue.make(line.id, moves[action]))

    async def revoke(self, lines: Sequence[Line]) -> None:
        """Look once more, ask, then revoke; keys still in use need their number typed."""
        queue, rotator = self.queue, self.session.rotator
        if queue is None or rotator is None or not lines:
            return
        for line in lines:
            await queue.look(line.id)
        busy = [line for line in lines if not _is_quiet(line)]
        said = [
            Content.assemble(
                Content.styled(f"{line.name}  ", "bold"),
                Content.styled(f"{line.masked}  {line.old_id}\n", "$text-muted"),
                moving(line.watch),
            )
            for line in lines
        ]
        said.append(Content.styled("\nThis cannot be undone.", "$text-error"))
        title = "Revoke the old key?" if len(lines) == 1 else f"Revoke {len(lines)} old keys?"
        name = lines[0].name or lines[0].old_id
        typed = "" if not busy else name if len(lines) == 1 else f"revoke {len(lines)}"
        if await self.app.push_screen_wait(Decide(title, said, "Revoke", typed=typed)):
            move = partial(rotator.revoke, even_if_moving=bool(busy))
            for line in lines:
                await self.change(queue.make(line.id, move))

    async def change(self, work: Coroutine[Any, Any, None]) -> None:
        """Make a change to its end, whatever becomes of the screen."""
        self.has_changed_keys = True
        await self.oai.change(work)

    async def hand_over(self, line: Line) -> None:
        """Let the person take the value, then go on; what is delivered counts as enough."""
        rotation, queue, rotator = line.rotation, self.queue, self.session.rotator
        if rotation is None or queue is None or rotator is None:
            return
        try:
            secret = await rotator.value(rotation)
        except Problem as problem:
            self.oai.tell(problem)
            return
        if secret is None:
            self.oai.hint("The value of the new key is not here any more.")
            return

        async def bring(destination: Destination) -> str:
            _, receipt = await rotator.deliver(rotation, destination.text)
            return receipt

        asked = HandOver(rotation.name, secret, self.session.setup.commands, bring)
        by_hand = await self.app.push_screen_wait(asked)
        await self.change(queue.take(line.id, by_hand))


def _is_quiet(line: Line) -> bool:
    """Whether it was long enough seen that nobody uses the old key."""
    watch = line.watch
    if watch is None or watch.is_moving is not False:
        return False
    return watch.is_gone or watch.quiet_for is not None or not watch.is_early
