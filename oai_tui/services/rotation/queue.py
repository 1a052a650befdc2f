"""Several rotations at once: a queue in which one that fails does not stop the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oai_tui.api import keys as api
from oai_tui.api.client import Client
from oai_tui.core.errors import Problem
from oai_tui.core.keys import ApiKey, Project
from oai_tui.core.rotation import Rotation, Step
from oai_tui.services.rotation import Action, Next, Proposal, Rotator, Watch, Wish

Move = Callable[[Rotation], Awaitable[Rotation]]

SIDE_BY_SIDE = 3
"""Rotations that are worked on at a time."""


@dataclass(slots=True)
class Line:
    """One key of the queue. `rotation` is None while none could be begun for it.

    `said` are the sentences of what was done in this run, `trouble` what does not work although
    its moves were made, `problem` what stopped it last, `watch` the last look at the old key.
    """

    id: str
    name: str
    old_id: str
    masked: str
    rotation: Rotation | None = None
    order: tuple[Proposal, Wish] | None = None
    next: Next | None = None
    watch: Watch | None = None
    trouble: str = ""
    said: tuple[str, ...] = ()
    problem: Problem | None = None
    is_working: bool = False
    is_elsewhere: bool = False

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do, or nothing was ever begun."""
        return self.rotation.is_finished if self.rotation else not self.is_working


