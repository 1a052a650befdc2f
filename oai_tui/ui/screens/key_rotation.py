"""From keys of the list to rotations of the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from oai_tui.core.errors import Problem
from oai_tui.core.estate import EstateRow
from oai_tui.services.key_story import story
from oai_tui.services.rotation import Action, Proposal, Rotator
from oai_tui.services.session import Session
from oai_tui.ui.dialogs.rotate import Order, RotateMany, RotateOne
from oai_tui.ui.screens.base import DataScreen
from oai_tui.ui.screens.rotations import RotationsScreen

MOST_STORIES = 20
"""Keys whose history is read before they are rotated; of more, only what the list knows."""

ALREADY = "This key is being rotated already."


async def rotate(screen: DataScreen, rows: Sequence[EstateRow]) -> None:
    """Ask how keys are to be rotated, show the queue, and begin.

    What is begun goes on whatever happens to the screen.
    """
    session, oai = screen.session, screen.oai
    if session.rotator is None or oai.rotations is None:
        screen.notify(session.trouble, severity="error", timeout=10, markup=False)
        return
    try:
        proposals = await _proposed(session, session.rotator, rows)
    except Problem as problem:
        oai.tell(problem)
        return
    if len(proposals) == 1 and proposals[0].refusal:
        screen.notify(proposals[0].refusal, severity="error", timeout=10, markup=False)
        return
    if any(line.old_id == rows[0].id and not line.is_finished for line in oai.rotations.lines):
        oai.hint(ALREADY)
        await oai.action_go("rotations")
        return
    if orders := await _asked(screen, proposals):
        await oai.action_go("rotations")
        await oai.change(oai.rotations.start(orders))
        await _attend(screen, rows)


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
