"""From keys of the list to rotations of the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from oai_tui.core.errors import Problem
from oai_tui.core.estate import EstateRow
from oai_tui.services.key_story import story
from oai_tui.services.rotation import Action, Proposal, Rotator
from oai_tui.services.rotation.queue import Line, RotationQueue
from oai_tui.services.session import Session
from oai_tui.ui.dialogs.rotate import Order, RotateMany, RotateOne
from oai_tui.ui.screens.base import DataScreen
from oai_tui.ui.screens.rotations import RotationsScreen

MOST_STORIES = 20
"""Keys whose history is read before they are rotated; of more, only what the list knows."""

ALREADY = "This key is in a rotation that is unfinished."


async def rotate(screen: DataScreen, rows: Sequence[EstateRow]) -> None:
    """Ask how keys are to be rotated, show the queue, and begin.

    What is begun goes on whatever happens to the screen.
    """
    session, oai = screen.session, screen.oai
    if session.rotator is None or oai.rotations is None:
        screen.notify(session.trouble, severity="error", timeout=10, markup=False)
        return
    if line := _line_of(oai.rotations, rows):
        oai.hint(ALREADY)
        await _go(screen, line.old_id)
        return
    try:
        proposals = await _proposed(session, session.rotator, rows)
    except Problem as problem:
        oai.tell(problem)
        return
    if len(proposals) == 1 and proposals[0].refusal:
        screen.notify(proposals[0].refusal, severity="error", timeout=10, markup=False)
        return
    if orders := await _asked(screen, proposals):
        await _go(screen, orders[0][0].key.id)
        await oai.change(oai.rotations.start(orders))
        screen.action_refresh()
        await _attend(screen, rows)


async def _go(screen: DataScreen, old_id: str) -> None:
    """Show the queue, with the cursor on the rotation of a key."""
    await screen.oai.action_go("rotations")
    if isinstance(seen := screen.app.screen, RotationsScreen):
        seen.show(old_id)


def _line_of(queue: RotationQueue, rows: Sequence[EstateRow]) -> Line | None:
    """Return the line of the queue that a single key has a part in, unless it is finished."""
    if len(rows) != 1:
        return None
    for line in queue.lines:
        new_id = line.rotation.new_id if line.rotation else ""
        if rows[0].id in (line.old_id, new_id) and not line.is_finished:
            return line
    return None


async def _attend(screen: DataScreen, rows: Sequence[EstateRow]) -> None:
    """Hand the value of a single key over at once, where somebody is there to take it."""
    seen, queue = screen.app.screen, screen.oai.rotations
    if len(rows) == 1 and queue and isinstance(seen, RotationsScreen):
        lines = (line for line in queue.lines if line.old_id == rows[0].id and not line.is_finished)
        for line in lines:
            if line.next and line.next.action is Action.DELIVER and not line.problem:
                await seen.hand_over(line)


async def _proposed(
    session: Session, rotator: Rotator, rows: Sequence[EstateRow]
) -> list[Proposal]:
    """Return how each key can be rotated, with the scopes that the audit log has of it."""
    known = [row.facts.last_event.scopes if row.facts.last_event else None for row in rows]
    if len(rows) <= MOST_STORIES:
        stories = await asyncio.gather(*(story(session.client, row.key) for row in rows))
        known = [told.scopes for told in stories]
    return [
        rotator.propose(row.key, known_scopes=scopes)
        for row, scopes in zip(rows, known, strict=True)
    ]


async def _asked(screen: DataScreen, proposals: Sequence[Proposal]) -> tuple[Order, ...] | None:
    setup = screen.session.setup
    if len(proposals) == 1:
        return await screen.app.push_screen_wait(
            RotateOne(proposals[0], setup.commands, setup.clock())
        )
    return await screen.app.push_screen_wait(RotateMany(proposals, setup.commands, setup.clock()))