class RotationQueue:
    """The unfinished rotations of the journal, and those begun or finished in this run.

    `on_news` is called whenever a line changed. Nothing here raises a Problem: it stays with its
    line until the next try.
    """

    def __init__(
        self,
        rotator: Rotator,
        client: Client,
        clock: Callable[[], datetime],
        on_news: Callable[[], None],
    ) -> None:
        self._rotator = rotator
        self._client = client
        self._clock = clock
        self._on_news = on_news
        self._lines: dict[str, Line] = {}
        self._slots = asyncio.Semaphore(SIDE_BY_SIDE)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, the oldest first."""
        return tuple(self._lines.values())

    @property
    def unfinished(self) -> int:
        """How many rotations somebody still has to see to."""
        return sum(line.rotation is not None and not line.is_finished for line in self.lines)

    def line(self, id: str) -> Line | None:
        """Return the line with this id."""
        return self._lines.get(id)

    async def reload(self) -> None:
        """Take what the journal says now: another oai-tui may have moved things on.

        Raises StoreProblem.
        """
        known = {rotation.id: rotation for rotation in self._rotator.unfinished()}
        for line in self.lines:
            if line.rotation and line.rotation.id not in known:
                known[line.rotation.id] = self._rotator.find(line.rotation.id) or line.rotation
        for rotation in known.values():
            line = self._line_of(rotation)
            if not line.is_working:
                await self._take(line, rotation)
        self._on_news()

    async def start(self, orders: Sequence[tuple[Proposal, Wish]]) -> None:
        """Begin rotations, and go on with each as far as no person is needed.

        A key that is being rotated already keeps its line.
        """
        busy = {line.old_id for line in self.lines if not line.is_finished}
        lines = [_ordered(*order) for order in orders if order[0].key.id not in busy]
        self._lines |= {line.id: line for line in lines}
        for line in lines:
            line.is_working = True
        await asyncio.gather(*(self._run(line, self._begin(line)) for line in lines))

    async def go_on(self, id: str) -> None:
        """Go on with a rotation as far as no person is needed, or begin it after all.

        One in doubt is only looked into, so that a person can decide with what is known then.
        """
        line = self._lines[id]
        if line.rotation is None:
            await self._work(line, self._begin(line))
        elif line.next and line.next.action is Action.SETTLE:
            await self._work(line, self._settle(line, line.rotation))
        else:
            await self._work(line, self._advance(line, line.rotation))

    async def make(self, id: str, move: Move) -> None:
        """Make one move of a rotation, then go on with it."""
        line = self._lines[id]
        if line.rotation:
            await self._work(line, self._move(line, line.rotation, move))

    async def take(self, id: str, by_hand: Sequence[str]) -> None:
        """Note in which ways a person took the value, and go on if anybody has it now."""
        line = self._lines[id]
        if line.rotation:
            await self._work(line, self._taken(line, line.rotation, by_hand))

    async def look(self, id: str) -> None:
        """Look whether anybody is still on the old key."""
        line = self._lines.get(id)
        rotation = line.rotation if line else None
        if line is None or rotation is None or line.is_working:
            return
        if rotation.step is Step.WAITING:
            try:
                line.watch = await self._rotator.watch(rotation)
            except Problem as problem:
                line.problem = line.problem or problem
            self._on_news()

    def dismiss(self, id: str) -> None:
        """Take a line that is finished off the list."""
        line = self._lines.get(id)
        if line and line.is_finished:
            del self._lines[id]
            self._on_news()

    def _line_of(self, rotation: Rotation) -> Line:
        for line in self.lines:
            if line.rotation and line.rotation.id == rotation.id:
                return line
            if line.rotation is None and line.old_id == rotation.old_id and line.order:
                # Its beginning came to no known end; the journal has it all the same.
                return line
        line = Line(rotation.id, rotation.old_name, rotation.old_id, rotation.old_masked)
        self._lines[line.id] = line
        return line

    async def _work(self, line: Line, work: Coroutine[Any, Any, None]) -> None:
        if line.is_working:
            work.close()
            return
        line.is_working = True
        await self._run(line, work)

    async def _run(self, line: Line, work: Coroutine[Any, Any, None]) -> None:
        line.problem = None
        self._on_news()
        try:
            async with self._slots:
                await work
        except Problem as problem:
            line.problem = problem
        finally:
            line.is_working = False
            await self._look_again(line)
            if line.rotation:
                self._rotator.let_go(line.rotation)
            self._on_news()
        if line.watch is None:
            await self.look(line.id)

    async def _look_again(self, line: Line) -> None:
        """Take what the journal knows of a line after whatever came of the work on it."""
        try:
            found = self._found(line)
            if found:
                await self._take(line, found)
        except Problem as problem:
            line.problem = line.problem or problem

    def _found(self, line: Line) -> Rotation | None:
        if line.rotation:
            return self._rotator.find(line.rotation.id)
        begun = (each for each in self._rotator.unfinished() if each.old_id == line.old_id)
        return next(begun, None)

    async def _take(self, line: Line, rotation: Rotation) -> None:
        line.rotation = rotation
        line.next = await self._rotator.next_of(rotation)
        line.is_elsewhere = self._rotator.is_elsewhere(rotation)
        line.trouble = self._rotator.trouble_of(rotation)

    async def _begin(self, line: Line) -> None:
        assert line.order
        rotation = await self._rotator.start(*line.order)
        line.said = (*line.said, f"{rotation.name} is made.")
        await self._take(line, rotation)
        await self._advance(line, rotation)

    async def _move(self, line: Line, rotation: Rotation, move: Move) -> None:
        rotation = await move(rotation)
        await self._take(line, rotation)
        await self._advance(line, rotation)

    async def _taken(self, line: Line, rotation: Rotation, by_hand: Sequence[str]) -> None:
        rotation = self._rotator.find(rotation.id) or rotation
        for destination in by_hand:
            rotation = await self._rotator.delivered_by_hand(rotation, destination)
        if rotation.step is Step.STORED and rotation.delivered:
            rotation = await self._rotator.finish_delivery(rotation)
        if rotation.delivered:
            await self._advance(line, rotation)

    async def _advance(self, line: Line, rotation: Rotation) -> None:
        line.rotation = await self._rotator.advance(rotation, lambda *step: self._step(line, *step))

    def _step(self, line: Line, rotation: Rotation, said: str) -> None:
        line.rotation, line.said = rotation, (*line.said, said)
        self._on_news()

    async def _settle(self, line: Line, rotation: Rotation) -> None:
        asked_at = self._clock()
        keys = await listed_beside(self._client, rotation)
        line.rotation = await self._rotator.settle(rotation, keys, whole=True, as_of=asked_at)


async def listed_beside(client: Client, rotation: Rotation) -> list[ApiKey]:
    """Return the keys among which the new key of a rotation would be. Raises ApiProblem."""
    if rotation.method.is_admin:
        return await api.admin_keys(client)
    pages = api.project_keys(client, Project(rotation.project_id, ""))
    return [key async for page in pages for key in page]


def _ordered(proposal: Proposal, wish: Wish) -> Line:
    key = proposal.key
    return Line(f"order {key.id}", key.name, key.id, key.masked, order=(proposal, wish))
